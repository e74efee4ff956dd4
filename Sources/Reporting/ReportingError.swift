import Structures

/// An error of the module `Reporting`.
public struct ReportingError: ExplainedError {
  /// The kinds of errors; more may come.
  public enum Code: Sendable {
    case invalidTable, invalidFigure, emptyFigure, missingGnuplot, figureFailed, invalidSnapshot, invalidPicture, cannotWrite
    case processFailed, invalidTemplate
  }

  public let code: Code
  public let message: String
  public let cause: (any Error)?

  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// Whether what was asked for cannot be done, rather than the machine having failed.
  public var isInputError: Bool {
    switch code {
    case .missingGnuplot, .figureFailed, .cannotWrite, .processFailed, .invalidTemplate: false
    default: true
    }
  }
}
