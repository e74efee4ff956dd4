import Structures

/// An error of the module `Interactions`.
public struct InteractionsError: ExplainedError {
  /// The kinds of errors; more may come.
  public enum Code: Sendable {
    case invalidForceField, unknownForceField, unknownSpecies, missingPair, missingCharge, netCharge, invalidCutoff
    case unsupported, lostAtoms, notConverged, brokenUnit
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
