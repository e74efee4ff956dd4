import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// The searches against their definitions, and what must not change a ring.
@Suite struct RingSearchTests {
  static func bonds(_ configuration: Configuration, _ length: Double) throws -> BondGraph {
    let labels = configuration.species.map(\.label)
    return try BondGraph(
      configuration, cutoffs: BondCutoffs(labels.flatMap { a in labels.map { (SpeciesPair(a, $0), length) } }))
  }

  static func graph(_ configuration: Configuration, _ length: Double, largestSize: Int) throws -> RingGraph {
    try RingGraph(try bonds(configuration, length), in: configuration, largestSize: largestSize)
  }

  /// Rings by size.
  static func counts(_ configuration: Configuration, _ length: Double, _ definition: RingDefinition, largestSize: Int) throws -> [Int: Int]
  {
    let rings = try findRings(
      of: configuration, bonds: try bonds(configuration, length), definition: definition, largestSize: largestSize)
    return Dictionary(rings.map { ($0.count, 1) }, uniquingKeysWith: +)
  }

  /// Points no closer than a length, which bonds them into a network that is neither too open nor too dense.
  static func packing(_ count: Int, cell: Cell, apart: Double, random: inout RandomStream) throws -> Configuration {
    var positions: [Vector3] = []
    while positions.count < count {
      let candidate = cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform()))
      if positions.allSatisfy({ cell.minimumImage($0 - candidate).length > apart }) { positions.append(candidate) }
    }
    return try Configuration(cell: cell, species: try species("C"), types: [Int32](repeating: 0, count: count), positions: positions)
  }

  static let smallCell = try? Cell(vectors: Matrix3(Vector3(7.1, 0, 0), Vector3(1.9, 6.7, 0), Vector3(-1.2, 1.4, 6.9)))

  @Test(arguments: RingDefinition.allCases, 0..<6)
  func agreesWithTheDefinition(definition: RingDefinition, seed: Int) throws {
    var random = RandomStream(seed: UInt64(100 + seed))
    let cell = try #require(Self.smallCell)
    // 20 atoms in a cell of three or four bond lengths: many rings meet images of their own atoms.
    let network = try Self.packing(22 + seed, cell: cell, apart: 1.7, random: &random)
    let size = seed % 2 == 0 ? 8 : 9
    let graph = try Self.graph(network, 2.6, largestSize: size)
    let expected = RingReference.find(graph, definition: definition, largestSize: size)
    let found = definition.find(graph, largestSize: size, pool: WorkerPool(threads: 1))
    let canonical = (0..<found.count).map { KingRings.canonical(Array(found[$0])) }
    #expect(Set(canonical) == expected)
    // Each once.
    #expect(Set(canonical).count == found.count)
    #expect(expected.count > 20)
  }

  @Test func definitionsDifferHere() throws {
    var random = RandomStream(seed: 100)
    let network = try Self.packing(22, cell: try #require(Self.smallCell), apart: 1.7, random: &random)
    let counts = try RingDefinition.allCases.map { try Self.counts(network, 2.6, $0, largestSize: 8) }
    // King, Guttman, primitive, shortest path: the last two are the same; Guttman's are among them.
    #expect(counts[2] == counts[3] && counts[0] != counts[2] && counts[1] != counts[2])
    for (size, number) in counts[1] { #expect(number <= counts[2][size] ?? 0) }
  }

  @Test(arguments: RingDefinition.allCases) func supercellsHaveAsManyAsTheirCells(definition: RingDefinition) throws {
    var random = RandomStream(seed: 7)
    let cell = try Cell(vectors: Matrix3(Vector3(4.4, 0, 0), Vector3(1.1, 4.6, 0), Vector3(-0.7, 0.9, 4.5)))
    let small = try Self.packing(7, cell: cell, apart: 1.6, random: &random)
    let one = try Self.counts(small, 2.5, definition, largestSize: 8)
    let many = try Self.counts(try small.replicated((2, 3, 2)), 2.5, definition, largestSize: 8)
    #expect(many == one.mapValues { 12 * $0 })
    // Rings of 8 bonds are wider than the cell.
    #expect(one[8] ?? 0 > 0)
  }

  @Test func oneAtomInItsCell() throws {
    // Simple cubic: three squares an atom; the shortest-path rings of six around the corner of a cube, four a cube.
    let atom = try crystal(2, cells: 1, basis: simpleCubic, species: try species("Po"))
    #expect(try Self.counts(atom, 2.1, .shortestPath, largestSize: 8) == [4: 3, 6: 4])
    #expect(try Self.counts(atom, 2.1, .guttman, largestSize: 8) == [4: 3])
  }

  @Test(arguments: RingDefinition.allCases, [1, 2]) func diamond(definition: RingDefinition, cells: Int) throws {
    let lattice = try crystal(3.567, cells: cells, basis: AnalysisTests.diamond, species: try species("C"))
    // Two six-membered rings an atom; each of the six pairs of neighbours at an atom closes two of them (6 * 2 / 6).
    let expected = [6: 2 * lattice.count]
    #expect(try Self.counts(lattice, 1.8, definition, largestSize: 7) == expected)
    // Larger sizes by the plain search.
    guard cells == 1 else { return }
    let graph = try Self.graph(lattice, 1.8, largestSize: 9)
    let plain = RingReference.find(graph, definition: definition, largestSize: 9)
    #expect(definition.find(graph, largestSize: 9, pool: WorkerPool(threads: 1)).count == plain.count)
  }

  @Test func betaCristobaliteHasSixSilicon() throws {
    let lattice = try crystal(7.16, cells: 1, basis: cristobalite, species: try species("Si", "O"))
    let rings = try Self.counts(lattice, 1.7, .shortestPath, largestSize: 14)
    // The network of diamond with an oxygen in each bond.
    #expect(rings == [12: 16])
    var parameters = Rings()
    parameters.cutoffs = try PairCutoffs("Si-O=1.7")
    parameters.countNodes = ["Si"]
    parameters.largestSize = 14
    let result = try parameters.analyze([Frame(lattice)])
    #expect(result[6] == 16 && result.nodes == 8)
    let row = try #require(result.rows.first { $0.size == 6 })
    #expect(row.perNode == 2 && row.nodeShare == 1 && row.largestShare == 1 && row.smallestShare == 1)
    #expect(result.summary["rings"]?["6"]?.double == 16 && result.summary["R_C"]?["6"]?.double == 2)
    #expect(
      result.members.count == 16 && result.members.allSatisfy { $0.count == 12 } && result.memberSizes == [Int](repeating: 6, count: 16))
  }

  @Test func whatWrapsAroundTheCellIsNoRing() throws {
    // A chain through the cell, closed only by its edges.
    let chain = try Configuration(
      cell: Cell(lengths: Vector3(8, 10, 10)), species: try species("Se"), types: [0, 0, 0, 0],
      positions: (0..<4).map { Vector3(2 * Double($0), 5, 5) })
    #expect(try Self.counts(chain, 2.2, .shortestPath, largestSize: 16).isEmpty)
    #expect(try Self.counts(chain, 2.2, .king, largestSize: 16).isEmpty)
  }

  @Test func positionsFarOutsideTheCellChangeNothing() throws {
    var random = RandomStream(seed: 8)
    let network = try Self.packing(60, cell: tiltedCell(), apart: 2, random: &random)
    var moved = network
    for i in moved.positions.indices where i % 3 == 0 { moved.positions[i] += Vector3(4, -300, 17) * moved.cell.vectors }
    let expected = try Self.counts(network, 6, .shortestPath, largestSize: 6)
    #expect(try Self.counts(moved, 6, .shortestPath, largestSize: 6) == expected && !expected.isEmpty)
  }

  @Test func groupsAndThreadsChangeNothing() throws {
    var random = RandomStream(seed: 9)
    var lattice = try crystal(3.567, cells: 9, basis: AnalysisTests.diamond, species: try species("C"))
    // Vacancies make rings of many sizes.
    let kept = lattice.positions.indices.filter { _ in random.uniform() > 0.15 }
    lattice = try Configuration(
      cell: lattice.cell, species: lattice.species, types: kept.map { lattice.types[$0] }, positions: kept.map { lattice.positions[$0] })
    #expect(lattice.count > 4000)
    let graph = try Self.graph(lattice, 1.8, largestSize: 11)
    let one = ShortestPathRings.find(graph, largestSize: 11, pool: WorkerPool(threads: 1))
    // Too little memory for all tables at once: groups of 1024 nodes.
    let grouped = ShortestPathRings.find(graph, largestSize: 11, pool: WorkerPool(threads: 3), tableMemory: 1)
    #expect(one.keys == grouped.keys && one.starts == grouped.starts && one.count > 2000)
    let king = KingRings.find(graph, largestSize: 8, pool: WorkerPool(threads: 1))
    #expect(king.keys == KingRings.find(graph, largestSize: 8, pool: WorkerPool(threads: 3)).keys)
  }

  @Test func tooWideBondsAreRefused() throws {
    let atom = try crystal(0.4, cells: 1, basis: simpleCubic, species: try species("Po"))
    let bonds = try Self.bonds(atom, 4.2)
    let error = try analysisError { _ = try findRings(of: atom, bonds: bonds, largestSize: 60) }
    #expect(error.code == .tooManyNeighbors)
    let size = try analysisError { _ = try findRings(of: atom, bonds: bonds, largestSize: 65) }
    #expect(size.code == .invalidSetting)
  }
}
