import NumericalMethods

/// Atoms in a cell, as a structure of arrays.
///
/// Every array that is not empty holds one entry an atom, in the same order.
public struct Configuration: Sendable {
  /// The cell.
  public var cell: Cell
  /// The kinds of atoms; ``types`` points into it.
  public var species: [Species]
  /// The kind of each atom, `0 <= types[i] < species.count`.
  public var types: [Int32]
  /// Positions in Å; inside the cell where ``images`` is not empty.
  public var positions: [Vector3]
  /// Velocities in Å/ps, or empty.
  public var velocities: [Vector3] = []
  /// How many edges each atom has travelled, or empty: `unwrapped = position + image * cell.vectors`.
  public var images: [SIMD3<Int32>] = []
  /// Charges in e, or empty where the force field gives them.
  public var charges: [Double] = []
  /// The number of each atom in the file, or empty for 1, 2, 3 …
  public var identifiers: [Int] = []
  /// The molecule of each atom, or empty.
  public var molecules: [Int32] = []
  /// Bonded terms.
  public var topology = Topology()

  /// Creates a configuration of atoms at rest.
  ///
  /// - Throws: ``StructuresError`` with code `.inconsistentArrays` where the arrays differ in length, a type has no
  ///   species, or a position is not finite.
  public init(cell: Cell, species: [Species], types: [Int32], positions: [Vector3]) throws {
    guard types.count == positions.count else {
      throw StructuresError(
        .inconsistentArrays, "there are \(types.count) atom types but \(positions.count) positions; give one of each an atom")
    }
    if let bad = types.first(where: { !species.indices.contains(Int($0)) }) {
      throw StructuresError(.inconsistentArrays, "atom type \(bad) (from 0) has no species among the \(species.count) given")
    }
    if let bad = positions.firstIndex(where: { !($0.x.isFinite && $0.y.isFinite && $0.z.isFinite) }) {
      throw StructuresError(.inconsistentArrays, "the position of atom \(bad + 1) is not finite")
    }
    self.cell = cell
    self.species = species
    self.types = types
    self.positions = positions
  }

  public var count: Int { positions.count }

  /// The mass of each atom in amu.
  public var masses: [Double] { types.map { species[Int($0)].mass } }

  /// The total mass in amu.
  public var mass: Double { types.reduce(0) { $0 + species[Int($1)].mass } }

  /// The mass density in g/cm³.
  public var density: Double {
    mass / cell.volume * PhysicalConstants.gramPerCubicCentimetrePerAmuPerCubicAngstrom
  }

  /// The number of atoms of each species.
  public var speciesCounts: [Int] {
    var counts = [Int](repeating: 0, count: species.count)
    for type in types { counts[Int(type)] += 1 }
    return counts
  }

  /// The species and their atoms as a formula, `Li400 B300 P300 O1400`, in the order of ``species``.
  public var formula: String {
    zip(species, speciesCounts).filter { $0.1 > 0 }.map { "\($0.label)\($1)" }.joined(separator: " ")
  }

  /// The index of a species by its label, or `nil`.
  public func speciesIndex(_ label: String) -> Int? {
    species.firstIndex { $0.label == label }
  }

  /// Moves every atom into the cell and counts the edges it crossed in ``images``.
  public mutating func wrap() {
    if images.isEmpty { images = [SIMD3<Int32>](repeating: .zero, count: count) }
    for i in positions.indices {
      let (wrapped, image) = cell.wrap(positions[i])
      positions[i] = wrapped
      images[i] &+= image
    }
  }

  /// Positions with the edges travelled added back, in Å; the positions as they are where ``images`` is empty.
  public var unwrappedPositions: [Vector3] {
    guard !images.isEmpty else { return positions }
    return zip(positions, images).map { $0 + Vector3(Double($1.x), Double($1.y), Double($1.z)) * cell.vectors }
  }

  /// The configuration repeated along each edge; topology and velocities included.
  ///
  /// - Parameter counts: How often along a, b, c; each at least 1.
  public func replicated(_ counts: (Int, Int, Int)) throws -> Configuration {
    precondition(counts.0 > 0 && counts.1 > 0 && counts.2 > 0, "a cell is repeated at least once")
    let copies = counts.0 * counts.1 * counts.2
    let cell = try Cell(
      vectors: Matrix3(
        self.cell.vectors[0] * Double(counts.0), self.cell.vectors[1] * Double(counts.1),
        self.cell.vectors[2] * Double(counts.2)), origin: self.cell.origin,
      periodic: self.cell.periodic)
    // Bonded terms join atoms of one copy, which only is right if bonds are not cut by the edges: unwrap first.
    let source = unwrappedPositions
    var positions: [Vector3] = []
    positions.reserveCapacity(count * copies)
    for i in 0..<counts.0 {
      for j in 0..<counts.1 {
        for k in 0..<counts.2 {
          let shift = Vector3(Double(i), Double(j), Double(k)) * self.cell.vectors
          for position in source { positions.append(position + shift) }
        }
      }
    }
    func repeated<T>(_ array: [T]) -> [T] { Array([[T]](repeating: array, count: copies).joined()) }
    var result = try Configuration(cell: cell, species: species, types: repeated(types), positions: positions)
    result.velocities = repeated(velocities)
    result.charges = repeated(charges)
    result.topology = topology.repeated(copies, atoms: count)
    if !molecules.isEmpty {
      let stride = (molecules.max() ?? 0) + 1
      result.molecules = (0..<Int32(copies)).flatMap { copy in molecules.map { $0 + copy * stride } }
    }
    result.wrap()
    return result
  }
}

extension Topology {
  /// The terms of one copy of the atoms, repeated for each copy.
  func repeated(_ copies: Int, atoms: Int) -> Topology {
    var result = self
    (result.bonds, result.angles, result.dihedrals, result.impropers) = ([], [], [], [])
    for copy in 0..<Int32(copies) {
      let shift = copy * Int32(atoms)
      result.bonds += bonds.map { Term(type: $0.type, atoms: $0.atoms &+ shift) }
      result.angles += angles.map { Term(type: $0.type, atoms: $0.atoms &+ shift) }
      result.dihedrals += dihedrals.map { Term(type: $0.type, atoms: $0.atoms &+ shift) }
      result.impropers += impropers.map { Term(type: $0.type, atoms: $0.atoms &+ shift) }
    }
    return result
  }
}
