import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct ConstantPressureTests {
  let pool = WorkerPool(threads: 1)

  /// Volumes and pressures of a stage, one pair every five steps, after a start that does not count.
  func sample(
    _ configuration: Configuration, temperature: Double, pressure: Double, coupling: Barostat.Coupling, steps: Int, discarding: Int
  ) throws -> (volumes: [Double], pressures: [Double]) {
    let stage = DynamicsStage(
      .npt(
        temperature: .constant(temperature), pressure: .constant(pressure), barostat: Barostat(coupling, damping: 2),
        damping: 0.2), timestep: 0.008, steps: steps)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: temperature), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    var result: (volumes: [Double], pressures: [Double]) = ([], [])
    try dynamics.advance(steps: steps) {
      if $0.state.stageStep > discarding, $0.state.stageStep % 5 == 0 {
        let now = $0.thermodynamics()
        result.volumes.append(now.volume)
        result.pressures.append(now.pressure)
      }
      return true
    }
    return result
  }

  /// Two facts of the isothermal-isobaric ensemble for any model: the mean pressure is the imposed one (up to kT/V per barostat degree
  /// of freedom, below 1 MPa here), and the fluctuation of the volume is its response to pressure, var V = −kT dV/dP.
  @Test func volumeFluctuatesAsItResponds() throws {
    let configuration = try Systems.argon(constant: 5.65)
    let temperature = 100.0
    let (low, middle, high) = (0.05, 0.1, 0.15)
    let runs = try [low, middle, high].map {
      try sample(
        configuration, temperature: temperature, pressure: $0, coupling: .isotropic, steps: 30_000, discarding: 4000)
    }
    let thermal = PhysicalConstants.boltzmann * temperature
    for (run, target) in zip(runs, [low, middle, high]) {
      let result = BlockAverage(run.pressures)
      // The pressure of 108 atoms swings by 0.05 GPa; 1 ns brings its mean down to a few MPa.
      #expect(result.meanError < 0.004)
      let correction = thermal / BlockAverage(run.volumes).mean * 160.2176634
      #expect(abs(result.mean - target) < 4 * result.meanError + correction, "\(target): \(result)")
    }
    let volumes = runs.map { BlockAverage($0.volumes) }
    let slope = (volumes[2].mean - volumes[0].mean) / (high - low) * 160.2176634
    let response = -thermal * slope
    let mean = volumes.reduce(0) { $0 + $1.variance } / 3
    let error = (volumes.reduce(0) { $0 + $1.varianceError * $1.varianceError }).squareRoot() / 3
    // The slope over 0.1 GPa is not quite the derivative; a tenth covers the curvature and its own error.
    #expect(error < 0.15 * mean)
    #expect(abs(mean / response - 1) < 0.1 + 3 * error / mean, "\(mean) ± \(error) against \(response)")
  }

  @Test(arguments: Barostat.Coupling.allCases)
  func meanPressureIsTheTarget(_ coupling: Barostat.Coupling) throws {
    let configuration = try Systems.argon(constant: 5.35)
    let run = try sample(
      configuration, temperature: 40, pressure: 0.2, coupling: coupling, steps: 20_000, discarding: 4000)
    let result = BlockAverage(run.pressures)
    #expect(result.meanError < 0.004)
    // kT/V per degree of freedom of the barostat is below 0.1 MPa.
    #expect(abs(result.mean - 0.2) < 4 * result.meanError + 2e-4, "\(coupling): \(result)")
  }

  /// A sheared crystal has shear stress; only a cell whose angles are free can take it away.
  @Test func triclinicCellLosesItsShear() throws {
    var configuration = try Systems.argon(constant: 5.3)
    let shear = Matrix3(Vector3(1, 0.06, -0.04), Vector3(0, 1.02, 0.05), Vector3(0, 0, 0.98))
    configuration.cell = try configuration.cell.deformed(by: shear)
    configuration.positions = configuration.positions.map { shear * $0 }
    let stage = DynamicsStage(
      .npt(
        temperature: .constant(20), pressure: .constant(0), barostat: Barostat(.triclinic, damping: 2), damping: 0.2),
      timestep: 0.008, steps: 12_000)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 20), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    #expect(abs(dynamics.state.cell.angles.x - 90) > 2)
    var mean = Matrix3.zero
    var samples = 0.0
    try dynamics.advance(steps: stage.steps) {
      if $0.state.stageStep > 4000 {
        mean += $0.state.cell.vectors
        samples += 1
      }
      return true
    }
    let cell = try Cell(vectors: mean * (1 / samples))
    // Strains of 108 atoms swing by √(kT/(V C)) = 0.6 % at 20 K; averaged over 64 ps, half a degree and half a percent are wide.
    for axis in 0..<3 {
      #expect(abs(cell.angles[axis] - 90) < 0.5, "\(cell.angles)")
      #expect(abs(cell.lengths[axis] / cell.lengths[0] - 1) < 0.005, "\(cell.lengths)")
    }
    // The cell keeps to LAMMPS's frame.
    let end = dynamics.state.cell.vectors
    #expect(end[0].y == 0 && end[0].z == 0 && end[1].z == 0)
  }

  /// The edges of a cubic crystal are alike on average, whichever of them lies on x: the frame must not show. In a cell of four atoms the
  /// weight that the triangular form has by itself makes a large part: without its correction this gives −0.0018 ± 0.0003.
  @Test func frameDoesNotFavourAnEdge() throws {
    let configuration = try Systems.argon(cells: 1, constant: 5.3)
    let stage = DynamicsStage(
      .npt(
        temperature: .constant(10), pressure: .constant(0), barostat: Barostat(.triclinic, damping: 2), damping: 0.2),
      timestep: 0.015, steps: 800_000)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 10), masses: configuration.masses, stage: stage,
      calculator: LennardJones(cutoff: 7), pool: pool)
    var differences: [Double] = []
    try dynamics.advance(steps: stage.steps) {
      if $0.state.stageStep > 5000, $0.state.stageStep % 5 == 0 {
        let v = $0.state.cell.vectors
        differences.append((v[0].squaredLength - v[2].squaredLength) / v[1].squaredLength)
      }
      return true
    }
    let result = BlockAverage(differences)
    #expect(result.meanError < 0.0004)
    #expect(abs(result.mean) < 3.5 * result.meanError, "\(result)")
  }

  @Test func isotropicBarostatKeepsTheShape() throws {
    var configuration = try Systems.argon(constant: 5.5)
    let shear = Matrix3(Vector3(1, 0.1, 0), Vector3(0, 1.1, 0), Vector3(0, 0, 1))
    configuration.cell = try configuration.cell.deformed(by: shear)
    configuration.positions = configuration.positions.map { shear * $0 }
    let before = configuration.cell
    let stage = DynamicsStage(
      .npt(temperature: .constant(60), pressure: .constant(0.5), barostat: Barostat(damping: 3)), timestep: 0.005, steps: 2000)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 60), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    try dynamics.advance(steps: stage.steps)
    let after = dynamics.state.cell
    #expect(abs(after.volume / before.volume - 1) > 0.005)
    // Rounding of 2000 multiplications.
    for axis in 0..<3 {
      #expect(abs(after.angles[axis] - before.angles[axis]) < 1e-9)
      #expect(abs(after.lengths[axis] / after.lengths[0] - before.lengths[axis] / before.lengths[0]) < 1e-11)
    }
  }

  @Test func anisotropicBarostatKeepsRightAngles() throws {
    let configuration = try Systems.argon(constant: 5.5)
    let stage = DynamicsStage(
      .npt(temperature: .constant(60), pressure: .constant(0.1), barostat: Barostat(.anisotropic, damping: 3)), timestep: 0.005, steps: 500)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 60), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    try dynamics.advance(steps: stage.steps)
    #expect(dynamics.state.cell.isOrthorhombic)
    let lengths = dynamics.state.cell.lengths
    #expect(lengths.x != lengths.y && lengths.y != lengths.z)
  }

  /// Atoms at rest in a flowing cell keep their fractional coordinates, however far they have travelled.
  @Test func unwrappedAtomsScaleWithTheCell() throws {
    var configuration = try Systems.argon(constant: 5.5)
    configuration.cell.origin = Vector3(-3, 2, 7)
    configuration.positions[5] += Vector3(100, -200, 50)
    var state = SimulationState(configuration)
    state.strainRate = Matrix3(Vector3(0.1, 0.05, 0.02), Vector3(0, -0.2, 0.03), Vector3(0, 0, 0.15))
    // Slow velocities keep the kinetic drive of the barostat small.
    let stage = DynamicsStage(
      .npt(temperature: .constant(1), pressure: .constant(0), barostat: Barostat(.triclinic, damping: 10)), timestep: 0.01, steps: 50)
    let before = configuration.cell.fractional(configuration.positions[5])
    var dynamics = try MolecularDynamics(
      state: state, masses: configuration.masses, stage: stage, calculator: Constant(), pool: pool)
    try dynamics.advance(steps: 50)
    let after = dynamics.state.cell.fractional(dynamics.state.positions[5])
    #expect(abs(dynamics.state.cell.volume / configuration.cell.volume - 1) > 0.01)
    #expect((after - before).length < 1e-12)
  }

  @Test func pressureRampEndsAtItsTarget() throws {
    let configuration = try Systems.argon(constant: 5.4)
    let stage = try DynamicsStage(
      .npt(
        temperature: .constant(60), pressure: Ramp(from: 0, to: 1), barostat: Barostat(damping: 2), damping: 0.2),
      timestep: 0.005, pressureRate: 0.05)
    #expect(stage.duration == 20)
    var dynamics = try MolecularDynamics(
      state: Systems.state(configuration, temperature: 60), masses: configuration.masses, stage: stage,
      calculator: LennardJones(), pool: pool)
    var off: [Double] = []
    try dynamics.advance(steps: stage.steps) {
      let now = $0.thermodynamics()
      if now.time > 4 { off.append(now.pressure - (try #require(now.targetPressure))) }
      return true
    }
    // The pressure lags by the rate times the damping at most, 0.1 GPa, and swings by 0.05.
    #expect(abs(BlockAverage(off).mean) < 0.1)
  }
}
