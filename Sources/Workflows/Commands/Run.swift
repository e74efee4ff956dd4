/// `vitrolyte run`: all stages of a recipe, then its analyses and report.
public enum Run {
  /// Runs a recipe, or goes on with an interrupted run.
  ///
  /// - Throws: ``Interruption`` where SIGINT or SIGTERM came, after a checkpoint.
  public static func perform(_ request: RunRequest) throws -> CommandResult {
    // The recipe is checked before anything is created.
    _ = try request.recipe()
    throw WorkflowsError.notAvailable("run")
  }

  /// Checks everything that can be checked without running, and estimates time, memory and output.
  public static func dryRun(_ request: RunRequest) throws -> CommandResult {
    _ = try request.recipe()
    throw WorkflowsError.notAvailable("run --dry-run")
  }
}
