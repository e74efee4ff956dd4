import Formats
import Foundation
import Structures
import Testing

@testable import Analysis

/// The trajectory that the package kinisi tests itself with: LiPS, 2688 atoms in a triclinic cell, 200 frames, written by ASE.
@Suite struct KinisiTests {
  static let isWanted = ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"

  @Test("lithium in kinisi's LiPS.exyz", .enabled(if: isWanted, "set VITROLYTE_SLOW_TESTS=1; it downloads 40 MB from PyPI"))
  func lithium() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vitrolyte-kinisi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = """
      import glob, subprocess, sys, zipfile
      subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", ".", "kinisi==2.1.0"], check=True)
      zipfile.ZipFile(glob.glob("kinisi*.whl")[0]).extract("kinisi/tests/inputs/LiPS.exyz")
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "PyPI gave no kinisi 2.1.0")

    var parameters = MeanSquaredDisplacement()
    parameters.tracks.species = ["Li"]
    parameters.tracks.driftSpecies = ["P", "S"]
    parameters.tracks.driftWeights = .number
    let frames = try FileFormats.openFrames(path: folder.appendingPathComponent("kinisi/tests/inputs/LiPS.exyz").path).allFrames()
    #expect(frames.count == 200 && frames[0].configuration.count == 2688)
    let result = try parameters.analyze(frames)
    let found = [1, 2, 3, 4, 198].map { result.all.values[$0] }
    print("Li MSD at lags 1, 2, 3, 4, 198: \(found)")
    // The values are given to seven decimals.
    #expect(largestDifference(found, [0.0279449, 0.0882124, 0.1420789, 0.1760319, 1.4157114]) < 1e-7)
  }
}
