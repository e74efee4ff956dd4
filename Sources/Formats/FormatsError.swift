import Structures

/// An error of the module `Formats`; messages about a file's text begin with `path:line:column`.
public struct FormatsError: ExplainedError {
  /// The kinds of errors; more may come.
  public enum Code: Sendable {
    /// A file to read is not there, may not be read, or is a folder.
    case unreadable
    /// The operating system failed to read or write an open file.
    case inputOutput
    /// The text of a file is not what its format asks for.
    case malformed
    /// The file ends within what was being read.
    case endsEarly
    /// Parts of the file contradict each other.
    case inconsistent
    /// The file uses something that the reader does not know.
    case unsupported
    /// No format has that name, or none recognises the file.
    case unknownFormat
    /// The file does not say which elements its atoms are.
    case missingElements
  }

  public let code: Code
  public let message: String
  public let cause: (any Error)?

  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  public var isInputError: Bool { code != .inputOutput }
}

/// A place in a text file, counted from 1; columns count bytes.
struct FilePosition: Hashable, Sendable, CustomStringConvertible {
  var path: String
  var line: Int
  var column = 1

  var description: String { "\(path):\(line):\(column)" }
}

extension FormatsError {
  init(_ code: Code, at position: FilePosition, _ message: String, cause: (any Error)? = nil) {
    self.init(code, "\(position): \(message)", cause: cause)
  }
}
