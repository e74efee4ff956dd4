import Interactions
import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Random packings of structural units and cations that keep their distance, with labels, charges and topology.
///
/// Units have the shape that the force field gives them at rest. Each is put at the best of a few random places and turns; soft
/// spheres then push units apart while springs keep their shapes. The result depends on the seed alone.
public struct UnitPacking: Sendable {
  public var seed: UInt64
  /// How many places are tried for each unit before the least bad one is taken.
  public var attempts = 12
  /// The number of steps in which overlaps must go.
  public var maximumSteps = 4000
  /// How far atoms whose elements could be bonded stay apart, in units of the distance below which they would count as bonded.
  static let bondClearance = 1.2

  public init(seed: UInt64) {
    self.seed = seed
  }

  /// What was packed.
  public struct Result: Sendable {
    public var configuration: Configuration
    /// The units as they are found again by distance.
    public var found: FoundUnits
    /// The steps that took the overlaps out.
    public var relaxationSteps: Int
  }

  /// Packs units into a cube.
  ///
  /// - Parameter density: In g/cm³, positive.
  /// - Throws: ``SimulationError`` with code `.packingFailed`; ``InteractionsError`` where the force field lacks something.
  public func pack(_ counts: UnitCounts, density: Double, forceField: ForceField, pool: WorkerPool) throws -> Result {
    let plan = try Plan(counts, forceField)
    let mass = plan.types.reduce(0) { $0 + plan.species[Int($1)].mass }
    guard density > 0, density.isFinite else {
      throw SimulationError(.packingFailed, "a density of \(density) g/cm3 cannot be packed; give a positive one")
    }
    let volume = mass / density * PhysicalConstants.gramPerCubicCentimetrePerAmuPerCubicAngstrom
    let cell = try Cell(lengths: Vector3(repeating: cbrt(volume)))
    let start = place(plan, cell)
    func repulsion(scale: Double) -> SoftRepulsion {
      SoftRepulsion(
        types: plan.types, species: plan.species.count, diameters: plan.distances.map { $0 * scale }, molecules: plan.molecules, pool: pool)
    }
    // A little more than is asked for, so that what is asked for is reached with a finite push.
    let elastic = ElasticUnits(repulsion: repulsion(scale: 1.02), units: plan.units, shapes: plan.shapes.map(\.positions))
    let check = repulsion(scale: 1)
    var state = SimulationState(
      try Configuration(cell: cell, species: plan.species, types: plan.types, positions: start), seed: seed)
    var steps = 0
    var contact = try check.closestContact(positions: state.positions, cell: cell)
    while contact.ratio < 1 || elastic.largestStrain(state.positions) > 0.05, steps < maximumSteps {
      let result = try Minimizer(maximumForce: 1e-4, maximumSteps: 100 + steps / 4).minimize(&state, calculator: elastic, pool: pool)
      steps += max(1, result.steps)
      contact = try check.closestContact(positions: state.positions, cell: cell)
      if result.isConverged { break }
    }
    guard contact.ratio >= 1, elastic.largestStrain(state.positions) <= 0.05 else {
      throw SimulationError(
        .packingFailed,
        "\(plan.types.count) atoms in units cannot keep their least distances at \(density) g/cm3: the closest contact stays at "
          + "\(contact.ratio) of what it should be; check the density and the numbers of units")
    }
    let positions = state.positions
    let packed = try Configuration(cell: cell, species: plan.species, types: plan.types, positions: positions)
    let found = try forceField.findUnits(in: packed)
    var configuration = try forceField.applying(found, to: packed)
    configuration.wrap()
    return Result(configuration: configuration, found: found, relaxationSteps: steps)
  }

  /// The atoms, unit by unit.
  private struct Plan {
    var species: [Species]
    var types: [Int32] = []
    var molecules: [Int32] = []
    var units: [(first: Int, shape: Int)] = []
    var shapes: [UnitGeometry] = []
    /// The least distances of all pairs of species that belong to different units, row by row.
    var distances: [Double]

    init(_ counts: UnitCounts, _ forceField: ForceField) throws {
      let items = (counts.items + [counts.cation]).filter { $0.count > 0 }
      let labels = Set(items.flatMap(\.unit.labels))
      let entries = forceField.species.filter { labels.contains($0.label) }
      species = entries.map { Species($0.element, label: $0.label, mass: $0.mass ?? $0.element.mass) }
      let numbers = Dictionary(uniqueKeysWithValues: species.enumerated().map { ($0.element.label, Int32($0.offset)) })
      for (shape, item) in items.enumerated() {
        shapes.append(try UnitGeometry(item.unit, forceField: forceField))
        let kinds = item.unit.labels.map { numbers[$0] ?? 0 }
        for _ in 0..<item.count {
          units.append((types.count, shape))
          molecules += [Int32](repeating: Int32(units.count), count: kinds.count)
          types += kinds
        }
      }
      let contacts = ContactDistances()
      distances = species.flatMap { [species] a in
        species.map { b in
          let bonded = forceField.structuralUnits?.bondLength(a.element, b.element) ?? 0
          return max(contacts.distance(a, b), bonded * UnitPacking.bondClearance)
        }
      }
    }
  }

  /// Random places and turns; large units first, while there is room.
  private func place(_ plan: Plan, _ cell: Cell) -> [Vector3] {
    var random = RandomPurpose.placement.stream(seed: seed)
    var order = Array(plan.units.indices)
    for i in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(i, min(i, Int(random.uniform() * Double(i + 1)))) }
    order.sort { plan.shapes[plan.units[$0].shape].positions.count > plan.shapes[plan.units[$1].shape].positions.count }
    var grid = PlacementGrid(cell: cell, count: plan.types.count, cutoff: plan.distances.max() ?? 0)
    var positions = [Vector3](repeating: .zero, count: plan.types.count)
    for number in order {
      let unit = plan.units[number]
      let shape = plan.shapes[unit.shape].positions
      var best = (positions: shape, ratio: -1.0)
      for _ in 0..<max(1, attempts) {
        let turn = Self.rotation(&random)
        let center = cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform()))
        let trial = shape.map { center + turn * $0 }
        var ratio = Double.infinity
        for (slot, position) in trial.enumerated() {
          let row = Int(plan.types[unit.first + slot]) * plan.species.count
          let inside = cell.wrap(position).position
          ratio = min(
            ratio,
            grid.closest(to: inside, fractional: cell.fractional(inside)) { squaredDistance, other in
              let least = plan.distances[row + Int(plan.types[other])]
              return least > 0 ? squaredDistance / (least * least) : .infinity
            })
        }
        if ratio > best.ratio { best = (trial, ratio) }
        if ratio >= 1 { break }
      }
      for (slot, position) in best.positions.enumerated() {
        positions[unit.first + slot] = position
        let inside = cell.wrap(position).position
        grid.insert(unit.first + slot, at: inside, fractional: cell.fractional(inside))
      }
    }
    return positions
  }

  /// A rotation, all equally likely, from a random unit quaternion.
  private static func rotation(_ random: inout RandomStream) -> Matrix3 {
    var q = SIMD4<Double>.zero
    repeat { q = SIMD4(random.normal(), random.normal(), random.normal(), random.normal()) } while (q * q).sum() < 1e-6
    q /= (q * q).sum().squareRoot()
    let (w, x, y, z) = (q.w, q.x, q.y, q.z)
    return Matrix3(
      Vector3(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
      Vector3(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
      Vector3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)))
  }
}
