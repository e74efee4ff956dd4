import Foundation
import Testing
import Workflows

/// Series through the program: branches are runs of their own, whatever interrupts them.
@Suite("Series from beginning to end", .enabled(if: Program.isBuilt, "the program was not built with the tests"), .serialized)
struct SeriesTests {
  /// A small silica melt with a branch at each of three temperatures.
  static func recipe(replicas: Int = 1, analysis: String = "msd: {species: O}", report: Bool = false) -> String {
    """
    name: silica
    seed: 11
    system: {formula: SiO2, atoms: 150, density: 2.2 g/cm3}
    potential: pmmcs
    checkpoint: {every: 0.02 s}
    stages:
      - minimize: {max-force: 1 eV/A, max-steps: 50}
      - nvt: {name: melt, temperature: 3000 K, duration: 100 fs, thermostat: {form: bussi}}
      - nvt: {name: heat, temperature: [2000 K, $temperature], rate: 10 K/fs}
      - nvt: {name: hold, temperature: $temperature, duration: 100 fs, trajectory: {every: 5 steps}}
    vary: {temperature: [2500 K, 3000 K, 4000 K], replicas: \(replicas)}
    analyze:
      - \(analysis)
    report: \(report)

    """
  }

  /// The bytes that numbers are in, of every part of a series.
  private func numbers(_ folder: RunTests.Folder, _ run: String, _ parts: [String]) throws -> [[String: Data]] {
    try parts.map { try folder.numbers(run + "/" + $0) }
  }

  private static let parts = ["common", "branches/2500K", "branches/3000K", "branches/4000K"]

  private func run(_ folder: RunTests.Folder, _ arguments: String..., status: Int32 = 0) throws -> Program.Outcome {
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.status == status, "\(arguments): \(outcome.error)")
    return outcome
  }

  @Test("common stages once, then branches that differ in temperature and seed; a branch alone gives the same bytes")
  func branches() throws {
    let folder = try RunTests.Folder(Self.recipe(report: true))
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet")
    let bytes = try numbers(folder, "series", Self.parts)
    #expect(bytes[0].count == 2 && bytes[1].count == 3)
    #expect(Set(bytes.dropFirst().map { $0["thermo.csv"] }).count == 3)
    for name in ["recipe.yaml", "manifest.json", "results.json", "report.html", "start.data"] {
      #expect(FileManager.default.fileExists(atPath: folder.path + "/series/" + name), "\(name)")
    }
    let page = try String(contentsOfFile: folder.path + "/series/report.html", encoding: .utf8)
    #expect(page.contains("href=\"branches/2500K/report.html\"") && page.contains("href=\"common/report.html\""))
    _ = try run(folder, "run", "series/branches/3000K/recipe.yaml", "--out", "alone", "--quiet")
    #expect(try folder.numbers("alone") == bytes[2])
    // The recipe as used gives the series again.
    _ = try run(folder, "run", "series/recipe.yaml", "--out", "again", "--quiet", "--threads", "1")
    #expect(try numbers(folder, "again", Self.parts) == bytes)
    _ = try run(folder, "report", "series")
    // A temperature more leaves the others as they are.
    try Self.recipe(report: false).replacingOccurrences(of: "[2500 K,", with: "[2500 K, 3500 K,")
      .write(toFile: folder.path + "/more.yaml", atomically: true, encoding: .utf8)
    _ = try run(folder, "run", "more.yaml", "--out", "again", "--resume", "--quiet")
    #expect(try numbers(folder, "again", Self.parts) == bytes)
    #expect(try folder.numbers("again/branches/3500K").count == 3)
  }

  @Test("a series killed at random moments goes on to the same bytes")
  func kill() throws {
    let folder = try RunTests.Folder(Self.recipe())
    _ = try run(folder, "run", "recipe.yaml", "--out", "whole", "--quiet")
    var kills = 0
    var status: Int32 = -1
    for attempt in 0..<40 where status != 0 {
      let isBegun = FileManager.default.fileExists(atPath: folder.path + "/killed/recipe.yaml")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(Program.path))
      process.arguments = ["run", "recipe.yaml", "--out", "killed", "--quiet"] + (isBegun ? ["--resume"] : [])
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      if attempt < 8 {
        usleep(UInt32.random(in: 50_000...300_000))
        if process.isRunning {
          Foundation.kill(process.processIdentifier, SIGKILL)
          kills += 1
        }
      }
      process.waitUntilExit()
      status = process.terminationReason == .exit ? process.terminationStatus : -1
    }
    #expect(status == 0)
    #expect(kills > 0)
    #expect(try numbers(folder, "killed", Self.parts) == numbers(folder, "whole", Self.parts))
  }

  @Test("SIGTERM stops a series with status 143, and it says how to go on")
  func stop() throws {
    let longer = Self.recipe().replacingOccurrences(of: "duration: 100 fs, trajectory", with: "duration: 3 ps, trajectory")
    let folder = try RunTests.Folder(longer)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Program.path))
    process.arguments = ["run", "recipe.yaml", "--out", "stopped", "--quiet"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let errors = folder.path + "/errors"
    try Data().write(to: URL(fileURLWithPath: errors))
    process.standardError = try #require(FileHandle(forWritingAtPath: errors))
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let checkpoint = folder.path + "/stopped/branches/2500K/checkpoint"
    for _ in 0..<3000 where process.isRunning && !FileManager.default.fileExists(atPath: checkpoint) {
      usleep(10_000)
    }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("stopped/recipe.yaml --out "))
    #expect(try String(contentsOfFile: folder.path + "/stopped/manifest.json", encoding: .utf8).contains("\"interrupted\""))
    _ = try run(folder, "run", "recipe.yaml", "--out", "stopped", "--resume", "--quiet")
  }

  @Test("replicas differ; a dry run counts all parts and leaves nothing")
  func replicas() throws {
    let folder = try RunTests.Folder(Self.recipe(replicas: 2))
    let estimate = try run(folder, "run", "recipe.yaml", "--dry-run", "--json")
    // 50 + 100 in common; two branches each of (500, 1000, 2000) K / 10 K/fs and 100 steps.
    #expect(estimate.output.contains("\"steps\": \(150 + 2 * (50 + 100 + 200 + 300)),"), "\(estimate.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["recipe.yaml"])
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet")
    let bytes = try numbers(folder, "series", ["branches/2500K-1", "branches/2500K-2"])
    #expect(bytes[0]["thermo.csv"] != bytes[1]["thermo.csv"])
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet", status: 2)
  }

  @Test("diffusion in the branches ends in a line against 1/T")
  func line() throws {
    guard try Program.run(["analyze", "diffusion", "--help"]).status == 0 else { return }
    let folder = try RunTests.Folder(Self.recipe(analysis: "diffusion: {species: O}", report: true))
    // So short a run does not diffuse: the numbers are doubtful, and the program says so.
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet", status: 3)
    let results = try String(contentsOfFile: folder.path + "/series/results.json", encoding: .utf8)
    #expect(results.contains("\"branches\""))
  }

  @Test("arrhenius reads a series, single runs, tables and summaries, and leaves doubtful numbers out")
  func arrhenius() throws {
    let folder = try RunTests.Folder(Self.recipe())
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet")
    func put(_ temperature: Int, trusted: Bool = true) throws {
      // ln D = ln 1e-3 - 0.5 eV / kB T.
      let value = 1e-3 * exp(-0.5 / (8.617333262e-5 * Double(temperature)))
      let text = """
        {"diffusion": {"D_cm2_per_s": \(value), "species": {"Li": {"D_cm2_per_s": \(value), "interval95_cm2_per_s": [\(value / 1.2), \(value * 1.2)],
        "meets_quality_test": \(trusted)}}}}
        """
      try text.write(toFile: folder.path + "/series/branches/\(temperature)K/results.json", atomically: true, encoding: .utf8)
    }
    for temperature in [2500, 3000, 4000] { try put(temperature) }
    let whole = try run(folder, "arrhenius", "series", "--at", "300K", "--at", "1000", "--json", "--out", "line")
    struct Line: Decodable {
      struct Value: Decodable {
        var temperature, value: Double
        var interval95: [Double]

        enum CodingKeys: String, CodingKey {
          case temperature = "temperature_K"
          case value, interval95
        }
      }
      var energy, molarEnergy: Double
      var interval: [Double]
      var extrapolated: [Value]

      enum CodingKeys: String, CodingKey {
        case energy = "activation_energy_eV"
        case molarEnergy = "activation_energy_kJ_per_mol"
        case interval = "interval95_eV"
        case extrapolated
      }
    }
    let line = try JSONDecoder().decode(Line.self, from: Data(whole.output.utf8))
    #expect(abs(line.energy - 0.5) < 1e-9)
    #expect(abs(line.molarEnergy - 48.2427) < 1e-3)
    #expect(line.interval[0] < 0.5 && line.interval[1] > 0.5)
    #expect(line.extrapolated.map(\.temperature) == [300, 1000])
    #expect(abs(line.extrapolated[0].value / (1e-3 * exp(-0.5 / (8.617333262e-5 * 300))) - 1) < 1e-6)
    for name in ["arrhenius.json", "arrhenius-results.csv", "arrhenius-points-Li.csv", "arrhenius-models.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder.path + "/line/" + name), "\(name)")
    }
    // Two temperatures are left without the doubtful one: status 3, and it says why.
    try put(2500, trusted: false)
    let doubtful = try run(folder, "arrhenius", "series", "--out", "line", status: 3)
    #expect(doubtful.error.contains("2500 K fails its own quality test and is left out"))
    _ = try run(folder, "arrhenius", "series", "--include-doubtful", "--out", "line")
    _ = try run(
      folder, "arrhenius", "2500K=series/branches/3000K/results.json", "3000K=series/branches/3000K/results.json",
      "4000K=series/branches/4000K/results.json", "--out", "line")
    try "temperature_K,glass_cm2_per_s,error_cm2_per_s\n600,1e-6,1e-7\n700,1e-5,1e-6\n800,1e-6,1e-7\n"
      .write(toFile: folder.path + "/bent.csv", atomically: true, encoding: .utf8)
    let bent = try run(folder, "arrhenius", "bent.csv", "--out", "line", "--ion-density", "1.77e22 1/cm3", "--json", status: 3)
    #expect(bent.error.contains("straight line does not describe") && bent.output.contains("sigma_S_per_cm"))
    try "temperature,value\n600,1e-6\n".write(toFile: folder.path + "/bare.csv", atomically: true, encoding: .utf8)
    for wrong in [["bare.csv"], ["series", "--at", "300 eV"], ["series/common"], ["series", "--species", "Na"], [], ["a.csv"]] {
      #expect(try Program.run(["arrhenius"] + wrong, in: folder.path).status == 2, "\(wrong)")
    }
  }
}
