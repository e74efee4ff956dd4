import Structures
import Yams

/// A node of a force-field file that knows where it stands, so that every complaint names file, line and column.
struct ForceFieldNode {
  let node: Node
  let source: String

  /// Reads the text of a file.
  static func parse(_ text: String, source: String) throws -> ForceFieldNode {
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw InteractionsError(.invalidForceField, "\(source): the file is empty; a force field needs name, species and pair")
      }
      return ForceFieldNode(node: node, source: source)
    } catch let error as YamlError {
      throw explained(error, source: source)
    }
  }

  private static func explained(_ error: YamlError, source: String) -> InteractionsError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      InteractionsError(.invalidForceField, "\(source):\(mark.line):\(mark.column): this is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      InteractionsError(
        .invalidForceField,
        "\(source):\(context.mark.line):\(context.mark.column): \(duplicates.joined(separator: ", ")) is given twice; keep one")
    default: InteractionsError(.invalidForceField, "\(source): this is not YAML", cause: error)
    }
  }

  /// `file:line:column`.
  var place: String {
    node.mark.map { "\(source):\($0.line):\($0.column)" } ?? source
  }

  func error(_ message: String, code: InteractionsError.Code = .invalidForceField) -> InteractionsError {
    InteractionsError(code, "\(place): \(message)")
  }

  func child(_ node: Node) -> ForceFieldNode { ForceFieldNode(node: node, source: source) }

  /// The text of a scalar, with the place of an error elsewhere.
  func text(_ what: String) throws -> String {
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw error("\(what) must be text") }
    return scalar.string
  }

  /// A bare number in the units of the file.
  func number(_ what: String, unit: String) throws -> Double {
    guard case .scalar(let scalar) = node else { throw error("\(what) must be a number in \(unit)") }
    guard let value = Double(scalar.string), value.isFinite else {
      throw error("\(what) must be a bare number in \(unit), not \"\(scalar.string)\"")
    }
    return value
  }

  /// A length in Å: a bare number (every file's lengths are in Å) or one with its unit.
  func length(_ what: String) throws -> Double {
    guard case .scalar(let scalar) = node else { throw error("\(what) must be a length in A") }
    if let value = Double(scalar.string), value.isFinite { return value }
    do {
      return try Quantity.parse(scalar.string, as: .length)
    } catch let cause as StructuresError {
      throw error("\(what): \(cause.message)")
    }
  }

  func flag(_ what: String) throws -> Bool {
    switch try text(what) {
    case "true", "True", "yes": return true
    case "false", "False", "no": return false
    case let other: throw error("\(what) must be true or false, not \"\(other)\"")
    }
  }

  func list(_ what: String) throws -> [ForceFieldNode] {
    guard case .sequence(let sequence) = node else { throw error("\(what) must be a list") }
    return sequence.map(child)
  }

  /// The keys and values of a mapping, in the order of the file.
  func entries(_ what: String) throws -> [(key: ForceFieldNode, name: String, value: ForceFieldNode)] {
    guard case .mapping(let mapping) = node else { throw error("\(what) must be a mapping of keys to values") }
    return try mapping.map { (child($0.key), try child($0.key).text("a key of \(what)"), child($0.value)) }
  }

  /// The values of a mapping by key; a key that is not among the known ones is an error.
  func fields(_ what: String, known: [String]) throws -> [String: ForceFieldNode] {
    var result: [String: ForceFieldNode] = [:]
    for (key, name, value) in try entries(what) {
      guard known.contains(name) else {
        throw key.error("\(what) has no key \"\(name)\"\(didYouMean(name, among: known)); its keys are \(known.joined(separator: ", "))")
      }
      result[name] = value
    }
    return result
  }

  /// One of several descriptions, chosen by name.
  func choice<T>(_ what: String, among candidates: [T], name: (T) -> String) throws -> T {
    let word = try text(what)
    if let found = candidates.first(where: { name($0) == word }) { return found }
    let names = candidates.map(name)
    throw error("there is no \(what) \"\(word)\"\(didYouMean(word, among: names)); there are \(names.joined(separator: ", "))")
  }
}
