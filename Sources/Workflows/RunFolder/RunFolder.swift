import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder of a run: what is in it and who may write to it.
///
/// While a `RunFolder` lives, no other process can open the same one for writing.
public final class RunFolder {
  /// Why a folder is opened.
  public enum Purpose: Sendable {
    /// A new run; the folder is created and must hold nothing.
    case newRun
    /// An interrupted run that goes on.
    case resume
    /// A run whose results are read or whose report is written again.
    case report
  }

  /// The absolute path.
  public let path: String
  /// Holds the lock; it goes with the process, however that ends.
  ///
  /// A program that works for the run inherits it, so that the folder stays locked while one that was left behind still writes to it.
  let descriptor: Int32

  /// Opens a folder.
  ///
  /// - Throws: ``WorkflowsError`` with code `.runFolder` where a new run would overwrite something, where there is nothing
  ///   to go on with, and where another process is at work in the folder.
  public init(_ path: String, for purpose: Purpose) throws {
    self.path = Files.absolute(path)
    switch purpose {
    case .newRun: try Self.prepareNew(self.path, asGiven: path)
    case .resume, .report:
      guard Files.exists(Files.path(Self.recipeName, in: self.path)) else {
        throw WorkflowsError(
          .runFolder,
          "\(path) is no run folder (it has no \(Self.recipeName)); "
            + (purpose == .resume ? "leave --resume out to begin the run" : "give the folder that vitrolyte run wrote"))
      }
    }
    descriptor = open(self.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Files.failure("cannot open the folder \(path)") }
    // File systems without locks are written to at one's own risk.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      // The folder is closed by deinit, which runs here too.
      throw WorkflowsError(
        .runFolder, "another process is at work in \(path); wait until it ends, or stop it with kill, and then use --resume")
    }
  }

  deinit { close(descriptor) }

  private static func prepareNew(_ path: String, asGiven given: String) throws {
    if Files.exists(path) {
      guard Files.isFolder(path) else { throw WorkflowsError(.runFolder, "\(given) is a file; give a folder with --out") }
      // What a crash left before the first file was complete is nothing to keep.
      let names = try Files.list(path).filter { !$0.hasSuffix(AtomicFile.partialSuffix) }
      guard names.isEmpty else {
        throw WorkflowsError(
          .runFolder,
          names.contains(recipeName)
            ? "\(given) holds a run already; go on with it with --resume, or give another folder with --out"
            : "\(given) is not empty (\(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? ", …" : "")); give a new folder with --out"
        )
      }
    }
    try Files.createFolder(path)
  }

  /// A path inside the folder.
  public func file(_ name: String) -> String { Files.path(name, in: path) }

  /// Writes a file that is complete or absent; folders on the way are created.
  public func write(_ text: String, to name: String) throws {
    let target = file(name)
    try Files.createFolder(Files.parent(of: target))
    try AtomicFile.write(text, to: target)
  }
}

extension RunFolder {
  public static let recipeName = "recipe.yaml"
  public static let manifestName = "manifest.json"
  public static let thermoName = "thermo.csv"
  public static let checkpointName = "checkpoint"
  public static let resultsName = "results.json"
  public static let reportName = "report.html"
  public static let tablesName = "tables"
  public static let figuresName = "figures"
  /// The input and output of the engine lammps.
  public static let lammpsName = "lammps"
  /// The last configuration, as LAMMPS data.
  public static let finalConfigurationName = "final.data"

  /// Names that no trajectory may take.
  public static let reservedNames: Set<String> = [
    recipeName, manifestName, thermoName, checkpointName, resultsName, reportName, tablesName, figuresName, finalConfigurationName,
    lammpsName,
  ]

  /// The recipe as used, with its defaults and absolute paths.
  public func recipe() throws -> Recipe { try Recipe(contentsOf: file(Self.recipeName)) }

  /// Writes the recipe as used; what a branch begins with is named from where the branch is, so that a series can be moved as a whole.
  public func writeRecipe(_ recipe: Recipe) throws {
    var recipe = recipe
    let series = Files.parent(of: Files.parent(of: path))
    if case .file(let start) = recipe.system.source, start == Files.path(SeriesRun.startName, in: series) {
      recipe.system.source = .file("../../\(SeriesRun.startName)")
    }
    try write(recipe.yaml, to: Self.recipeName)
  }

  public func manifest() throws -> Manifest {
    let path = file(Self.manifestName)
    return try Manifest(JSONValue(parsing: Files.readText(path), file: path), file: path)
  }

  public func writeManifest(_ manifest: Manifest) throws { try write(manifest.json.serialized, to: Self.manifestName) }

  /// The summaries of the analyses, one key each.
  public func results() throws -> JSONValue {
    let path = file(Self.resultsName)
    return try JSONValue(parsing: Files.readText(path), file: path)
  }

  public func writeResults(_ results: JSONValue) throws { try write(results.serialized, to: Self.resultsName) }

  /// Removes what a killed process left of figures; nobody else draws while the folder is locked.
  func removeHalfDrawnFigures() throws {
    let figures = file(Self.figuresName)
    guard Files.isFolder(figures) else { return }
    for name in try Files.list(figures) where name.hasSuffix(".partial") { try Files.remove(Files.path(name, in: figures)) }
  }

  /// The last complete checkpoint, or `nil` where the run ended before the first.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidCheckpoint` where the file is damaged.
  public func checkpoint() throws -> RunCheckpoint? {
    let path = file(Self.checkpointName)
    guard Files.exists(path) else { return nil }
    return try RunCheckpoint(decoding: Files.read(path), file: path)
  }

  /// Replaces the checkpoint; the old one stays until the new one is complete on the disk.
  ///
  /// Every file whose length the checkpoint holds must be on the disk already (``AppendedFile/synchronize()``).
  public func writeCheckpoint(_ checkpoint: RunCheckpoint) throws {
    try AtomicFile.write(checkpoint.encoded(), to: file(Self.checkpointName))
  }

  /// Whether an interrupted run of one recipe may go on with another.
  ///
  /// - Throws: ``WorkflowsError`` with code `.runFolder` that names the keys that differ and change the trajectory.
  public func checkResuming(with recipe: Recipe) throws {
    let differing = recipe.trajectoryDifferences(from: try self.recipe())
    guard differing.isEmpty else {
      throw WorkflowsError(
        .runFolder,
        "the run in \(path) was begun with another \(differing.joined(separator: ", ")) (see \(Self.recipeName) there); "
          + "take the old value back, or begin anew with another --out")
    }
  }
}

extension Recipe {
  /// The stages that run once: all of them, or those before the branches.
  private var commonStages: ArraySlice<Stage> { stages.prefix(vary?.firstStage ?? stages.count) }

  /// The keys whose values differ from those of another recipe and change the trajectory or the files of the stages.
  public func trajectoryDifferences(from other: Recipe) -> [String] {
    var keys: [String] = []
    if seed != other.seed { keys.append("seed") }
    if system != other.system { keys.append("system") }
    if potential != other.potential { keys.append("potential") }
    if engine != other.engine { keys.append("engine") }
    if precision != other.precision { keys.append("precision") }
    if vary?.firstStage != other.vary?.firstStage {
      keys.append("first stage of the branches")
    } else if commonStages != other.commonStages {
      // A series may get more temperatures; each branch compares its own stages.
      keys.append("stages")
    }
    return keys
  }
}
