import NumericalMethods
import Structures
import Testing

@Suite struct NeighborSearchTests {
  /// A neighbour as text that sorts: what is compared is the set of images, not their order.
  private func sortKey(_ first: Int, _ second: Int, _ displacement: Vector3) -> [Double] {
    // 1e-6 Å: coarser than rounding, finer than any two random images.
    [Double(first), Double(second)] + (0..<3).map { (displacement[$0] * 1e6).rounded() }
  }

  private func sorted(_ keys: [[Double]]) -> [[Double]] { keys.sorted { $0.lexicographicallyPrecedes($1) } }

  /// Positions inside and far outside the cell; not far along open edges, where outside is a place of its own.
  private func positions(_ count: Int, in cell: Cell, _ random: inout RandomStream) -> [Vector3] {
    (0..<count).map { _ in
      let out = random.vector(-3...3)
      return cell.cartesian(random.vector(-0.2...1.2) + out.rounded(.down).replacing(with: 0, where: .!cell.periodic))
    }
  }

  @Test(arguments: [0.7, 2.5, 4.0, 13.0])
  func findsWhatBruteForceFinds(_ cutoff: Double) throws {
    var random = RandomStream(seed: 5)
    for (name, cell) in try Cells.all() {
      let positions = positions(cutoff > 10 ? 6 : 40, in: cell, &random)
      let wrapped = positions.map { cell.wrap($0).position }
      // 13 Å over the smallest width of the skewed cell (below 2 Å) needs 10 images.
      let steps = Int((cutoff / cell.widths.min()).rounded(.up)) + 1
      let translations = cell.translations(steps)
      var expected: [[Double]] = []
      for i in positions.indices {
        for j in positions.indices {
          for shift in translations where i != j || shift != .zero {
            let displacement = wrapped[j] + shift - wrapped[i]
            if displacement.length < cutoff { expected.append(sortKey(i, j, displacement)) }
          }
        }
      }
      let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
      var found: [[Double]] = []
      for i in positions.indices {
        search.forEachNeighbor(of: i) {
          found.append(sortKey(i, $0.index, $0.displacement))
          #expect($0.squaredDistance == $0.displacement.squaredLength)
        }
      }
      // A key may round either way where the sum is taken in another order: compare with what both orders allow.
      let (a, b) = (sorted(expected), sorted(found))
      #expect(a.count == b.count, "\(name), \(cutoff) Å: \(b.count) neighbours, not \(a.count)")
      let different = zip(a, b).filter { zip($0, $1).contains { abs($0 - $1) > 1 } }
      #expect(different.isEmpty, "\(name), \(cutoff) Å")

      // Each pair once: its two ways around are all there is.
      var around: [[Double]] = []
      search.forEachPair { first, neighbor in
        around.append(sortKey(first, neighbor.index, neighbor.displacement))
        around.append(sortKey(neighbor.index, first, -neighbor.displacement))
      }
      let c = sorted(around)
      #expect(c.count == b.count, "\(name), \(cutoff) Å: \(c.count) pairs both ways, not \(b.count)")
      #expect(zip(b, c).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) <= 1 } }, "\(name), \(cutoff) Å")
    }
  }

  @Test func anAtomAloneSeesItsImages() throws {
    let cell = try Cell(lengths: Vector3(1, 1, 1))
    let search = try NeighborSearch(cell: cell, positions: [Vector3(0.3, 7.4, -2)], cutoff: 1.5)
    var count = 0
    var pairs = 0
    search.forEachNeighbor(of: 0) { _ in count += 1 }
    search.forEachPair { first, neighbor in
      pairs += 1
      #expect(first == 0 && neighbor.index == 0)
    }
    // Simple cubic: 6 neighbours at 1 and 12 at √2.
    #expect(count == 18)
    #expect(pairs == 9)
  }

  @Test func aPointSeesTheAtomOnIt() throws {
    let cell = try Cell(lengths: Vector3(10, 10, 10))
    let search = try NeighborSearch(cell: cell, positions: [Vector3(1, 1, 1), Vector3(9.5, 1, 1)], cutoff: 2)
    var seen: [(Int, Double)] = []
    search.forEachNeighbor(around: Vector3(11, 1, 1)) { seen.append(($0.index, $0.squaredDistance)) }
    #expect(seen.map(\.0).sorted() == [0, 1])
    #expect(seen.first { $0.0 == 0 }?.1 == 0)
    #expect(seen.first { $0.0 == 1 }?.1 == 2.25)
  }

  @Test func theCutoffItselfIsOutside() throws {
    let cell = try Cell(lengths: Vector3(16, 16, 16))
    let search = try NeighborSearch(cell: cell, positions: [.zero, Vector3(2, 0, 0)], cutoff: 2)
    search.forEachPair { _, _ in Issue.record("a pair at the cutoff does not count") }
  }

  @Test func noAtomsHaveNoNeighbours() throws {
    let search = try NeighborSearch(cell: Cell(lengths: Vector3(1, 1, 1)), positions: [], cutoff: 3)
    #expect(search.count == 0)
    search.forEachPair { _, _ in Issue.record("nothing has a pair") }
  }

  @Test(arguments: [0, -1, .nan, .infinity, 1e6, 1e300])
  func refusesCutoffsThatMeanNothing(_ cutoff: Double) throws {
    let cell = try Cell(lengths: Vector3(10, 10, 10))
    #expect(try structuresError { try NeighborSearch(cell: cell, positions: [.zero], cutoff: cutoff) }.code == .invalidCutoff)
  }

  @Test func tinyCutoffsAndWideBoxesCostNoMemory() throws {
    let cell = try Cell(lengths: Vector3(1e5, 1e5, 1e5))
    var random = RandomStream(seed: 6)
    let positions = (0..<1000).map { _ in random.vector(0...1e5) } + [Vector3(5, 5, 5), Vector3(5, 5, 5 + 1e-7)]
    for cutoff in [1e-6, 1.0] {
      let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
      var pairs = 0
      search.forEachPair { _, _ in pairs += 1 }
      #expect(pairs == 1)
    }
    #expect(throws: Never.self) { try NeighborSearch(cell: cell, positions: positions, cutoff: 1e-300) }
  }

  @Test func anOpenBoxTakesAnyCutoff() throws {
    let cell = try Cell(
      vectors: Matrix3(diagonal: Vector3(5, 5, 5)), periodic: Cells.periodicity(false, false, false))
    let search = try NeighborSearch(cell: cell, positions: [.zero, Vector3(100, 0, 0), Vector3(0, -50, 0)], cutoff: 1e8)
    var pairs = 0
    search.forEachPair { _, _ in pairs += 1 }
    #expect(pairs == 3)
  }

  @Test func lostAtomsAreNamed() throws {
    let cell = try Cell(lengths: Vector3(10, 10, 10))
    for lost in [Vector3(.nan, 0, 0), Vector3(0, .infinity, 0), Vector3(0, 0, -1e300)] {
      let error = try structuresError { try NeighborSearch(cell: cell, positions: [.zero, lost], cutoff: 3) }
      #expect(error.code == .lostAtoms)
      #expect(error.message.contains("atom 2"))
    }
  }

  @Test(.tags(.slow), .enabled(if: runsSlowTests, "slow: set VITROLYTE_SLOW_TESTS=1"))
  func costIsLinear() throws {
    func seconds(_ count: Int) throws -> Double {
      var random = RandomStream(seed: 7)
      // 0.08 atoms/Å3, as in an oxide glass.
      let edge = cbrtOf(Double(count) / 0.08)
      let cell = try Cell(lengths: Vector3(edge, edge, edge))
      let positions = (0..<count).map { _ in random.vector(0...edge) }
      var pairs = 0
      let time = try ContinuousClock().measure {
        let search = try NeighborSearch(cell: cell, positions: positions, cutoff: 3)
        search.forEachPair { _, _ in pairs += 1 }
      }
      // Half the density times the sphere, for each atom; the number of pairs scatters like a Poisson number.
      let expected = Double(count) * 0.08 * 4 / 3 * Double.pi * 27 / 2
      #expect(abs(Double(pairs) - expected) < 6 * expected.squareRoot())
      return Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds)
    }
    _ = try seconds(1000)
    let (small, large) = (try seconds(100_000), try seconds(1_000_000))
    print("neighbour search: \(small) s for 1e5 atoms, \(large) s for 1e6")
    // Ten times the work; caches and other loads cost up to three times that, a quadratic search ten.
    #expect(large < 30 * small)
  }

  private func cbrtOf(_ value: Double) -> Double {
    var root = value.squareRoot()
    for _ in 0..<100 { root -= (root * root * root - value) / (3 * root * root) }
    return root
  }
}
