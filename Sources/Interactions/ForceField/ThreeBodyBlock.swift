/// One entry of `three-body` in a force-field file.
struct ThreeBodyBlock: Sendable {
  var form: ThreeBodyDescriptor
  /// By the labels of the vertex and of the neighbour.
  var legs: [[String]: ThreeBodyInteractions.Leg]
  /// By the labels of first leg, vertex and second leg; `nil` where the file says that there is no term.
  var triplets: [[String]: ThreeBodyInteractions.Triplet?]
  /// The option that a person must switch on for the entry to count, or `nil` where it always does.
  var option: String?
  var place: String

  /// The entry of two legs in either order; the outer optional says whether the file has it.
  func triplet(_ first: String, _ vertex: String, _ second: String) -> ThreeBodyInteractions.Triplet?? {
    triplets[[first, vertex, second]] ?? triplets[[second, vertex, first]]
  }
}

/// Reads the entries of `three-body` in a force-field file.
struct ThreeBodyBlockReader {
  let units: PotentialUnits
  let species: [ForceField.SpeciesEntry]

  func read(_ node: ForceFieldNode) throws -> ThreeBodyBlock {
    let fields = try node.fields("an entry of three-body", known: ["form", "cutoff", "legs", "coefficients", "option"])
    guard let formNode = fields["form"] else {
      throw node.error("an entry of three-body needs a form: \(ThreeBodyDescriptor.builtins.map(\.name).joined(separator: ", "))")
    }
    let form = try formNode.choice("form of three-body", among: ThreeBodyDescriptor.builtins, name: \.name)
    guard let legsNode = fields["legs"], let tripletsNode = fields["coefficients"] else {
      throw node.error(
        "\(form.name) needs legs, by vertex and neighbour, as in legs: {Li-S: {…}}, and coefficients, as in coefficients: {S-Li-S: {…}}")
    }
    var block = ThreeBodyBlock(form: form, legs: [:], triplets: [:], option: try fields["option"]?.text("option"), place: node.place)
    let common = try fields["cutoff"].map(cutoff)
    for (key, name, value) in try legsNode.entries("legs") {
      let labels = try key.labels(name, count: 2, among: species, example: "Li-S")
      let what = "the leg \(name) of \(form.name)"
      guard block.legs[labels] == nil else { throw key.error("\(what) is given twice; keep one") }
      let given = try value.fields(what, known: form.legParameters.map(\.name) + ["cutoff"])
      guard let cutoff = try given["cutoff"].map(cutoff) ?? common else {
        throw value.error("\(what) needs a cutoff in A, its own or that of the entry", code: .invalidCutoff)
      }
      block.legs[labels] = form.leg(try value.parameters(form.legParameters, of: what, from: given, units: units), cutoff)
    }
    for (key, name, value) in try tripletsNode.entries("coefficients") {
      let labels = try key.labels(name, count: 3, among: species, example: "S-Li-S")
      let what = "\(name) of \(form.name)"
      guard block.triplet(labels[0], labels[1], labels[2]) == nil else { throw key.error("\(what) is given twice; keep one") }
      for end in [labels[0], labels[2]] where block.legs[[labels[1], end]] == nil {
        throw key.error("\(what) needs the leg \(labels[1])-\(end), vertex first; give it under legs")
      }
      if case .scalar(let scalar) = value.node, scalar.string == "none" {
        block.triplets[labels] = .some(nil)
        continue
      }
      let given = try value.fields(what, known: form.parameters.map(\.name))
      let values = try value.parameters(form.parameters, of: what, from: given, units: units)
      do {
        block.triplets[labels] = .some(try form.triplet(values))
      } catch let error as InteractionsError {
        throw value.error("\(what): \(error.message)")
      }
    }
    guard !block.triplets.isEmpty else { throw tripletsNode.error("coefficients names no two legs, as in S-Li-S") }
    return block
  }

  private func cutoff(_ node: ForceFieldNode) throws -> Double {
    let value = try node.length("cutoff")
    guard (0.5...100).contains(value) else {
      throw node.error("the cutoff of a leg must lie between 0.5 and 100 A, not \(value)", code: .invalidCutoff)
    }
    return value
  }
}

/// Finds the three-body terms between the species of a configuration.
struct ThreeBodyResolver {
  let forceField: ForceField
  /// The force field's label of each species of the configuration; `nil` for species without atoms.
  let labels: [String?]
  let options: ForceField.Options

  func interactions() throws -> [ThreeBodyInteractions] {
    try forceField.threeBody.compactMap { block in
      if let option = block.option, options.switches[option] != true { return nil }
      let result = try ThreeBodyInteractions(block.form.angular, species: labels.count) { vertex, other in
        guard let vertex = labels[vertex], let other = labels[other] else { return nil }
        return block.legs[[vertex, other]]
      } triplet: { vertex, first, second in
        guard let vertex = labels[vertex], let first = labels[first], let second = labels[second] else { return nil }
        guard let entry = block.triplet(first, vertex, second) else {
          throw InteractionsError(
            .missingPair,
            "\(block.place): \(vertex) has legs to \(first) and \(second), but \(block.form.name) has no coefficients for "
              + "\(first)-\(vertex)-\(second); give some, or \(first)-\(vertex)-\(second): none where the term does not act")
        }
        return entry
      }
      return result.isEmpty ? nil : result
    }
  }
}
