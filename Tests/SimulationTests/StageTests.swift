import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct StageTests {
  let pool = WorkerPool(threads: 1)

  @Test func durationsAndRates() throws {
    #expect(try DynamicsStage(.nve, timestep: 0.002, duration: 20).steps == 10_000)
    let quench = try DynamicsStage(
      .nvt(temperature: Ramp(from: 3000, to: 300)), timestep: 0.001, temperatureRate: 10)
    #expect(quench.steps == 270_000 && abs(quench.duration - 270) < 1e-9)
    #expect(quench.ensemble.temperature?.value(at: quench.fraction(at: 135_000)) == 1650)
    #expect(throws: SimulationError.self) {
      try DynamicsStage(.nvt(temperature: .constant(300)), timestep: 0.001, temperatureRate: 10)
    }
    #expect(throws: SimulationError.self) {
      try DynamicsStage(.nvt(temperature: Ramp(from: 1, to: 2)), timestep: 0.001, temperatureRate: 0)
    }
    #expect(throws: SimulationError.self) { try DynamicsStage(.nve, timestep: 0, duration: 1) }
    #expect(throws: SimulationError.self) { try DynamicsStage(.nve, timestep: 0.001, duration: .infinity) }
    #expect(throws: SimulationError.self) { try DynamicsStage(.nve, timestep: 0.001, temperatureRate: 1) }
  }

  /// What cannot be run is refused before the first step, with the name of the stage.
  @Test func refusesNonsense() throws {
    let configuration = try Systems.argon(cells: 1)
    let slab = try Cell(vectors: configuration.cell.vectors, periodic: [true, true, false])
    func refuses(_ stage: DynamicsStage, cell: Cell? = nil, atoms: Int = 4) {
      let error = #expect(throws: SimulationError.self) { try stage.check(atoms: atoms, cell: cell ?? configuration.cell) }
      #expect(error?.code == .invalidStage && error?.message.contains(stage.ensemble.name) == true)
    }
    refuses(DynamicsStage(.nve, timestep: -1, steps: 1))
    refuses(DynamicsStage(.nve, timestep: .nan, steps: 1))
    refuses(DynamicsStage(.nve, timestep: 0.001, steps: -1))
    refuses(DynamicsStage(.nve, timestep: 0.001, steps: 1), atoms: 0)
    refuses(DynamicsStage(.nvt(temperature: .constant(0)), timestep: 0.001, steps: 1))
    refuses(DynamicsStage(.nvt(temperature: Ramp(from: 300, to: -1)), timestep: 0.001, steps: 1))
    refuses(DynamicsStage(.nvt(temperature: .constant(300)), timestep: 0.001, steps: 1), atoms: 1)
    refuses(DynamicsStage(.nvt(temperature: .constant(300), thermostat: .noseHooverChain(damping: 0.001)), timestep: 0.001, steps: 1))
    refuses(DynamicsStage(.nvt(temperature: .constant(300), thermostat: .noseHooverChain(length: 0)), timestep: 0.001, steps: 1))
    refuses(DynamicsStage(.npt(temperature: .constant(300), pressure: .constant(.nan)), timestep: 0.001, steps: 1))
    refuses(DynamicsStage(.npt(temperature: .constant(300), pressure: .constant(0)), timestep: 0.001, steps: 1), cell: slab)
    let barostat = Barostat(damping: 0.001)
    refuses(
      DynamicsStage(.npt(temperature: .constant(300), pressure: .constant(0), barostat: barostat), timestep: 0.001, steps: 1))
    try DynamicsStage(.npt(temperature: .constant(300), pressure: .constant(0)), timestep: 0.001, steps: 1)
      .check(atoms: 4, cell: configuration.cell)
  }

  @Test func refusesMassesThatDoNotFit() throws {
    let configuration = try Systems.argon(cells: 1)
    let stage = DynamicsStage(.nve, timestep: 0.001, steps: 1)
    for masses in [[1.0, 2.0], [1, 1, 0, 1], [1, .nan, 1, 1]] {
      #expect(throws: SimulationError.self) {
        try MolecularDynamics(
          state: SimulationState(configuration), masses: masses, stage: stage, calculator: Constant(), pool: pool)
      }
    }
  }

  /// A run that blows up ends with the step, the atom and what to do.
  @Test func stopsBlowUps() throws {
    let configuration = try Systems.argon(cells: 2)
    for named in NamedEnsemble.all(temperature: .constant(100)) {
      var state = try Systems.state(configuration, temperature: 100)
      state.step = 41
      state.velocities[16] = Vector3(0, 5000, 0)
      var dynamics = try MolecularDynamics(
        state: state, masses: configuration.masses, stage: DynamicsStage(named.ensemble, timestep: 0.002, steps: 10),
        calculator: Constant(), pool: pool)
      let error = #expect(throws: SimulationError.self, "\(named.name)") { try dynamics.advance(steps: 10) }
      #expect(error?.code == .unstable)
      #expect(error?.message.contains("step 42") == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("atom 17") == true || error?.message.contains("cell") == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("time step") == true || error?.message.contains("damping") == true)
      state.velocities[16] = Vector3(0, .nan, 0)
      dynamics = try MolecularDynamics(
        state: state, masses: configuration.masses, stage: DynamicsStage(named.ensemble, timestep: 0.002, steps: 10),
        calculator: Constant(), pool: pool)
      #expect(throws: SimulationError.self) { try dynamics.advance(steps: 10) }
    }
  }

  /// A cell that shears without end is stopped before its images become too many to look through.
  @Test func stopsCellsThatShear() throws {
    let configuration = try Systems.argon(cells: 1)
    var state = SimulationState(configuration)
    state.cell = try state.cell.deformed(by: Matrix3(Vector3(1, 4.5, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)))
    state.strainRate[0].y = 5
    let barostat = Barostat(.triclinic, damping: 100)
    var dynamics = try MolecularDynamics(
      state: state, masses: configuration.masses,
      stage: DynamicsStage(
        .npt(temperature: .constant(100), pressure: .constant(0), barostat: barostat), timestep: 0.001, steps: 1000),
      calculator: Constant(), pool: pool)
    let error = #expect(throws: SimulationError.self) { try dynamics.advance(steps: 1000) }
    #expect(error?.code == .unstable && error?.message.contains("sheared") == true, "\(error?.message ?? "")")
  }

  @Test func turnsACellIntoTheStandardFrame() throws {
    var configuration = try Systems.argon(cells: 2)
    let map = Matrix3(Vector3(0.2, 0.9, 0.1), Vector3(-0.8, 0.3, 0.4), Vector3(0.3, -0.1, 1.1))
    configuration.cell = try configuration.cell.deformed(by: map)
    configuration.positions = configuration.positions.map { map * $0 }
    var state = try Systems.state(configuration, temperature: 100)
    let before = state
    try state.rotateToStandardFrame()
    let v = state.cell.vectors
    #expect(v[0].y == 0 && v[0].z == 0 && v[1].z == 0 && v[0].x > 0 && v[1].y > 0)
    #expect(abs(state.cell.volume / before.cell.volume - 1) < 1e-12)
    for i in 0..<state.count {
      let old = before.cell.fractional(before.positions[i])
      #expect((state.cell.fractional(state.positions[i]) - old).length < 1e-12)
      #expect(abs(state.velocities[i].length - before.velocities[i].length) < 1e-12)
    }
    #expect((state.cell.lengths - before.cell.lengths).length < 1e-11 && (state.cell.angles - before.cell.angles).length < 1e-9)
  }

  /// exp and φ against the closed forms for a diagonal matrix, sinh(x)/x included, and exp(A) exp(−A) = 1.
  @Test func matrixExponentials() {
    for x in [0.0, 1e-9, 0.01, -0.3] {
      let motion = MatrixExponential(Matrix3(diagonal: Vector3(x, 2 * x, 0)))
      #expect(abs(motion.exponential[0].x - exp(x)) < 1e-15)
      let expected = x == 0 ? 1 : exp(x) * sinh(x) / x
      #expect(abs(motion.phi[1].y - expected) < 2e-15)
      #expect(motion.phi[2].z == 1)
    }
    let a = Matrix3(Vector3(0.1, 0.2, -0.1), Vector3(0, -0.2, 0.3), Vector3(0.05, 0, 0.1))
    let product = MatrixExponential(a).exponential * MatrixExponential(a * -1).exponential
    #expect((product - Matrix3.identity).squaredNorm < 1e-28)
  }
}
