import Foundation
import Structures
import Testing

@testable import Workflows

@Suite("Requests of the command line")
struct CommandTests {
  static let analyses = [
    AnalysisDescription(
      name: "rdf", topic: .structure, summary: "Pairs.",
      parameters: [
        RecipeParameter("bins", .count(1...100_000), default: "500", "Bins."),
        RecipeParameter("total", .flag, default: "false", "The total, too."),
        RecipeParameter("frames", .text, default: "all", "Frames."),
        RecipeParameter("species", .text, "Labels."),
        RecipeParameter("cutoff", .text, default: "auto", "Lengths."),
      ]),
    AnalysisDescription(name: "msd", topic: .transport, summary: "Displacements.", parameters: []),
  ]

  static func request(_ arguments: String...) throws -> AnalyzeRequest {
    try AnalyzeRequest(analysis: "rdf", arguments: arguments, among: analyses)
  }

  @Test("files and options come in any order")
  func order() throws {
    let request = try Self.request(
      "a.dump", "--bins", "200", "--total", "b.dump", "--cutoff=P-S=2.6,Li-S=3.1", "--frames", "-1:", "--", "--odd")
    #expect(request.files == ["a.dump", "b.dump", "--odd"])
    #expect(
      request.settings
        == [Setting("bins", "200"), Setting("total", "true"), Setting("cutoff", "P-S=2.6,Li-S=3.1"), Setting("frames", "-1:")])
    let told = try Self.request("--total", "false", "a.dump")
    #expect(told.files == ["a.dump"] && told.settings == [Setting("total", "false")])
  }

  @Test("tables keep their files: the numbers of figures go beside them")
  func tables() throws {
    let folder = try TemporaryFolder()
    let frames = (0..<20).map { frame in
      """
      2
      Lattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3 Time=\(0.1 * Double(frame)) pbc="T T T"
      Li \(1 + 0.05 * Double(frame * frame % 7)) 1 1
      Li 4 \(4 + 0.03 * Double(frame * frame % 11)) 4

      """
    }
    let file = folder.path + "/walk.extxyz"
    try frames.joined().write(toFile: file, atomically: true, encoding: .utf8)
    let result = try Analyze.perform(try AnalyzeRequest(analysis: "msd", arguments: [file], out: folder.path, threads: 1))
    #expect(result.text.contains("msd.csv") && result.text.contains("msd.svg"))
    // The table has the directions, the figure has not.
    let table = try String(contentsOfFile: folder.path + "/msd.csv", encoding: .utf8).split(separator: "\n")
    #expect(table.first?.contains("msd_Li_x") == true && table.count == 21, "\(table.first ?? "")")
    #expect(FileManager.default.fileExists(atPath: folder.path + "/msd-figure.csv"))
  }

  @Test("what is not understood is an error that helps")
  func mistakes() throws {
    func message(_ body: () throws -> AnalyzeRequest) throws -> String {
      try #require(throws: WorkflowsError.self) { _ = try body() }.message
    }
    #expect(try message { try Self.request("a", "--bin", "3") }.contains("did you mean \"bins\"?"))
    #expect(try message { try Self.request("a", "-b", "3") }.contains("\"-b\" is no option of rdf"))
    #expect(try message { try Self.request("a", "--bins") }.contains("needs a value"))
    #expect(try message { try Self.request("a", "--bins", "--total") }.contains("needs a value"))
    #expect(try message { try Self.request("a", "--bins", "1", "--bins=2") }.contains("given twice"))
    #expect(try message { try Self.request("--bins", "1") }.contains("at least one trajectory"))
    #expect(
      try message { try AnalyzeRequest(analysis: "rfd", arguments: ["a"], among: Self.analyses) }.contains("did you mean \"rdf\"?"))
  }

  @Test("analyses that a recipe misspells are found before the run, with their place")
  func recipeAnalyses() throws {
    func message(_ line: String) throws -> String {
      let text = RecipeErrorTests.recipe(tail: "analyze:\n  - \(line)")
      let recipe = try Recipe(parsing: text, file: "r.yaml")
      return try #require(throws: WorkflowsError.self) { try AnalysisCatalogue.check(recipe.analyses, among: Self.analyses) }.message
    }
    #expect(try message("rdff").hasPrefix("r.yaml:7:5: \"rdff\" is no analysis; did you mean"))
    #expect(try message("rdf: {binz: 3}").hasPrefix("r.yaml:7:17: \"binz\" is no setting of rdf; did you mean"))
    try AnalysisCatalogue.check([AnalysisRequest("rdf", settings: [Setting("species", "Li")])], among: Self.analyses)
  }

  @Test("help lists the options of an analysis and the common ones once")
  func help() {
    let help = Self.analyses[0].help
    for option in ["--bins", "--total", "--frames", "--cutoff", "--elements"] { #expect(help.contains("  \(option) ")) }
    #expect(
      AnalysisCatalogue.overview(Self.analyses)
        == "structure:\n  rdf                 Pairs.\ntransport:\n  msd                 Displacements.")
  }

  @Test("the analyses have the names and options of the design")
  func commonOptions() throws {
    #expect(AnalysisCatalogue.builtins.map(\.name) == AnalysisCatalogue.builtins.map(\.name).sorted())
    for (name, options) in [
      "rdf": ["frames", "species", "cutoff"], "coordination": ["frames", "cutoff"],
      "msd": ["frames", "species", "dt", "lags", "remove-drift"],
    ] {
      let parameters = try AnalysisCatalogue.named(name).parameters.map(\.name)
      for option in options { #expect(parameters.contains(option), "\(name) --\(option)") }
    }
  }

  @Test("a system of the command line passes the checks of a recipe")
  func system() throws {
    let system = try CommandSettings.system(composition: "Li2O=40, B2O3=30,P2O5=30", formula: nil, atoms: 30, density: "2.31 g/cm3")
    #expect(
      system
        == InitialSystem(
          .composition([.init("Li2O", percent: 40), .init("B2O3", percent: 30), .init("P2O5", percent: 30)]), atoms: 30, density: 2.31))
    #expect(
      try CommandSettings.system(composition: nil, formula: "Li3PS4", atoms: 8, density: nil) == InitialSystem(.formula("Li3PS4"), atoms: 8)
    )
    #expect(
      try CommandSettings.system(units: "PS4=0.6,P2S7=0.4", atoms: 80, density: "1.8 g/cm3")
        == InitialSystem(.units([.init("PS4", 0.6), .init("P2S7", 0.4)]), atoms: 80, density: 1.8))
    #expect(
      try CommandSettings.system(unitCounts: "PS4=6", atoms: nil, density: "1.8 g/cm3")
        == InitialSystem(.unitCounts([.init("PS4", 6)]), density: 1.8))
    #expect(throws: WorkflowsError.self) { _ = try CommandSettings.system(units: "PS4=6", atoms: 80, density: "1.8 g/cm3") }
    // Text that would be YAML of its own stays text.
    for formula in ["SiO2, atoms: 5", "}", "\"", "a: b", ""] {
      #expect(throws: WorkflowsError.self) { _ = try CommandSettings.system(composition: nil, formula: formula, atoms: 8, density: nil) }
    }
    for composition in ["Li2O", "Li2O=40", "Li2O=x,B2O3=60", "=", ""] {
      #expect(throws: WorkflowsError.self) {
        _ = try CommandSettings.system(composition: composition, formula: nil, atoms: 8, density: nil)
      }
    }
    #expect(throws: WorkflowsError.self) {
      _ = try CommandSettings.system(composition: "Li2O=100", formula: "Li2O", atoms: 8, density: nil)
    }
    #expect(throws: WorkflowsError.self) { _ = try CommandSettings.system(composition: nil, formula: nil, atoms: 8, density: nil) }
  }

  @Test("options as key=value")
  func keyValue() throws {
    #expect(try CommandSettings.settings(["a=1", "b=x=y"], option: "o") == [Setting("a", "1"), Setting("b", "x=y")])
    for bad in [["a"], ["=1"], ["a=1", "a=2"]] {
      #expect(throws: WorkflowsError.self) { _ = try CommandSettings.settings(bad, option: "o") }
    }
    #expect(try CommandSettings.replication("2x3x4") == (2, 3, 4))
    #expect(try CommandSettings.replication(nil) == (1, 1, 1))
    for bad in ["2", "2x2", "0x1x1", "axbxc", "1x1x1x1", "2000x1x1"] {
      #expect(throws: WorkflowsError.self) { _ = try CommandSettings.replication(bad) }
    }
  }

  @Test("the keys of energy --json are those of the design, and pressure is minus the mean stress")
  func energyReport() throws {
    let report = EnergyReport(
      atoms: 2, energy: -3, terms: [("pair", -1), ("coulomb", -2)], stress: [1, 2, 6, 0.5, 0, 0], largestForce: 0.1, volume: 100)
    guard case .object(let members) = report.json else {
      Issue.record("no object")
      return
    }
    #expect(
      members.map(\.key)
        == ["atoms", "energy_eV", "energy_terms_eV", "stress_GPa", "pressure_GPa", "max_force_eV_per_A", "volume_A3"])
    #expect(report.json["pressure_GPa"]?.double == -3)
    #expect(report.json["energy_terms_eV"]?["coulomb"]?.double == -2)
    #expect(report.text.contains("coulomb"))
  }

  @Test("speeds come from the median of the repetitions")
  func benchMeasurement() {
    let measurement = BenchMeasurement(name: "x", atoms: 3000, threads: 1, steps: 1000, timestep: 0.001, wallTimes: [9, 2, 1.9])
    #expect(measurement.secondsPerStep == 0.002)
    // 500 steps/s of 1 fs.
    #expect(abs(measurement.nanosecondsPerDay - 43.2) < 1e-9)
    #expect(measurement.atomStepsPerSecond == 1.5e6)
    #expect(BenchMeasurement(name: "x", atoms: 1, threads: 1, steps: 1, timestep: 1, wallTimes: [1, 3]).secondsPerStep == 2)
    #expect(Bench.result([measurement]).json["cases"]?.elements?[0]["ms_per_step"]?.double == 2)
  }
}

@Suite("Sessions of a run")
struct RunSessionTests {
  static func write(_ folder: TemporaryFolder, seed: Int = 1) throws -> String {
    let path = folder.file("r.yaml")
    let text = RecipeErrorTests.recipe(head: "name: x\nseed: \(seed)", system: "system: {file: start.data}")
    try AtomicFile.write(text, to: path)
    return path
  }

  @Test("a run begins, is interrupted, and goes on in the same folder with the same inputs")
  func beginAndResume() throws {
    let folder = try TemporaryFolder()
    let recipe = try Self.write(folder)
    try AtomicFile.write("atoms", to: folder.file("start.data"))
    let out = folder.file("runs/a")
    var request = RunRequest(recipePath: recipe, out: out, threads: 2)
    do {
      let session = try RunSession(request)
      #expect(session.checkpoint == nil)
      #expect(session.recipe.threads == 2)
      #expect(session.manifest.inputs.map(\.path) == [folder.file("start.data")])
      #expect(session.manifest.status == .running)
      try session.folder.writeCheckpoint(RunCheckpoint(stage: 0, stageStep: 5, step: 5))
    }
    #expect(throws: WorkflowsError.self) { _ = try RunSession(request) }
    request.resume = true
    request.threads = 1
    do {
      let session = try RunSession(request)
      #expect(session.checkpoint == RunCheckpoint(stage: 0, stageStep: 5, step: 5))
      #expect(session.manifest.sessions.map(\.fromStep) == [0, 5])
      #expect(session.manifest.sessions.map(\.threads) == [2, 1])
    }
    // The recipe in the folder can be given instead of the one it was made from.
    let recipeInFolder = RunRequest(recipePath: out + "/recipe.yaml", out: out, resume: true)
    _ = try RunSession(recipeInFolder)
    try AtomicFile.write("other atoms", to: folder.file("start.data"))
    let changed = try #require(throws: WorkflowsError.self) { _ = try RunSession(request) }
    #expect(changed.message.contains("start.data has changed"))
    request.seed = 5
    let other = try #require(throws: WorkflowsError.self) { _ = try RunSession(request) }
    #expect(other.message.contains("another seed"))
  }

  @Test("a missing input is found before the folder is made")
  func missingInput() throws {
    let folder = try TemporaryFolder()
    let request = RunRequest(recipePath: try Self.write(folder), out: folder.file("a"))
    let error = try #require(throws: WorkflowsError.self) { _ = try RunSession(request) }
    #expect(error.message.contains("start.data"))
    #expect(!Files.exists(folder.file("a")))
  }

  @Test("the folder is named after the recipe where --out is left out")
  func defaultFolder() {
    #expect(RunRequest(recipePath: "x/glass.yaml").folder == "runs/glass")
    #expect(RunRequest(recipePath: "glass.yml").folder == "runs/glass")
    #expect(RunRequest(recipePath: "glass").folder == "runs/glass.run")
    #expect(RunRequest(recipePath: "glass.yaml", out: "o").folder == "o")
  }
}
