/// `vitrolyte report`: the HTML report of a run again.
public enum Report {
  /// - Parameter folder: What `run` wrote.
  public static func perform(folder: String) throws -> CommandResult {
    let path = try RunReport(RunFolder(folder, for: .report)).write()
    return CommandResult(json: .object(["report": .string(path)]), text: "report     \(path)\n")
  }
}
