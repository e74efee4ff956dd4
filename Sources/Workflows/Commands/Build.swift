/// What a person asks of `build`.
public struct BuildRequest: Sendable {
  public enum Source: Sendable {
    /// Packs atoms at random, with exact stoichiometry.
    case packed(InitialSystem)
    /// Repeats the cell of a file.
    case replicated(file: String, counts: (Int, Int, Int))
  }

  public var source: Source
  public var seed: UInt64
  /// The file to write; the ending says the format.
  public var output: String

  public init(_ source: Source, seed: UInt64, output: String) {
    self.source = source
    self.seed = seed
    self.output = output
  }
}

/// `vitrolyte build`: a starting configuration.
public enum Build {
  public static func perform(_ request: BuildRequest) throws -> CommandResult {
    throw WorkflowsError.notAvailable("build")
  }
}
