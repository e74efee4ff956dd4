import Structures

/// The entries of `bonds`, `angles` or `dihedrals` in a force-field file.
struct BondedBlock<Form: Sendable>: Sendable {
  /// The coefficients of one sequence of species.
  struct Entry: Sendable {
    var form: Form
    /// Where the entry stands.
    var place: String
  }

  /// By the labels of the species in the order of the file.
  var entries: [[String]: Entry] = [:]
  /// The forms that the file uses, by name.
  var formNames: Set<String> = []

  /// The form of a term between species, and whether the file has them in the other order.
  func find(_ labels: [String]) -> (form: Form, isTurned: Bool)? {
    if let entry = entries[labels] { return (entry.form, false) }
    return entries[labels.reversed()].map { ($0.form, true) }
  }

  /// Every label that a term names.
  var labels: Set<String> { Set(entries.keys.joined()) }
}

/// Reads `bonds`, `angles` and `dihedrals`.
struct BondedBlockReader<Form: Sendable> {
  let units: PotentialUnits
  let species: [ForceField.SpeciesEntry]
  /// `bonds`, and what one of them is called.
  let key, term: String
  /// The number of atoms of a term.
  let atoms: Int
  let forms: [BondedFormDescriptor<Form>]

  func read(_ node: ForceFieldNode) throws -> BondedBlock<Form> {
    var result = BondedBlock<Form>()
    for item in try node.list(key) {
      let fields = try item.fields("an entry of \(key)", known: ["form", "coefficients"])
      guard let formNode = fields["form"] else {
        throw item.error("an entry of \(key) needs a form: \(forms.map(\.name).joined(separator: ", "))")
      }
      let form = try formNode.choice("form of \(key)", among: forms, name: \.name)
      result.formNames.insert(form.name)
      guard let coefficients = fields["coefficients"] else {
        throw item.error("\(form.name) needs coefficients, as in coefficients: {\(example): {…}}")
      }
      for (key, name, value) in try coefficients.entries("coefficients") {
        let labels = try key.labels(name, count: atoms, among: species, example: example)
        if let other = result.entries[labels] ?? result.entries[labels.reversed()] {
          throw key.error("the \(term) \(name) has coefficients already, at \(other.place); keep one of them")
        }
        let what = "\(name) of \(form.name)"
        let given = try value.fields(what, known: form.parameters.map(\.name))
        let values = try value.parameters(form.parameters, of: what, from: given, units: units)
        do {
          result.entries[labels] = .init(form: try form.make(BondedFormValues(values: values)), place: value.place)
        } catch let error as InteractionsError {
          throw value.error("\(what): \(error.message)")
        }
      }
    }
    guard !result.entries.isEmpty else { throw node.error("\(key) names no \(term); give some, or take the key away") }
    return result
  }

  private var example: String {
    let labels = species.map(\.label)
    return (0..<atoms).map { labels.isEmpty ? "A" : labels[$0 % labels.count] }.joined(separator: "-")
  }
}

extension ForceFieldNode {
  /// The labels of a key such as `S4-P4-S4`.
  func labels(_ name: String, count: Int, among species: [ForceField.SpeciesEntry], example: String) throws -> [String] {
    let labels = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard labels.count == count, labels.allSatisfy({ !$0.isEmpty }) else {
      throw error("\"\(name)\" does not name \(count) species; write them with hyphens between them, as in \(example)")
    }
    let known = species.map(\.label)
    for label in labels where !known.contains(label) {
      throw error(
        "\(name) names \"\(label)\", which is not among the species \(known.joined(separator: ", "))\(didYouMean(label, among: known))",
        code: .unknownSpecies)
    }
    return labels
  }
}

/// All bonded terms of a force field.
struct BondedBlocks: Sendable {
  var bonds = BondedBlock<any BondForm>()
  var angles = BondedBlock<any AngleForm>()
  var dihedrals = BondedBlock<DihedralForm>()
  var exclusions: BondExclusions?

  static let keys = ["bonds", "angles", "dihedrals", "exclusions"]

  var isEmpty: Bool { bonds.entries.isEmpty && angles.entries.isEmpty && dihedrals.entries.isEmpty }

  init(_ fields: [String: ForceFieldNode], species: [ForceField.SpeciesEntry], units: PotentialUnits) throws {
    if let node = fields["bonds"] {
      bonds = try BondedBlockReader(units: units, species: species, key: "bonds", term: "bond", atoms: 2, forms: BondedFormDescriptor.bonds)
        .read(node)
    }
    if let node = fields["angles"] {
      angles = try BondedBlockReader(
        units: units, species: species, key: "angles", term: "angle", atoms: 3, forms: BondedFormDescriptor.angles
      ).read(node)
    }
    if let node = fields["dihedrals"] {
      dihedrals = try BondedBlockReader(
        units: units, species: species, key: "dihedrals", term: "dihedral", atoms: 4, forms: BondedFormDescriptor.dihedrals
      ).read(node)
    }
    exclusions = try fields["exclusions"].map(Self.readExclusions)
  }

  private static func readExclusions(_ node: ForceFieldNode) throws -> BondExclusions {
    let fields = try node.fields("exclusions", known: ["1-2", "1-3", "1-4"])
    return BondExclusions(
      try ["1-2", "1-3", "1-4"].map { key in
        guard let entry = fields[key] else { return .whole }
        let factors = try entry.fields("\(key) of exclusions", known: ["pair", "coulomb"])
        func factor(_ name: String) throws -> Double {
          guard let node = factors[name] else { return 1 }
          let value = try node.number(name, unit: "no unit")
          guard (0...1).contains(value) else {
            throw node.error("\(name) of \(key) is the share of the term that remains, 0 to 1, not \(value)")
          }
          return value
        }
        return .init(pair: try factor("pair"), coulomb: try factor("coulomb"))
      })
  }
}
