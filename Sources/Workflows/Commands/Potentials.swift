/// `vitrolyte potentials`: the force fields that ship.
public enum Potentials {
  /// - Parameter name: One force field in full, or `nil` for a list.
  public static func perform(name: String?) throws -> CommandResult {
    throw WorkflowsError.notAvailable("potentials")
  }
}
