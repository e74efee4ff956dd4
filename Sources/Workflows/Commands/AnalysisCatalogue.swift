import Analysis
import Structures

/// What is known of an analysis without running it: for help, completion and checks.
public struct AnalysisDescription: Sendable {
  /// The three groups in which analyses are listed.
  public enum Topic: String, CaseIterable, Sendable {
    case structure, transport, mechanics
  }

  /// The name in recipes and after `analyze`.
  public var name: String
  public var topic: Topic
  public var summary: String
  public var parameters: [RecipeParameter]

  public init(name: String, topic: Topic, summary: String, parameters: [RecipeParameter]) {
    self.name = name
    self.topic = topic
    self.summary = summary
    self.parameters = parameters
  }

  /// What `analyze NAME --help` prints.
  public var help: String {
    var lines = ["vitrolyte analyze \(name) TRAJECTORY… [--option value …]", "", summary, "", "Options:"]
    for parameter in parameters + AnalysisCatalogue.commonParameters.filter({ common in !parameters.contains { $0.name == common.name } }) {
      let fallback = parameter.defaultText.map { " (default: \($0))" } ?? ""
      lines.append("  --\(parameter.name)".padded(to: 22) + "\(parameter.summary) \(parameter.kindText)\(fallback)")
    }
    lines.append("  --out, --json, --threads, --seed, --quiet as for all commands")
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The analyses that a recipe and `analyze` can name.
public enum AnalysisCatalogue {
  /// All analyses, alphabetically.
  public static let builtins: [AnalysisDescription] = Analyses.builtins.map { AnalysisDescription($0.descriptor) }

  /// What the command line takes beside the settings of an analysis, for files that do not tell everything.
  public static let commonParameters = [
    RecipeParameter(
      "elements", .text, "The elements of atom types 1, 2 … for files that only number them, as in Si,O.")
  ]

  /// Lists analyses by topic, for `analyze --help`.
  public static func overview(_ analyses: [AnalysisDescription] = builtins) -> String {
    AnalysisDescription.Topic.allCases.compactMap { topic in
      let members = analyses.filter { $0.topic == topic }
      guard !members.isEmpty else { return nil }
      return "\(topic.rawValue):\n" + members.map { "  " + $0.name.padded(to: 20) + $0.summary }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// The analysis with a name.
  ///
  /// - Throws: ``WorkflowsError`` that names the closest one.
  public static func named(
    _ name: String, among analyses: [AnalysisDescription] = builtins, at location: SourceLocation? = nil
  ) throws -> AnalysisDescription {
    if let analysis = analyses.first(where: { $0.name == name }) { return analysis }
    let names = analyses.map(\.name)
    let hint = didYouMean(name, among: names)
    let known = names.isEmpty ? "; this version has none" : "; there are \(names.joined(separator: ", "))"
    throw WorkflowsError(
      location == nil ? .invalidOption : .invalidRecipe, "\"\(name)\" is no analysis\(hint.isEmpty ? known : hint)", at: location)
  }

  /// Checks the names and the keys of what a recipe asks for.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidRecipe` and the place.
  public static func check(_ requests: [AnalysisRequest], among analyses: [AnalysisDescription] = builtins) throws {
    for request in requests {
      let analysis = try named(request.name, among: analyses, at: request.location.value)
      let keys = analysis.parameters.map(\.name)
      for setting in request.settings where !keys.contains(setting.key) {
        let hint = didYouMean(setting.key, among: keys)
        throw WorkflowsError(
          .invalidRecipe,
          "\"\(setting.key)\" is no setting of \(request.name)\(hint.isEmpty ? "; there are \(keys.joined(separator: ", "))" : hint)",
          at: setting.location.value)
      }
    }
  }
}

extension AnalysisDescription {
  /// The description of an analysis in the terms of the command line.
  fileprivate init(_ descriptor: AnalysisDescriptor) {
    let topic: Topic =
      switch descriptor.group {
      case .structure: .structure
      case .transport: .transport
      case .mechanics: .mechanics
      }
    self.init(
      name: descriptor.name, topic: topic, summary: descriptor.summary,
      parameters: descriptor.allParameters.map { parameter in
        let isFlag = if case .flag = parameter.kind { true } else { false }
        return RecipeParameter(parameter.name, isFlag ? .flag : .text, default: parameter.default, parameter.summary)
      })
  }
}
