/// `vitrolyte report`: the HTML report of a run again.
public enum Report {
  /// - Parameter folder: What `run` wrote.
  public static func perform(folder: String) throws -> CommandResult {
    // Says what is wrong with the folder before anything else.
    _ = try RunFolder(folder, for: .report)
    throw WorkflowsError.notAvailable("report")
  }
}
