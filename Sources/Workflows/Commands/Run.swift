import Formats
import NumericalMethods
import Structures

/// The command `run`: all stages of a recipe, then its analyses and report.
public enum Run {
  /// Runs a recipe, or goes on with it.
  ///
  /// - Throws: ``Interruption`` after SIGINT or SIGTERM, with a checkpoint in the run folder.
  public static func perform(_ request: RunRequest) throws -> CommandResult {
    let recipe = try request.recipe()
    try recipe.checkAnalyses()
    StopSignal.install()
    if recipe.vary != nil {
      var series = try SeriesRun(recipe, request: request)
      return try series.perform()
    }
    return try perform(recipe, folder: request.folder, resume: request.resume, quiet: request.quiet)
  }

  /// Runs one recipe without branches in a folder.
  static func perform(_ recipe: Recipe, folder: String, resume: Bool, quiet: Bool) throws -> CommandResult {
    let pool = WorkerPool(threads: recipe.threads)
    // Whatever is wrong with atoms or force field comes out before a folder is made.
    let system = try PreparedSystem(recipe, pool: pool)
    let engine = try EngineChoice(recipe, system)
    var session = try RunSession(recipe, folder: folder, resume: resume)
    session.manifest.system = system.notes
    for warning in system.warnings { session.manifest.warn(warning) }
    let progress = ProgressReporter(
      stageSteps: recipe.stages.map(\.steps), style: ProgressReporter.preferredStyle(quiet: quiet))
    let final: Configuration
    (session.manifest, final) = try engine.run(session, system: system, pool: pool, progress: progress)
    progress.finish()
    try FileFormats.write(final, to: session.folder.file(RunFolder.finalConfigurationName))
    var conclusion = RunConclusion(session: session, system: system, final: final, pool: pool, progress: progress)
    return try conclusion.conclude()
  }

  /// Checks a recipe and everything that it names, and tells what the run would take.
  public static func dryRun(_ request: RunRequest) throws -> CommandResult {
    let recipe = try request.recipe()
    try recipe.checkAnalyses()
    let pool = WorkerPool(threads: recipe.threads)
    let system = try PreparedSystem(recipe, pool: pool)
    if recipe.vary != nil { return try SeriesEstimate(recipe, system: system, pool: pool).result }
    let estimate = try estimate(recipe, system: system, pool: pool)
    return CommandResult(json: estimate.json, text: estimate.text, warnings: system.warnings)
  }

  /// What a run takes, with its speed measured where the engine is our own.
  static func estimate(_ recipe: Recipe, system: PreparedSystem, pool: WorkerPool) throws -> RunEstimate {
    // How fast another program is, it would have to say itself.
    guard case .native = try EngineChoice(recipe, system) else {
      return RunEstimate(recipe, atoms: system.configuration.count, interactions: system.interactions)
    }
    let calculator = try system.calculator(precision: recipe.precision, pool: pool)
    return try RunEstimate(recipe, atoms: system.configuration.count, interactions: system.interactions) {
      var forces: [Vector3] = []
      func evaluate() throws {
        _ = try calculator.evaluate(
          positions: system.configuration.unwrappedPositions, cell: system.configuration.cell, forces: &forces, energies: false)
      }
      try evaluate()
      let start = Clock.seconds()
      var steps = 0
      while Clock.seconds() - start < 0.5 || steps < 3 {
        try evaluate()
        steps += 1
      }
      // Lists are built anew every few dozen steps and the motion itself is not free: a quarter more.
      return (Clock.seconds() - start) / Double(steps) * 1.25
    }
  }
}
