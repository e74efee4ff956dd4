import Interactions
import NumericalMethods
import Structures
import Testing

@testable import Simulation

/// Coulomb forces in reciprocal space computed every few steps.
@Suite struct LongRangeIntervalTests {
  static let pool = WorkerPool(threads: 1)
  static let yaml = """
    species: {Li: {charge: 1.0}, O: {charge: -1.0}}
    pair:
      - form: buckingham
        cutoff: 6
        smooth: 1
        coefficients: {Li-O: {A: 800, rho: 0.28, C: 0}, O-O: {A: 12759, rho: 0.217, C: 10}}
    coulomb: {method: spme, cutoff: 6, accuracy: 1e-5}
    """

  static func start() throws -> (SimulationState, [Double], ResolvedForceField, Configuration) {
    let (lithium, oxygen) = (try #require(Element(symbol: "Li")), try #require(Element(symbol: "O")))
    let faces: [Vector3] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    let crystal = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 4.2)), species: [Species(lithium), Species(oxygen)], types: [0, 0, 0, 0, 1, 1, 1, 1],
      positions: faces.map { $0 * 4.2 } + faces.map { ($0 + Vector3(0.5, 0, 0)) * 4.2 }
    ).replicated((4, 4, 4))
    var state = SimulationState(crystal, seed: 5)
    try state.assignVelocities(temperature: 600, masses: crystal.masses)
    return (state, crystal.masses, try ForceField(yaml: yaml, source: "rock salt").resolve(for: crystal), crystal)
  }

  static func dynamics(_ ensemble: Ensemble, interval: Int, steps: Int, energyInterval: Int = 4) throws -> MolecularDynamics {
    let (state, masses, system, crystal) = try start()
    var stage = DynamicsStage(ensemble, timestep: 1e-3, steps: steps)
    stage.energyInterval = energyInterval
    stage.longRangeInterval = interval
    return try MolecularDynamics(
      state: state, masses: masses, stage: stage,
      calculator: system.dynamicsCalculator(for: crystal, precision: .double, pool: pool), pool: pool)
  }

  /// The interval, and the spread of the energy in eV an atom: the error of the long-range part grows with the square of the interval.
  @Test(arguments: [(1, 2e-4), (2, 3e-4), (4, 8e-4)]) func energyIsConserved(interval: Int, most: Double) throws {
    var dynamics = try Self.dynamics(.nve, interval: interval, steps: 800)
    var energies: [Double] = []
    try dynamics.advance(steps: 800) { now in
      if now.state.stageStep % 4 == 0, let energy = now.thermodynamics().conservedEnergy { energies.append(energy / 512) }
      return true
    }
    // Left out or counted once, the long-range forces would cost 0.1 eV an atom.
    #expect((energies.max() ?? 9) - (energies.min() ?? 0) < most)
  }

  @Test func pressureIsThatOfEveryStep() throws {
    let ensemble = Ensemble.npt(
      temperature: .constant(600), pressure: .constant(0), barostat: Barostat(.isotropic, damping: 0.5), damping: 0.05, chainLength: 3)
    var volumes: [Double] = []
    for interval in [1, 4] {
      var dynamics = try Self.dynamics(ensemble, interval: interval, steps: 400)
      try dynamics.advance(steps: 400)
      volumes.append(dynamics.state.cell.volume)
    }
    // Both cells swing alike; a virial without its long-range part would be some 10 GPa off.
    #expect(abs(volumes[1] / volumes[0] - 1) < 2e-3, "\(volumes)")
  }

  @Test func resumesToTheSameBits() throws {
    var whole = try Self.dynamics(.nve, interval: 4, steps: 24)
    try whole.advance(steps: 24)
    var first = try Self.dynamics(.nve, interval: 4, steps: 24)
    try first.advance(steps: 10)
    let checkpoint = try Checkpoint(decoding: first.checkpoint().encoded())
    let (_, masses, system, crystal) = try Self.start()
    var second = try MolecularDynamics(
      resuming: checkpoint, masses: masses, stage: first.stage,
      calculator: system.dynamicsCalculator(for: crystal, precision: .double, pool: Self.pool), pool: Self.pool)
    try second.advance(steps: 14)
    #expect(second.state.positions == whole.state.positions && second.state.velocities == whole.state.velocities)
  }

  @Test func stagesThatCannotBeAreErrors() throws {
    #expect(throws: SimulationError.self) { try Self.dynamics(.nve, interval: 4, steps: 10) }
    #expect(throws: SimulationError.self) { try Self.dynamics(.nve, interval: 3, steps: 12) }
    // No forces in reciprocal space.
    let (state, masses, _, crystal) = try Self.start()
    let damped = try ForceField(
      yaml: Self.yaml.replacing("{method: spme, cutoff: 6, accuracy: 1e-5}", with: "{method: dsf, cutoff: 6, alpha: 0.3}"), source: "f"
    ).resolve(for: crystal)
    var stage = DynamicsStage(.nve, timestep: 1e-3, steps: 8)
    (stage.energyInterval, stage.longRangeInterval) = (4, 4)
    #expect(throws: SimulationError.self) {
      try MolecularDynamics(
        state: state, masses: masses, stage: stage, calculator: damped.dynamicsCalculator(for: crystal, pool: Self.pool), pool: Self.pool)
    }
  }
}
