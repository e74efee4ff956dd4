import Structures
import Yams

/// A YAML node with its place, for errors that lead to it.
struct RecipeNode {
  let node: Node
  let file: String

  /// Reads the one document of a text.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidRecipe` and the place where the text is no YAML.
  static func compose(_ text: String, file: String) throws -> RecipeNode {
    func failure(_ message: String, _ mark: Mark?) -> WorkflowsError {
      WorkflowsError(
        .invalidRecipe, message,
        at: SourceLocation(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1))
    }
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw failure("the file is empty; a recipe begins with name, system, potential and stages", nil)
      }
      return RecipeNode(node: node, file: file)
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
        throw failure(
          "\(problem); check indentation (blanks, no tabs), the blank after each colon, and brackets", mark)
      case .duplicatedKeysInMapping(let keys, let context):
        throw failure("\(keys.map { "\"\($0)\"" }.joined(separator: ", ")) is given twice; leave one out", context.mark)
      case .reader(let problem, _, _, _):
        throw failure("\(problem); a recipe is UTF-8 text", nil)
      default:
        throw failure("the file is no YAML that can be read: \(error)", nil)
      }
    }
  }

  var location: SourceLocation {
    SourceLocation(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  func error(_ message: String) -> WorkflowsError {
    WorkflowsError(.invalidRecipe, message, at: location)
  }

  func at(_ node: Node) -> RecipeNode { RecipeNode(node: node, file: file) }

  /// The text of a scalar as written, or `nil` for lists, mappings and nothing.
  var scalar: String? {
    guard case .scalar(let scalar) = node, !isNull else { return nil }
    return scalar.string
  }

  var items: [RecipeNode]? {
    guard case .sequence(let sequence) = node else { return nil }
    return sequence.map { at($0) }
  }

  /// Keys and values in the order written, or `nil` where this is no mapping with plain keys.
  var entries: [(key: RecipeNode, value: RecipeNode)]? {
    guard case .mapping(let mapping) = node else { return nil }
    return mapping.map { (at($0.key), at($0.value)) }
  }

  /// Whether nothing stands after the key.
  var isNull: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// Keys and values of a mapping whose keys are known.
  ///
  /// - Throws: For a value that is no mapping and for an unknown key, with the closest known one.
  func fields(_ known: [String], of what: String) throws -> [String: RecipeNode] {
    guard let entries else {
      throw error("\(what) is a mapping of keys and values; known keys are \(known.joined(separator: ", "))")
    }
    var fields: [String: RecipeNode] = [:]
    for (key, value) in entries {
      guard let name = key.scalar, known.contains(name) else {
        let name = key.scalar ?? "this"
        let hint = didYouMean(name, among: known)
        throw key.error(
          "\"\(name)\" is no key of \(what)\(hint.isEmpty ? "; known keys are \(known.joined(separator: ", "))" : hint)")
      }
      fields[name] = value
    }
    return fields
  }
}
