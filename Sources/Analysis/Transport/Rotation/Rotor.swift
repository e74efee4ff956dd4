import NumericalMethods
import Structures

/// A polyhedron whose rotation is followed: an atom and what is bonded to it in the first frame.
struct Rotor: Sendable {
  /// The kind, as an index into the kinds of the run.
  var kind: Int
  /// The unit that it is part of: units of several formers have a rotor for each.
  var unit: Int
  /// The centre and then its neighbours, by their place in the first frame.
  var atoms: [Int]

  var bondCount: Int { atoms.count - 1 }
  var isTetrahedron: Bool { atoms.count == 5 }

  /// The places of the atoms around the centre, by the nearest images.
  func shape(_ positions: [Vector3], cell: Cell, into shape: UnsafeMutableBufferPointer<Vector3>) {
    shape[0] = .zero
    for place in 1..<atoms.count { shape[place] = cell.minimumImage(positions[atoms[place]] - positions[atoms[0]]) }
  }
}

/// Finds the units of a frame, and tells later whether they are still the same.
///
/// Units of several formers twist, so that no rotation takes one shape into another; the polyhedra that they are made of are nearly rigid.
struct RotorFinder: Sendable {
  /// What makes a unit.
  enum Choice: Sendable {
    /// The pieces that bonds among formers and anions join.
    case units([NetworkRoles.Role])
    /// An atom of some species and those of others that are bonded to it, by species.
    case polyhedra(centers: [Bool], neighbors: [Bool])
  }

  let choice: Choice
  private(set) var rotors: [Rotor] = []
  /// The atoms of each unit.
  private(set) var units: [[Int]] = []
  /// The names of the kinds.
  private(set) var kinds: [String] = []
  /// Pieces that cannot be followed: without end, of fewer than three atoms, on one line, or too large.
  private(set) var leftOut = 0
  /// Whether atoms of a species stand at corners.
  private let isNeighbor: [Bool]

  init(_ choice: Choice, graph: BondGraph, configuration: Configuration) {
    self.choice = choice
    switch choice {
    case .units(let roles):
      isNeighbor = roles.map { $0 == .anion }
      findUnits(roles, graph, configuration)
    case .polyhedra(let centers, let neighbors):
      isNeighbor = neighbors
      findPolyhedra(centers, graph, configuration)
    }
  }

  private mutating func kind(_ name: String) -> Int {
    if let known = kinds.firstIndex(of: name) { return known }
    kinds.append(name)
    return kinds.count - 1
  }

  private mutating func findUnits(_ roles: [NetworkRoles.Role], _ graph: BondGraph, _ configuration: Configuration) {
    var known: [UnitType: Int] = [:]
    let found = UnitFinder(graph, configuration, roles: roles, largest: 8, known: &known)
    let names = known.sorted { $0.value < $1.value }.map(\.key.name)
    let components = found.components
    for component in 0..<components.count {
      let atoms = components.atoms(of: component).map(Int.init)
      let formers = atoms.filter { roles[Int(configuration.types[$0])] == .former }
      // A lone anion turns about nothing, and is no unit that anyone misses.
      if atoms.count == 1 || formers.isEmpty { continue }
      let shapes = formers.compactMap { shape(around: $0, graph, configuration) }
      guard components.dimensions[component] == 0, formers.count <= 8, !shapes.isEmpty else {
        leftOut += 1
        continue
      }
      append(shapes, unit: atoms, name: names[found.typeOf[component]])
    }
  }

  private mutating func findPolyhedra(_ centers: [Bool], _ graph: BondGraph, _ configuration: Configuration) {
    for atom in configuration.types.indices where centers[Int(configuration.types[atom])] {
      guard let atoms = shape(around: atom, graph, configuration) else {
        leftOut += 1
        continue
      }
      // Elements, since several kinds of one may stand at the corners: PS4 of the species P4, S4 and Sb.
      let symbols = atoms.map { configuration.species[Int(configuration.types[$0])].element.symbol }
      var name = symbols[0]
      for symbol in Set(symbols.dropFirst()).sorted() {
        let count = symbols.dropFirst().count { $0 == symbol }
        name += count == 1 ? symbol : symbol + String(count)
      }
      append([atoms], unit: atoms, name: name)
    }
  }

  /// An atom and its neighbours, or `nil` where there are fewer than two, one is there twice, or all lie on a line.
  private func shape(around center: Int, _ graph: BondGraph, _ configuration: Configuration) -> [Int]? {
    let bonded = graph.bonds(of: center).map { Int(graph.neighbors[$0]) }.filter { isNeighbor[Int(configuration.types[$0])] }
    guard Set(bonded).count == bonded.count, bonded.count >= 2 else { return nil }
    let atoms = [center] + bonded.sorted()
    return Self.isLinear(atoms, configuration) ? nil : atoms
  }

  private mutating func append(_ shapes: [[Int]], unit: [Int], name: String) {
    let kind = kind(name)
    rotors += shapes.map { Rotor(kind: kind, unit: units.count, atoms: $0) }
    units.append(unit)
  }

  /// Whether atoms lie within a degree or two of a line, so that no turn about it can be seen.
  private static func isLinear(_ atoms: [Int], _ configuration: Configuration) -> Bool {
    var shape = [Vector3](repeating: .zero, count: atoms.count)
    shape.withUnsafeMutableBufferPointer {
      Rotor(kind: 0, unit: 0, atoms: atoms).shape(configuration.positions, cell: configuration.cell, into: $0)
    }
    let center = shape.reduce(.zero, +) * (1 / Double(shape.count))
    var moments = Matrix3.zero
    for point in shape { moments += Matrix3.outer(point - center, point - center) }
    let entries = (0..<9).map { moments[$0 / 3][$0 % 3] }
    guard let values = SymmetricEigensystem(entries, order: 3)?.values else { return true }
    return values[1] < 1e-3 * values[2]
  }

  /// Whether each rotor has the same corners in another frame, and its unit the same atoms.
  func areWhole(_ graph: BondGraph, types: [Int32]) -> [Bool] {
    var isWhole = [Bool](repeating: true, count: units.count)
    if case .units(let roles) = choice {
      let components = BondComponents(graph, takes: { roles[Int(types[$0])] != .modifier })
      isWhole = units.map { atoms in
        let component = components.componentOf[atoms[0]]
        return components.atoms(of: Int(component)).count == atoms.count && atoms.allSatisfy { components.componentOf[$0] == component }
      }
    }
    return rotors.map { rotor in
      guard isWhole[rotor.unit] else { return false }
      var count = 1
      for bond in graph.bonds(of: rotor.atoms[0]) {
        let neighbor = Int(graph.neighbors[bond])
        guard isNeighbor[Int(types[neighbor])] else { continue }
        guard rotor.atoms.contains(neighbor) else { return false }
        count += 1
      }
      return count == rotor.atoms.count
    }
  }
}
