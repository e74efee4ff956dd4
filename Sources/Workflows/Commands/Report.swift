/// `vitrolyte report`: the HTML report of a run again.
public enum Report {
  /// - Parameter folder: What `run` wrote.
  public static func perform(folder: String) throws -> CommandResult {
    let run = try RunFolder(folder, for: .report)
    let path = try run.recipe().vary == nil ? RunReport(run).write() : SeriesReport(run).write()
    return CommandResult(json: .object(["report": .string(path)]), text: "report     \(path)\n")
  }
}
