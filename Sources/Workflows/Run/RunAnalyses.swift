import Analysis
import Formats
import NumericalMethods
import Structures

/// The analyses of a recipe, over the last trajectory that its stages wrote.
struct RunAnalyses {
  let folder: RunFolder
  let recipe: Recipe
  let species: [Species]
  let pool: WorkerPool

  struct Outcome {
    var results: JSONValue
    var shortcomings: [String] = []
  }

  /// Runs all of them in as few passes over the file as they need.
  ///
  /// - Parameter note: Gets a word on what is going on.
  func perform(note: (String) -> Void) throws -> Outcome {
    guard !recipe.analyses.isEmpty, let file = recipe.analyzedTrajectory else {
      return Outcome(results: .object([JSONValue.Member]()))
    }
    let jobs = try recipe.analyses.map { try $0.completed(by: recipe).job() }
    note("analysing \(file): \(recipe.analyses.map(\.name).joined(separator: ", "))")
    let path = folder.file(file)
    let species = species
    let runner = AnalysisRunner(jobs, pool: pool, reader: { try FileFormats.readFrame(path: $0, species: species).frame })
    let outcome = try runner.run {
      try FileFormats.openFrames(path: path, species: species).readAhead(threads: pool.threads)
    }
    var output = AnalysisOutput(folder: folder.path, tablesFolder: RunFolder.tablesName, figuresFolder: RunFolder.figuresName)
    for result in outcome.results { try output.write(result) }
    try folder.write(output.index.json.serialized, to: ReportIndex.fileName)
    return Outcome(results: .object(output.results), shortcomings: output.shortcomings)
  }
}

extension AnalysisRequest {
  /// The request with what the recipe knows and the file does not tell: the time between frames (LAMMPS's dumps only count steps), and the
  /// temperature where it is constant.
  fileprivate func completed(by recipe: Recipe) throws -> AnalysisRequest {
    let keys = Set(try AnalysisCatalogue.named(name, at: location.value).parameters.map(\.name)).subtracting(settings.map(\.key))
    var request = self
    if keys.contains("dt"), let interval = recipe.analyzedFrameInterval {
      request.settings.append(Setting("dt", "\(NumberText.exact(interval)) ps"))
    }
    if keys.contains("temperature"), let temperature = recipe.analyzedTemperature {
      request.settings.append(Setting("temperature", "\(NumberText.exact(temperature)) K"))
    }
    return request
  }

  /// The analysis with its settings, checked.
  func job() throws -> AnalysisJob {
    do {
      return try Analyses.job(name, settings: Dictionary(settings.map { ($0.key, $0.text) }) { _, last in last })
    } catch let error as AnalysisError {
      throw WorkflowsError(.invalidRecipe, error.message, at: location.value, cause: error.cause)
    }
  }
}

extension Recipe {
  /// The trajectory that the analyses read: the last one written.
  var analyzedTrajectory: String? { lastOutput?.trajectory?.file }

  /// The time between its frames in ps.
  var analyzedFrameInterval: Double? {
    lastOutput.flatMap { stage in stage.trajectory.map { Double($0.interval) * stage.timestep } }
  }

  /// The temperature in K at which the trajectory is written, or `nil` where it changes or is not held.
  var analyzedTemperature: Double? {
    lastOutput?.temperature.flatMap { $0.start == $0.end && lastOutput?.ensemble != .nve ? $0.start : nil }
  }

  private var lastOutput: Dynamics? {
    for stage in stages.reversed() {
      if case .dynamics(let dynamics) = stage.action, dynamics.trajectory != nil { return dynamics }
    }
    return nil
  }

  /// Makes sure, before anything is run, that every analysis can be made.
  func checkAnalyses() throws {
    try AnalysisCatalogue.check(analyses)
    for request in analyses { _ = try request.completed(by: self).job() }
    if let first = analyses.first, analyzedTrajectory == nil {
      throw WorkflowsError(
        .invalidRecipe,
        "the analyses have nothing to read: no stage writes a trajectory; add one to a stage, as in trajectory: {every: 50 fs}",
        at: first.location.value)
    }
  }
}
