import Interactions
import NumericalMethods
import Structures

/// The engine of molecular dynamics: velocity Verlet with thermostats and barostats, one stage at a time.
///
///     var dynamics = try MolecularDynamics(state: state, masses: masses, stage: stage, calculator: calculator)
///     try dynamics.advance(steps: stage.steps) { now in record(now.thermodynamics()); return true }
///     state = dynamics.state
///     state.endStage(timestep: stage.timestep)
///
/// Which numbers come out depends on the state, the stage and the calculator alone: not on the number of threads, nor on
/// how the steps are shared among calls of ``advance(steps:observer:)``. A checkpoint taken between two calls goes on to
/// the same bits.
///
/// Equations, sources and conserved quantities are in docs/dynamics.md.
public struct MolecularDynamics {
  /// The state after the steps done so far.
  public internal(set) var state: SimulationState
  public let masses: [Double]
  public let stage: DynamicsStage
  /// The number of degrees of freedom, N_f.
  public let degreesOfFreedom: Int
  /// The cores and shells among the particles, where shells move by themselves.
  public let shells: ShellParticles?
  let calculator: any ForceCalculator
  /// The calculator where long-range forces are computed apart, or `nil` where all are computed at every step.
  private let splitCalculator: SystemCalculator?
  let loops: ParticleLoops

  /// Prepares a stage, or goes on with one where ``SimulationState/stageStep`` is not 0.
  ///
  /// A triclinic barostat turns the whole system so that a lies along x and b in the xy plane.
  ///
  /// - Parameters:
  ///   - masses: In amu, one an atom.
  ///   - shells: Where shells move by themselves, cores and shells; the state and the masses are then those of the particles.
  ///     Thermostats act on the centres of mass of cores and shells, so that shells stay cold and follow their cores.
  ///   - calculator: Made for these atoms. On resuming, its ``ForceCalculator/neighborReference`` is to be set from the
  ///     checkpoint.
  /// - Throws: ``SimulationError`` with code `.invalidStage` or `.inconsistentState`.
  public init(
    state: SimulationState, masses: [Double], shells: ShellParticles? = nil, stage: DynamicsStage, calculator: any ForceCalculator,
    pool: WorkerPool
  ) throws {
    try state.checkMasses(masses)
    let atoms = state.count - (shells?.atoms.count ?? 0)
    try stage.check(atoms: atoms, cell: state.cell)
    try stage.check(shells: shells, particles: state.count)
    self.state = state
    self.masses = masses
    self.stage = stage
    self.calculator = calculator
    splitCalculator = stage.longRangeInterval > 1 ? calculator as? SystemCalculator : nil
    guard stage.longRangeInterval == 1 || splitCalculator?.hasSlowPart == true else {
      throw SimulationError(
        .invalidStage,
        "\(stage.ensemble.name) stage: there are no forces in reciprocal space that could be computed every \(stage.longRangeInterval) steps; "
          + "take a force field with coulomb ewald or spme and without relaxed shells, or leave long-range out")
    }
    degreesOfFreedom = stage.degreesOfFreedom(atoms: atoms)
    self.shells = shells
    loops = ParticleLoops(masses: masses, pool: pool)
    let lengths = stage.ensemble.chainLengths
    try self.state.prepareChain(\.thermostatVelocities, length: lengths.thermostat, name: "thermostat")
    try self.state.prepareChain(\.barostatVelocities, length: lengths.barostat, name: "barostat")
    if case .npt(_, _, let barostat, _, _) = stage.ensemble, barostat.coupling == .triclinic {
      try self.state.rotateToStandardFrame()
    }
  }

  /// The time in ps since the beginning of the run.
  public var time: Double { state.stageStartTime + Double(state.stageStep) * stage.timestep }

  /// Whether all steps of the stage are done.
  public var isFinished: Bool { state.stageStep >= stage.steps }

  /// Computes forces and energies where they are not known yet.
  ///
  /// ``advance(steps:observer:)`` does it by itself; call it before asking for ``thermodynamics()`` at step 0.
  public mutating func prepare() throws {
    let isOfAnotherStage = state.stageStep == 0 && (!state.hasEnergies || state.longRangeInterval != stage.longRangeInterval)
    if state.evaluation == nil || isOfAnotherStage { try evaluate(at: state.stageStep, energies: true) }
  }

  /// Runs steps of the stage.
  ///
  /// - Parameters:
  ///   - steps: How many; fewer are done where the stage ends before.
  ///   - observer: Called after each step; returns whether to go on.
  /// - Returns: The number of steps done.
  /// - Throws: ``SimulationError`` with code `.unstable` where the motion blows up; what the calculator and the observer
  ///   throw. The state is of no use after an error.
  @discardableResult
  public mutating func advance(
    steps: Int, observer: (MolecularDynamics) throws -> Bool = { _ in true }
  ) throws -> Int {
    try prepare()
    let end = min(stage.steps, state.stageStep + max(0, steps))
    var done = 0
    while state.stageStep < end {
      try advanceOneStep()
      done += 1
      if try !observer(self) { break }
    }
    return done
  }

  private mutating func advanceOneStep() throws {
    if stage.fixesCenterOfMass, state.stageStep % stage.momentumRemovalInterval == 0 {
      loops.subtract(loops.centerOfMassVelocity(state.velocities), from: &state.velocities)
    }
    switch stage.ensemble {
    case .nve: try advanceConstantEnergy()
    case .nvt(let temperature, .noseHooverChain(let damping, _)):
      try advanceNoseHoover(temperature: temperature, damping: damping)
    case .nvt(let temperature, .bussi(let damping)): try advanceBussi(temperature: temperature, damping: damping)
    case .nvt(let temperature, .langevin(let damping)): try advanceLangevin(temperature: temperature, damping: damping)
    case .npt(let temperature, let pressure, let barostat, let damping, _):
      try advanceConstantPressure(temperature: temperature, pressure: pressure, barostat: barostat, damping: damping)
    }
    state.step += 1
    state.stageStep += 1
  }

  /// Computes forces for the positions that the running step leads to.
  mutating func evaluateNextStep() throws {
    let next = state.stageStep + 1
    try evaluate(at: next, energies: stage.evaluatesEnergies(at: next))
  }

  /// - Parameter step: The step of the stage that the positions belong to.
  private mutating func evaluate(at step: Int, energies: Bool) throws {
    state.evaluation =
      try splitCalculator.map { try evaluate($0, at: step, energies: energies) }
      ?? calculator.evaluate(positions: state.positions, cell: state.cell, forces: &state.forces, energies: energies)
    state.hasEnergies = energies
    state.longRangeInterval = stage.longRangeInterval
  }

  /// Computes the fast forces, and on multiples of the interval the long-range ones, which then kick as often as they were left out.
  ///
  /// Source: Tuckerman, Berne and Martyna, J. Chem. Phys. 97, 1990 (1992), doi:10.1063/1.463137.
  private mutating func evaluate(_ calculator: SystemCalculator, at step: Int, energies: Bool) throws -> Evaluation {
    var result = try calculator.evaluate(
      .fast, positions: state.positions, cell: state.cell, forces: &state.forces, energies: energies)
    guard step % stage.longRangeInterval == 0 else {
      // The pressure on the cell in between is that of the last long-range forces.
      result.virial += state.longRangeVirial
      return result
    }
    var slow: [Vector3] = []
    let longRange = try calculator.evaluate(
      .slow, positions: state.positions, cell: state.cell, forces: &slow, energies: energies)
    let weight = Double(stage.longRangeInterval)
    for i in slow.indices { state.forces[i] += weight * slow[i] }
    state.longRangeVirial = longRange.virial
    result += longRange
    return result
  }

  /// k T in eV of a ramp, a number of steps (also half ones) after the last step done.
  func thermalEnergy(_ temperature: Ramp, stepsAhead: Double) -> Double {
    PhysicalConstants.boltzmann * temperature.value(at: (Double(state.stageStep) + stepsAhead) / Double(max(1, stage.steps)))
  }
}

extension Ensemble {
  /// The lengths of the chains of the atoms and of the barostat.
  fileprivate var chainLengths: (thermostat: Int, barostat: Int) {
    switch self {
    case .nvt(_, .noseHooverChain(_, let length)): (length, 0)
    case .npt(_, _, let barostat, _, let length): (length, barostat.chainLength)
    default: (0, 0)
    }
  }
}

extension SimulationState {
  /// Puts a chain at rest at the beginning of a stage, and checks its length later.
  fileprivate mutating func prepareChain(_ chain: WritableKeyPath<SimulationState, [Double]>, length: Int, name: String) throws {
    if stageStep == 0, self[keyPath: chain].isEmpty {
      self[keyPath: chain] = [Double](repeating: 0, count: length)
    }
    guard self[keyPath: chain].count == length else {
      throw SimulationError(
        .inconsistentState,
        "the state holds a \(name) chain of \(self[keyPath: chain].count), the stage asks for \(length); "
          + "resume with the stage that wrote the checkpoint, or call endStage before another one")
    }
  }
}
