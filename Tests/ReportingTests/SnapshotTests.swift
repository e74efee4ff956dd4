import Reporting
import Structures
import Testing
import Foundation

@Suite struct SnapshotTests {
  @Test func draws() throws {
    var c = try GlassExample.packing(skewed: true)
    c = try c.replicated((9, 9, 9))
    print(c.count)
    let t = ContinuousClock().measure {
        let s = try? Snapshot(c, bonds: .covalent)
        print(s?.caption as Any, s?.svg().utf8.count as Any)
        try? s?.svg().write(toFile: "/tmp/gp/snap_a.svg", atomically: true, encoding: .utf8)
    }
    print(t)
    let s = try Snapshot(GlassExample.packing().replicated((1,1,4)))
    try s.svg().write(toFile: "/tmp/gp/snap_b.svg", atomically: true, encoding: .utf8)
    try Snapshot(GlassExample.packing().replicated((4,1,1)), bonds: .covalent).svg().write(toFile: "/tmp/gp/snap_c.svg", atomically: true, encoding: .utf8)
  }
}
