import Foundation
import Testing

/// Whole runs through the program: what comes out must depend on recipe and seed alone.
@Suite("Runs from beginning to end", .enabled(if: Program.isBuilt, "the program was not built with the tests"), .serialized)
struct RunTests {
  /// A small silica melt through every kind of stage, with a trajectory of each format.
  static let recipe = """
    name: silica
    seed: 11
    system: {formula: SiO2, atoms: 300, density: 2.2 g/cm3}
    potential: pmmcs
    checkpoint: {every: 0.02 s}
    stages:
      - minimize: {max-force: 1 eV/A, max-steps: 100}
      - nvt: {name: melt, temperature: 3000 K, duration: 200 fs, thermostat: {form: bussi}, trajectory: {every: 20 steps, format: dump.zst}}
      - nvt: {name: quench, temperature: [3000 K, 600 K], duration: 200 fs, thermostat: {form: langevin}}
      - npt: {name: relax, temperature: 600 K, pressure: 0 GPa, duration: 200 fs, barostat: {coupling: triclinic}}
      - nvt: {name: hold, temperature: 600 K, duration: 200 fs, trajectory: {every: 20 steps, format: dump.gz}}
      - nve: {name: free, duration: 200 fs, trajectory: {every: 10 steps, format: extxyz}}
    report: false

    """

  final class Folder {
    let path = NSTemporaryDirectory() + "vitrolyte-run-\(UUID().uuidString)"

    init(_ recipe: String) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try recipe.write(toFile: path + "/recipe.yaml", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The bytes of everything that a run's numbers are in.
    func numbers(_ run: String) throws -> [String: Data] {
      let folder = path + "/" + run
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0 == "thermo.csv" || $0 == "final.data" || $0.contains("lammpstrj") || $0.hasSuffix("extxyz")
      }
      return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))) })
    }
  }

  @Test("one thread and two give the same bytes")
  func threads() throws {
    let folder = try Folder(Self.recipe)
    for threads in ["1", "2"] {
      let outcome = try Program.run(["run", "recipe.yaml", "--out", threads, "--threads", threads, "--quiet"], in: folder.path)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    let (one, two) = (try folder.numbers("1"), try folder.numbers("2"))
    #expect(one.count == 5)
    #expect(one == two)
  }

  @Test("a run killed at random moments goes on to the same bytes")
  func kill() throws {
    let folder = try Folder(Self.recipe)
    let whole = try Program.run(["run", "recipe.yaml", "--out", "whole", "--quiet"], in: folder.path)
    #expect(whole.status == 0, "\(whole.error)")
    try Program.runKilled(in: folder.path, upTo: 400_000)
    #expect(try folder.numbers("killed") == folder.numbers("whole"))
  }

  @Test("a run stopped by SIGTERM says how to go on, and does")
  func stop() throws {
    let folder = try Folder(Self.recipe.replacingOccurrences(of: "duration: 200 fs", with: "duration: 1500 fs"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Program.path))
    process.arguments = ["run", "recipe.yaml", "--out", "stopped", "--quiet"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    // A program that dies at once may still be called running.
    for _ in 0..<3000 where process.isRunning && !FileManager.default.fileExists(atPath: folder.path + "/stopped/checkpoint") {
      usleep(10_000)
    }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    let resumed = try Program.run(["run", "recipe.yaml", "--out", "stopped", "--resume", "--quiet"], in: folder.path)
    #expect(resumed.status == 0, "\(resumed.error)")
  }

  @Test("a glass of structural units is built, loses its topology, and gets it back")
  func units() throws {
    let folder = try Folder(Self.recipe)
    func run(_ arguments: String...) throws -> Program.Outcome {
      let outcome = try Program.run(arguments, in: folder.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
      return outcome
    }
    let built = try run(
      "build", "--units", "PS4=0.5,P2S7=0.3,P2S6=0.2", "--potential", "lps-ariga", "--atoms", "400", "--density", "1.76 g/cm3", "--out",
      "glass.data")
    #expect(built.output.contains("share of P: PS4 ") && built.output.contains(" bonds, "))
    let first = try run("energy", "glass.data", "--potential", "lps-ariga", "--json")
    #expect(first.output.contains("\"dihedrals\"") && first.output.contains("\"three_body\""))
    _ = try run("convert", "glass.data", "glass.extxyz")
    let bare = try Program.run(["energy", "glass.extxyz", "--potential", "lps-ariga"], in: folder.path)
    #expect(bare.status == 2 && bare.error.contains("vitrolyte build --topology-of FILE"))
    _ = try run("build", "--topology-of", "glass.extxyz", "--potential", "lps-ariga", "--out", "again.data")
    let second = try run("energy", "again.data", "--potential", "lps-ariga", "--json")
    struct Energy: Decodable {
      var energy: Double

      enum CodingKeys: String, CodingKey { case energy = "energy_eV" }
    }
    let energies = try [first, second].map { try JSONDecoder().decode(Energy.self, from: Data($0.output.utf8)).energy }
    // Positions have the decimals of the formats.
    #expect(abs(energies[0] - energies[1]) < 1e-3 * abs(energies[0]))
    let wrong = try Program.run(
      ["build", "--units", "PS4=1", "--atoms", "99", "--density", "1.8 g/cm3", "--out", "x.data"], in: folder.path)
    #expect(wrong.status == 2 && wrong.error.contains("--potential lps-ariga"))
  }

  @Test("energy, relax, build, convert and info work on each other's files")
  func files() throws {
    let folder = try Folder(Self.recipe)
    func run(_ arguments: String...) throws -> Program.Outcome {
      let outcome = try Program.run(arguments, in: folder.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
      return outcome
    }
    _ = try run("build", "--formula", "SiO2", "--atoms", "300", "--density", "2.2 g/cm3", "--out", "start.data")
    _ = try run("convert", "start.data", "start.extxyz")
    let info = try run("info", "start.extxyz", "--json")
    #expect(info.output.contains("\"atoms\": 300"))
    struct Energy: Decodable {
      var atoms: Int
      var energy: Double
      var terms: [String: Double]

      enum CodingKeys: String, CodingKey {
        case atoms
        case energy = "energy_eV"
        case terms = "energy_terms_eV"
      }
    }
    func energy(_ file: String, _ precision: String) throws -> Energy {
      let outcome = try run("energy", file, "--potential", "pmmcs", "--precision", precision, "--json")
      return try JSONDecoder().decode(Energy.self, from: Data(outcome.output.utf8))
    }
    let (double, mixed) = (try energy("start.data", "double"), try energy("start.extxyz", "mixed"))
    #expect(double.atoms == 300)
    #expect(abs(double.terms.values.reduce(0, +) - double.energy) < 1e-9 * abs(double.energy))
    // Single precision over some 1e4 pairs of alternating sign.
    #expect(abs(mixed.energy - double.energy) < 1e-6 * abs(double.energy))
    _ = try run("relax", "start.data", "--potential", "pmmcs", "--cell", "none", "--max-force", "0.05 eV/A", "--out", "relaxed.data")
    #expect(try energy("relaxed.data", "double").energy < double.energy)
  }

  /// Lithia, three cells along each edge.
  static let lithia: String = {
    let edge = 4.619
    var (lithium, oxygen): ([String], [String]) = ([], [])
    for cell in 0..<27 {
      let corner = [cell / 9, cell / 3 % 3, cell % 3].map { Double($0) }
      func line(_ site: [Double]) -> String { zip(corner, site).map { "\(($0 + $1) * edge)" }.joined(separator: " ") }
      for i in 0..<8 { lithium.append(line([i & 1, i >> 1 & 1, i >> 2].map { 0.25 + 0.5 * Double($0) })) }
      for site in [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]] { oxygen.append(line(site)) }
    }
    let cell = ["\(3 * edge) 0 0", "0 \(3 * edge) 0", "0 0 \(3 * edge)"]
    return (["Li2O", "1.0"] + cell + ["Li O", "216 108", "Cartesian"] + lithium + oxygen).joined(separator: "\n") + "\n"
  }()

  @Test("ions with shells run, are written without them, and give the same bytes after a stop", arguments: ["relaxed", "adiabatic"])
  func shells(motion: String) throws {
    let folder = try Folder(
      """
      name: lithia
      seed: 3
      system: {file: POSCAR}
      potential: {name: latp-core-shell, shells: \(motion)}
      checkpoint: {every: 0.02 s}
      stages:
        - nvt: {name: heat, temperature: 300 K, duration: 20 fs, timestep: 0.2 fs, thermo: {every: 10 steps}}
        - npt: {name: hold, temperature: 300 K, pressure: 0 GPa, duration: 20 fs, timestep: 0.2 fs, trajectory: {every: 20 steps, format: dump.gz}}
      report: false

      """)
    try Self.lithia.write(toFile: folder.path + "/POSCAR", atomically: true, encoding: .utf8)
    for threads in ["1", "2"] {
      let outcome = try Program.run(["run", "recipe.yaml", "--out", threads, "--threads", threads, "--quiet"], in: folder.path)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    let one = try folder.numbers("1")
    #expect(one == (try folder.numbers("2")) && one.count == 3)
    let rows = String(decoding: try #require(one["thermo.csv"]), as: UTF8.self).split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows[0].contains("core_shell_eV"))
    #expect(rows[0].contains("core_shell_temperature_K") == (motion == "adiabatic"))
    if motion == "adiabatic" {
      let temperatures = rows.dropFirst().compactMap { Double($0.last ?? "") }
      #expect(temperatures.count == rows.count - 1 && temperatures.allSatisfy { $0 < 5 })
    }
    // Files hold atoms, with the charges of whole ions.
    let data = String(decoding: try #require(one["final.data"]), as: UTF8.self)
    #expect(data.contains("324 atoms") && data.contains(" -2 "))
  }
}
