import Structures

extension ForceField {
  /// Finds the structural units of a configuration by the distances of its atoms; labels and bonds are not looked at.
  ///
  /// - Throws: ``InteractionsError`` with code `.unsupported` where the force field describes no units, `.brokenUnit` where bonded atoms
  ///   are none of them, with a list of the atoms.
  public func findUnits(in configuration: Configuration) throws -> FoundUnits {
    try requiredUnits().find(in: configuration)
  }

  /// Finds the structural units, and makes sure that every atom is in the unit that its label says: the check that a run has kept them all.
  ///
  /// - Throws: As ``findUnits(in:)``; `.brokenUnit` where an atom is found in another unit than its label's.
  public func intactUnits(in configuration: Configuration) throws -> FoundUnits {
    let found = try findUnits(in: configuration)
    for member in found.members {
      let unit = found.units.units[member.unit]
      for (slot, atom) in member.atoms.enumerated() {
        let label = configuration.species[Int(configuration.types[Int(atom)])].label
        guard label == unit.labels[slot] else {
          throw InteractionsError(
            .brokenUnit,
            "atom \(atom + 1) is labelled \(label), but by the distances it is \(unit.labels[slot]) of a unit \(unit.name): units have changed, or "
              + "the labels are of another force field")
        }
      }
    }
    return found
  }

  private func requiredUnits() throws -> StructuralUnits {
    guard let structuralUnits else {
      throw InteractionsError(
        .unsupported,
        "\(name) describes no structural units; give a force field that does, such as lps-ariga, or add structural-units to its file")
    }
    return structuralUnits
  }

  /// The configuration with the labels, charges, molecules, bonds, angles and dihedrals that its structural units have.
  ///
  /// Atoms keep their order and their positions. Angles whose ends are alike list the lower atom first, as the files of Ariga et al. do;
  /// others stand as the force field has them. Dihedrals without coefficients are left out.
  /// - Throws: As ``findUnits(in:)``; `.missingPair` for an angle without coefficients.
  public func assigningTopology(to configuration: Configuration) throws -> Configuration {
    try applying(try findUnits(in: configuration), to: configuration)
  }

  /// The configuration with the labels and terms of units that are known.
  public func applying(_ found: FoundUnits, to configuration: Configuration) throws -> Configuration {
    var labels = [String](repeating: "", count: configuration.count)
    var molecules = [Int32](repeating: 0, count: configuration.count)
    var maker = TopologyMaker(forceField: self)
    for (number, member) in found.members.enumerated() {
      let unit = found.units.units[member.unit]
      for (slot, atom) in member.atoms.enumerated() {
        labels[Int(atom)] = unit.labels[slot]
        molecules[Int(atom)] = Int32(number + 1)
      }
      try maker.add(unit, atoms: member.atoms)
    }
    var result = configuration
    let present = species.filter { labels.contains($0.label) }
    result.species = present.map { Species($0.element, label: $0.label, mass: $0.mass ?? $0.element.mass) }
    let types = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($0.element.label, Int32($0.offset)) })
    result.types = labels.map { types[$0] ?? 0 }
    result.molecules = molecules
    result.topology = maker.topology
    let charges = present.map { if case .fixed(let charge)? = $0.charge { charge } else { 0.0 } }
    result.charges = result.types.map { charges[Int($0)] }
    return result
  }
}

/// Writes the bonds, angles and dihedrals of units.
private struct TopologyMaker {
  let forceField: ForceField
  private var bonds: [(labels: [String], atoms: [Int32])] = []
  private var angles: [(labels: [String], atoms: [Int32])] = []
  private var dihedrals: [(labels: [String], atoms: [Int32])] = []

  init(forceField: ForceField) {
    self.forceField = forceField
  }

  mutating func add(_ unit: StructuralUnit, atoms: [Int32]) throws {
    let neighbors = unit.neighbors
    func labels(_ slots: [Int]) -> [String] { slots.map { unit.labels[$0] } }

    /// The slots as the force field has them; ends that are alike by the numbers of their atoms.
    func oriented(_ slots: [Int], isTurned: Bool) -> [Int] {
      let names = labels(slots)
      guard names == names.reversed() else { return isTurned ? slots.reversed() : slots }
      return atoms[slots[0]] < atoms[slots[slots.count - 1]] ? slots : slots.reversed()
    }
    func term(_ slots: [Int]) -> (labels: [String], atoms: [Int32]) { (labels(slots), slots.map { atoms[$0] }) }

    for bond in unit.bonds {
      let slots = [bond.x, bond.y]
      guard let found = forceField.bonded.bonds.find(labels(slots)) else { throw missing(labels(slots), "bonds") }
      bonds.append(term(oriented(slots, isTurned: found.isTurned)))
    }
    for center in 0..<unit.count where !forceField.bonded.angles.entries.isEmpty {
      for (place, first) in neighbors[center].enumerated() {
        for last in neighbors[center][(place + 1)...] {
          let slots = [first, center, last]
          guard let found = forceField.bonded.angles.find(labels(slots)) else { throw missing(labels(slots), "angles") }
          angles.append(term(oriented(slots, isTurned: found.isTurned)))
        }
      }
    }
    for bond in unit.bonds {
      for first in neighbors[bond.x] where first != bond.y {
        for last in neighbors[bond.y] where last != bond.x && last != first {
          let slots = [first, bond.x, bond.y, last]
          guard let found = forceField.bonded.dihedrals.find(labels(slots)) else { continue }
          dihedrals.append(term(oriented(slots, isTurned: found.isTurned)))
        }
      }
    }
  }

  private func missing(_ labels: [String], _ key: String) -> InteractionsError {
    let term = labels.joined(separator: "-")
    return InteractionsError(.missingPair, "\(forceField.name) has no coefficients for \(term); give \(term): {…} under \(key)")
  }

  /// The terms by their atoms, with types by their labels in alphabetical order.
  var topology: Topology {
    var result = Topology()
    func typed(_ terms: [(labels: [String], atoms: [Int32])]) -> (names: [String], terms: [(type: Int32, atoms: [Int32])]) {
      let names = Set(terms.map { $0.labels.joined(separator: "-") }).sorted()
      let types = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, Int32($0.offset)) })
      let sorted = terms.sorted { $0.atoms.lexicographicallyPrecedes($1.atoms) }
      return (names, sorted.map { (types[$0.labels.joined(separator: "-")] ?? 0, $0.atoms) })
    }
    let (bonds, angles, dihedrals) = (typed(bonds), typed(angles), typed(dihedrals))
    result.bondLabels = bonds.names
    result.bonds = bonds.terms.map { .init(type: $0.type, atoms: SIMD2($0.atoms[0], $0.atoms[1])) }
    result.angleLabels = angles.names
    result.angles = angles.terms.map { .init(type: $0.type, atoms: SIMD3($0.atoms[0], $0.atoms[1], $0.atoms[2])) }
    result.dihedralLabels = dihedrals.names
    result.dihedrals = dihedrals.terms.map { .init(type: $0.type, atoms: SIMD4($0.atoms[0], $0.atoms[1], $0.atoms[2], $0.atoms[3])) }
    return result
  }
}
