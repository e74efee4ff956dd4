import NumericalMethods
import Simulation
import Structures

/// The engine of a run, made ready before anything is written: what it cannot do, or lacks, comes out here.
enum EngineChoice {
  case native
  case lammps(LAMMPSInput, LAMMPSLaunch)

  init(_ recipe: Recipe, _ system: PreparedSystem) throws {
    switch recipe.engine {
    case .native: self = .native
    case .lammps:
      self = .lammps(try LAMMPSInput(recipe, system), try LAMMPSLaunch(recipe.launch, threads: recipe.threads))
    }
  }

  /// Runs all stages that are left.
  ///
  /// - Returns: The manifest, and the atoms at the end.
  func run(
    _ session: RunSession, system: PreparedSystem, pool: WorkerPool, progress: ProgressReporter
  ) throws -> (Manifest, Configuration) {
    switch self {
    case .native:
      var loop = try StageLoop(session, system: system, pool: pool, progress: progress)
      try loop.run()
      return (loop.manifest, try loop.configuration())
    case .lammps(let input, let launch):
      var loop = try LAMMPSRun(session, system: system, input: input, launch: launch, progress: progress)
      try loop.run()
      return (loop.manifest, try loop.configuration())
    }
  }
}
