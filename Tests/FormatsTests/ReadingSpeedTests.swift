import Foundation
import Structures
import Testing

@testable import Formats

/// How fast dumps come in; prints the figures, which depend on the machine and on what else it does.
///
/// For figures that mean something: `VITROLYTE_SLOW_TESTS=1 swift test -c release -Xswiftc -enable-testing --filter ReadingSpeed`.
@Suite(.tags(.slow), .enabled(if: runsSlowTests, "slow: set VITROLYTE_SLOW_TESTS=1"), .serialized)
struct ReadingSpeedTests {
  /// A dump of 3000 atoms, with as many digits as LAMMPS's own format %g gives (six), or with all of them.
  private static func dump(columns: String, frames: Int, path: String, decimals: Int?, isShuffled: Bool) throws -> Int {
    var generator = Seeded(state: 9)
    let count = columns.split(separator: " ").count - 2
    let blocks = (0..<10).map { _ in
      var out = ByteWriter(decimals: decimals)
      for id in isShuffled ? (1...3000).shuffled(using: &generator) : Array(1...3000) {
        out.text("\(id) \(id % 3 + 1)")
        for _ in 0..<count {
          out.space()
          out.real(.random(in: 0...40, using: &generator))
        }
        out.newline()
      }
      return out.bytes
    }
    var out = ByteWriter()
    for frame in 0..<frames {
      out.text("ITEM: TIMESTEP\n\(frame * 100)\nITEM: NUMBER OF ATOMS\n3000\nITEM: BOX BOUNDS pp pp pp\n0 40\n0 40\n0 40\n")
      out.text("ITEM: ATOMS \(columns)\n")
      out.append(blocks[frame % blocks.count])
    }
    try Data(out.bytes).write(to: URL(filePath: path))
    return out.bytes.count
  }

  @Test(
    arguments: [
      ("id type x y z", 4, false), ("id type x y z vx vy vz", 4, false), ("id type x y z", nil, false), ("id type x y z", 4, true),
    ] as [(String, Int?, Bool)])
  func dumpReadsAtSixHundredMegabytesPerSecond(_ columns: String, _ decimals: Int?, _ isShuffled: Bool) throws {
    try Support.withTemporaryFile("speed.dump") { path in
      let bytes = try Self.dump(columns: columns, frames: 250, path: path, decimals: decimals, isShuffled: isShuffled)
      let species = try Species.list("Si,O,Li")
      var best = Double.infinity
      for _ in 0..<7 {
        let source = try LAMMPSDumpReader(path: path, species: species)
        var frames = 0
        var sum = 0.0
        let time = try ContinuousClock().measure {
          while let frame = try source.next() {
            frames += 1
            sum += frame.configuration.positions[17].x
          }
        }
        #expect(frames == 250 && sum > 0)
        best = min(best, Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds))
      }
      let rate = Double(bytes) / best / 1e6
      let digits = decimals.map { "\($0) decimals" } ?? "all digits"
      print("LAMMPS dump, \(columns), \(digits), \(isShuffled ? "shuffled" : "sorted"): \(bytes / 1_000_000) MB at \(Int(rate)) MB/s")
      // Release builds reach 600 on an idle core; debug builds do not inline across files, and other work on the machine costs more.
      #if DEBUG
        #expect(rate > 60)
      #else
        #expect(rate > 400)
      #endif
    }
  }
}
