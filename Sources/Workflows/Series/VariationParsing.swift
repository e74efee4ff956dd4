import Structures
import Yams

/// What stands under `vary`, before the stages are known.
struct VariationParsing {
  private let values: ParsedGroup
  private let node: RecipeNode
  private let temperatures: [(value: Double, node: RecipeNode)]

  init(_ node: RecipeNode) throws {
    self.node = node
    let fields = try node.fields(RecipeSchema.varyKeys.map(\.name), of: "vary")
    guard let list = fields["temperature"] else {
      throw node.error("vary does not say what to vary; give temperatures, as in vary: {temperature: [700 K, 800 K, 900 K, 1000 K]}")
    }
    values = try ParsedGroup(
      node, fields: fields.filter { $0.key != "temperature" }, RecipeSchema.varyKeys.filter { $0.name != "temperature" }, what: "vary")
    guard let items = list.items, !items.isEmpty else {
      throw list.error("vary: temperature is a list, as in [700 K, 800 K, 900 K, 1000 K]")
    }
    var temperatures: [(value: Double, node: RecipeNode)] = []
    for item in items {
      let one = try ParsedGroup(
        item, fields: ["temperature": item],
        [RecipeParameter("temperature", .quantity(.temperature, CommonParameters.temperatures), "")], what: "vary")
      guard let value = one.quantity("temperature") else { continue }
      guard !temperatures.contains(where: { $0.value == value }) else {
        throw item.error("vary: \(NumberText.exact(value)) K is given twice; for independent branches at one temperature give replicas")
      }
      temperatures.append((value, item))
    }
    self.temperatures = temperatures
  }

  /// The stages with the values of the first temperature, marked where they are those of a branch, and what is varied.
  ///
  /// - Parameter parse: Reads a list of stages without variables.
  func stages(_ list: RecipeNode, parse: (RecipeNode) throws -> [Stage]) throws -> ([Stage], Variation) {
    // All temperatures are tried, so that an odd number of steps comes out now.
    let parsed = try temperatures.map { temperature in
      try parse(list.substituting([Variation.temperatureVariable: "\(NumberText.exact(temperature.value)) K"]).withoutEmptyRamps(in: list))
    }
    guard var stages = parsed.first else { throw node.error("vary: temperature is empty") }
    var first: Int?
    for (index, item) in (list.items ?? []).enumerated() where stages.indices.contains(index) {
      guard let keys = item.entries?.first?.value.entries else { continue }
      func entry(_ key: String) -> RecipeNode? { keys.first { $0.key.scalar == key }?.value }
      guard let temperature = entry("temperature"), temperature.contains(Variation.temperatureVariable),
        case .dynamics(var dynamics) = stages[index].action
      else { continue }
      let ends = temperature.items ?? [temperature, temperature]
      let rate = entry("rate")?.scalar.flatMap { try? Quantity.parse($0, as: .temperatureRate) }
      dynamics.variation = Dynamics.Variation(
        start: ends.first?.scalar == Variation.temperatureVariable, end: ends.last?.scalar == Variation.temperatureVariable, rate: rate)
      stages[index].action = .dynamics(dynamics)
      first = first ?? index
    }
    guard let varied = first else {
      throw node.error(
        "no stage depends on what is varied; write $temperature where a branch has its own, as in - nvt: {temperature: $temperature, duration: 200 ps}"
      )
    }
    var branching = varied
    if let name = values.text("from") {
      guard let place = stages.firstIndex(where: { $0.name == name }) else {
        throw values.error("no stage is called \(name)\(didYouMean(name, among: stages.map(\.name)))", at: "from")
      }
      guard place <= varied else {
        throw values.error(
          "stage \(stages[varied].name) depends on the temperature and comes before \(name); branch there or earlier", at: "from")
      }
      branching = place
    }
    return (stages, Variation(temperatures: temperatures.map(\.value), replicas: values.count("replicas") ?? 1, firstStage: branching))
  }
}

extension RecipeNode {
  /// Whether a scalar here or below is this text.
  func contains(_ text: String) -> Bool { scalar == text || (items ?? []).contains { $0.contains(text) } }

  /// The node with some scalars replaced; keys stay.
  func substituting(_ texts: [String: String]) -> RecipeNode { at(Self.substituting(texts, in: node)) }

  private static func substituting(_ texts: [String: String], in node: Node) -> Node {
    switch node {
    case .scalar(let scalar):
      guard let text = texts[scalar.string] else { return node }
      return .scalar(Node.Scalar(text, scalar.tag, scalar.style, scalar.mark))
    case .sequence(let sequence):
      return .sequence(Node.Sequence(sequence.map { substituting(texts, in: $0) }, sequence.tag, sequence.style, sequence.mark))
    case .mapping(let mapping):
      return .mapping(
        Node.Mapping(mapping.map { ($0.key, substituting(texts, in: $0.value)) }, mapping.tag, mapping.style, mapping.mark))
    default: return node
    }
  }

  /// Stages with one step in place of the rate of a varied ramp that has no length at this temperature.
  ///
  /// - Parameter varied: The same stages with the variable in place.
  fileprivate func withoutEmptyRamps(in varied: RecipeNode) -> RecipeNode {
    guard case .sequence(let sequence) = node, let originals = varied.items, originals.count == sequence.count else { return self }
    func replaced(_ stage: Node, _ original: RecipeNode) -> Node {
      guard case .mapping(let kinds) = stage, let kind = kinds.first, case .mapping(let keys) = kind.value,
        let before = original.entries?.first?.value.entries?.first(where: { $0.key.scalar == "temperature" })?.value,
        before.contains(Variation.temperatureVariable),
        let ends = keys.first(where: { $0.key.string == "temperature" }).flatMap({ at($0.value).items }), ends.count == 2,
        let start = ends[0].scalar.flatMap({ try? Quantity.parse($0, as: .temperature) }),
        let end = ends[1].scalar.flatMap({ try? Quantity.parse($0, as: .temperature) }), start == end,
        let rate = keys.first(where: { $0.key.string == "rate" })?.value.string,
        let value = try? Quantity.parse(rate, as: .temperatureRate), value > 0
      else { return stage }
      let own = keys.map { $0.key.string == "rate" ? (Node("steps"), Node("1")) : ($0.key, $0.value) }
      return .mapping(
        Node.Mapping([(kind.key, .mapping(Node.Mapping(own, keys.tag, keys.style, keys.mark)))], kinds.tag, kinds.style, kinds.mark))
    }
    let stages = zip(sequence, originals).map { replaced($0, $1) }
    return at(.sequence(Node.Sequence(stages, sequence.tag, sequence.style, sequence.mark)))
  }

  /// Refuses a variable where nothing is varied.
  func refuseVariables() throws {
    if let text = scalar, text == Variation.temperatureVariable {
      throw error(
        "\(text) stands for the temperature of a branch, but the recipe varies none; add vary: {temperature: [700 K, 800 K, 900 K]}")
    }
    for item in items ?? [] { try item.refuseVariables() }
    for entry in entries ?? [] { try entry.value.refuseVariables() }
  }
}
