import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct ContinuationTests {
  static let ensembles = NamedEnsemble.all(temperature: Ramp(from: 100, to: 140), pressure: Ramp(from: 0, to: 0.2))

  func stage(_ ensemble: Ensemble, steps: Int = 100) -> DynamicsStage {
    var stage = DynamicsStage(ensemble, timestep: 0.01, steps: steps)
    stage.energyInterval = 7
    stage.momentumRemovalInterval = 20
    return stage
  }

  /// 100 steps are 50 steps, a checkpoint read by another process, and 50 steps, bit for bit.
  @Test(arguments: ensembles)
  func resumesToTheSameBits(_ named: NamedEnsemble) throws {
    let pool = WorkerPool(threads: 1)
    let configuration = try Systems.argon(constant: 5.6)
    let start = try Systems.state(configuration, temperature: 100)
    let stage = stage(named.ensemble)
    let calculator = LennardJones()
    var whole = try MolecularDynamics(
      state: start, masses: configuration.masses, stage: stage, calculator: calculator, pool: pool)
    try whole.advance(steps: 100)
    // Lists are rebuilt in both halves, so that the reference matters.
    #expect(calculator.builds >= 3)
    for cut in [0, 1, 50, 63] {
      var first = try MolecularDynamics(
        state: start, masses: configuration.masses, stage: stage, calculator: LennardJones(), pool: pool)
      try first.advance(steps: cut)
      let bytes = first.checkpoint().encoded()
      var second = try MolecularDynamics(
        resuming: Checkpoint(decoding: bytes), masses: configuration.masses, stage: stage, calculator: LennardJones(), pool: pool)
      try second.advance(steps: 100 - cut)
      #expect(second.state.encoded() == whole.state.encoded(), "\(named.name), cut at \(cut)")
      #expect(second.thermodynamics().conservedEnergy == whole.thermodynamics().conservedEnergy)
    }
  }

  @Test(arguments: ensembles)
  func threadsDoNotChangeBits(_ named: NamedEnsemble) throws {
    let configuration = try Systems.argon(cells: 9, constant: 5.6)
    // 2916 atoms make twelve blocks, enough to be shared among threads.
    let start = try Systems.state(configuration, temperature: 100)
    let ends = try [1, 2, 5].map { threads in
      var dynamics = try MolecularDynamics(
        state: start, masses: configuration.masses, stage: stage(named.ensemble, steps: 6), calculator: LennardJones(),
        pool: WorkerPool(threads: threads))
      #expect(dynamics.loops.blocks == 12 && dynamics.loops.blocks >= ParticleLoops.leastBlocksToShare)
      try dynamics.advance(steps: 6)
      return dynamics.state.encoded()
    }
    #expect(ends[0] == ends[1] && ends[0] == ends[2], "\(named.name)")
  }

  @Test func seedsChangeStochasticRuns() throws {
    let pool = WorkerPool(threads: 1)
    let configuration = try Systems.argon(constant: 5.6)
    for thermostat in [Thermostat.bussi(), .langevin()] {
      let ends = try [UInt64(1), 2].map { seed in
        var state = SimulationState(configuration, seed: seed)
        state.velocities = try Systems.state(configuration, temperature: 100).velocities
        var dynamics = try MolecularDynamics(
          state: state, masses: configuration.masses,
          stage: stage(.nvt(temperature: .constant(100), thermostat: thermostat)), calculator: LennardJones(), pool: pool)
        try dynamics.advance(steps: 3)
        return dynamics.state.velocities
      }
      #expect(ends[0] != ends[1])
    }
  }

  @Test func stagesFollowOneAnother() throws {
    let pool = WorkerPool(threads: 1)
    let configuration = try Systems.argon(constant: 5.6)
    let calculator = LennardJones()
    var state = try Systems.state(configuration, temperature: 100)
    for named in Self.ensembles {
      let stage = stage(named.ensemble, steps: 10)
      var dynamics = try MolecularDynamics(
        state: state, masses: configuration.masses, stage: stage, calculator: calculator, pool: pool)
      try dynamics.advance(steps: 1000)
      state = dynamics.state
      state.endStage(timestep: stage.timestep)
    }
    #expect(state.step == 70 && state.stageStep == 0 && abs(state.stageStartTime - 0.7) < 1e-12)
    // Forces go over from stage to stage: one evaluation a step and one at the beginning (the cell needs no turning).
    #expect(calculator.evaluations == 71)
  }

  @Test func refusesAForeignStage() throws {
    let configuration = try Systems.argon(constant: 5.6)
    let pool = WorkerPool(threads: 1)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 100), masses: configuration.masses, stage: stage(.nve),
      calculator: LennardJones(), pool: pool)
    try dynamics.advance(steps: 3)
    #expect(throws: SimulationError.self) {
      try MolecularDynamics(
        state: dynamics.state, masses: configuration.masses, stage: stage(.nvt(temperature: .constant(100))),
        calculator: LennardJones(), pool: pool)
    }
  }
}
