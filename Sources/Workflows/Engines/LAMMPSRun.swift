import Formats
import NumericalMethods
import Simulation
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the stages of a recipe on LAMMPS, and brings what it writes into the run folder.
///
/// LAMMPS works in the folder `lammps` and goes through all stages in one process; its log is read while it grows. A stage counts as done when
/// LAMMPS has written the atoms at its end: its trajectory is then taken over, and a resumed run begins with the next one.
struct LAMMPSRun {
  private let recipe: Recipe
  private let system: PreparedSystem
  private let folder: RunFolder
  private let input: LAMMPSInput
  private let launch: LAMMPSLaunch
  private let outputs: RunOutputs
  private let progress: ProgressReporter
  private(set) var manifest: Manifest
  /// The first stage that is not done.
  private var stageIndex: Int
  private var stageStarted = Clock.seconds()
  private var lastMinimizationRow: (energy: Double, largestForce: Double)?
  private var dangerousBuilds = 0

  init(_ session: RunSession, system: PreparedSystem, input: LAMMPSInput, launch: LAMMPSLaunch, progress: ProgressReporter) throws {
    recipe = session.recipe
    folder = session.folder
    manifest = session.manifest
    self.system = system
    self.input = input
    self.launch = launch
    self.progress = progress
    outputs = try RunOutputs(folder, terms: input.terms, continuing: session.checkpoint)
    stageIndex = session.checkpoint?.stage ?? 0
    manifest.noteEngine("command", launch.arguments.joined(separator: " "))
  }

  /// A file in LAMMPS's folder.
  private func file(_ name: String) -> String { folder.file(Files.path(name, in: RunFolder.lammpsName)) }

  /// The log of a session that begins with a stage.
  private func logName(fromStage stage: Int) -> String { "log.stage-\(stage + 1).lammps" }

  /// Runs all stages that are left.
  ///
  /// - Throws: ``Interruption`` after a signal, with LAMMPS stopped and the stages that are done kept; ``WorkflowsError`` with code `.engine`
  ///   where LAMMPS fails.
  mutating func run() throws {
    guard stageIndex < recipe.stages.count else { return }
    do {
      try writeInput()
      try runProgram()
    } catch let interruption as Interruption {
      throw interruption
    } catch {
      manifest.status = .failed
      try folder.writeManifest(manifest)
      throw error
    }
  }

  /// The configuration after the stages that are done.
  func configuration() throws -> Configuration { try configuration(afterStage: stageIndex - 1) }

  private func writeInput() throws {
    try Files.createFolder(file(""))
    for part in input.files { try folder.write(part.text, to: Files.path(part.name, in: RunFolder.lammpsName)) }
    if stageIndex == 0 { try FileFormats.write(input.start, to: file(LAMMPSInput.startName)) }
  }

  // MARK: The program

  private mutating func runProgram() throws {
    let log = logName(fromStage: stageIndex)
    // The log of a session that began with the same stage is not that of this one.
    try Files.remove(file(log))
    let arguments = launch.arguments + input.arguments(fromStage: stageIndex, log: log)
    progress.note("running \(arguments.joined(separator: " ")) in \(file(""))")
    let program = try ChildProcess(
      arguments, in: file(""), output: file(Self.outputName), environment: launch.environment, holding: folder.descriptor)
    var growing = GrowingFile(path: file(log))
    var reader = LAMMPSLog(termCount: input.terms.count)
    stageStarted = Clock.seconds()
    while true {
      // Asked first, so that what a program that has just ended wrote last is read.
      let hasEnded = program.hasEnded()
      for event in reader.read(try growing.read()) { try handle(event) }
      if hasEnded { break }
      if let signal = StopSignal.pending {
        program.stop()
        try interrupt(signal)
      }
      usleep(50_000)
    }
    if let signal = StopSignal.pending { try interrupt(signal) }
    guard program.status == 0, stageIndex == recipe.stages.count else {
      throw failure(status: program.status ?? 0, log: log)
    }
    if dangerousBuilds > 0 {
      manifest.warn("LAMMPS built \(dangerousBuilds) lists of neighbours too late; see \(file(log)), and take a shorter time step")
    }
  }

  private static let outputName = "output.txt"

  private mutating func interrupt(_ signal: Int32) throws {
    manifest.status = .interrupted
    try folder.writeManifest(manifest)
    progress.finish()
    throw Interruption(signal: signal, runFolder: folder.path)
  }

  /// What LAMMPS said last.
  private func failure(status: Int32, log: String) -> WorkflowsError {
    func lines(_ name: String) -> [Substring] {
      (try? Files.read(file(name))).map { String(decoding: $0, as: UTF8.self).split(separator: "\n") } ?? []
    }
    // Errors of LAMMPS stand in both files, those of mpirun and of a crash in the output alone.
    let isInLog = lines(log).contains { $0.hasPrefix("ERROR") }
    let last = lines(isInLog ? log : Self.outputName).suffix(10).map { "  \($0)" }.joined(separator: "\n")
    let stage = recipe.stages.indices.contains(stageIndex) ? " in stage \(recipe.stages[stageIndex].name)" : ""
    return WorkflowsError(
      .engine,
      "LAMMPS failed\(stage) (exit status \(status)). Its last lines:\n\(last)\nThe log is \(file(log)), what else was said "
        + "\(file(Self.outputName)). Stages that are done are kept: mend the cause and go on with --resume",
      isInputError: false)
  }

  // MARK: What it says

  private mutating func handle(_ event: LAMMPSLog.Event) throws {
    switch event {
    case .version(let version): manifest.noteEngine("version", version)
    case .stageBegan: stageStarted = Clock.seconds()
    case .row(let row): try record(row)
    case .minimizationRow(let step, let energy, let force):
      guard let stage = currentStage else { return }
      lastMinimizationRow = (energy, force)
      progress.update(
        ProgressState(stage: stageIndex, stageName: stage.name, stageStep: step, stageSteps: stage.steps, largestForce: force))
      manifest.stages[stageIndex].steps = step
    case .stageEnded(let index):
      guard index == stageIndex, let stage = currentStage else { return }
      try finish(stage)
    case .dangerousBuilds(let count): dangerousBuilds += count
    }
  }

  private var currentStage: Stage? { recipe.stages.indices.contains(stageIndex) ? recipe.stages[stageIndex] : nil }

  /// Steps and time in ps of dynamics before the stage.
  private var stageStart: (step: Int, time: Double) {
    recipe.stages[..<stageIndex].reduce((0, 0)) { sum, stage in
      if case .dynamics(let dynamics) = stage.action { (sum.0 + dynamics.steps, sum.1 + dynamics.duration) } else { sum }
    }
  }

  private mutating func record(_ row: LAMMPSLog.Row) throws {
    guard let stage = currentStage, case .dynamics(let dynamics) = stage.action else { return }
    let cell = try Cell(vectors: row.vectors, origin: .zero, periodic: system.configuration.cell.periodic)
    let atoms = system.configuration.count
    // From the kinetic energy, with the constant of the native engine.
    let degrees = Double(max(1, DynamicsStage(dynamics).degreesOfFreedom(atoms: atoms)))
    let temperature = 2 * row.kineticEnergy / (degrees * PhysicalConstants.boltzmann)
    try outputs.record(
      ThermoRow(
        step: stageStart.step + row.step, time: stageStart.time + Double(row.step) * dynamics.timestep, stage: stage.name,
        temperature: temperature, potentialEnergy: row.potentialEnergy, kineticEnergy: row.kineticEnergy,
        conservedEnergy: row.conservedEnergy, pressure: row.pressure, cell: cell,
        density: system.configuration.mass / cell.volume * PhysicalConstants.gramPerCubicCentimetrePerAmuPerCubicAngstrom,
        terms: row.terms))
    manifest.stages[stageIndex].steps = row.step
    progress.update(
      ProgressState(
        stage: stageIndex, stageName: stage.name, stageStep: row.step, stageSteps: dynamics.steps, temperature: temperature,
        timestep: dynamics.timestep))
  }

  // MARK: The end of a stage

  private mutating func finish(_ stage: Stage) throws {
    switch stage.action {
    case .minimize(let minimization):
      let last = lastMinimizationRow ?? (.nan, .infinity)
      let isConverged = last.largestForce <= minimization.maximumForce
      manifest.stages[stageIndex].notes = [
        .init("energy_eV", .number(last.energy)), .init("max_force_eV_per_A", .number(last.largestForce)),
        .init("converged", .bool(isConverged)),
      ]
      if !isConverged {
        manifest.warn(
          "stage \(stage.name): not converged after \(manifest.stages[stageIndex].steps) steps: largest force "
            + "\(NumberText.significant(last.largestForce, 5)) eV/Å")
      }
    case .dynamics(let dynamics):
      if let output = dynamics.trajectory { try takeOverFrames(to: output, timestep: dynamics.timestep) }
      if stageIndex == recipe.hottestStage { try checkMelt(stage.name) }
    }
    manifest.stages[stageIndex].isComplete = true
    manifest.stages[stageIndex].wallTime += Clock.seconds() - stageStarted
    stageIndex += 1
    try folder.writeCheckpoint(
      RunCheckpoint(stage: stageIndex, stageStep: 0, step: stageStart.step, fileLengths: try outputs.synchronize()))
    try folder.writeManifest(manifest)
    // The frames are in the trajectory now, and the checkpoint knows it.
    try Files.remove(file(input.framesName(ofStage: stageIndex - 1)))
  }

  /// Writes LAMMPS's frames in the format of the recipe.
  private func takeOverFrames(to output: Dynamics.TrajectoryOutput, timestep: Double) throws {
    let frames = try FileFormats.openFrames(
      path: file(input.framesName(ofStage: stageIndex)), format: "lammps-dump", species: system.configuration.species)
    while var frame = try frames.next() {
      let step = frame.step ?? 0
      frame.configuration = try adopted(frame.configuration)
      frame.configuration.velocities = []
      frame.configuration.charges = []
      frame.step = stageStart.step + step
      frame.time = stageStart.time + Double(step) * timestep
      try outputs.append(frame, to: output)
    }
  }

  private mutating func checkMelt(_ name: String) throws {
    let (start, end) = (try configuration(afterStage: stageIndex - 1), try configuration(afterStage: stageIndex))
    let check = try MeltCheck(
      system.configuration, start: (start.unwrappedPositions, start.cell), end: (end.unwrappedPositions, end.cell))
    manifest.stages[stageIndex].notes.append(.init("melt_check", .string(check.summary)))
    if check.verdict != .forgotten { manifest.warn("stage \(name): \(check.summary)") }
  }

  private func configuration(afterStage stage: Int) throws -> Configuration {
    let path = file(input.endName(ofStage: stage))
    return try adopted(
      FileFormats.readConfiguration(path: path, format: "lammps-data", species: system.configuration.species).configuration)
  }

  /// The atoms of the run at the places where LAMMPS has them.
  private func adopted(_ read: Configuration) throws -> Configuration {
    guard read.count == system.configuration.count, read.types == system.configuration.types else {
      throw WorkflowsError(
        .engine, "LAMMPS wrote \(read.count) atoms that are not the \(system.configuration.count) of the run; see \(file(""))",
        isInputError: false)
    }
    var result = system.configuration
    result.cell = read.cell
    result.positions = read.unwrappedPositions
    result.velocities = read.velocities
    result.images = []
    result.wrap()
    return result
  }
}
