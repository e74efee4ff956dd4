import NumericalMethods
import Structures
import Testing

@testable import Simulation

/// Ensembles with a quantity that the equations of motion conserve.
struct NamedEnsemble: Sendable, CustomTestStringConvertible {
  let name: String
  let ensemble: Ensemble
  var testDescription: String { name }

  static func all(temperature: Ramp, pressure: Ramp = .constant(0.1)) -> [NamedEnsemble] {
    [
      NamedEnsemble(name: "nve", ensemble: .nve),
      NamedEnsemble(name: "nose-hoover-chain", ensemble: .nvt(temperature: temperature, thermostat: .noseHooverChain(damping: 0.3))),
      NamedEnsemble(name: "bussi", ensemble: .nvt(temperature: temperature, thermostat: .bussi(damping: 0.3))),
      NamedEnsemble(name: "langevin", ensemble: .nvt(temperature: temperature, thermostat: .langevin(damping: 1))),
    ]
      + Barostat.Coupling.allCases.map {
        NamedEnsemble(
          name: "npt \($0.rawValue)",
          ensemble: .npt(temperature: temperature, pressure: pressure, barostat: Barostat($0, damping: 3), damping: 0.3))
      }
  }
}

@Suite struct ConservedQuantityTests {
  let pool = WorkerPool(threads: 1)

  /// The conserved quantity and the energy of the atoms over a stage.
  func run(_ ensemble: Ensemble, timestep: Double, duration: Double) throws -> (conserved: [Double], energy: [Double]) {
    var configuration = try Systems.argon(constant: 5.5)
    // Not quite at its equilibrium shape, so that barostats have work to do.
    let strain = Matrix3(diagonal: Vector3(1.01, 1, 0.99))
    configuration.cell = try configuration.cell.deformed(by: strain)
    configuration.positions = configuration.positions.map { strain * $0 }
    var stage = try DynamicsStage(ensemble, timestep: timestep, duration: duration)
    stage.energyInterval = 1
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 60), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    try dynamics.prepare()
    var result: (conserved: [Double], energy: [Double]) = ([], [])
    func record(_ now: Thermodynamics) throws {
      result.conserved.append(try #require(now.conservedEnergy))
      result.energy.append(now.kineticEnergy + (try #require(now.potentialEnergy)))
    }
    try record(dynamics.thermodynamics())
    try dynamics.advance(steps: stage.steps) {
      try record($0.thermodynamics())
      return true
    }
    return result
  }

  /// Deterministic ensembles: the swing of the conserved quantity is of second order in the time step; also under ramps, whose work is
  /// accounted for.
  @Test(arguments: NamedEnsemble.all(temperature: Ramp(from: 60, to: 90), pressure: Ramp(from: 0.1, to: 0.3)))
  func swingIsQuadraticInTimestep(_ named: NamedEnsemble) throws {
    if named.name == "bussi" || named.name == "langevin" { return }
    func swing(_ timestep: Double) throws -> Double {
      BlockAverage(try run(named.ensemble, timestep: timestep, duration: 4).conserved, blocks: 2).variance.squareRoot()
    }
    let ratio = try swing(0.016) / swing(0.008)
    // 4 up to the sampling of trajectories that part over 4 ps; a first-order error in any piece would give 2.
    #expect(ratio > 3.2 && ratio < 5, "\(named.name): \(ratio)")
  }

  /// All ensembles: the conserved quantity holds still while thermostats and barostats move energy about.
  @Test(arguments: NamedEnsemble.all(temperature: Ramp(from: 60, to: 90), pressure: Ramp(from: 0.1, to: 0.3)))
  func bathsAreAccountedFor(_ named: NamedEnsemble) throws {
    let result = try run(named.ensemble, timestep: 0.005, duration: 10)
    let drift = abs((result.conserved.last ?? 0) - (result.conserved.first ?? 0))
    let moved = (result.energy.max() ?? 0) - (result.energy.min() ?? 0)
    // Thermostats move about 0.5 eV (3N k ΔT); what is lost on the way is the truncation error of velocity Verlet,
    // 1e-4 of the kinetic energy of 0.8 eV, which noise lets wander by a few times its size.
    #expect(named.name == "nve" || moved > 0.2, "\(named.name): \(moved)")
    #expect(drift < 2e-3, "\(named.name): \(drift)")
  }
}
