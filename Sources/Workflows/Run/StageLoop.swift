import Interactions
import NumericalMethods
import Simulation
import Structures

/// Runs the stages of a recipe one after the other, with their output and checkpoints.
struct StageLoop {
  private let recipe: Recipe
  private let system: PreparedSystem
  private let folder: RunFolder
  private let outputs: RunOutputs
  private let pool: WorkerPool
  private let calculator: any ForceCalculator
  private let masses: [Double]
  private let progress: ProgressReporter
  private(set) var manifest: Manifest
  private(set) var state: SimulationState
  private var stageIndex: Int
  /// Where the melt check measures from: the state at the beginning of the hottest stage.
  private var meltStart: SimulationState?
  private var lastCheckpoint = Clock.seconds()
  private var stageStarted = Clock.seconds()

  init(_ session: RunSession, system: PreparedSystem, pool: WorkerPool, progress: ProgressReporter) throws {
    recipe = session.recipe
    folder = session.folder
    manifest = session.manifest
    self.system = system
    self.pool = pool
    self.progress = progress
    calculator = try system.dynamicsCalculator(precision: recipe.precision, pool: pool)
    masses = system.particles.masses
    outputs = try RunOutputs(
      folder, terms: system.interactions.energyTerms, hasMovingShells: system.interactions.movingShells != nil,
      continuing: session.checkpoint)
    stageIndex = 0
    state = SimulationState(system.configuration, seed: recipe.seed)
    if let shells = system.interactions.movingShells, session.checkpoint == nil {
      // Atoms just packed may be too close for shells; they then begin on their cores, to be minimised with the rest.
      let displacements = try? system.interactions.relaxedShells(for: system.configuration, pool: pool)
      state = state.addingShells(
        shells, displacements: displacements ?? [Vector3](repeating: .zero, count: shells.atoms.count))
    }
    if let checkpoint = session.checkpoint {
      stageIndex = checkpoint.stage
      let saved = try Checkpoint(decoding: checkpoint.states[StateName.simulation] ?? [])
      state = saved.state
      saved.restore(calculator)
      meltStart = try checkpoint.states[StateName.meltStart].map { try SimulationState(decoding: $0) }
    }
  }

  private enum StateName {
    static let simulation = "simulation"
    static let meltStart = "melt-start"
  }

  /// The configuration after the stages done so far.
  func configuration() throws -> Configuration { try configuration(of: state) }

  /// The atoms of a state, without shells.
  private func configuration(of state: SimulationState) throws -> Configuration {
    let atoms = system.interactions.movingShells.map { state.removingShells($0, masses: masses) } ?? state
    return try atoms.configuration(like: system.configuration)
  }

  /// Runs all stages that are left.
  ///
  /// - Throws: ``Interruption`` after a signal, with everything saved; what the engine throws, with the manifest marked as failed.
  mutating func run() throws {
    while stageIndex < recipe.stages.count {
      let stage = recipe.stages[stageIndex]
      stageStarted = Clock.seconds()
      do {
        switch stage.action {
        case .minimize(let minimization): try minimize(minimization, name: stage.name)
        case .dynamics(let dynamics): try run(dynamics, name: stage.name)
        }
      } catch let interruption as Interruption {
        throw interruption
      } catch {
        manifest.status = .failed
        try folder.writeManifest(manifest)
        throw error
      }
      manifest.stages[stageIndex].isComplete = true
      stageIndex += 1
      try saveCheckpoint()
    }
  }

  // MARK: Stages

  private mutating func minimize(_ minimization: Minimization, name: String) throws {
    let minimizer = Minimizer(maximumForce: minimization.maximumForce, maximumSteps: minimization.maximumSteps)
    let result = try minimizer.minimize(&state, calculator: calculator, pool: pool) { step, force in
      if step % 10 == 0 {
        progress.update(
          ProgressState(
            stage: stageIndex, stageName: name, stageStep: step, stageSteps: minimization.maximumSteps, largestForce: force))
      }
      return StopSignal.pending == nil
    }
    if result.wasStopped { try interrupt() }
    manifest.stages[stageIndex].steps = result.steps
    manifest.stages[stageIndex].notes = [
      .init("energy_eV", .number(result.energy)), .init("max_force_eV_per_A", .number(result.maximumForce)),
      .init("converged", .bool(result.isConverged)),
    ]
    if !result.isConverged { manifest.warn("stage \(name): \(result.summary)") }
    // Forces of the minimiser's last step are those of the state, but its energies belong to no dynamics yet.
    state.evaluation = nil
    state.endStage(timestep: nil)
  }

  private mutating func run(_ dynamics: Dynamics, name: String) throws {
    if state.stageStep == 0 {
      if state.velocities.allSatisfy({ $0 == .zero }), let temperature = dynamics.temperature?.start {
        if let shells = system.interactions.movingShells {
          try state.assignVelocities(temperature: temperature, masses: masses, shells: shells)
        } else {
          try state.assignVelocities(temperature: temperature, masses: masses)
        }
      }
      if stageIndex == recipe.hottestStage { meltStart = state }
    }
    var engine = try MolecularDynamics(
      state: state, masses: masses, shells: system.interactions.movingShells, stage: DynamicsStage(dynamics), calculator: calculator,
      pool: pool)
    if engine.state.stageStep == 0 {
      try engine.prepare()
      try record(engine, dynamics, name)
    }
    while !engine.isFinished {
      try engine.advance(steps: dynamics.steps) { engine in
        try record(engine, dynamics, name)
        return StopSignal.pending == nil && !isCheckpointDue(engine)
      }
      state = engine.state
      if StopSignal.pending != nil { try interrupt(engine) }
      if !engine.isFinished { try saveCheckpoint(engine) }
    }
    manifest.stages[stageIndex].steps = state.stageStep
    noteShells(engine.thermodynamics(), name: name)
    if stageIndex == recipe.hottestStage, let start = meltStart { try checkMelt(from: start, name: name) }
    state.endStage(timestep: dynamics.timestep)
  }

  /// Writes what is due after a step.
  private func record(_ engine: MolecularDynamics, _ dynamics: Dynamics, _ name: String) throws {
    let step = engine.state.stageStep
    let isLast = step == dynamics.steps
    if step % dynamics.thermoInterval == 0 || isLast {
      let now = engine.thermodynamics()
      try outputs.record(now, stage: name, cell: engine.state.cell)
      try ShellTemperatureGuard.check(now, timestep: dynamics.timestep)
      progress.update(
        ProgressState(
          stage: stageIndex, stageName: name, stageStep: step, stageSteps: dynamics.steps, temperature: now.temperature,
          timestep: dynamics.timestep))
    }
    if let output = dynamics.trajectory, step % output.interval == 0 {
      var frame = Frame(try configuration(of: engine.state))
      frame.step = engine.state.step
      frame.time = engine.time
      // What does not change from frame to frame, or belongs to the checkpoint, only makes the file larger.
      frame.configuration.velocities = []
      frame.configuration.charges = []
      try outputs.append(frame, to: output)
    }
  }

  /// Says how cold the shells were at the end of a stage.
  private mutating func noteShells(_ now: Thermodynamics, name: String) {
    guard let temperature = now.shellTemperature else { return }
    manifest.stages[stageIndex].notes.append(.init("core_shell_temperature_K", .number(temperature)))
    if let warning = ShellTemperatureGuard.warning(now) { manifest.warn("stage \(name): \(warning)") }
  }

  private mutating func checkMelt(from start: SimulationState, name: String) throws {
    let check = try MeltCheck(
      system.configuration, start: (Array(start.positions.prefix(system.configuration.count)), start.cell),
      end: (Array(state.positions.prefix(system.configuration.count)), state.cell))
    manifest.stages[stageIndex].notes.append(.init("melt_check", .string(check.summary)))
    if check.verdict != .forgotten { manifest.warn("stage \(name): \(check.summary)") }
    meltStart = nil
  }

  // MARK: Checkpoints

  /// Looking at the clock costs next to nothing beside a step, but a small system does many.
  private func isCheckpointDue(_ engine: MolecularDynamics) -> Bool {
    engine.state.step % 16 == 0 && Clock.seconds() - lastCheckpoint >= recipe.checkpointInterval
  }

  private mutating func interrupt(_ engine: MolecularDynamics? = nil) throws {
    guard let signal = StopSignal.pending else { return }
    manifest.status = .interrupted
    // A minimisation begins anew on resuming: the checkpoint before it stands.
    if let engine { try saveCheckpoint(engine) } else { try folder.writeManifest(manifest) }
    progress.finish()
    throw Interruption(signal: signal, runFolder: folder.path)
  }

  private mutating func saveCheckpoint(_ engine: MolecularDynamics? = nil) throws {
    let now = Clock.seconds()
    let saved = engine?.checkpoint() ?? Checkpoint(state: state, calculator: calculator)
    var states = [StateName.simulation: saved.encoded()]
    if let meltStart { states[StateName.meltStart] = meltStart.encoded() }
    let lengths = try outputs.synchronize()
    try folder.writeCheckpoint(
      RunCheckpoint(
        stage: stageIndex, stageStep: saved.state.stageStep, step: saved.state.step, fileLengths: lengths, states: states))
    let running = min(stageIndex, recipe.stages.count - 1)
    if engine != nil { manifest.stages[running].steps = saved.state.stageStep }
    manifest.stages[engine == nil ? max(0, stageIndex - 1) : running].wallTime += now - max(lastCheckpoint, stageStarted)
    try folder.writeManifest(manifest)
    lastCheckpoint = now
  }
}

extension Recipe {
  /// The stage at the highest temperature that a melt is held at, or the hottest of all where none is held; `nil` where nothing is melted: below
  /// 1000 K, and where atoms of a file are never cooled, such as those of a glass that is studied hot.
  var hottestStage: Int? {
    let hot = stages.indices.compactMap { index -> (index: Int, temperature: Double, isHeld: Bool)? in
      guard case .dynamics(let dynamics) = stages[index].action, let ramp = dynamics.temperature else { return nil }
      return (index, max(ramp.start, ramp.end), ramp.isConstant)
    }
    // Below 1000 K nothing is meant to melt.
    let hottest = hot.filter { $0.temperature >= 1000 }.max {
      ($0.temperature, $0.isHeld ? 1 : 0, $1.index) < ($1.temperature, $1.isHeld ? 1 : 0, $0.index)
    }
    guard let hottest, case .file = system.source else { return hottest?.index }
    let isCooled = stages.indices.dropFirst(hottest.index).contains { index in
      guard case .dynamics(let dynamics) = stages[index].action, let ramp = dynamics.temperature else { return false }
      return ramp.end < hottest.temperature
    }
    return isCooled ? hottest.index : nil
  }
}
