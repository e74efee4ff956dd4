import Structures

extension StructuralUnits {
  /// Reads `structural-units` of a force-field file.
  init(_ node: ForceFieldNode, species: [ForceField.SpeciesEntry], bonds: BondedBlock<any BondForm>) throws {
    let fields = try node.fields("structural-units", known: ["former", "bond-lengths", "units"])
    guard let formerNode = fields["former"], let lengthsNode = fields["bond-lengths"], let unitsNode = fields["units"] else {
      throw node.error("structural-units needs former (the element that shares are counted by), bond-lengths and units")
    }
    guard let former = Element(symbol: try formerNode.text("former")) else {
      throw formerNode.error("former must be an element, as in former: P", code: .unknownSpecies)
    }
    var lengths: [SIMD2<Int>: Double] = [:]
    for (key, name, value) in try lengthsNode.entries("bond-lengths") {
      let elements = name.split(separator: "-", omittingEmptySubsequences: false).map { Element(symbol: $0) }
      guard elements.count == 2, let first = elements[0], let second = elements[1] else {
        throw key.error("\"\(name)\" is no pair of elements, as in P-S", code: .unknownSpecies)
      }
      let length = try value.length(name)
      guard (0.1...10).contains(length) else { throw value.error("\(name) must lie between 0.1 and 10 A, not \(length)") }
      lengths[Self.key(first, second)] = length
    }
    var units: [StructuralUnit] = []
    for (key, name, value) in try unitsNode.entries("units") {
      let unit = try Self.readUnit(name, value, species: species)
      for bond in unit.bonds where bonds.find([unit.labels[bond.x], unit.labels[bond.y]]) == nil {
        throw key.error("the unit \(name) has a bond \(unit.labels[bond.x])-\(unit.labels[bond.y]), which has no coefficients under bonds")
      }
      units.append(unit)
    }
    self.init(
      units: units, former: former.atomicNumber, bondLengths: lengths,
      speciesElements: Dictionary(uniqueKeysWithValues: species.map { ($0.label, $0.element.atomicNumber) }))
  }

  static func key(_ a: Element, _ b: Element) -> SIMD2<Int> {
    SIMD2(min(a.atomicNumber, b.atomicNumber), max(a.atomicNumber, b.atomicNumber))
  }

  private static func readUnit(_ name: String, _ node: ForceFieldNode, species: [ForceField.SpeciesEntry]) throws -> StructuralUnit {
    let fields = try node.fields("the unit \(name)", known: ["atoms", "bonds"])
    guard let atomsNode = fields["atoms"] else { throw node.error("the unit \(name) needs atoms, as in atoms: [P4, S4, S4, S4, S4]") }
    let known = species.map(\.label)
    let labels = try atomsNode.list("atoms").map { item in
      let label = try item.text("a species")
      guard known.contains(label) else {
        throw item.error(
          "\"\(label)\" is not among the species \(known.joined(separator: ", "))\(didYouMean(label, among: known))", code: .unknownSpecies)
      }
      return label
    }
    let bonds = try (fields["bonds"]?.list("bonds") ?? []).map { item in
      let text = try item.text("a bond")
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count == 2, let first = ends[0], let second = ends[1], first != second, (1...labels.count).contains(first),
        (1...labels.count).contains(second)
      else { throw item.error("\"\(text)\" is no bond; write the numbers of two atoms of the unit, from 1, as in 1-2") }
      return SIMD2(min(first, second) - 1, max(first, second) - 1)
    }
    let unit = StructuralUnit(name: name, labels: labels, bonds: bonds)
    guard Set(bonds).count == bonds.count else { throw node.error("the unit \(name) has a bond twice; keep one") }
    // From one atom all others must be reached.
    var reached: Set<Int> = [0]
    var shell = [0]
    let neighbors = unit.neighbors
    while !shell.isEmpty { shell = shell.flatMap { neighbors[$0] }.filter { reached.insert($0).inserted } }
    guard !labels.isEmpty, reached.count == labels.count else {
      throw node.error("the bonds of the unit \(name) do not join all of its atoms; a unit is one piece")
    }
    return unit
  }
}
