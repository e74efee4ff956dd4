import Analysis
import Formats
import NumericalMethods
import Structures

/// A recipe that varies something: the common stages once, then every branch, then what all of them give together.
///
/// Every part is an ordinary run in a folder of its own, so that each resumes by itself. A part that is complete is not looked at again.
struct SeriesRun {
  private let recipe: Recipe
  private let folder: RunFolder
  private let quiet: Bool
  private var manifest: Manifest
  /// What the manifests of parts warn of, with the parts that do.
  private var partWarnings: [(text: String, parts: [String])] = []
  /// What the series itself warns of.
  private var ownWarnings: [String] = []

  static let commonName = "common"
  static let branchesName = "branches"
  /// The atoms that all branches begin with.
  static let startName = "start.data"

  init(_ recipe: Recipe, request: RunRequest) throws {
    self.recipe = recipe
    quiet = request.quiet
    // Whatever is wrong with atoms, force field or engine comes out before a folder is made.
    if !request.resume {
      let system = try PreparedSystem(recipe, pool: WorkerPool(threads: recipe.threads))
      _ = try EngineChoice(recipe, system)
    }
    if request.resume { try Self.checkBranches(recipe, in: Files.absolute(request.folder)) }
    // Recipe, lock and manifest of the whole are those of a run without stages of its own.
    let session = try RunSession(recipe, folder: request.folder, resume: request.resume)
    (folder, manifest) = (session.folder, session.manifest)
    // Parts are records again when they are done or found done; those that the recipe has no more are none.
    let parts = Set(recipe.branches.map(\.name) + [Self.commonName])
    manifest.stages.removeAll { !parts.contains($0.name) || ($0.kind != "branch" && $0.kind != "common stages") }
  }

  /// Makes sure that every branch that was begun can go on, before any other does or a file is touched.
  private static func checkBranches(_ recipe: Recipe, in path: String) throws {
    for branch in recipe.branches {
      let own = Files.path(branch.name, in: Files.path(branchesName, in: path))
      let stored = Files.path(RunFolder.recipeName, in: own)
      guard Files.exists(stored) else { continue }
      let part = recipe.recipe(of: branch, start: Files.path(startName, in: path))
      let differing = part.trajectoryDifferences(from: try Recipe(contentsOf: stored))
      guard differing.isEmpty else {
        throw WorkflowsError(
          .runFolder,
          "the branch \(branch.name) in \(path) was begun with another \(differing.joined(separator: ", ")) (see \(stored)); "
            + "take the old value back, or begin anew with another --out")
      }
    }
  }

  mutating func perform() throws -> CommandResult {
    do {
      try makeStart()
      var branches: [BranchResult] = []
      for (index, branch) in recipe.branches.enumerated() {
        branches.append(try run(branch, "branch \(index + 1) of \(recipe.branches.count), \(branch.name)"))
      }
      return try conclude(branches)
    } catch let interruption as Interruption {
      try end(as: .interrupted)
      throw Interruption(signal: interruption.signal, runFolder: folder.path)
    } catch {
      try end(as: .failed)
      throw error
    }
  }

  /// What a branch left.
  struct BranchResult {
    var branch: Branch
    /// Below the folder of the series.
    var folder: String
    var results: JSONValue
  }

  private mutating func end(as status: Manifest.Status) throws {
    manifest.status = status
    try folder.writeManifest(manifest)
  }

  // MARK: Parts

  /// The common stages, and the atoms at their end.
  private mutating func makeStart() throws {
    let start = folder.file(Self.startName)
    var configuration: Configuration
    if let common = recipe.commonRecipe {
      let path = folder.file(Self.commonName)
      try run(common, in: path, "common stages")
      try adopt(path, record: Self.commonName)
      configuration = try FileFormats.readConfiguration(path: Files.path(RunFolder.finalConfigurationName, in: path)).configuration
    } else {
      let system = try PreparedSystem(recipe, pool: WorkerPool(threads: recipe.threads))
      manifest.system = system.notes
      warn(system.warnings)
      configuration = system.configuration
    }
    // Branches draw velocities of their own, or all would begin with the same ones.
    configuration.velocities = []
    if !Files.exists(start) { try FileFormats.write(configuration, to: start) }
  }

  private mutating func run(_ branch: Branch, _ what: String) throws -> BranchResult {
    let name = Files.path(branch.name, in: Self.branchesName)
    let path = folder.file(name)
    try run(recipe.recipe(of: branch, start: folder.file(Self.startName)), in: path, what)
    try adopt(path, record: branch.name)
    let results = Files.path(RunFolder.resultsName, in: path)
    return BranchResult(branch: branch, folder: name, results: try JSONValue(parsing: Files.readText(results), file: results))
  }

  /// Runs a part, goes on with it, or leaves it as it is.
  private func run(_ part: Recipe, in path: String, _ what: String) throws {
    if let signal = StopSignal.pending { throw Interruption(signal: signal, runFolder: folder.path) }
    let isBegun = Files.exists(Files.path(RunFolder.recipeName, in: path))
    if isBegun, try Self.isComplete(path, part) { return }
    if !quiet { StandardError.write("\(what): \(path)\n") }
    try part.checkAnalyses()
    _ = try Run.perform(part, folder: path, resume: isBegun, quiet: quiet)
  }

  /// Whether a part is done, with the same recipe but for what changes no number.
  private static func isComplete(_ path: String, _ recipe: Recipe) throws -> Bool {
    let folder = try RunFolder(path, for: .report)
    guard Files.exists(folder.file(RunFolder.manifestName)), Files.exists(folder.file(RunFolder.resultsName)),
      try folder.manifest().status == .complete
    else { return false }
    var stored = try folder.recipe()
    (stored.threads, stored.checkpointInterval, stored.launch) = (recipe.threads, recipe.checkpointInterval, recipe.launch)
    return stored == recipe
  }

  /// Takes over what the manifest of a part says into that of the series.
  private mutating func adopt(_ path: String, record name: String) throws {
    let part = try RunFolder(path, for: .report).manifest()
    if manifest.system.isEmpty { manifest.system = part.system }
    let steps = part.stages.reduce(0) { $0 + $1.steps }
    let record = Manifest.StageRecord(
      name: name, kind: name == Self.commonName ? "common stages" : "branch", steps: steps,
      wallTime: part.stages.reduce(0) { $0 + $1.wallTime }, isComplete: true)
    manifest.stages.removeAll { $0.name == name }
    manifest.stages.append(record)
    for warning in part.warnings {
      if let place = partWarnings.firstIndex(where: { $0.text == warning }) {
        partWarnings[place].parts.append(name)
      } else {
        partWarnings.append((warning, [name]))
      }
    }
    warn([])
    try folder.writeManifest(manifest)
  }

  /// Warns of more; what several parts warn of is one warning.
  private mutating func warn(_ more: [String]) {
    ownWarnings += more
    manifest.warnings = ownWarnings + partWarnings.map { "\($0.parts.joined(separator: ", ")): \($0.text)" }
  }

  // MARK: The end

  private mutating func conclude(_ branches: [BranchResult]) throws -> CommandResult {
    var shortcomings = branches.flatMap(\.shortcomings)
    var members = [JSONValue.Member("branches", .array(branches.map(\.json)))]
    var text = ""
    var remarks: [String] = []
    if let study = try study() {
      members.insert(.init(ArrheniusStudy.name, study.json), at: 0)
      let index = try study.write(folder: folder.path, tables: RunFolder.tablesName, figures: RunFolder.figuresName)
      remarks = index.remarks
      try folder.write(index.json.serialized, to: ReportIndex.fileName)
      shortcomings += study.shortcomings
      text = study.text
    } else {
      try folder.write(ReportIndex().json.serialized, to: ReportIndex.fileName)
    }
    try folder.writeResults(.object(members))
    try end(as: .complete)
    text += "\nbranches   \(branches.count)\nresults    \(folder.file(RunFolder.resultsName))\n"
    var result: [JSONValue.Member] = [.init("folder", .string(folder.path)), .init("results", .object(members))]
    if recipe.report {
      let path = try SeriesReport(folder).write()
      text += "report     \(path)\n"
      result.append(.init("report", .string(path)))
    }
    return CommandResult(json: .object(result), text: text, shortcomings: shortcomings, warnings: manifest.warnings + remarks)
  }

  /// The straight lines through the results of the branches; `nil` where no analysis gives anything to fit.
  private mutating func study() throws -> ArrheniusStudy? {
    let isFitted = recipe.analyses.contains { request in TransportQuantity.allCases.contains { $0.rawValue == request.name } }
    guard isFitted else {
      warn(["no branch has a diffusion coefficient or a conductivity; add - diffusion: {species: Li} to analyze for the line against 1/T"])
      return nil
    }
    do {
      let found = try TransportReading.readings(ofSeries: recipe, in: folder.path)
      var study = try ArrheniusStudy.fitted(found.readings, name: "", ArrheniusStudy.Options())
      study.remarks = found.remarks + study.remarks
      return study
    } catch let error as any ExplainedError {
      // The branches stand; that too few of them gave a number is said, not the end of all.
      warn(["no line against 1/T: \(error.message)"])
      return nil
    }
  }
}

extension SeriesRun.BranchResult {
  var json: JSONValue {
    .object([
      "name": .string(branch.name), "temperature_K": .number(branch.temperature), "replica": .integer(branch.replica),
      "seed": .string(String(branch.seed)), "folder": .string(folder), "results": results,
    ])
  }

  /// The analyses that do not stand by their numbers.
  var shortcomings: [String] {
    guard case .object(let members) = results else { return [] }
    return members.filter { $0.value["meets_quality_test"] == .bool(false) }.map {
      "\(branch.name): \($0.key) does not meet its own quality test; see the report of the branch"
    }
  }
}
