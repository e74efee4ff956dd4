import Structures

/// An error of the module `Analysis`.
public struct AnalysisError: ExplainedError {
  /// The kinds of errors; more may come.
  public enum Code: Sendable {
    case unknownAnalysis, unknownSetting, invalidSetting, unknownSpecies, noFrames, tooFewFrames, changedAtoms, lostAtoms
    case unevenTimes, noFirstMinimum, tooManyNeighbors, tooMuchMemory
    case unknownRegion, emptyRegion, regionRefused, unreadableFile, scratchFile, notCommensurate, tooFewTemperatures
  }

  public let code: Code
  public let message: String
  public let cause: (any Error)?

  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }
}
