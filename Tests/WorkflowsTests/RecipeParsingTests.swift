import Structures
import Testing

@testable import Workflows

@Suite("Recipes that are right")
struct RecipeParsingTests {
  static let designExample = """
    name: 40Li2O-30B2O3-30P2O5 glass
    seed: 7
    system:
      composition: {Li2O: 40, B2O3: 30, P2O5: 30}   # mol %
      atoms: 3000
      density: 2.31 g/cm3
    potential: {name: libp-du, boron-four-fold-fraction: 0.45}
    stages:
      - minimize: {max-force: 0.5 eV/A}
      - nvt:  {temperature: 3000 K, duration: 20 ps}
      - nvt:  {temperature: [3000 K, 300 K], rate: 10 K/ps}
      - npt:  {temperature: 300 K, pressure: 0 GPa, duration: 20 ps}
      - nvt:  {temperature: 300 K, duration: 20 ps, timestep: 1 fs, trajectory: {every: 50 fs}}
    analyze:
      - rdf: {cutoff: 10 A}
      - coordination: {pairs: [B-O, P-O, Li-O]}
      - structure-factor: {radiation: [neutron, x-ray]}
      - msd: {species: Li}
    report: true
    """

  @Test("the example of the design is understood, with every default filled in")
  func designExampleIsUnderstood() throws {
    let recipe = try Recipe(parsing: Self.designExample)
    #expect(recipe.name == "40Li2O-30B2O3-30P2O5 glass")
    #expect(recipe.seed == 7)
    #expect(
      recipe.system
        == InitialSystem(
          .composition([.init("Li2O", percent: 40), .init("B2O3", percent: 30), .init("P2O5", percent: 30)]), atoms: 3000, density: 2.31))
    #expect(recipe.potential == PotentialChoice("libp-du", options: [Setting("boron-four-fold-fraction", "0.45")]))
    #expect((recipe.engine, recipe.precision, recipe.threads, recipe.checkpointInterval) == (.native, .mixed, 0, 60))
    #expect(recipe.stages.map(\.name) == ["1-minimize", "2-nvt", "3-nvt", "4-npt", "5-nvt"])
    #expect(recipe.stages[0].action == .minimize(Minimization(maximumForce: 0.5, maximumSteps: 1000)))
    // 2700 K at 10 K/ps are 270 ps of 1 fs.
    #expect(recipe.stages.map(\.steps) == [1000, 20_000, 270_000, 20_000, 20_000])
    #expect(recipe.totalTime == 330)
    let hold = Dynamics(
      ensemble: .nvt, temperature: .init(300), steps: 20_000, timestep: 0.001,
      thermostat: .init(form: .noseHooverChain, damping: 0.1),
      trajectory: .init(interval: 50, format: .dumpGzip, file: "trajectory-5-nvt.lammpstrj.gz"))
    #expect(recipe.stages[4].action == .dynamics(hold))
    guard case .dynamics(let pressed) = recipe.stages[3].action else {
      Issue.record("the fourth stage is no dynamics")
      return
    }
    #expect(pressed.pressure == .init(0))
    #expect(pressed.barostat == .init(coupling: .isotropic, damping: 1))
    #expect(recipe.analyses.map(\.name) == ["rdf", "coordination", "structure-factor", "msd"])
    #expect(recipe.analyses[1].settings == [Setting("pairs", .list(["B-O", "P-O", "Li-O"]))])
    #expect(recipe.analyses[1].settings[0].text == "B-O,P-O,Li-O")
    #expect(recipe.analyses[1].location.value?.line == 16)
  }

  static let everything = """
    name: "quotes: and # signs \\\\ \\"inside\\""
    seed: 9007199254740993
    system: {file: start.data}
    potential: ./mine.yaml
    engine: native
    precision: double
    threads: 3
    checkpoint: {every: 2.5 min}
    stages:
      - minimize
      - nve: {temperature: 250.25 K, steps: 17, timestep: 0.7 fs, name: short_one.A}
      - nvt: {temperature: [1 K, 1e3 K], duration: 1 ns, thermostat: {form: langevin}, remove-momentum: {every: 1 ps}}
      - nvt: {temperature: 300 K, steps: 10, thermostat: {form: bussi, damping: 0.05 ps}, trajectory: {every: 5 steps, file: a.extxyz}}
      - npt:
          temperature: 300 K
          pressure: [1 atm, 2.5 GPa]
          rate: 1 GPa/ns
          barostat: {coupling: triclinic, damping: 500 fs}
          thermo: {every: 0.25 ps}
          trajectory: {every: 10 ps, format: dump.zst}
    analyze:
      - rdf
      - coordination: {cutoff: {P-S: 2.6 A, Li-S: "3.1 A"}, strange: ["yes: no", "null", " x"]}
    report: false
    """

  @Test("what is written back reads to the same recipe", arguments: [designExample, everything])
  func roundTrip(_ text: String) throws {
    let recipe = try Recipe(parsing: text)
    let again = try Recipe(parsing: recipe.yaml)
    #expect(again == recipe, "\(recipe.yaml)")
    #expect(again.yaml == recipe.yaml)
  }

  @Test("every form of every key")
  func everyKey() throws {
    let recipe = try Recipe(parsing: Self.everything)
    #expect(recipe.name == "quotes: and # signs \\ \"inside\"")
    // Seeds beyond 2^53 would change in a detour over Double.
    #expect(recipe.seed == 9_007_199_254_740_993)
    #expect(recipe.checkpointInterval == 150)
    #expect(recipe.stages[1].name == "short_one.A")
    #expect(recipe.stages.map(\.steps) == [1000, 17, 1_000_000, 10, 2_499_899])
    guard case .dynamics(let langevin) = recipe.stages[2].action, case .dynamics(let bussi) = recipe.stages[3].action,
      case .dynamics(let pressed) = recipe.stages[4].action
    else {
      Issue.record("stages are not dynamics")
      return
    }
    #expect(langevin.thermostat == .init(form: .langevin, damping: 1))
    #expect(langevin.momentumRemovalInterval == 1000)
    #expect(bussi.trajectory == .init(interval: 5, format: .extendedXYZ, file: "a.extxyz"))
    #expect(pressed.barostat == .init(coupling: .triclinic, damping: 0.5))
    #expect(pressed.thermoInterval == 250)
    #expect(pressed.trajectory == .init(interval: 10_000, format: .dumpZstandard, file: "trajectory-5-npt.lammpstrj.zst"))
    #expect(recipe.analyses[0] == AnalysisRequest("rdf"))
    #expect(recipe.analyses[1].settings[0].text == "P-S=2.6 A,Li-S=3.1 A")
    #expect(recipe.report == false)
  }

  @Test("files that a recipe names are found from its own folder")
  func pathsAreRelativeToTheRecipe() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("r.yaml")
    try AtomicFile.write(Self.everything, to: path)
    let recipe = try Recipe(contentsOf: path)
    #expect(recipe.system.source == .file(folder.file("start.data")))
    #expect(recipe.potential.name == folder.file("mine.yaml"))
  }

  @Test("every default that is a value reads as its own kind, and lies inside its bounds")
  func defaultsAreValid() throws {
    for kind in StageKind.builtins {
      for parameter in kind.parameters {
        guard case .quantity(let dimension, let bounds) = parameter.kind, let text = parameter.defaultText else { continue }
        #expect(bounds.contains(try Quantity.parse(text, as: dimension)), "\(kind.name) \(parameter.name)")
      }
    }
  }

  @Test("kinds of stages are listed alphabetically")
  func kindsAreSorted() {
    #expect(StageKind.builtins.map(\.name) == StageKind.builtins.map(\.name).sorted())
  }

  @Test(
    "an engine is a word, or a mapping with how it is started",
    arguments: [
      ("lammps", EngineLaunch()), ("{name: lammps}", EngineLaunch()), ("{name: lammps, processes: 8}", EngineLaunch(processes: 8)),
      (
        "{name: lammps, command: \"srun -n {processes} lmp\", processes: 8}", EngineLaunch(command: "srun -n {processes} lmp", processes: 8)
      ),
    ])
  func engine(_ text: String, _ launch: EngineLaunch) throws {
    let body = "name: x\nsystem: {formula: SiO2, atoms: 9}\npotential: p\nstages:\n  - nve: {steps: 1}\n"
    let recipe = try Recipe(parsing: body + "engine: \(text)\n")
    #expect(recipe.engine == .lammps)
    #expect(recipe.launch == launch)
    #expect(try Recipe(parsing: recipe.yaml) == recipe)
    // How it is started does not make it another run; what moves the atoms does.
    #expect(try recipe.trajectoryDifferences(from: Recipe(parsing: body + "engine: lammps\n")).isEmpty)
    #expect(try recipe.trajectoryDifferences(from: Recipe(parsing: body)) == ["engine"])
    #expect(throws: WorkflowsError.self) { try Recipe(parsing: body + "engine: {name: native, processes: 2}\n") }
    #expect(throws: WorkflowsError.self) { try Recipe(parsing: body + "engine: {processes: 2}\n") }
  }
}
