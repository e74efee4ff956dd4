import Foundation
import Testing
import Workflows

/// Whole runs on LAMMPS through the program.
@Suite("The engine lammps", .enabled(if: Program.isBuilt, "the program was not built with the tests"), .serialized)
struct LAMMPSEngineTests {
  static let isInstalled = (try? LAMMPSLaunch(EngineLaunch(processes: 2), threads: 2)) != nil
  static let absence: Comment = "there is no lmp or no mpirun; make engines installs them"

  static let recipe = """
    name: silica
    seed: 11
    system: {formula: SiO2, atoms: 300, density: 2.2 g/cm3}
    potential: pmmcs
    stages:
      - minimize: {max-force: 1 eV/A, max-steps: 300}
      - nvt: {name: melt, temperature: 3000 K, duration: 200 fs, thermostat: {form: bussi}, trajectory: {every: 20 steps, format: dump.zst}}
      - nvt: {name: quench, temperature: [3000 K, 600 K], duration: 200 fs, thermostat: {form: langevin, damping: 50 fs}}
      - npt: {name: relax, temperature: 600 K, pressure: 0 GPa, duration: 200 fs, barostat: {coupling: triclinic}}
      - minimize: {name: again, max-steps: 10}
      - nvt: {name: hold, temperature: 600 K, duration: 200 fs, trajectory: {every: 20 steps}}
      - nve: {name: free, duration: 250 fs, thermo: {every: 10 steps}, trajectory: {every: 10 steps, format: extxyz}}
    analyze:
      - rdf: {cutoff: 6 A}

    """

  private func csv(_ path: String) throws -> [[Substring]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }

  /// The names of all keys of an object, those inside of it included; not how long a list is.
  private func keys(_ value: Any, _ prefix: String = "") -> Set<String> {
    if let object = value as? [String: Any] {
      return object.reduce(into: []) { $0.formUnion(keys($1.value, prefix + "." + $1.key).union([prefix + "." + $1.key])) }
    }
    return ((value as? [Any]) ?? []).reduce(into: []) { $0.formUnion(keys($1, prefix + "[]")) }
  }

  private func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("two processes leave the run folder that the native engine leaves", .enabled(if: isInstalled, absence))
  func twoProcesses() throws {
    let folder = try RunTests.Folder(Self.recipe)
    let native = try Program.run(["run", "recipe.yaml", "--out", "native", "--quiet"], in: folder.path)
    #expect(native.status == 0, "\(native.error)")
    let lammps = try Program.run(
      ["run", "recipe.yaml", "--out", "lammps", "--engine", "lammps", "--processes", "2"], in: folder.path)
    #expect(lammps.status == 0, "\(lammps.error)")
    #expect(lammps.error.contains("running mpirun -np 2 lmp -in run.lmp"))
    #expect(lammps.error.contains("stage 6/7 hold"))

    let names = { try Set(FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + $0)) }
    #expect(try names("lammps") == names("native").union(["lammps"]))
    let (one, two) = (try csv(folder.path + "/native/thermo.csv"), try csv(folder.path + "/lammps/thermo.csv"))
    #expect(one.first == two.first)
    // Step, time and stage: every row that the one has, the other has.
    #expect(one.map { Array($0.prefix(3)) } == two.map { Array($0.prefix(3)) })
    #expect(two.allSatisfy { $0.count == one[0].count && !$0.contains("") })
    #expect(try keys(json(folder.path + "/lammps/results.json")) == keys(json(folder.path + "/native/results.json")))

    let manifest = try json(folder.path + "/lammps/manifest.json")
    let engine = try #require(manifest["engine"] as? [String: String])
    #expect(engine["name"] == "lammps")
    #expect(engine["version"]?.isEmpty == false)
    #expect(engine["command"] == "mpirun -np 2 lmp")
    let stages = try #require(manifest["stages"] as? [[String: Any]])
    #expect(stages.allSatisfy { $0["complete"] as? Bool == true })
    #expect(stages.map { $0["steps"] as? Int }.suffix(2) == [200, 250])

    try compareConservation(two)
    for file in ["trajectory-melt.lammpstrj.zst", "trajectory-hold.lammpstrj.gz", "trajectory-free.extxyz", "final.data"] {
      let info = { try Program.run(["info", $0 + "/" + file, "--json"], in: folder.path).output }
      func facts(_ run: String) throws -> [String?] {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(info(run).utf8)) as? [String: Any])
        return ["format", "frames", "atoms", "formula"].map { object[$0].map { "\($0)" } }
      }
      #expect(try facts("lammps") == facts("native"), "\(file)")
    }
  }

  /// In each stage what the equations of motion conserve must stay, whatever the thermostat takes.
  private func compareConservation(_ rows: [[Substring]]) throws {
    let column = try #require(rows[0].firstIndex(of: "conserved_eV"))
    for stage in ["hold", "free"] {
      let values = rows.dropFirst().filter { $0[2] == stage }.compactMap { Double($0[column]) }
      let range = (values.max() ?? .infinity) - (values.min() ?? 0)
      // A step of 1 fs at 600 K: fluctuations of some 1e-4 eV an atom; a thermostat that is not counted takes 0.05.
      #expect(range < 2e-3 * 300, "\(stage): \(range)")
    }
  }

  @Test("a stopped run stops LAMMPS, keeps its stages, and goes on with the next one", .enabled(if: isInstalled, absence))
  func stop() throws {
    let text = Self.recipe.replacingOccurrences(of: "name: free, duration: 250 fs", with: "name: free, duration: 2500 fs")
    let folder = try RunTests.Folder(text)
    let arguments = ["run", "recipe.yaml", "--out", "run", "--engine", "lammps", "--processes", "2", "--quiet"]
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Program.path))
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    func stagesDone() -> Int {
      let stages = (try? json(folder.path + "/run/manifest.json"))?["stages"] as? [[String: Any]]
      return stages?.count { $0["complete"] as? Bool == true } ?? 0
    }
    while process.isRunning, stagesDone() < 3 { usleep(20_000) }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    let done = stagesDone()
    #expect((3..<7).contains(done))
    // The lock of the folder would still be held by a program that was left behind.
    let resumed = try Program.run(arguments + ["--resume"], in: folder.path)
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(stagesDone() == 7)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/run/lammps/log.stage-\(done + 1).lammps"))
    let steps = try csv(folder.path + "/run/thermo.csv").dropFirst().map { "\($0[2]) \($0[0])" }
    #expect(Set(steps).count == steps.count)
    #expect(steps.last == "free 3300")
  }

  @Test("a program that is missing is an error before anything is written")
  func missing() throws {
    let folder = try RunTests.Folder(Self.recipe)
    for extra in [[], ["--dry-run"]] {
      let outcome = try Program.run(
        ["run", "recipe.yaml", "--out", "run", "--engine", "lammps", "--engine-command", "/nowhere/lmp"] + extra, in: folder.path)
      #expect(outcome.status == 2)
      #expect(outcome.error.contains("there is no program \"/nowhere/lmp\"; install LAMMPS and Open MPI with make engines"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/run"))
  }

  @Test("a program that fails is quoted, and its log named")
  func failing() throws {
    let folder = try RunTests.Folder(Self.recipe)
    let program = folder.path + "/lmp"
    // Says its name as LAMMPS does, ends the first stage, and fails in the second.
    try """
    #!/bin/sh
    while [ "$1" != -log ]; do shift; done
    { echo 'LAMMPS (1 Jan 2000)'; echo 'vitrolyte: stage 1 begins'; echo 'vitrolyte: stage 1 ends'; echo 'vitrolyte: stage 2 begins'
      echo 'ERROR: Lost atoms: original 300 current 299 (src/thermo.cpp:438)'; } > "$2"
    exit 7

    """.write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let outcome = try Program.run(
      ["run", "recipe.yaml", "--out", "run", "--engine", "lammps", "--engine-command", "./lmp", "--processes", "1"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("LAMMPS failed in stage melt (exit status 7)"), "\(outcome.error)")
    #expect(outcome.error.contains("  ERROR: Lost atoms: original 300 current 299"))
    #expect(outcome.error.contains("run/lammps/log.stage-1.lammps"))
    #expect(try json(folder.path + "/run/manifest.json")["status"] as? String == "failed")
  }

  @Test("what LAMMPS cannot express, and options without it, are errors before anything is written")
  func inexpressible() throws {
    let atoms = """
      2
      Lattice="20 0 0 0 20 0 0 0 20" pbc="F F F" Properties=species:S:1:pos:R:3
      Si 10 10 10
      O 11.6 10 10

      """
    let text = Self.recipe.replacingOccurrences(of: "{formula: SiO2, atoms: 300, density: 2.2 g/cm3}", with: "{file: atoms.extxyz}")
    let folder = try RunTests.Folder(text)
    try atoms.replacingOccurrences(of: "2\nLattice", with: "3\nLattice").appending("O 8.4 10 10\n")
      .write(toFile: folder.path + "/atoms.extxyz", atomically: true, encoding: .utf8)
    let open = try Program.run(["run", "recipe.yaml", "--out", "run", "--engine", "lammps"], in: folder.path)
    #expect(open.status == 2)
    #expect(open.error.contains("engine lammps: the cell must repeat along all three edges"), "\(open.error)")
    let native = try Program.run(["run", "recipe.yaml", "--out", "run", "--processes", "2"], in: folder.path)
    #expect(native.status == 2)
    #expect(native.error.contains("add --engine lammps"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/run"))
  }
}
