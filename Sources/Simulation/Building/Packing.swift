import Interactions
import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Random packings of atoms that keep their distance.
///
/// Atoms are first put at random places, each at the first of a few that keeps the least distances, or else at the least
/// bad one; then soft spheres push the overlaps out. The result depends on the seed alone.
public struct Packing: Sendable {
  /// The least distances of all pairs.
  public var distances: ContactDistances
  public var seed: UInt64
  /// How many places are tried for each atom before the least bad one is taken.
  public var attempts = 12
  /// The number of steps in which overlaps must go.
  public var maximumSteps = 3000

  public init(seed: UInt64, distances: ContactDistances = ContactDistances()) {
    self.seed = seed
    self.distances = distances
  }

  /// What was packed.
  public struct Result: Sendable {
    public var configuration: Configuration
    /// The steps that took the overlaps out.
    public var relaxationSteps: Int
    /// The smallest distance of any pair in units of its least distance; infinite where no pair is that close.
    public var closestContact: Double
  }

  /// Packs whole atoms into a cube at a density.
  ///
  /// - Parameter density: In g/cm³, positive.
  /// - Throws: ``SimulationError`` with code `.packingFailed`.
  public func pack(_ counts: AtomCounts, density: Double, pool: WorkerPool) throws -> Result {
    guard density > 0, density.isFinite else {
      throw SimulationError(.packingFailed, "a density of \(density) g/cm3 cannot be packed; give a positive one")
    }
    let mass = zip(counts.elements, counts.counts).reduce(0) { $0 + $1.0.mass * Double($1.1) }
    let volume = mass / density * PhysicalConstants.gramPerCubicCentimetrePerAmuPerCubicAngstrom
    let cell = try Cell(lengths: Vector3(repeating: cbrt(volume)))
    return try pack(zip(counts.elements, counts.counts).map { (Species($0), $1) }, cell: cell, pool: pool)
  }

  /// Packs atoms into a cell.
  ///
  /// - Parameters:
  ///   - atoms: The species and how many of each; atoms of the configuration are in this order.
  ///   - cell: Periodic along all edges.
  /// - Throws: ``SimulationError`` with code `.packingFailed` where the distances cannot be kept.
  public func pack(_ atoms: [(species: Species, count: Int)], cell: Cell, pool: WorkerPool) throws -> Result {
    guard atoms.allSatisfy({ $0.count >= 0 }), atoms.contains(where: { $0.count > 0 }) else {
      throw SimulationError(.packingFailed, "there are no atoms to pack; ask for at least one")
    }
    guard cell.isPeriodic else {
      throw SimulationError(.packingFailed, "the cell to pack does not repeat along all edges; make it periodic")
    }
    let species = atoms.map(\.species)
    let types = atoms.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1.count) }
    let table = distances.table(species)
    let positions = place(types, species: species.count, distances: table, cell: cell)
    // A little more than is asked for, so that what is asked for is reached with a finite push.
    let repulsion = SoftRepulsion(
      types: types, species: species.count, diameters: table.map { $0 * 1.02 }, pool: pool)
    let check = SoftRepulsion(types: types, species: species.count, diameters: table, pool: pool)
    var state = SimulationState(
      try Configuration(cell: cell, species: species, types: types, positions: positions), seed: seed)
    var steps = 0
    var contact = try check.closestContact(positions: state.positions, cell: cell)
    // Forces say when all overlaps are gone; distances are looked at in between, since they are what was asked for.
    while contact.ratio < 1, steps < maximumSteps {
      let minimizer = Minimizer(maximumForce: 1e-6, maximumSteps: 50 + steps / 4)
      let result = try minimizer.minimize(&state, calculator: repulsion, pool: pool)
      steps += max(1, result.steps)
      contact = try check.closestContact(positions: state.positions, cell: cell)
      if result.isConverged { break }
    }
    guard contact.ratio >= 1 else { throw failure(contact, types, species, table, cell) }
    var configuration = try Configuration(
      cell: cell, species: species, types: types, positions: state.positions.map { cell.wrap($0).position })
    configuration.velocities = []
    return Result(configuration: configuration, relaxationSteps: steps, closestContact: contact.ratio)
  }

  private func failure(
    _ contact: (ratio: Double, pair: (Int, Int)), _ types: [Int32], _ species: [Species], _ table: [Double], _ cell: Cell
  ) -> SimulationError {
    let (first, second) = (Int(types[contact.pair.0]), Int(types[contact.pair.1]))
    let least = table[first * species.count + second]
    let volume = cell.volume / Double(types.count)
    return SimulationError(
      .packingFailed,
      "\(types.count) atoms cannot keep their least distances in \(cell.volume) Å³ (\(volume) Å³ an atom): "
        + "\(species[first].label)-\(species[second].label) stays at \(contact.ratio * least) of \(least) Å; check the density and the "
        + "cell, or allow shorter distances")
  }
}
