import NumericalMethods

/// What a person asks of `run`.
public struct RunRequest: Sendable {
  public var recipePath: String
  /// `nil` takes `runs/` and the name of the recipe's file.
  public var out: String?
  public var engine: Recipe.Engine?
  /// How another engine is started, where the recipe does not have the last word.
  public var launch: EngineLaunch
  public var threads: Int?
  public var seed: UInt64?
  public var resume: Bool
  public var quiet: Bool

  public init(
    recipePath: String, out: String? = nil, engine: Recipe.Engine? = nil, launch: EngineLaunch = EngineLaunch(), threads: Int? = nil,
    seed: UInt64? = nil, resume: Bool = false, quiet: Bool = false
  ) {
    self.recipePath = recipePath
    self.out = out
    self.engine = engine
    self.launch = launch
    self.threads = threads
    self.seed = seed
    self.resume = resume
    self.quiet = quiet
  }

  /// The recipe with what the command line says instead.
  public func recipe() throws -> Recipe {
    var recipe = try Recipe(contentsOf: recipePath)
    if let engine { recipe.engine = engine }
    if launch != EngineLaunch(), recipe.engine == .native {
      throw WorkflowsError(
        .invalidOption, "--engine-command and --processes are for engines that are other programs; add --engine lammps, or leave them out")
    }
    if let command = launch.command { recipe.launch.command = command }
    if let processes = launch.processes { recipe.launch.processes = processes }
    if recipe.engine == .native { recipe.launch = EngineLaunch() }
    if let threads { recipe.threads = threads }
    if let seed { recipe.seed = seed }
    return recipe
  }

  /// The run folder.
  public var folder: String {
    if let out { return out }
    let name = Files.name(of: recipePath)
    let stem = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name.hasSuffix(".yml") ? String(name.dropLast(4)) : name + ".run"
    return "runs/" + stem
  }
}

/// A run whose folder is open and locked, and where it takes up.
public struct RunSession {
  public let recipe: Recipe
  public let folder: RunFolder
  /// Where to go on, or `nil` at the beginning.
  public let checkpoint: RunCheckpoint?
  public var manifest: Manifest

  /// Opens the folder, checks that a resumed run is the same one, and writes recipe and manifest.
  ///
  /// - Parameter inputs: The paths of the files that the run reads beside the recipe; their hashes go into the manifest,
  ///   and a resumed run refuses files that have changed.
  /// - Throws: ``WorkflowsError`` with code `.runFolder`, `.invalidCheckpoint` or `.file`.
  public init(_ request: RunRequest, inputs: [String] = []) throws {
    try self.init(request.recipe(), folder: request.folder, resume: request.resume, inputs: inputs)
  }

  /// The same for a recipe that is not in a file.
  init(_ recipe: Recipe, folder path: String, resume: Bool, inputs: [String] = []) throws {
    self.recipe = recipe
    let read = try (inputs + Self.inputs(of: recipe)).map { try Manifest.Input(reading: $0) }
    folder = try RunFolder(path, for: resume ? .resume : .newRun)
    if resume {
      try folder.checkResuming(with: recipe)
      try folder.removeHalfDrawnFigures()
      checkpoint = try folder.checkpoint()
    } else {
      checkpoint = nil
    }
    if resume, Files.exists(folder.file(RunFolder.manifestName)) {
      manifest = try folder.manifest()
      for input in read {
        guard let old = manifest.inputs.first(where: { $0.path == input.path }), old.sha256 != input.sha256 else { continue }
        throw WorkflowsError(
          .runFolder, "\(input.path) has changed since the run in \(folder.path) was begun; bring the old file back, or begin anew")
      }
    } else {
      manifest = Manifest(recipe: recipe, inputs: read)
    }
    manifest.status = .running
    manifest.sessions.append(
      .init(
        started: Clock.timestamp(), threads: recipe.threads > 0 ? recipe.threads : WorkerPool.availableCores,
        machine: .current(), fromStep: checkpoint?.step ?? 0))
    try folder.writeRecipe(recipe)
    try folder.writeManifest(manifest)
  }

  /// The files that a recipe names.
  public static func inputs(of recipe: Recipe) -> [String] {
    var paths: [String] = []
    if case .file(let path) = recipe.system.source { paths.append(path) }
    if recipe.potential.isPath { paths.append(recipe.potential.name) }
    return paths
  }
}
