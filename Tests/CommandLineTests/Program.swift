import Foundation
import Testing

/// The program under test, run as a person runs it.
enum Program {
  /// What a process left behind.
  struct Outcome {
    var status: Int32
    var output: String
    var error: String
  }

  /// The binary that was built with the tests, or the one that VITROLYTE_BINARY names; `nil` where there is none.
  static let path: String? = {
    if let named = ProcessInfo.processInfo.environment["VITROLYTE_BINARY"] { return named }
    // Test bundles lie beside the products that they were built with, on macOS inside a bundle's folders.
    let starts = [Bundle.main.bundlePath, CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
    for start in starts {
      var folder = URL(fileURLWithPath: start)
      for _ in 0..<5 {
        let candidate = folder.appendingPathComponent("vitrolyte").path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue,
          FileManager.default.isExecutableFile(atPath: candidate)
        {
          return candidate
        }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()

  static let isBuilt = path != nil

  /// Runs `recipe.yaml` of a folder into `killed`: killed at up to eight random moments, and resumed until it ends well.
  ///
  /// - Parameter longest: The longest time before a kill in µs.
  static func runKilled(in folder: String, upTo longest: UInt32) throws {
    var kills = 0
    var status: Int32 = -1
    for attempt in 0..<40 where status != 0 {
      // A folder that a kill left before its recipe was complete is begun anew.
      let isBegun = FileManager.default.fileExists(atPath: folder + "/killed/recipe.yaml")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(path))
      process.arguments = ["run", "recipe.yaml", "--out", "killed", "--quiet"] + (isBegun ? ["--resume"] : [])
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      if attempt < 8 {
        usleep(UInt32.random(in: 50_000...longest))
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
          kills += 1
        }
      }
      process.waitUntilExit()
      status = process.terminationReason == .exit ? process.terminationStatus : -1
    }
    #expect(status == 0)
    #expect(kills > 0)
  }

  /// Runs the program to its end.
  static func run(_ arguments: [String], in folder: String? = nil) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    // Files, not pipes: a pipe that fills up while the other is read would stop both sides.
    let names = (0..<2).map { _ in NSTemporaryDirectory() + "vitrolyte-\(UUID().uuidString)" }
    defer { for name in names { try? FileManager.default.removeItem(atPath: name) } }
    for name in names { try Data().write(to: URL(fileURLWithPath: name)) }
    let handles = try names.map { try #require(FileHandle(forWritingAtPath: $0)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    try process.run()
    process.waitUntilExit()
    let texts = try names.map { try String(contentsOfFile: $0, encoding: .utf8) }
    return Outcome(status: process.terminationStatus, output: texts[0], error: texts[1])
  }
}
