import Foundation
import Testing
import Workflows

/// LAMMPS as it is on this machine.
enum LAMMPSProgram {
  static let isInstalled = (try? LAMMPSLaunch(EngineLaunch(processes: 2), threads: 2)) != nil
  static let absence: Comment = "there is no lmp or no mpirun; make engines installs them"

  /// Runs an input in its folder on one process.
  ///
  /// - Returns: The exit status and what was said.
  static func run(_ arguments: [String], in folder: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["lmp"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { _, new in new }
    let output = folder + "/said.txt"
    try Data().write(to: URL(fileURLWithPath: output))
    let handle = try #require(FileHandle(forWritingAtPath: output))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: output, encoding: .utf8))
  }
}
