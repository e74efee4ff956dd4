import NumericalMethods
import Structures

/// What follows the stages of a run: its analyses, its report, and the word that the command says.
struct RunConclusion {
  var session: RunSession
  let system: PreparedSystem
  let final: Configuration
  let pool: WorkerPool
  let progress: ProgressReporter

  mutating func conclude() throws -> CommandResult {
    let folder = session.folder
    let analyses = try RunAnalyses(folder: folder, recipe: session.recipe, species: system.configuration.species, pool: pool).perform {
      progress.note($0)
    }
    try folder.writeResults(analyses.results)
    session.manifest.status = .complete
    try folder.writeManifest(session.manifest)
    var text = """
      atoms      \(final.count) (\(final.formula))
      density    \(NumberText.significant(final.density, 6)) g/cm3
      results    \(folder.file(RunFolder.resultsName))

      """
    var members: [JSONValue.Member] = [
      .init("folder", .string(folder.path)), .init("atoms", .integer(final.count)), .init("density_g_cm3", .number(final.density)),
      .init("results", analyses.results),
    ]
    if session.recipe.report {
      let path = try RunReport(folder).write()
      text += "report     \(path)\n"
      members.append(.init("report", .string(path)))
    }
    return CommandResult(
      json: .object(members), text: text, shortcomings: analyses.shortcomings, warnings: session.manifest.warnings)
  }
}
