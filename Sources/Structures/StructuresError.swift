/// An error that a person can act on: it says what went wrong, where, and how to mend it.
public protocol ExplainedError: Error, CustomStringConvertible {
  /// What went wrong, where, and how to mend it.
  var message: String { get }
  /// The error that led to this one.
  var cause: (any Error)? { get }
  /// Whether the person asked for something that cannot be done (exit status 2), rather than something having failed.
  var isInputError: Bool { get }
}

extension ExplainedError {
  public var cause: (any Error)? { nil }
  public var isInputError: Bool { true }
  public var description: String {
    cause.map { "\(message) (\($0))" } ?? message
  }
}

/// An error of the module `Structures`.
public struct StructuresError: ExplainedError {
  /// The kinds of errors; more may come.
  public enum Code: Sendable {
    case invalidQuantity, wrongDimension, invalidCell, unknownElement, inconsistentArrays, invalidCutoff, lostAtoms
    case invalidComposition, invalidSelection, file, ambiguousDisplacement
  }

  public let code: Code
  public let message: String
  public let cause: (any Error)?

  /// Files that cannot be written are not the person's mistake.
  public var isInputError: Bool { code != .file }

  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }
}
