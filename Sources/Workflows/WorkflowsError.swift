import Structures

/// An error of the module `Workflows`.
public struct WorkflowsError: ExplainedError {
  /// The kinds of errors; more may come.
  public enum Code: Sendable {
    /// A recipe that cannot be understood or contradicts itself.
    case invalidRecipe
    /// An option of the command line that cannot be understood or contradicts another.
    case invalidOption
    /// A run folder that is in the way, absent, or of another recipe.
    case runFolder
    /// A checkpoint that is damaged or of another version.
    case invalidCheckpoint
    /// A JSON text that cannot be read.
    case invalidJSON
    /// The system refused to read or write a file.
    case file
    /// Another program, such as LAMMPS, is missing or failed.
    case engine
    /// The program cannot do this.
    case unsupported
  }

  public let code: Code
  public let message: String
  public let cause: (any Error)?
  public let isInputError: Bool

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - location: Put before the message as `file:line:column:` where given.
  ///   - isInputError: Whether the person asked wrongly; by default, unless a file could not be written.
  public init(
    _ code: Code, _ message: String, at location: SourceLocation? = nil, cause: (any Error)? = nil, isInputError: Bool = true
  ) {
    self.code = code
    self.message = location.map { "\($0): \(message)" } ?? message
    self.cause = cause
    self.isInputError = isInputError
  }
}

/// A place in a text file, counted from 1.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`, as compilers print it and editors follow it.
  public var description: String { "\(file):\(line):\(column)" }
}
