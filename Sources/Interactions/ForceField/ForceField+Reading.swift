import Structures

extension ForceField {
  /// Reads a force field from the text of its file.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - source: What errors call it: the path, for tables beside it to be found.
  /// - Throws: ``InteractionsError`` that names file, line and column, what is wrong and how to mend it.
  public init(yaml: String, source: String) throws {
    let root = try ForceFieldNode.parse(yaml, source: source)
    let known =
      ["name", "summary", "reference", "limits", "units", "species", "pair", "coulomb", "core-shell"] + BondedBlocks.keys + [
        "three-body", "structural-units",
      ]
    let later = ["neural"]
    for (key, word, _) in try root.entries("a force field") where later.contains(word) {
      throw key.error(
        "the terms \"\(word)\" are not supported by this version; take them out, or use LAMMPS for this force field", code: .unsupported)
    }
    let fields = try root.fields("a force field", known: known)
    guard let speciesNode = fields["species"] else {
      throw root.error("a force field needs species: write for example species: {Si: {charge: 2.4}, O: {charge: -1.2}}")
    }
    units = try fields["units"]?.choice("units", among: PotentialUnits.allCases, name: \.rawValue) ?? .metal
    name = try fields["name"]?.text("name") ?? source
    summary = try fields["summary"]?.text("summary") ?? ""
    limits = try fields["limits"]?.text("limits") ?? ""
    references = try fields["reference"].map(Self.readReferences) ?? []
    coulomb = try fields["coulomb"].map(Self.readCoulomb)
    species = try Self.readSpecies(speciesNode, charged: coulomb != nil)
    let reader = PairBlockReader(units: units, species: species, charged: coulomb != nil)
    blocks = try fields["pair"]?.list("pair").map(reader.read) ?? []
    coreShell = try fields["core-shell"].map(CoreShellReader(units: units, species: species).read)
    bonded = try BondedBlocks(fields, species: species, units: units)
    threeBody = try fields["three-body"]?.list("three-body").map(ThreeBodyBlockReader(units: units, species: species).read) ?? []
    structuralUnits = try fields["structural-units"].map { [species, bonds = bonded.bonds] in
      try StructuralUnits($0, species: species, bonds: bonds)
    }
    self.source = source
    guard !blocks.isEmpty || coulomb != nil || !bonded.isEmpty || !threeBody.isEmpty else {
      throw root.error("a force field needs interactions: give pair, coulomb or other terms")
    }
  }

  private static func readReferences(_ node: ForceFieldNode) throws -> [Reference] {
    let nodes = if case .sequence = node.node { try node.list("reference") } else { [node] }
    return try nodes.map { node in
      let fields = try node.fields("a reference", known: ["doi", "citation"])
      return Reference(doi: try fields["doi"]?.text("doi"), citation: try fields["citation"]?.text("citation"))
    }
  }

  private static func readSpecies(_ node: ForceFieldNode, charged: Bool) throws -> [SpeciesEntry] {
    var result: [SpeciesEntry] = []
    for (key, label, value) in try node.entries("species") {
      let fields = try value.fields("species \(label)", known: ["element", "charge", "mass"])
      let symbol = try fields["element"]?.text("element") ?? label
      guard let element = Element(symbol: symbol) else {
        throw (fields["element"] ?? key).error(
          "\"\(symbol)\" is no element; name the element of the species, as in \(label): {element: Fe}", code: .unknownSpecies)
      }
      guard !label.contains("-") else {
        throw key.error("the label \"\(label)\" holds a hyphen, which joins the two labels of a pair; use another character")
      }
      var charge: Charge?
      if let node = fields["charge"] {
        charge =
          if case .scalar(let scalar) = node.node, scalar.string == "neutral" { .neutralizing } else {
            .fixed(try node.number("charge", unit: "e"))
          }
      }
      if charged, charge == nil {
        throw key.error(
          "species \(label) has no charge, but the force field has coulomb; write \(label): {charge: …} in e, 0 for a neutral one",
          code: .missingCharge)
      }
      if charge == .neutralizing, let other = result.first(where: { $0.charge == .neutralizing }) {
        throw key.error("\(label) and \(other.label) both take the charge that makes the cell neutral; only one species can")
      }
      let mass = try fields["mass"]?.number("mass", unit: "amu")
      guard mass ?? 1 > 0 else { throw key.error("the mass of \(label) must be positive") }
      result.append(SpeciesEntry(label: label, element: element, charge: charge, mass: mass))
    }
    return result
  }

  private static func readCoulomb(_ node: ForceFieldNode) throws -> Coulomb {
    let every = Set(CoulombDescriptor.builtins.flatMap { $0.parameters.map(\.name) } + ["method", "mesh"]).sorted()
    guard let methodNode = try node.fields("coulomb", known: every)["method"] else {
      throw node.error("coulomb needs a method: \(CoulombDescriptor.builtins.map(\.name).joined(separator: ", "))")
    }
    let method = try methodNode.choice("method", among: CoulombDescriptor.builtins, name: \.name)
    let meshKeys = method.name == "spme" ? ["mesh"] : []
    var fields = try node.fields("coulomb with method \(method.name)", known: ["method"] + method.parameters.map(\.name) + meshKeys)
    let mesh = try fields["mesh"].map(readMesh)
    // Lattice sums alone can choose.
    if method.isLatticeSum, case .scalar(let scalar)? = fields["cutoff"]?.node, scalar.string == "auto" { fields["cutoff"] = nil }
    let values = try node.parameters(method.parameters, of: "coulomb", from: fields, units: .metal)
    if let cutoff = values["cutoff"], let smooth = values["smooth"], smooth >= cutoff {
      throw node.error("smooth = \(smooth) A is not less than the cutoff of \(cutoff) A", code: .invalidCutoff)
    }
    let result = method.make(values)
    guard var sum = result.latticeSum else { return result }
    if let order = values["order"], order != order.rounded() {
      throw (fields["order"] ?? node).error("the order of the B-splines must be a whole number, not \(order)")
    }
    sum.mesh = mesh
    do { try sum.check() } catch let error as InteractionsError { throw node.error(error.message, code: error.code) }
    return method.name == "spme" ? .spme(sum) : .ewald(sum)
  }

  private static func readMesh(_ node: ForceFieldNode) throws -> SIMD3<Int> {
    let numbers = try node.list("mesh").map { try $0.number("mesh", unit: "points") }
    guard numbers.count == 3, numbers.allSatisfy({ $0 == $0.rounded() && (1...4096).contains($0) }) else {
      throw node.error("mesh must be three numbers of points along the edges, as in mesh: [32, 32, 48]")
    }
    return SIMD3(Int(numbers[0]), Int(numbers[1]), Int(numbers[2]))
  }
}

extension ForceFieldNode {
  /// Numbers by the descriptions of their parameters, in the program's units, with defaults filled in.
  func parameters(
    _ descriptors: [ParameterDescriptor], of what: String, from fields: [String: ForceFieldNode], units: PotentialUnits
  ) throws -> [String: Double] {
    var values: [String: Double] = [:]
    for parameter in descriptors {
      guard let node = fields[parameter.name] else {
        if let value = parameter.defaultValue {
          values[parameter.name] = value
        } else if !parameter.isOptional {
          throw error("\(what) needs \(parameter.name): \(parameter.summary), in \(parameter.unit.symbol(in: units))")
        }
        continue
      }
      values[parameter.name] = try node.number(parameter, units: units)
    }
    return values
  }

  /// One number by the description of its parameter, in the program's units.
  func number(_ parameter: ParameterDescriptor, units: PotentialUnits) throws -> Double {
    let value: Double =
      parameter.unit == .length
      ? try length(parameter.name)
      : try number(parameter.name, unit: parameter.unit.symbol(in: units)) * parameter.unit.factor(in: units)
    if let complaint = parameter.complaint(about: value) {
      throw error("\(parameter.name) (\(parameter.summary)) \(complaint), not \(value)")
    }
    return value
  }
}
