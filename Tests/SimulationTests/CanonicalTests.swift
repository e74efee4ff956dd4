import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct CanonicalTests {
  let pool = WorkerPool(threads: 1)

  static let thermostats: [Thermostat] = [
    .noseHooverChain(damping: 0.2), .bussi(damping: 0.2), .langevin(damping: 0.25),
  ]

  /// In the canonical ensemble 2K/kT follows a chi-squared distribution with N_f degrees of freedom, whatever the potential: mean
  /// N_f, variance 2 N_f. Velocity Verlet shifts both by parts in (ω dt)²/4, below 0.1 % here; block errors are about 0.2 % and
  /// 3 %, so four of them would show a wrong count of degrees of freedom (1 % of 321) or a microcanonical variance (a half).
  @Test(arguments: thermostats)
  func kineticEnergyIsCanonical(_ thermostat: Thermostat) throws {
    let configuration = try Systems.argon(constant: 5.7)
    let stage = DynamicsStage(.nvt(temperature: .constant(150), thermostat: thermostat), timestep: 0.008, steps: 45_000)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 150), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    try dynamics.advance(steps: 4000)
    var values: [Double] = []
    let unit = PhysicalConstants.boltzmann * 150
    try dynamics.advance(steps: stage.steps) {
      if $0.state.stageStep % 5 == 0 { values.append(2 * $0.thermodynamics().kineticEnergy / unit) }
      return true
    }
    let dof = Double(dynamics.degreesOfFreedom)
    #expect(dof == 321)
    let result = BlockAverage(values)
    #expect(result.meanError < 0.003 * dof && result.varianceError < 0.1 * 2 * dof)
    #expect(abs(result.mean - dof) < 4 * result.meanError, "\(thermostat.name): \(result)")
    #expect(abs(result.variance - 2 * dof) < 4 * result.varianceError, "\(thermostat.name): \(result)")
  }

  /// Springs have a known potential energy, 3N kT/2 with variance 3N (kT)²/2, and BAOAB samples positions of harmonic systems exactly
  /// at any step; N_f is 3N since the springs hold the atoms.
  @Test func langevinSamplesSpringsExactly() throws {
    let configuration = try Systems.argon(cells: 2)
    var stage = DynamicsStage(
      .nvt(temperature: .constant(300), thermostat: .langevin(damping: 0.2)), timestep: 0.05, steps: 40_000)
    stage.fixesCenterOfMass = false
    stage.energyInterval = 1
    stage.maximumDisplacement = 5
    let calculator = EinsteinCrystal(sites: configuration.positions, stiffness: 1)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 300, fixesCenterOfMass: false), masses: configuration.masses, stage: stage,
      calculator: calculator, pool: pool)
    try dynamics.advance(steps: 200)
    var values: [Double] = []
    let unit = PhysicalConstants.boltzmann * 300
    try dynamics.advance(steps: stage.steps) {
      values.append(2 * (try #require($0.thermodynamics().potentialEnergy)) / unit)
      return true
    }
    let result = BlockAverage(values)
    #expect(result.meanError < 0.2)
    #expect(abs(result.mean - 96) < 4 * result.meanError, "\(result)")
    #expect(abs(result.variance - 192) < 4 * result.varianceError, "\(result)")
  }

  /// A single step of stochastic rescaling that is long against its damping draws a new kinetic energy: mean N, variance 2N.
  @Test func rescalingResamplesKineticEnergy() {
    var random = RandomStream(seed: 3)
    let values = (0..<20_000).map { _ -> Double in
      let factor = StochasticRescaling.factor(
        twiceKinetic: 7, thermalEnergy: 0.5, degreesOfFreedom: 6, time: 100, damping: 1, random: &random)
      return factor * factor * 7 / 0.5
    }
    let result = BlockAverage(values)
    #expect(abs(result.mean - 6) < 4 * result.meanError)
    #expect(abs(result.variance - 12) < 4 * result.varianceError)
  }

  /// The average relaxation of the kinetic energy is exponential with the damping time.
  @Test func rescalingRelaxesExponentially() {
    var random = RandomStream(seed: 4)
    let values = (0..<20_000).map { _ -> Double in
      let factor = StochasticRescaling.factor(
        twiceKinetic: 60, thermalEnergy: 1, degreesOfFreedom: 30, time: 0.05, damping: 0.1, random: &random)
      return factor * factor * 60
    }
    let result = BlockAverage(values)
    // 30 + (60 − 30) exp(−1/2)
    #expect(abs(result.mean - 48.19591979) < 4 * result.meanError)
  }

  @Test(arguments: thermostats)
  func followsARamp(_ thermostat: Thermostat) throws {
    let configuration = try Systems.argon(constant: 5.7)
    let stage = try DynamicsStage(
      .nvt(temperature: Ramp(from: 100, to: 300), thermostat: thermostat), timestep: 0.005, temperatureRate: -10)
    #expect(stage.steps == 4000)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 100), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    var off: [Double] = []
    try dynamics.advance(steps: stage.steps) {
      let now = $0.thermodynamics()
      if now.stageStep > 400 { off.append(now.temperature - (try #require(now.targetTemperature))) }
      return true
    }
    // The lag is about the rate times the relaxation time (10 K/ps × 0.2–0.5 ps, and slower where potential energy takes up heat)
    // and the fluctuation of the mean over 18 ps about 3 K.
    #expect(abs(BlockAverage(off).mean) < 15)
    #expect(dynamics.thermodynamics().targetTemperature == 300)
  }

  @Test func drawsVelocitiesOfATemperature() throws {
    let configuration = try Systems.argon(cells: 6)
    var state = try Systems.state(configuration, temperature: 500)
    let loops = ParticleLoops(masses: configuration.masses, pool: pool)
    let twice = loops.kineticTensor(state.velocities)
    let dof = Double(3 * state.count - 3)
    #expect(abs(twice.trace / (dof * PhysicalConstants.boltzmann) - 500) < 1e-9)
    #expect(loops.centerOfMassVelocity(state.velocities).length < 1e-14)
    // <v⁴> = 3 <v²>² in each direction; the error of the ratio is √(96/n)/3·3, 0.1 for 2592 components.
    let components = state.velocities.flatMap { [$0.x, $0.y, $0.z] }
    let second = components.reduce(0) { $0 + $1 * $1 } / Double(components.count)
    let fourth = components.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(components.count)
    #expect(abs(fourth / (second * second) - 3) < 0.4)
    let before = state.velocities
    state.step = 10
    try state.assignVelocities(temperature: 500, masses: configuration.masses)
    #expect(state.velocities != before)
  }
}
