import Structures

/// The work of resolving a force field for one configuration.
struct ForceFieldResolver {
  let forceField: ForceField
  let configuration: Configuration
  let options: ForceField.Options
  /// The entry of each species, or `nil` for species without atoms that the force field does not know.
  private let entries: [ForceField.SpeciesEntry?]
  private let counts: [Int]
  private let charges: [Double]
  private let coulomb: Coulomb?

  init(forceField: ForceField, configuration: Configuration, options: ForceField.Options) throws {
    self.forceField = forceField
    self.configuration = configuration
    self.options = options
    counts = configuration.speciesCounts
    entries = try zip(configuration.species, counts).map { try Self.entry(of: $0, present: $1 > 0, in: forceField) }
    let electrostatics = try Self.coulomb(of: forceField, options)
    charges = try Self.charges(of: forceField, entries, counts, coulomb: electrostatics)
    let pairCutoff = forceField.blocks.map { options.pairCutoff ?? $0.cutoff }.max() ?? 0
    coulomb = try electrostatics?.resolved(for: configuration, charges: charges, pairCutoff: pairCutoff)
  }

  /// Adds what acts between more than two atoms, and what bonds leave of the pairs that they join.
  func addBondedAndManyBody(to result: inout ResolvedForceField) throws {
    let labels = entries.map { $0?.label }
    result.bonded = try BondedResolver(forceField: forceField, configuration: configuration, labels: labels).interactions()
    let present = zip(labels, counts).map { $1 > 0 ? $0 : nil }
    result.threeBody = try ThreeBodyResolver(forceField: forceField, labels: present, options: options).interactions()
    if let exclusions = forceField.bonded.exclusions {
      result.pair.specialPairs = exclusions.specialPairs(of: configuration.topology, atoms: configuration.count)
    }
    let terms = configuration.topology.bonds.count + configuration.topology.angles.count + configuration.topology.dihedrals.count
    if terms > 0, forceField.bonded.isEmpty {
      result.pair = result.pair.with(
        warnings: result.pair.warnings + ["\(forceField.name) has no bonded terms: the \(terms) of the configuration do nothing"])
    }
  }

  func interactions() throws -> PairInteractions {
    var warnings = chargeWarnings()
    var untold: [String] = []
    let composition = ElementCounts(configuration)
    let species = zip(configuration.species, entries).map { species, entry in
      Species(species.element, label: species.label, mass: entry?.mass ?? species.mass)
    }
    let result = try PairInteractions(species: species, charges: charges, coulomb: coulomb) { a, b in
      guard counts[a] > 0, counts[b] > 0, let first = entries[a], let second = entries[b] else { return nil }
      let terms = try forceField.blocks.compactMap { try term(of: $0, a, first, b, second, composition) }
      if terms.isEmpty, forceField.blocks.contains(where: { $0.absent == .warn }) { untold.append("\(first.label)-\(second.label)") }
      return terms.isEmpty ? nil : PairCurve(terms)
    }
    if !untold.isEmpty {
      warnings.append(
        "\(forceField.name) has no parameters for \(untold.joined(separator: ", ")): only their charges act between them")
    }
    if let warning = coulomb?.accuracyWarning(for: configuration, charges: charges) { warnings.append(warning) }
    return result.with(warnings: warnings)
  }

  private func term(
    of block: PairBlock, _ a: Int, _ first: ForceField.SpeciesEntry, _ b: Int, _ second: ForceField.SpeciesEntry,
    _ composition: ElementCounts
  ) throws -> PairTerm? {
    let pair = SpeciesPair(first.label, second.label)
    let name = "\(first.label)-\(second.label)"
    guard let coefficients = block.coefficients[pair] ?? block.mixed(pair) ?? block.common else {
      let alike = charges[a] * charges[b] > 0
      if block.absent == .none || (block.absent != .error && alike) { return nil }
      throw InteractionsError(
        .missingPair,
        "\(block.place): the pair \(name) is in the configuration, but \(block.form.name) has no coefficients for it"
          + (block.absent != .error ? " and its charges do not keep it apart" : "")
          + "; give \(name): {…}, or \(name): none where the term does not act")
    }
    if coefficients.isNone { return nil }
    let cutoff = options.pairCutoff ?? block.cutoff
    let smoothing = block.form.vanishesAtCutoff ? 0 : options.smoothing ?? block.smoothing
    guard cutoff > 0, cutoff.isFinite, smoothing >= 0, smoothing < cutoff else {
      throw InteractionsError(
        .invalidCutoff, "a smooth cutoff needs 0 <= width < cutoff, not a width of \(smoothing) Å and a cutoff of \(cutoff) Å")
    }
    do {
      let values = try coefficients.values.mapValues { try value(of: $0, for: name, composition) }
      let form = try block.form.make(
        PairFormInput(values: values, cutoff: cutoff, elements: (first.element, second.element), samples: coefficients.samples))
      let shortRange = try repair(block, pair, form, cutoff: cutoff, ionCharge(a) * ionCharge(b))
      return PairTerm(form, cutoff: cutoff, shifted: block.shifted, smoothing: smoothing, shortRange: shortRange)
    } catch let error as InteractionsError where error.code == .invalidForceField {
      throw InteractionsError(error.code, "\(coefficients.place): \(name): \(error.message)")
    }
  }

  private func value(of value: PairBlock.Value, for pair: String, _ composition: ElementCounts) throws -> Double {
    switch value {
    case .number(let number): return number
    case .model(let model):
      for input in model.inputs where options.inputs[input.name] == nil {
        throw InteractionsError(
          .invalidForceField,
          "\(pair) of \(forceField.name) depends on the composition and needs \(input.name): the \(input.summary). Give it beside the "
            + "name, as in potential: {name: \(forceField.name), \(input.name): 0.45}")
      }
      return try model.value(composition, options.inputs)
    }
  }

  private func repair(
    _ block: PairBlock, _ pair: SpeciesPair, _ form: any PairForm, cutoff: Double, _ product: Double
  ) throws -> PairTerm.ShortRange? {
    guard let descriptor = block.shortRange else { return nil }
    // The outer optional says whether the pair is named, the inner one whether it has a repair.
    let named: [String: Double]?? = block.repairs[pair]
    guard let values = named ?? [:] else { return nil }
    let strength = coulomb == nil ? 0 : PhysicalConstants.coulomb * product
    return try descriptor.make(ShortRangeInput(form: form, values: values, cutoff: cutoff, coulomb: strength))
  }

  /// The charge of a species, with that of the core that a shell sits around.
  private func ionCharge(_ species: Int) -> Double {
    guard let ion = forceField.coreShell?.ions.first(where: { CoreShellModel.shellLabel($0.label) == entries[species]?.label }) else {
      return charges[species]
    }
    return ion.coreCharge + ion.shellCharge
  }

  /// What differs between the charges in the configuration and those of the force field.
  private func chargeWarnings() -> [String] {
    guard configuration.charges.count == configuration.count, configuration.charges.contains(where: { $0 != 0 }) else { return [] }
    var differing: [Int: Double] = [:]
    for (type, charge) in zip(configuration.types, configuration.charges) where abs(charge - charges[Int(type)]) > 1e-6 {
      differing[Int(type)] = differing[Int(type)] ?? charge
    }
    guard !differing.isEmpty else { return [] }
    let list = differing.sorted { $0.key < $1.key }.map {
      "\(configuration.species[$0.key].label) \(rounded($0.value)) e in the configuration, \(rounded(charges[$0.key])) e in the force field"
    }
    return ["charges differ (\(list.joined(separator: "; "))): those of \(forceField.name) are used"]
  }
}

extension ForceFieldResolver {
  /// The entry of a species: by label, else by element where only one entry has it.
  static func entry(of species: Species, present: Bool, in forceField: ForceField) throws -> ForceField.SpeciesEntry? {
    if let entry = forceField.species.first(where: { $0.label == species.label }) { return entry }
    let candidates = forceField.species.filter { $0.element == species.element }
    if candidates.count == 1 { return candidates[0] }
    guard present else { return nil }
    let labels = forceField.species.map(\.label).joined(separator: " ")
    guard !candidates.isEmpty else {
      throw InteractionsError(
        .unknownSpecies, "the force field \(forceField.name) has no parameters for \(species.label); it knows \(labels)")
    }
    throw InteractionsError(
      .unknownSpecies,
      "the force field \(forceField.name) tells \(candidates.map(\.label).joined(separator: " and ")) apart; label the atoms of "
        + "\(species.label) as one of them")
  }

  private static func coulomb(of forceField: ForceField, _ options: ForceField.Options) throws -> Coulomb? {
    var coulomb = options.coulomb ?? forceField.coulomb
    if let smoothing = options.smoothing, options.coulomb == nil { coulomb = coulomb?.smoothed(over: smoothing) }
    if let accuracy = options.accuracy {
      guard let changed = coulomb?.with(accuracy: accuracy) else {
        throw InteractionsError(
          .invalidForceField,
          "accuracy is for the methods ewald and spme, and \(forceField.name) sums Coulomb otherwise; choose coulomb: spme as well, or leave it out"
        )
      }
      coulomb = changed
    }
    guard let coulomb else { return nil }
    let isChosenLater = coulomb.latticeSum != nil && coulomb.latticeSum?.cutoff == nil
    guard isChosenLater || (coulomb.cutoff > 0 && coulomb.cutoff.isFinite && coulomb.breakpoints.allSatisfy { $0 > 0 }) else {
      throw InteractionsError(
        .invalidCutoff, "the cutoff of Coulomb must be positive and longer than its smooth part; it is \(coulomb.cutoff) Å")
    }
    if let missing = forceField.species.first(where: { $0.charge == nil }) {
      throw InteractionsError(
        .missingCharge, "\(forceField.name) gives \(missing.label) no charge, so that Coulomb cannot be used with it")
    }
    return coulomb
  }

  private static func charges(
    of forceField: ForceField, _ entries: [ForceField.SpeciesEntry?], _ counts: [Int], coulomb: Coulomb?
  ) throws -> [Double] {
    var charges = entries.map { if case .fixed(let charge)? = $0?.charge { charge } else { 0.0 } }
    var total = zip(charges, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
    let balancing = entries.indices.filter { entries[$0]?.charge == .neutralizing && counts[$0] > 0 }
    if !balancing.isEmpty {
      let atoms = balancing.reduce(0) { $0 + counts[$1] }
      for index in balancing { charges[index] = -total / Double(atoms) }
      total = 0
    }
    // Charges have a few decimals; what is left of a neutral sum is rounding.
    let scale = zip(charges, counts).reduce(0) { $0 + abs($1.0) * Double($1.1) }
    guard coulomb == nil || abs(total) <= 1e-9 * scale + 1e-6 else {
      let list = entries.indices.filter { counts[$0] > 0 }.map { index in
        "\(entries[index]?.label ?? "?") \(counts[index]) × \(rounded(charges[index])) e"
      }
      throw InteractionsError(
        .netCharge,
        "the configuration has a net charge of \(rounded(total)) e with \(forceField.name) (\(list.joined(separator: ", "))); "
          + "a periodic cell must be neutral: add or remove atoms, or check their species and the composition")
    }
    return charges
  }
}

/// A number with at most six decimals.
private func rounded(_ value: Double) -> String {
  "\((value * 1e6).rounded() / 1e6)"
}
