import Foundation
import Structures
import Testing

@testable import Formats

/// How fast dumps come in; prints the figures, which depend on the machine.
@Suite(.tags(.slow), .enabled(if: runsSlowTests, "slow: set VITROLYTE_SLOW_TESTS=1"), .serialized)
struct ReadingSpeedTests {
  /// A dump of 3000 atoms with LAMMPS's columns and its six significant digits.
  private static func dump(columns: String, frames: Int, path: String, digits: String = "%g", shuffled: Bool = false) throws -> Int {
    var text = ""
    var generator = SystemRandomNumberGenerator()
    var order = Array(1...3000)
    for frame in 0..<frames {
      text +=
        "ITEM: TIMESTEP\n\(frame * 100)\nITEM: NUMBER OF ATOMS\n3000\nITEM: BOX BOUNDS pp pp pp\n0 40\n0 40\n0 40\nITEM: ATOMS \(columns)\n"
      if shuffled { order.shuffle(using: &generator) }
      for id in order {
        text += "\(id) \(id % 3 + 1)"
        for _ in 0..<(columns.split(separator: " ").count - 2) { text += " " + String(format: digits, Double.random(in: 0...40)) }
        text += "\n"
      }
    }
    try Data(text.utf8).write(to: URL(filePath: path))
    return text.utf8.count
  }

  @Test(arguments: [
    ("id type x y z", "%g", false), ("id type x y z vx vy vz", "%g", false), ("id type x y z", "%.16g", false),
    ("id type x y z", "%g", true),
  ])
  func dumpReadsAtSixHundredMegabytesPerSecond(_ columns: String, _ digits: String, _ shuffled: Bool) throws {
    try Support.withTemporaryFile("speed.dump") { path in
      let bytes = try Self.dump(columns: columns, frames: 250, path: path, digits: digits, shuffled: shuffled)
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
      print("LAMMPS dump, \(columns), \(digits), shuffled \(shuffled): \(bytes / 1_000_000) MB at \(Int(rate)) MB/s")
      // Half of what an idle machine reads, so that others on it do not fail the test.
      #expect(rate > 300)
    }
  }
}
