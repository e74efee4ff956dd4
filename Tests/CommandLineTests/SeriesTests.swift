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
    try Program.runKilled(in: folder.path, upTo: 300_000)
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
    process.standardError = FileHandle(forWritingAtPath: errors)
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
    let bytes = try numbers(folder, "series", ["branches/2500K", "branches/2500K-2"])
    #expect(bytes[0]["thermo.csv"] != bytes[1]["thermo.csv"])
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet", status: 2)
  }

  @Test("replicas and temperatures that come later leave the others as they are; those that go are not fitted")
  func grow() throws {
    let folder = try RunTests.Folder(Self.recipe())
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet")
    let bytes = try numbers(folder, "series", Self.parts)
    try Self.recipe(replicas: 2).write(toFile: folder.path + "/two.yaml", atomically: true, encoding: .utf8)
    _ = try run(folder, "run", "two.yaml", "--out", "series", "--resume", "--quiet")
    #expect(try numbers(folder, "series", Self.parts) == bytes)
    #expect(try folder.numbers("series/branches/2500K-2") != bytes[1])
    // Six good numbers lie there, but the recipe has one branch a temperature.
    for name in ["2500K", "3000K", "4000K", "2500K-2", "3000K-2", "4000K-2"] { try put(folder, name) }
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--resume", "--quiet")
    let manifest = try String(contentsOfFile: folder.path + "/series/manifest.json", encoding: .utf8)
    #expect(manifest.contains("\"4000K\"") && !manifest.contains("\"4000K-2\""))
    for name in ["2500K", "3000K", "4000K"] { try put(folder, name) }
    let line = try run(folder, "arrhenius", "series", "--json", "--out", "line")
    #expect(line.output.contains("\"points\": 3,") && !line.output.contains("K-2"))
  }

  @Test("a series moved as a whole goes on")
  func move() throws {
    let folder = try RunTests.Folder(Self.recipe())
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet")
    let bytes = try numbers(folder, "series", Self.parts)
    try FileManager.default.createDirectory(atPath: folder.path + "/elsewhere", withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: folder.path + "/series", toPath: folder.path + "/elsewhere/moved")
    let branch = folder.path + "/elsewhere/moved/branches/2500K/"
    #expect(try String(contentsOfFile: branch + "recipe.yaml", encoding: .utf8).contains("file: ../../start.data"))
    // One branch is done again from its beginning, the others are left as they are.
    for name in ["checkpoint", "results.json"] { try FileManager.default.removeItem(atPath: branch + name) }
    _ = try run(folder, "run", "recipe.yaml", "--out", "elsewhere/moved", "--resume", "--quiet")
    #expect(try numbers(folder, "elsewhere/moved", Self.parts) == bytes)
  }

  @Test("a changed stage of the branches is noticed before anything runs")
  func change() throws {
    let folder = try RunTests.Folder(Self.recipe())
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet")
    let before = try String(contentsOfFile: folder.path + "/series/recipe.yaml", encoding: .utf8)
    try Self.recipe().replacingOccurrences(of: "[2500 K,", with: "[2250 K, 2500 K,")
      .replacingOccurrences(of: "duration: 100 fs, trajectory", with: "duration: 120 fs, trajectory")
      .write(toFile: folder.path + "/longer.yaml", atomically: true, encoding: .utf8)
    let outcome = try run(folder, "run", "longer.yaml", "--out", "series", "--resume", "--quiet", status: 2)
    #expect(outcome.error.contains("branch 2500K") && outcome.error.contains("stages"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/series/branches/2250K"))
    #expect(try String(contentsOfFile: folder.path + "/series/recipe.yaml", encoding: .utf8) == before)
  }

  @Test("numbers that diffusion refuses are named, and the line goes without them")
  func refused() throws {
    // 2000 K is where the ramp begins: a branch is there in one step.
    let text = Self.recipe(analysis: "diffusion: {species: O}", report: true).replacingOccurrences(of: "[2500 K,", with: "[2000 K, 2500 K,")
    let folder = try RunTests.Folder(text)
    // So short a run does not diffuse: every number is refused, and the program says so.
    let all = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet", status: 3)
    #expect(all.error.contains("no line against 1/T") && all.error.contains("was refused by its analysis and is left out"))
    let results = try String(contentsOfFile: folder.path + "/series/branches/2000K/results.json", encoding: .utf8)
    #expect(results.contains("\"D_cm2_per_s\": null"))
    let none = try run(folder, "arrhenius", "series", "--out", "line", status: 2)
    // Said once, not again as its own cause.
    #expect(none.error.components(separatedBy: "at 2500 K (2500K) was refused").count == 2)
    // What the analyses would have given is fitted where a person insists.
    let doubtful = try Program.run(["arrhenius", "series", "--include-doubtful", "--out", "line"], in: folder.path)
    #expect([0, 3].contains(doubtful.status) && doubtful.error.contains("taken in all the same"))
    for temperature in [2500, 3000, 4000] { try put(folder, "\(temperature)K", species: "O") }
    let line = try run(folder, "arrhenius", "series", "--out", "line", "--json")
    #expect(line.error.contains("O: D at 2000 K (2000K) was refused by its analysis and is left out"))
    #expect(line.output.contains("\"points\": 3,"))
    // As single runs and in any order.
    let branches = [2000, 4000, 3000, 2500].map { "series/branches/\($0)K" }
    #expect(try Program.run(["arrhenius"] + branches + ["--out", "line"], in: folder.path).status == 0)
    #expect(try Program.run(["arrhenius"] + branches + [branches[0] + "/", "--out", "line"], in: folder.path).status == 2)
    // A series that is not complete says so.
    try FileManager.default.removeItem(atPath: folder.path + "/series/branches/4000K/results.json")
    let part = try run(folder, "arrhenius", "series", "--out", "line", status: 3)
    #expect(part.error.contains("no results of 4000K yet"))
    for temperature in [2000, 2500, 3000] {
      try FileManager.default.removeItem(atPath: folder.path + "/series/branches/\(temperature)K/results.json")
    }
    _ = try run(folder, "arrhenius", "series", "--out", "nothing", status: 2)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/nothing"))
  }

  /// Results of a branch on ln D = ln 1e-3 - 0.5 eV / kB T.
  private func put(_ folder: RunTests.Folder, _ branch: String, species: String = "Li", trusted: Bool = true) throws {
    let temperature = Double(branch.prefix { $0 != "K" }) ?? 0
    let value = 1e-3 * exp(-0.5 / (8.617333262e-5 * temperature))
    let text = """
      {"diffusion": {"D_cm2_per_s": \(value), "species": {"\(species)": {"D_cm2_per_s": \(value),
      "interval95_cm2_per_s": [\(value / 1.2), \(value * 1.2)], "meets_quality_test": \(trusted)}}}}
      """
    try text.write(toFile: folder.path + "/series/branches/\(branch)/results.json", atomically: true, encoding: .utf8)
  }

  @Test("arrhenius reads a series, single runs, tables and summaries, and leaves doubtful numbers out")
  func arrhenius() throws {
    let folder = try RunTests.Folder(Self.recipe())
    _ = try run(folder, "run", "recipe.yaml", "--out", "series", "--quiet")
    for name in ["2500K", "3000K", "4000K"] { try put(folder, name) }
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
    try put(folder, "2500K", trusted: false)
    let doubtful = try run(folder, "arrhenius", "series", "--out", "line", status: 3)
    #expect(doubtful.error.contains("at 2500 K (2500K) fails its own quality test and is left out"))
    _ = try run(folder, "arrhenius", "series", "--include-doubtful", "--out", "line")
    _ = try run(
      folder, "arrhenius", "2500K=series/branches/3000K/results.json", "3000K=series/branches/3000K/results.json",
      "4000=series/branches/4000K/results.json", "--out", "line")
    try FileManager.default.createDirectory(atPath: folder.path + "/T=800", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: folder.path + "/series/branches/3000K/results.json", toPath: folder.path + "/T=800/d.json")
    let unnamed = try run(folder, "arrhenius", "T=800/d.json", "--out", "line", status: 2)
    #expect(unnamed.error.contains("does not say at which temperature"))
    try "temperature_K,glass_cm2_per_s,error_cm2_per_s\n600,1e-6,1e-7\n700,1e-5,1e-6\n800,1e-6,1e-7\n"
      .write(toFile: folder.path + "/bent.csv", atomically: true, encoding: .utf8)
    let bent = try run(folder, "arrhenius", "bent.csv", "--out", "line", "--ion-density", "1.77e22 1/cm3", "--json", status: 3)
    #expect(bent.error.contains("straight line does not describe") && bent.output.contains("sigma_S_per_cm"))
    try "temperature,value\n600,1e-6\n".write(toFile: folder.path + "/bare.csv", atomically: true, encoding: .utf8)
    for wrong in [
      ["bare.csv"], ["series", "--at", "300 eV"], ["series/common"], ["series", "--species", "Na"], [], ["a.csv"],
      ["series", "--charge", "0"], ["series", "--at", "0K"], ["bent.csv", "--quantity", "conductivity"],
      ["series", "series/branches/3000K"],
    ] {
      #expect(try Program.run(["arrhenius"] + wrong, in: folder.path).status == 2, "\(wrong)")
    }
  }
}
