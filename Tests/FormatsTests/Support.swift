import Foundation
import Testing

@testable import Formats

/// Where tests find files and put them.
enum Support {
  static let directory = URL(filePath: #filePath).deletingLastPathComponent()

  /// A committed file.
  static func golden(_ name: String) -> String { directory.appending(path: "Golden/\(name)").path }

  /// A file of the data that lie beside the checkout, or `nil` where they are not there.
  static func shared(_ name: String) -> String? {
    let path = directory.appending(path: "../../../shared/data/\(name)").standardizedFileURL.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Calls a closure with a path in a directory of its own, which then goes.
  static func withTemporaryFile<Result>(_ name: String, _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vitrolyte-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appending(path: name).path)
  }

  /// Calls a closure with a file that holds a text.
  static func withFile<Result>(_ name: String, _ text: String, _ body: (String) throws -> Result) throws -> Result {
    try withTemporaryFile(name) { path in
      try Data(text.utf8).write(to: URL(filePath: path))
      return try body(path)
    }
  }

  /// The message of the error that a closure throws.
  static func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let error as FormatsError {
      return error.description
    } catch {
      return "another error: \(error)"
    }
  }
}

extension Tag {
  @Tag static var slow: Self
}

/// Whether the slow checks run.
let runsSlowTests = ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"
