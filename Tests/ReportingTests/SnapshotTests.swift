import Reporting
import Structures
import Testing
import Foundation

@Suite struct SnapshotTests {
  @Test func draws() throws {
    for (name, skewed, bonds) in [("a", false, Snapshot.Bonds.none), ("b", false, .covalent), ("c", true, .covalent)] {
      let c = try GlassExample.packing(skewed: skewed)
      let t = ContinuousClock().measure {
        let s = try? Snapshot(c, bonds: bonds)
        print(s?.caption as Any, s?.svg().utf8.count as Any)
        try? s?.svg().write(toFile: "/tmp/gp/snap_\(name).svg", atomically: true, encoding: .utf8)
      }
      print(t)
    }
  }
}
