import Foundation
import NumericalMethods
import Testing

@testable import Structures

extension Tag {
  /// Scientific checks that take long: run with VITROLYTE_SLOW_TESTS=1.
  @Tag static var slow: Self
}

@Suite struct NeighborSearchTests {
  private struct Found: Hashable, Comparable {
    var index: Int
    // Picometres, so that the same vector found twice compares equal.
    var x, y, z: Int
    init(_ index: Int, _ d: Vector3) {
      self.index = index
      (x, y, z) = (Int((d.x * 1e6).rounded()), Int((d.y * 1e6).rounded()), Int((d.z * 1e6).rounded()))
    }
    static func < (a: Found, b: Found) -> Bool { (a.index, a.x, a.y, a.z) < (b.index, b.x, b.y, b.z) }
  }

  private func brute(_ atom: Int, _ positions: [Vector3], _ cell: Cell, _ cutoff: Double) -> [Found] {
    func range(_ axis: Int) -> ClosedRange<Int> {
      let reach = Int(cutoff / cell.widths[axis]) + 8
      return cell.periodic[axis] ? -reach...reach : 0...0
    }
    var found: [Found] = []
    for other in positions.indices {
      for i in range(0) {
        for j in range(1) {
          for k in range(2) where other != atom || (i, j, k) != (0, 0, 0) {
            let d = positions[other] + Vector3(Double(i), Double(j), Double(k)) * cell.vectors - positions[atom]
            if d.length < cutoff { found.append(Found(other, d)) }
          }
        }
      }
    }
    return found.sorted()
  }

  @Test(arguments: CellTests.shapes.indices, 0..<8) func findsWhatBruteForceFinds(shape: Int, mask: Int) throws {
    let cell = try Cell(vectors: CellTests.shapes[shape], origin: Vector3(-1, 0, 4), periodic: CellTests.masks()[mask])
    var random = RandomStream(seed: UInt64(8 * shape + mask))
    // Some of them outside of the cell.
    let positions = (0..<12).map { _ in
      cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform()) * 1.6 - 0.3)
    }
    for cutoff in [1.7, 4.1, 9.3] {
      let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
      var pairs = 0
      var total = 0
      for atom in positions.indices {
        var found: [Found] = []
        search.forEachNeighbor(of: atom) { neighbor in
          #expect(abs(neighbor.displacement.squaredLength - neighbor.squaredDistance) < 1e-12)
          found.append(Found(neighbor.index, neighbor.displacement))
        }
        // Brute force sees unwrapped positions: the same set of displacements, as images run far enough.
        let expected = brute(atom, positions, cell, cutoff)
        #expect(found.sorted() == expected)
        total += expected.count
        var around = 0
        search.forEachNeighbor(around: positions[atom]) { _ in around += 1 }
        #expect(around == expected.count + 1)
      }
      search.forEachPair { _, _ in pairs += 1 }
      #expect(2 * pairs == total)
    }
  }

  @Test func badInputIsExplained() throws {
    let cell = try Cell(lengths: Vector3(5, 5, 5))
    for cutoff in [0, -1, .nan, .infinity] {
      let error = #expect(throws: StructuresError.self) { try NeighborSearch(cell: cell, positions: [], cutoff: cutoff) }
      #expect(error?.code == .invalidCutoff)
    }
    let error = #expect(throws: StructuresError.self) {
      try NeighborSearch(cell: cell, positions: [.zero, Vector3(0, .nan, 0)], cutoff: 1)
    }
    #expect(error?.code == .lostAtoms && error?.message.contains("atom 2") == true)
    let empty = try NeighborSearch(cell: cell, positions: [], cutoff: 1)
    empty.forEachPair { _, _ in Issue.record("a pair of no atoms") }
  }

  @Test(.tags(.slow), .enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"))
  func costIsLinearUpToAMillionAtoms() throws {
    func secondsPerAtom(_ count: Int) throws -> Double {
      var random = RandomStream(seed: 4)
      // The density of silica, 0.066 atoms/Å³.
      let edge = cbrt(Double(count) / 0.066)
      let cell = try Cell(lengths: Vector3(repeating: edge))
      let positions = (0..<count).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * edge }
      var pairs = 0
      var best = Double.infinity
      for _ in 0..<(count > 100_000 ? 2 : 10) {
        pairs = 0
        let time = try ContinuousClock().measure {
          try NeighborSearch(cell: cell, positions: positions, cutoff: 3).forEachPair { _, _ in pairs += 1 }
        }
        best = min(best, Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
      }
      // 4/3 π 27 · 0.066 / 2 = 3.73 pairs an atom.
      #expect(abs(Double(pairs) / Double(count) - 3.73) < 0.1)
      return best / Double(count)
    }
    let small = try secondsPerAtom(10_000)
    let large = try secondsPerAtom(1_000_000)
    print("neighbour search: \(small * 1e9) ns an atom for 10 000 atoms, \(large * 1e9) for a million")
    // Memory is slower than cache; more than linear cost would show as a factor of ten and more.
    #expect(large < 4 * small)
  }
}
