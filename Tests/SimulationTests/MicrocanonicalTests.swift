import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct MicrocanonicalTests {
  let pool = WorkerPool(threads: 1)

  /// LAMMPS and this engine do the same arithmetic in another order; a melt this hot amplifies rounding by less than 10^3 in 0.5 ps,
  /// so that 1e-9 eV of 2 eV is reached with digits to spare.
  @Test func followsLAMMPS() throws {
    let start = try Systems.golden("lennard_jones_nve_start.txt").filter { $0.count == 7 }
    let energies = try Systems.golden("lennard_jones_nve_energies.txt")
    #expect(start.count == 256 && energies.count == 101)
    // LAMMPS's kinetic energy of 1 amu Å²/ps² has fewer digits; a mass that makes up for it gives the same motion.
    let mass = 39.948 * 1.0364269e-4 / PhysicalConstants.massVelocitySquared
    let argon = try #require(Element(symbol: "Ar"))
    var configuration = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 21.6)), species: [Species(argon, mass: mass)],
      types: [Int32](repeating: 0, count: 256), positions: start.map { Vector3($0[1], $0[2], $0[3]) })
    configuration.velocities = start.map { Vector3($0[4], $0[5], $0[6]) }
    var stage = DynamicsStage(.nve, timestep: 0.005, steps: 100)
    stage.energyInterval = 1
    var dynamics = try MolecularDynamics(
      state: SimulationState(configuration), masses: configuration.masses, stage: stage,
      calculator: LennardJones(ending: .shifted), pool: pool)
    try dynamics.prepare()
    func compare(_ now: Thermodynamics) throws {
      let row = energies[now.stageStep]
      #expect(abs(try #require(now.potentialEnergy) - row[1]) < 1e-9)
      #expect(abs(now.kineticEnergy - row[2]) < 1e-9)
      // Bars from LAMMPS's 1.6021765e6 bar Å³/eV, which differs from ours in the eighth digit.
      #expect(abs(now.pressure * 1e4 / row[3] - 1) < 1e-6)
    }
    try compare(dynamics.thermodynamics())
    try dynamics.advance(steps: 100) {
      try compare($0.thermodynamics())
      return true
    }
    #expect(dynamics.isFinished)
  }

  /// The energy that velocity Verlet conserves differs from the true one by a term in dt², so its swing quarters with half the step.
  @Test func energySwingIsQuadraticInTimestep() throws {
    let configuration = try Systems.argon(constant: 5.5)
    func swing(_ timestep: Double) throws -> Double {
      var stage = try DynamicsStage(.nve, timestep: timestep, duration: 4)
      stage.energyInterval = 1
      var energies: [Double] = []
      var dynamics = try MolecularDynamics(
        state: Systems.state(configuration, temperature: 90), masses: configuration.masses, stage: stage,
        calculator: LennardJones(), pool: pool)
      try dynamics.advance(steps: stage.steps) {
        energies.append(try #require($0.thermodynamics().conservedEnergy))
        return true
      }
      return BlockAverage(energies, blocks: 2).variance.squareRoot()
    }
    let ratio = try swing(0.02) / swing(0.01)
    // Trajectories part in 4 ps, so the ratio is 4 only up to the sampling of the same swing.
    #expect(ratio > 3.4 && ratio < 4.6, "\(ratio)")
  }

  @Test func momentumStaysZero() throws {
    let configuration = try Systems.argon()
    let stage = DynamicsStage(.nve, timestep: 0.005, steps: 300)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 300), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    try dynamics.advance(steps: 300)
    // Rounding of forces of 0.1 eV/Å over 300 steps.
    #expect(dynamics.loops.centerOfMassVelocity(dynamics.state.velocities).length < 1e-13)
  }

  @Test func removesMomentumAtIntervals() throws {
    let configuration = try Systems.argon()
    var stage = DynamicsStage(.nve, timestep: 0.005, steps: 20)
    stage.momentumRemovalInterval = 10
    var state = try Systems.state(configuration, temperature: 10)
    for i in state.velocities.indices { state.velocities[i].x += 3 }
    var dynamics = try MolecularDynamics(
      state: state, masses: configuration.masses, stage: stage, calculator: Constant(force: Vector3(0, 1e-3, 0)), pool: pool)
    try dynamics.advance(steps: 10)
    let drift = dynamics.loops.centerOfMassVelocity(dynamics.state.velocities)
    // A common force accelerates the centre of mass until the next removal.
    let expected = 1e-3 / (39.948 * PhysicalConstants.massVelocitySquared) * 0.05
    #expect(abs(drift.x) < 1e-12)
    #expect(abs(drift.y - expected) < 1e-10)
    try dynamics.advance(steps: 1)
    #expect(abs(dynamics.loops.centerOfMassVelocity(dynamics.state.velocities).y - expected / 10) < 1e-10)
  }

  @Test func idealGasHasItsPressure() throws {
    let configuration = try Systems.argon()
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 400), masses: configuration.masses,
      stage: DynamicsStage(.nve, timestep: 0.001, steps: 1), calculator: Constant(), pool: pool)
    try dynamics.advance(steps: 1)
    let now = dynamics.thermodynamics()
    // (N − 1) k T: the centre of mass is at rest.
    let expected = 107 * PhysicalConstants.boltzmann * 400 / configuration.cell.volume * 160.2176634
    #expect(abs(now.pressure / expected - 1) < 1e-12)
    #expect(abs(now.temperature - 400) < 1e-9)
    #expect(abs(now.density - configuration.density) < 1e-12)
    #expect(now.stress[0] < 0)
  }

  @Test func energiesOnlyWhereAsked() throws {
    let configuration = try Systems.argon()
    var stage = DynamicsStage(.nve, timestep: 0.002, steps: 25)
    stage.energyInterval = 10
    let calculator = LennardJones()
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 50), masses: configuration.masses, stage: stage, calculator: calculator,
      pool: pool)
    var withEnergies: [Int] = []
    try dynamics.advance(steps: 100) {
      if $0.thermodynamics().conservedEnergy != nil { withEnergies.append($0.state.stageStep) }
      return true
    }
    #expect(withEnergies == [10, 20, 25])
    #expect(calculator.evaluations == 26 && calculator.evaluationsWithEnergies == 4)
  }

  @Test func stopsWhereTheObserverSays() throws {
    let configuration = try Systems.argon()
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 50), masses: configuration.masses,
      stage: DynamicsStage(.nve, timestep: 0.002, steps: 25), calculator: LennardJones(), pool: pool)
    let done = try dynamics.advance(steps: 20) { $0.state.stageStep < 7 }
    #expect(done == 7 && dynamics.state.step == 7 && !dynamics.isFinished)
  }
}
