import Structures

/// Reads the entries of `pair` in a force-field file.
struct PairBlockReader {
  let units: PotentialUnits
  let species: [ForceField.SpeciesEntry]
  let charged: Bool

  private static let keys = ["form", "cutoff", "shift", "smooth", "coefficients", "mixing", "short-range", "pairs-without-term"]

  func read(_ node: ForceFieldNode) throws -> PairBlock {
    let fields = try node.fields("a pair entry", known: Self.keys)
    guard let formNode = fields["form"] else {
      throw node.error("a pair entry needs a form: \(PairFormDescriptor.builtins.map(\.name).joined(separator: ", "))")
    }
    let form = try formNode.choice("form", among: PairFormDescriptor.builtins, name: \.name)
    guard let cutoffNode = fields["cutoff"] else { throw node.error("\(form.name) needs a cutoff in A", code: .invalidCutoff) }
    let cutoff = try cutoffNode.length("cutoff")
    guard (0.5...1000).contains(cutoff) else {
      throw cutoffNode.error("the cutoff must lie between 0.5 and 1000 A, not \(cutoff)", code: .invalidCutoff)
    }
    let smoothing = try fields["smooth"]?.length("smooth") ?? 0
    guard smoothing >= 0, smoothing < cutoff else {
      throw (fields["smooth"] ?? node).error(
        "smooth is the width of the switch before the cutoff and must lie between 0 and \(cutoff) A, not \(smoothing)", code: .invalidCutoff
      )
    }
    let shifted = try fields["shift"]?.flag("shift") ?? false
    if form.vanishesAtCutoff, let node = shifted ? fields["shift"] : smoothing > 0 ? fields["smooth"] : nil {
      throw node.error("the form \(form.name) goes smoothly to zero at its cutoff by itself; take shift and smooth away")
    }
    guard let coefficientsNode = fields["coefficients"] else {
      throw node.error("\(form.name) needs coefficients, as in coefficients: {Si-O: {…}}")
    }
    var block = PairBlock(
      form: form, cutoff: cutoff, shifted: shifted, smoothing: smoothing, coefficients: [:], absent: charged ? .likeCharged : .error,
      repairs: [:], place: node.place)
    if let policy = fields["pairs-without-term"] {
      block.absent = try policy.choice("pairs-without-term", among: PairBlock.Absent.allCases, name: \.rawValue)
    }
    if let node = fields["mixing"] {
      block.mixing = try node.choice("mixing rule", among: MixingRule.allCases, name: \.rawValue)
      guard Set(form.parameters.map(\.name)) == ["epsilon", "sigma"] else {
        throw node.error("only forms with epsilon and sigma can be mixed, not \(form.name); give every pair its coefficients")
      }
    }
    if case .scalar(let scalar) = coefficientsNode.node, scalar.string == "all" {
      block.common = try coefficients(of: "every pair", form: form, in: coefficientsNode, fields: [:])
    } else {
      for (key, name, value) in try coefficientsNode.entries("coefficients") {
        if block.mixing != nil, species.contains(where: { $0.label == name }) {
          block.speciesCoefficients[name] = try value.parameters(
            form.parameters, of: "\(name) of \(form.name)",
            from: try value.fields("\(name) of \(form.name)", known: form.parameters.map(\.name)),
            units: units)
          continue
        }
        let pair = try self.pair(name, at: key)
        if let other = block.coefficients[pair] {
          throw key.error("the pair \(name) has coefficients already, at \(other.place); keep one of them")
        }
        block.coefficients[pair] = try coefficients(of: name, form: form, in: value)
      }
      guard !block.coefficients.isEmpty || !block.speciesCoefficients.isEmpty else {
        throw coefficientsNode.error("coefficients names no pair")
      }
    }
    if let repair = fields["short-range"] { try readShortRange(repair, into: &block) }
    return block
  }

  /// The two species of a key such as `Si-O`.
  private func pair(_ name: String, at key: ForceFieldNode) throws -> SpeciesPair {
    let labels = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard labels.count == 2, !labels[0].isEmpty, !labels[1].isEmpty else {
      throw key.error("\"\(name)\" is no pair; write two species with a hyphen between them, as in Si-O")
    }
    let known = species.map(\.label)
    for label in labels where !known.contains(label) {
      throw key.error(
        "the pair \(name) names \"\(label)\", which is not among the species \(known.joined(separator: ", "))\(didYouMean(label, among: known))",
        code: .unknownSpecies)
    }
    return SpeciesPair(labels[0], labels[1])
  }

  private func coefficients(of name: String, form: PairFormDescriptor, in node: ForceFieldNode) throws -> PairBlock.Coefficients {
    if case .scalar(let scalar) = node.node, scalar.string == "none" {
      return PairBlock.Coefficients(values: [:], isNone: true, place: node.place)
    }
    if form.takesSamples {
      let samples = try PairSamplesReader(units: units).read(node, pair: name)
      return PairBlock.Coefficients(values: [:], samples: samples, isNone: false, place: node.place)
    }
    let fields = try node.fields("\(name) of \(form.name)", known: form.parameters.map(\.name))
    return try coefficients(of: name, form: form, in: node, fields: fields)
  }

  private func coefficients(
    of name: String, form: PairFormDescriptor, in node: ForceFieldNode, fields: [String: ForceFieldNode]
  ) throws -> PairBlock.Coefficients {
    var values: [String: PairBlock.Value] = [:]
    var plain = fields
    for parameter in form.parameters {
      guard let field = fields[parameter.name], case .mapping = field.node else { continue }
      guard let modelNode = try field.fields(parameter.name, known: ["model"])["model"] else {
        throw field.error("\(parameter.name) must be a number or {model: …}")
      }
      let model = try modelNode.choice("model", among: CompositionModel.builtins, name: \.name)
      guard model.unit == parameter.unit else {
        throw modelNode.error("the model \(model.name) computes no \(parameter.name), which is in \(parameter.unit.symbol(in: units))")
      }
      values[parameter.name] = .model(model)
      plain[parameter.name] = nil
    }
    let numbers = try node.parameters(
      form.parameters.filter { values[$0.name] == nil }, of: "\(name) of \(form.name)", from: plain, units: units)
    for (key, value) in numbers { values[key] = .number(value) }
    return PairBlock.Coefficients(values: values, isNone: false, place: node.place)
  }

  private func readShortRange(_ node: ForceFieldNode, into block: inout PairBlock) throws {
    let fields = try node.fields("short-range", known: ["form", "coefficients"])
    guard let formNode = fields["form"] else {
      throw node.error("short-range needs a form: \(ShortRangeDescriptor.builtins.map(\.name).joined(separator: ", "))")
    }
    let repair = try formNode.choice("form", among: ShortRangeDescriptor.builtins, name: \.name)
    block.shortRange = repair
    for (key, name, value) in try fields["coefficients"]?.entries("coefficients of short-range") ?? [] {
      let pair = try self.pair(name, at: key)
      guard block.repairs[pair] == nil else { throw key.error("the pair \(name) is repaired twice; keep one") }
      guard block.coefficients[pair].map({ !$0.isNone }) ?? (block.common != nil) else {
        throw key.error("the pair \(name) has no coefficients that could be repaired; give some, or take this entry away")
      }
      if case .scalar(let scalar) = value.node, scalar.string == "none" {
        block.repairs[pair] = .some(nil)
        continue
      }
      let given = try value.fields("\(name) of short-range", known: repair.parameters.map(\.name))
      block.repairs[pair] = try value.parameters(repair.parameters, of: name, from: given, units: units)
    }
  }
}
