import Interactions

/// `vitrolyte potentials`: the force fields that ship.
public enum Potentials {
  /// - Parameter name: One force field, or `nil` for a list of all.
  public static func perform(name: String?) throws -> CommandResult {
    if let name {
      let field = try ForceField.named(name)
      return CommandResult(json: field.json, text: field.description)
    }
    let fields = try ForceField.builtins()
    let width = fields.reduce(0) { max($0, $1.name.count) } + 2
    return CommandResult(
      json: .array(fields.map(\.json)),
      text: fields.map { $0.name.padded(to: width) + $0.summary + "\n" }.joined()
        + "\nvitrolyte potentials NAME tells species, references and limits; docs/potentials.md has the equations.\n")
  }
}

extension ForceField {
  fileprivate var json: JSONValue {
    .object([
      "name": .string(name), "summary": .string(summary), "species": .array(species.map { .string($0.label) }),
      "inputs": .array(
        inputs.map { .object(["name": .string($0.name), "summary": .string($0.summary)]) }),
      "references": .array(
        references.map { .object(["doi": $0.doi.map { .string($0) }, "citation": $0.citation.map { .string($0) }]) }),
      "limits": .string(limits), "yaml": ForceField.builtinText(name).map { .string($0) },
    ])
  }

  fileprivate var description: String {
    var lines = [name, summary, "", "species     \(species.map(\.label).joined(separator: " "))"]
    lines += inputs.map { "input       \($0.name): \($0.summary)" }
    lines += references.map { "reference   " + [$0.citation, $0.doi.map { "doi:\($0)" }].compactMap(\.self).joined(separator: ", ") }
    if !limits.isEmpty { lines += ["", limits] }
    return lines.joined(separator: "\n") + "\n"
  }
}
