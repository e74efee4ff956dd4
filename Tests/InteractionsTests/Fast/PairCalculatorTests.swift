import NumericalMethods
import Structures
import Testing

@testable import Interactions

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The fast calculator against its plain twin.
@Suite struct PairCalculatorTests {
  /// Random atoms at least 1.2 Å apart, about as dense as a glass, in a cell with the given edges.
  static func randomOxide(_ count: Int, edges: Matrix3, seed: UInt64) throws -> Configuration {
    var random = RandomStream(seed: seed)
    let edge = cbrt(Double(count) / 0.066 / edges.determinant)
    let cell = try Cell(vectors: edges * edge, origin: Vector3(3, -2, 7))
    var positions: [Vector3] = []
    while positions.count < count {
      let candidate = cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform()))
      if positions.allSatisfy({ cell.minimumImage($0 - candidate).squaredLength > 1.44 }) { positions.append(candidate) }
    }
    let silicon = try #require(Element(symbol: "Si"))
    let oxygen = try #require(Element(symbol: "O"))
    let types = (0..<count).map { Int32($0 % 3 == 0 ? 0 : 1) }
    return try Configuration(cell: cell, species: [Species(silicon), Species(oxygen)], types: types, positions: positions)
  }

  static func silica(_ configuration: Configuration, cutoff: Double = 10, short: Double = 8) -> PairInteractions {
    PairInteractions(
      species: configuration.species, charges: [2.4, -1.2], coulomb: .dsf(cutoff: cutoff, alpha: 0.2)
    ) { a, b in
      switch (a, b) {
      case (0, 1): PairCurve([PairTerm(Buckingham(a: 13702.905, rho: 0.193817, c: 54.681), cutoff: short)])
      case (1, 1): PairCurve([PairTerm(Buckingham(a: 2029.2204, rho: 0.343645, c: 192.28), cutoff: short)])
      default: nil
      }
    }
  }

  static let cells: [Matrix3] = [
    Matrix3(diagonal: Vector3(1, 1, 1)),
    Matrix3(diagonal: Vector3(0.6, 1.1, 1.9)),
    Matrix3(Vector3(1, 0, 0), Vector3(0.45, 0.9, 0), Vector3(-0.4, 0.35, 1.1)),
    Matrix3(Vector3(0.9, 0.1, -0.2), Vector3(0.7, 0.8, 0.1), Vector3(0.2, -0.6, 1.2)),
  ]

  /// Single precision keeps 24 bits; sums over some hundred neighbours of alternating sign lose about four of them.
  static let tolerance: [Precision: Double] = [.mixed: 2e-5, .double: 1e-9]

  @Test(arguments: Precision.allCases, [40, 200, 513])
  func agreesWithTheReference(precision: Precision, count: Int) throws {
    let tolerance = try #require(Self.tolerance[precision])
    for (number, edges) in Self.cells.enumerated() {
      let configuration = try Self.randomOxide(count, edges: edges, seed: UInt64(number))
      let interactions = Self.silica(configuration, cutoff: count < 100 ? 6 : 10, short: count < 100 ? 5 : 8)
      var (forces, expected): ([Vector3], [Vector3]) = ([], [])
      let twin = try ReferenceCalculator(interactions, for: configuration)
        .evaluate(positions: configuration.positions, cell: configuration.cell, forces: &expected, energies: true)
      let fast = try PairCalculator(interactions, for: configuration, precision: precision, pool: WorkerPool(threads: 2))
        .evaluate(positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
      let largest = try #require(expected.map(\.length).max())
      for (force, other) in zip(forces, expected) { #expect((force - other).length < tolerance * largest) }
      for (term, energy) in twin.energies {
        #expect(abs(try #require(fast.energies[term]) - energy) < tolerance * abs(energy), "\(term), cell \(number)")
      }
      let scale = (0..<3).map { twin.virial[$0].length }.max() ?? 1
      for row in 0..<3 { #expect((fast.virial[row] - twin.virial[row]).length < tolerance * scale) }
    }
  }

  /// The last cluster is not full, and the range is longer than the edges, so that it meets its own images.
  @Test func meetsImagesOfALastClusterThatIsNotFull() throws {
    let configuration = try Self.randomOxide(60, edges: Self.cells[0], seed: 3)
    #expect(configuration.cell.lengths.x < 10)
    let interactions = Self.silica(configuration, cutoff: 9.5, short: 8)
    var (forces, expected): ([Vector3], [Vector3]) = ([], [])
    _ = try ReferenceCalculator(interactions, for: configuration)
      .evaluate(positions: configuration.positions, cell: configuration.cell, forces: &expected, energies: true)
    _ = try PairCalculator(interactions, for: configuration, precision: .double, pool: WorkerPool(threads: 1))
      .evaluate(positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
    let largest = try #require(expected.map(\.length).max())
    for (force, other) in zip(forces, expected) { #expect((force - other).length < 1e-9 * largest) }
  }

  /// Atoms on the faces of the cell, up to rounding on either side of them, as the sites of crystals are.
  @Test func meetsAtomsOnFaces() throws {
    for edges in Self.cells {
      var configuration = try Self.randomOxide(108, edges: edges, seed: 6)
      for atom in stride(from: 0, to: 108, by: 2) {
        var f = configuration.cell.fractional(configuration.positions[atom])
        f[atom % 3] = [0, 1, -1e-17, 1 - 1e-16, -1, 5e-17][atom / 2 % 6]
        let face = configuration.cell.cartesian(f)
        let isFree = configuration.positions.indices.allSatisfy {
          $0 == atom || configuration.cell.minimumImage(configuration.positions[$0] - face).length > 1
        }
        if isFree { configuration.positions[atom] = face }
      }
      let interactions = Self.silica(configuration, cutoff: 7, short: 6)
      var (forces, expected): ([Vector3], [Vector3]) = ([], [])
      _ = try ReferenceCalculator(interactions, for: configuration)
        .evaluate(positions: configuration.positions, cell: configuration.cell, forces: &expected, energies: true)
      _ = try PairCalculator(interactions, for: configuration, precision: .double, pool: WorkerPool(threads: 1))
        .evaluate(positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
      let largest = try #require(expected.map(\.length).max())
      for (force, other) in zip(forces, expected) { #expect((force - other).length < 1e-9 * largest) }
    }
  }

  @Test func givesTheSameBitsForAnyNumberOfThreads() throws {
    let configuration = try Self.randomOxide(1200, edges: Self.cells[2], seed: 5)
    let interactions = Self.silica(configuration)
    var results: [[Vector3]] = []
    for threads in [1, 2, 3, 7] {
      let calculator = try PairCalculator(interactions, for: configuration, pool: WorkerPool(threads: threads))
      var forces: [Vector3] = []
      _ = try calculator.evaluate(
        positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: false)
      results.append(forces)
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
  }

  /// Atoms walk far, edges included, and the cell breathes and shears: at each step the list must still hold every pair.
  @Test func followsMovingAtomsAndCells() throws {
    var configuration = try Self.randomOxide(400, edges: Self.cells[3], seed: 9)
    let interactions = Self.silica(configuration, cutoff: 8, short: 6)
    let calculator = try PairCalculator(interactions, for: configuration, precision: .double, pool: WorkerPool(threads: 1))
    let twin = try ReferenceCalculator(interactions, for: configuration)
    let start = configuration.cell
    let rest = configuration.positions
    for step in 0..<60 {
      let strain = 0.02 * Double(step % 13) / 13
      let map = Matrix3(Vector3(1 + strain, strain, 0), Vector3(0, 1 - strain, 0), Vector3(0, strain, 1))
      let cell = try start.deformed(by: map)
      for i in rest.indices {
        // Each atom swings on a path of its own while all drift over several cells.
        let swing = sin(Vector3(0.21, 0.17, 0.3) * Double(step) + Double(i)) * 0.25
        configuration.positions[i] = rest[i] + swing + Vector3(1.5, -1.0, 0.5) * Double(step)
      }
      var (forces, expected): ([Vector3], [Vector3]) = ([], [])
      _ = try calculator.evaluate(positions: configuration.positions, cell: cell, forces: &forces, energies: false)
      _ = try twin.evaluate(positions: configuration.positions, cell: cell, forces: &expected, energies: false)
      let largest = try #require(expected.map(\.length).max())
      let worst = zip(forces, expected).map { ($0 - $1).length }.max() ?? 0
      #expect(worst < 1e-9 * largest, "step \(step)")
    }
  }

  @Test func goesOnToTheSameBitsFromItsReference() throws {
    var configuration = try Self.randomOxide(600, edges: Self.cells[0], seed: 2)
    let interactions = Self.silica(configuration)
    let pool = WorkerPool(threads: 2)
    let calculator = try PairCalculator(interactions, for: configuration, pool: pool)
    var forces: [Vector3] = []
    _ = try calculator.evaluate(positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: false)
    for i in configuration.positions.indices { configuration.positions[i].x += 0.001 * Double(i % 7) }
    _ = try calculator.evaluate(positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: false)

    let resumed = try PairCalculator(interactions, for: configuration, pool: pool)
    resumed.neighborReference = calculator.neighborReference
    var again: [Vector3] = []
    _ = try resumed.evaluate(positions: configuration.positions, cell: configuration.cell, forces: &again, energies: false)
    #expect(again == forces)
  }

  @Test func refusesPositionsThatAreNotFinite() throws {
    var configuration = try Self.randomOxide(60, edges: Self.cells[0], seed: 2)
    let interactions = Self.silica(configuration, cutoff: 6, short: 5)
    let calculator = try PairCalculator(interactions, for: configuration, pool: WorkerPool(threads: 1))
    var forces: [Vector3] = []
    _ = try calculator.evaluate(positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: false)
    configuration.positions[17].y = .nan
    let error = #expect(throws: InteractionsError.self) {
      try calculator.evaluate(positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: false)
    }
    #expect(error?.code == .lostAtoms)
    #expect(error?.message.contains("atom 18") == true)
  }

  /// A coordinate of 1000 Å has only 1e-4 Å left in single precision; the forces must not notice.
  @Test func losesNothingFarFromTheOrigin() throws {
    let near = try Self.randomOxide(300, edges: Self.cells[0], seed: 4)
    var far = near
    far.cell.origin += Vector3(20000, -10000, 5000)
    far.positions = far.positions.map { $0 + Vector3(20000, -10000, 5000) }
    let interactions = Self.silica(near, cutoff: 7, short: 6)
    var (forces, moved): ([Vector3], [Vector3]) = ([], [])
    let pool = WorkerPool(threads: 1)
    _ = try PairCalculator(interactions, for: near, pool: pool)
      .evaluate(positions: near.positions, cell: near.cell, forces: &forces, energies: false)
    _ = try PairCalculator(interactions, for: far, pool: pool)
      .evaluate(positions: far.positions, cell: far.cell, forces: &moved, energies: false)
    let largest = try #require(forces.map(\.length).max())
    for (force, other) in zip(forces, moved) { #expect((force - other).length < 2e-5 * largest) }
  }
}

private func sin(_ v: Vector3) -> Vector3 { Vector3(sin(v.x), sin(v.y), sin(v.z)) }
