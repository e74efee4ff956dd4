import NumericalMethods
import Structures

/// A unit whose rotation is followed: its atoms and how they hang together in the first frame.
struct Rotor: Sendable {
  /// The kind, as an index into the kinds of the run.
  var kind: Int
  /// Its atoms, by their place in the first frame, along a tree of bonds.
  var atoms: [Int]
  /// Which of ``atoms`` are centres.
  var centers: [Int]
  /// For each atom after the first, a place before it in ``atoms`` that it is bonded to.
  var parents: [Int]
  /// From centre to neighbour, as places in ``atoms``.
  var bonds: [(center: Int, neighbor: Int)]
  /// Whether it has one centre with four neighbours.
  var isTetrahedron: Bool { centers.count == 1 && atoms.count == 5 && bonds.count == 4 }

  /// The places of the atoms around the first, by the nearest images along the bonds.
  func shape(_ positions: [Vector3], cell: Cell, into shape: UnsafeMutableBufferPointer<Vector3>) {
    shape[0] = .zero
    for place in 1..<atoms.count {
      let parent = parents[place - 1]
      shape[place] = shape[parent] + cell.minimumImage(positions[atoms[place]] - positions[atoms[parent]])
    }
  }
}

/// Finds the units of a frame, and tells later whether they are still the same.
struct RotorFinder: Sendable {
  /// What makes a unit.
  enum Choice: Sendable {
    /// The pieces that bonds among formers and anions join.
    case units([NetworkRoles.Role])
    /// An atom of one species and those of another that are bonded to it.
    case polyhedra(center: Int, neighbor: Int)
  }

  let choice: Choice
  private(set) var rotors: [Rotor] = []
  /// The names of the kinds.
  private(set) var kinds: [String] = []
  /// Pieces that cannot be followed: without end, of fewer than three atoms, or on one line.
  private(set) var leftOut = 0
  /// For polyhedra, the neighbours of each centre in order.
  private var members: [[Int32]] = []

  init(_ choice: Choice, graph: BondGraph, configuration: Configuration) {
    self.choice = choice
    switch choice {
    case .units(let roles): findUnits(roles, graph, configuration)
    case .polyhedra(let center, let neighbor): findPolyhedra(center, neighbor, graph, configuration)
    }
    members = rotors.map { $0.atoms.map { Int32($0) }.sorted() }
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
      guard components.dimensions[component] == 0, atoms.count >= 3, formers.count <= 8 else {
        leftOut += 1
        continue
      }
      let ordered = formers + atoms.filter { roles[Int(configuration.types[$0])] != .former }
      append(ordered, centers: formers.count, graph, configuration, name: names[found.typeOf[component]])
    }
  }

  private mutating func findPolyhedra(_ center: Int, _ neighbor: Int, _ graph: BondGraph, _ configuration: Configuration) {
    for atom in configuration.types.indices where Int(configuration.types[atom]) == center {
      let bonded = graph.bonds(of: atom).map { Int(graph.neighbors[$0]) }.filter { Int(configuration.types[$0]) == neighbor }
      let unique = Set(bonded)
      guard unique.count == bonded.count, bonded.count >= 2 else {
        leftOut += 1
        continue
      }
      let name = configuration.species[center].label + configuration.species[neighbor].label + String(bonded.count)
      append([atom] + bonded.sorted(), centers: 1, graph, configuration, name: name)
    }
  }

  private mutating func append(
    _ atoms: [Int], centers: Int, _ graph: BondGraph, _ configuration: Configuration, name: String
  ) {
    let places = Dictionary(zip(atoms, atoms.indices)) { first, _ in first }
    var order = [0]
    var parent = [Int](repeating: -1, count: atoms.count)
    var isReached = [Bool](repeating: false, count: atoms.count)
    isReached[0] = true
    var next = 0
    while next < order.count {
      let here = order[next]
      next += 1
      for bond in graph.bonds(of: atoms[here]) {
        guard let there = places[Int(graph.neighbors[bond])], !isReached[there] else { continue }
        isReached[there] = true
        parent[there] = here
        order.append(there)
      }
    }
    guard order.count == atoms.count else {
      leftOut += 1
      return
    }
    var rank = [Int](repeating: 0, count: atoms.count)
    for (place, old) in order.enumerated() { rank[old] = place }
    var bonds: [(center: Int, neighbor: Int)] = []
    for center in 0..<centers {
      for bond in graph.bonds(of: atoms[center]) {
        guard let neighbor = places[Int(graph.neighbors[bond])], neighbor >= centers else { continue }
        bonds.append((rank[center], rank[neighbor]))
      }
    }
    var rotor = Rotor(
      kind: 0, atoms: order.map { atoms[$0] }, centers: (0..<centers).map { rank[$0] }.sorted(),
      parents: order.dropFirst().map { rank[parent[$0]] }, bonds: bonds)
    guard !Self.isLinear(rotor, configuration) else {
      leftOut += 1
      return
    }
    rotor.kind = kind(name)
    rotors.append(rotor)
  }

  /// Whether the atoms lie within a degree or two of a line, so that no turn about it can be seen.
  private static func isLinear(_ rotor: Rotor, _ configuration: Configuration) -> Bool {
    var shape = [Vector3](repeating: .zero, count: rotor.atoms.count)
    shape.withUnsafeMutableBufferPointer { rotor.shape(configuration.positions, cell: configuration.cell, into: $0) }
    let center = shape.reduce(.zero, +) * (1 / Double(shape.count))
    var moments = Matrix3.zero
    for point in shape { moments += Matrix3.outer(point - center, point - center) }
    let entries = (0..<9).map { moments[$0 / 3][$0 % 3] }
    guard let values = SymmetricEigensystem(entries, order: 3)?.values else { return true }
    return values[1] < 1e-3 * values[2]
  }

  /// Whether a unit has the same members in another frame.
  ///
  /// - Parameter components: The pieces of that frame where units are pieces.
  func isWhole(_ rotor: Int, graph: BondGraph, components: BondComponents?, types: [Int32]) -> Bool {
    let atoms = rotors[rotor].atoms
    switch choice {
    case .units:
      guard let components else { return false }
      let component = components.componentOf[atoms[0]]
      guard components.atoms(of: Int(component)).count == atoms.count else { return false }
      return atoms.allSatisfy { components.componentOf[$0] == component }
    case .polyhedra(_, let neighbor):
      let own = members[rotor]
      var count = 1
      for bond in graph.bonds(of: atoms[0]) where Int(types[Int(graph.neighbors[bond])]) == neighbor {
        guard own.contains(graph.neighbors[bond]) else { return false }
        count += 1
      }
      return count == own.count
    }
  }
}
