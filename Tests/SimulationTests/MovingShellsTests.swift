import Interactions
import NumericalMethods
import Structures
import Testing

@testable import Simulation

/// Dynamics of ions with shells.
@Suite struct MovingShellsTests {
  static let pool = WorkerPool(threads: 1)

  /// Rock salt of Li+ and O2- with formal charges halved, so that it is neutral; only its motion matters here.
  static let yaml = """
    species: {Li: {charge: 1.0}, O: {charge: -1.0}}
    core-shell:
      spring-form: k r^2/2
      ions: {O: {core-charge: 0.9, shell-charge: -1.9, spring: 40, shell-mass: 0.4}}
    pair:
      - form: buckingham
        cutoff: 7
        smooth: 1
        coefficients: {Li-O: {A: 800, rho: 0.28, C: 0}, O-O: {A: 12759, rho: 0.217, C: 10}}
    coulomb: {method: dsf, cutoff: 7, alpha: 0.3, smooth: 1}
    """

  static func system(_ motion: ShellMotion) throws -> (Configuration, ResolvedForceField) {
    let (lithium, oxygen) = (try #require(Element(symbol: "Li")), try #require(Element(symbol: "O")))
    let faces: [Vector3] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    let crystal = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 4.2)), species: [Species(lithium), Species(oxygen)], types: [0, 0, 0, 0, 1, 1, 1, 1],
      positions: faces.map { $0 * 4.2 } + faces.map { ($0 + Vector3(0.5, 0, 0)) * 4.2 }
    ).replicated((4, 4, 4))
    var options = ForceField.Options()
    options.shellMotion = motion
    return (crystal, try ForceField(yaml: yaml, source: "rock salt").resolve(for: crystal, options: options))
  }

  /// A state at a temperature and what moves it.
  static func start(
    _ motion: ShellMotion, temperature: Double, precision: Precision = .double
  ) throws -> (SimulationState, masses: [Double], ShellParticles?, any ForceCalculator) {
    let (crystal, system) = try system(motion)
    var state = SimulationState(crystal, seed: 5)
    let calculator = try system.dynamicsCalculator(for: crystal, precision: precision, pool: pool)
    guard let shells = system.movingShells else {
      try state.assignVelocities(temperature: temperature, masses: crystal.masses)
      return (state, crystal.masses, nil, calculator)
    }
    state = state.addingShells(shells, displacements: try system.relaxedShells(for: crystal, pool: pool))
    let masses = shells.configuration.masses
    try state.assignVelocities(temperature: temperature, masses: masses, shells: shells)
    return (state, masses, shells, calculator)
  }

  @Test func addingAndRemovingShellsIsTheIdentity() throws {
    let (state, masses, shells, _) = try Self.start(.adiabatic, temperature: 300)
    let particles = try #require(shells)
    #expect(state.count == 512 + 256 && masses.count == 768)
    let atoms = state.removingShells(particles, masses: masses)
    #expect(atoms.count == 512 && atoms.velocities == Array(state.velocities[..<512]))
    // Shells begin at rest against their cores.
    let loops = ParticleLoops(masses: masses, pool: Self.pool)
    #expect(loops.twiceKineticEnergy(ofShells: particles, state.velocities) == 0)
  }

  @Test func scalingAtomsLeavesShellsAlone() throws {
    let (state, masses, shells, _) = try Self.start(.adiabatic, temperature: 300)
    let particles = try #require(shells)
    let loops = ParticleLoops(masses: masses, pool: Self.pool)
    var velocities = state.velocities
    for i in velocities.indices { velocities[i] += Vector3(0.3, -0.1, 0.2) * Double(i % 5) }
    let before = loops.twiceKineticEnergy(ofShells: particles, velocities)
    let total = loops.twiceKineticEnergy(velocities)
    loops.scale(&velocities, ofAtomsBy: 0.7, shells: particles)
    #expect(abs(loops.twiceKineticEnergy(ofShells: particles, velocities) - before) < 1e-10 * before)
    // The rest is the kinetic energy of the centres of mass.
    #expect(abs(loops.twiceKineticEnergy(velocities) - before - 0.49 * (total - before)) < 1e-10 * total)
  }

  @Test(arguments: [(ShellMotion.relaxed, 1e-3), (.adiabatic, 2e-4)])
  func energyIsConserved(_ motion: ShellMotion, _ timestep: Double) throws {
    let (state, masses, shells, calculator) = try Self.start(motion, temperature: 300)
    var stage = DynamicsStage(.nve, timestep: timestep, steps: Int((0.4 / timestep).rounded()))
    stage.energyInterval = 10
    var dynamics = try MolecularDynamics(
      state: state, masses: masses, shells: shells, stage: stage, calculator: calculator, pool: Self.pool)
    var energies: [Double] = []
    var coldest = 0.0
    try dynamics.advance(steps: stage.steps) { now in
      let thermodynamics = now.thermodynamics()
      if let energy = thermodynamics.conservedEnergy { energies.append(energy / 512) }
      coldest = max(coldest, thermodynamics.shellTemperature ?? 0)
      return true
    }
    // The error of velocity Verlet at these time steps; a wrong force on the cores would show as 1e-3 eV an atom.
    let spread = (energies.max() ?? 9) - (energies.min() ?? 0)
    #expect(spread < 1e-4, "\(spread)")
    // Shells that follow their cores stay cold.
    #expect(coldest < 5, "\(coldest)")
  }

  @Test(arguments: [
    Ensemble.nvt(temperature: .constant(300), thermostat: .noseHooverChain(damping: 0.05)),
    .nvt(temperature: .constant(300), thermostat: .bussi(damping: 0.05)),
    .npt(temperature: .constant(300), pressure: .constant(0), barostat: Barostat(.isotropic, damping: 0.5), damping: 0.05, chainLength: 3),
  ])
  func thermostatsLeaveShellsCold(_ ensemble: Ensemble) throws {
    let (state, masses, shells, calculator) = try Self.start(.adiabatic, temperature: 300, precision: .mixed)
    var stage = DynamicsStage(ensemble, timestep: 2e-4, steps: 2000)
    stage.energyInterval = 20
    var dynamics = try MolecularDynamics(
      state: state, masses: masses, shells: shells, stage: stage, calculator: calculator, pool: Self.pool)
    var (temperatures, energies, shellTemperature): ([Double], [Double], Double) = ([], [], 0)
    try dynamics.advance(steps: stage.steps) { now in
      let thermodynamics = now.thermodynamics()
      if let energy = thermodynamics.conservedEnergy { energies.append(energy / 512) }
      if now.state.stageStep > 1000 { temperatures.append(thermodynamics.temperature) }
      shellTemperature = max(shellTemperature, thermodynamics.shellTemperature ?? 0)
      return true
    }
    let mean = temperatures.reduce(0, +) / Double(temperatures.count)
    // 512 atoms over 0.2 ps: a few independent values of standard deviation 300 K sqrt(2/1536) = 11 K.
    #expect(abs(mean - 300) < 40, "\(mean)")
    #expect(shellTemperature < 8, "\(shellTemperature)")
    #expect((energies.max() ?? 9) - (energies.min() ?? 0) < 2e-4)
  }

  @Test func langevinWouldHeatShells() throws {
    let (state, masses, shells, calculator) = try Self.start(.adiabatic, temperature: 300)
    let stage = DynamicsStage(.nvt(temperature: .constant(300), thermostat: .langevin(damping: 0.1)), timestep: 2e-4, steps: 10)
    #expect(throws: SimulationError.self) {
      try MolecularDynamics(state: state, masses: masses, shells: shells, stage: stage, calculator: calculator, pool: Self.pool)
    }
  }

  @Test func relaxedShellsResumeToTheSameBits() throws {
    let (state, masses, _, calculator) = try Self.start(.relaxed, temperature: 300, precision: .mixed)
    let stage = DynamicsStage(.nve, timestep: 1e-3, steps: 12)
    var whole = try MolecularDynamics(state: state, masses: masses, stage: stage, calculator: calculator, pool: Self.pool)
    try whole.advance(steps: 12)

    let (_, _, _, second) = try Self.start(.relaxed, temperature: 300, precision: .mixed)
    var first = try MolecularDynamics(state: state, masses: masses, stage: stage, calculator: second, pool: Self.pool)
    try first.advance(steps: 7)
    let bytes = first.checkpoint().encoded()
    let (_, _, _, third) = try Self.start(.relaxed, temperature: 300, precision: .mixed)
    var resumed = try MolecularDynamics(
      resuming: Checkpoint(decoding: bytes), masses: masses, stage: stage, calculator: third, pool: Self.pool)
    try resumed.advance(steps: 5)
    #expect(resumed.state.positions == whole.state.positions && resumed.state.velocities == whole.state.velocities)
  }
}
