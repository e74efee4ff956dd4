/// What a command found: for machines, for people, and whether it can be trusted.
public struct CommandResult: Sendable {
  /// Printed alone on standard output with `--json`.
  public var json: JSONValue
  /// Printed on standard output without `--json`; ends with a line break or is empty.
  public var text: String
  /// Why the result does not meet its own quality test, one sentence each; exit status 3 where there is any.
  public var shortcomings: [String]
  /// What a person should know; goes to standard error.
  public var warnings: [String]

  public init(json: JSONValue, text: String, shortcomings: [String] = [], warnings: [String] = []) {
    self.json = json
    self.text = text
    self.shortcomings = shortcomings
    self.warnings = warnings
  }
}

extension WorkflowsError {
  /// What a command says that this version only parses.
  static func notAvailable(_ command: String) -> WorkflowsError {
    WorkflowsError(
      .unsupported, "\(command) is not available in this version of vitrolyte (\(ProgramVersion.current))", isInputError: false)
  }
}
