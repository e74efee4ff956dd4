import Structures

/// An error of the module `Simulation`.
public struct SimulationError: ExplainedError {
  /// The kinds of errors; more may come.
  public enum Code: Sendable {
    case invalidFormula, invalidComposition, unknownDensity, packingFailed
    case invalidStage, invalidMinimization, inconsistentState
    case unstable, corruptCheckpoint
    /// Another engine cannot do what is asked.
    case inexpressible
  }

  public let code: Code
  public let message: String
  public let cause: (any Error)?

  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// A run that blows up, or a checkpoint that a disk spoilt, was not asked for.
  public var isInputError: Bool {
    switch code {
    case .unstable, .corruptCheckpoint: false
    default: true
    }
  }
}
