import NumericalMethods
import Simulation
import Structures
import Testing

@testable import Interactions
@testable import Workflows

/// Glasses from structural units, from the recipe to a melt.
@Suite("Systems of structural units")
struct UnitSystemTests {
  static func recipe(_ stages: String) throws -> Recipe {
    try Recipe(
      parsing: """
        name: 70Li2S-30P2S5
        seed: 2
        system:
          unit-counts: {PS4: 14, P2S7: 28, P2S6: 6}
          density: 1.76 g/cm3
        potential: lps-ariga
        threads: 2
        stages:
        \(stages)
        """)
  }

  @Test("a recipe says what was made, and survives being written")
  func preparation() throws {
    let recipe = try Self.recipe("  - minimize: {max-force: 1 eV/A}")
    #expect(try Recipe(parsing: recipe.yaml) == recipe)
    let system = try PreparedSystem(recipe, pool: WorkerPool(threads: 2))
    // 8, 13 and 12 atoms a unit, its lithium included.
    #expect(system.configuration.count == 548)
    #expect(system.interactions.energyTerms == [.pair, .coulomb, .bonds, .angles, .dihedrals, .threeBody])
    let notes = Dictionary(uniqueKeysWithValues: system.notes.map { ($0.key, $0.value) })
    #expect(notes["composition"]?.text?.contains("14 PS4 + 28 P2S7 + 6 P2S6 + 178 Li; share of P: PS4 17.07 %") == true)
    #expect(notes["net_charge_e"] == .number(0))
  }

  /// Packing, minimisation, and a picosecond at 1000 K, by the functions that a run uses.
  @Test("a melt keeps its units, and its energy")
  func melt() throws {
    let pool = WorkerPool(threads: 2)
    let system = try PreparedSystem(Self.recipe("  - minimize: {max-force: 1 eV/A}"), pool: pool)
    let calculator = try system.calculator(precision: .double, pool: pool)
    var state = SimulationState(system.configuration, seed: 5)
    _ = try Minimizer(maximumForce: 1, maximumSteps: 2000).minimize(&state, calculator: calculator, pool: pool)
    let masses = system.configuration.masses
    state.evaluation = nil
    try state.assignVelocities(temperature: 1000, masses: masses)
    var energies: [Double] = []
    for ensemble in [Ensemble.nvt(temperature: Ramp(from: 1000, to: 1000), thermostat: .bussi()), .nve] {
      var stage = DynamicsStage(ensemble, timestep: 0.001, steps: 400)
      stage.energyInterval = 20
      var dynamics = try MolecularDynamics(state: state, masses: masses, stage: stage, calculator: calculator, pool: pool)
      energies = []
      try dynamics.advance(steps: stage.steps) { now in
        if now.state.stageStep % stage.energyInterval == 0, let energy = now.thermodynamics().conservedEnergy { energies.append(energy) }
        return true
      }
      state = dynamics.state
      state.endStage(timestep: stage.timestep)
    }
    // Without a thermostat: bonds with a period of 50 fs at a step of 1 fs leave tenths of a meV an atom at 1000 K; forces that are not
    // slopes, or terms that jump, leave a hundred times that.
    let spread = ((energies.max() ?? .nan) - (energies.min() ?? .nan)) / Double(system.configuration.count)
    #expect(spread < 1e-3, "\(spread) eV/atom")
    var configuration = system.configuration
    configuration.positions = state.positions
    configuration.images = []
    #expect(try system.forceField.intactUnits(in: configuration).countsByName == ["PS4": 14, "P2S7": 28, "P2S6": 6, "Li": 178])
  }
}
