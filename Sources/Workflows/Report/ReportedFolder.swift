import Formats
import Reporting
import Structures

/// What the report of a run and that of a series take from their folder.
struct ReportedFolder {
  let folder: RunFolder
  let recipe: Recipe
  let manifest: Manifest

  init(_ folder: RunFolder) throws {
    self.folder = folder
    recipe = try folder.recipe()
    manifest = try folder.manifest()
  }

  /// Writes `report.html`.
  ///
  /// - Returns: Its path.
  func write(_ content: ReportContent) throws -> String {
    let path = folder.file(RunFolder.reportName)
    try Reporting.Report(content).write(to: path)
    return path
  }

  /// When it was begun, in which folder, and how it ended where it is not complete.
  ///
  /// - Parameter kind: As `Run`.
  func subtitle(_ kind: String) -> String {
    let status = manifest.status == .complete ? "" : " — \(manifest.status.rawValue)"
    return [manifest.sessions.last.map { "\(kind) of \($0.started)" }, Files.name(of: folder.path)].compactMap(\.self)
      .joined(separator: ", ") + status
  }

  /// The tables and figures that analyses left.
  func index() throws -> ReportIndex {
    let path = folder.file(ReportIndex.fileName)
    return Files.exists(path) ? ReportIndex(try JSONValue(parsing: Files.readText(path), file: path)) : ReportIndex()
  }

  func figures(_ items: [ReportIndex.Item]) throws -> [ReportContent.Figure] {
    try items.map { item in
      let path = folder.file(item.file + ".svg")
      return Files.exists(path)
        ? ReportContent.Figure(svg: try Files.readText(path), caption: item.title)
        : ReportContent.Figure(svg: "", caption: item.title, note: "Not drawn: gnuplot was missing; \(item.file).gp draws it later.")
    }
  }

  /// The atoms of a file in the folder, or `nil` where there is none.
  func configuration(_ name: String) throws -> Configuration? {
    let path = folder.file(name)
    return Files.exists(path) ? try FileFormats.readConfiguration(path: path).configuration : nil
  }

  /// An entry of the manifest on atoms and force field.
  func system(_ key: String) -> JSONValue? { manifest.system.first { $0.key == key }?.value }

  /// How to get the same again, and whom to cite.
  var provenance: [ReportContent.Entry] {
    var entries = [ReportContent.Entry(label: "Program", value: "\(ProgramVersion.program) \(manifest.version)")]
    func add(_ label: String, _ value: String) { entries.append(.init(label: label, value: value)) }
    add("Precision", manifest.precision)
    add("Seed", String(manifest.seed))
    if let session = manifest.sessions.last {
      add("Machine", "\(session.machine.processor), \(session.machine.cores) cores, \(session.machine.system)")
      add("Threads", String(session.threads))
    }
    if manifest.sessions.count > 1 { add("Sessions", "\(manifest.sessions.count), resumed \(manifest.sessions.count - 1) times") }
    add("Wall time of the stages", NumberText.duration(manifest.stages.reduce(0) { $0 + $1.wallTime }))
    for input in manifest.inputs { add("Input", "\(Files.name(of: input.path)), SHA-256 \(input.sha256)") }
    if case .array(let references)? = system("potential_references") {
      for reference in references.compactMap(\.text) { add("Cite for the force field", reference) }
    }
    add("Run it again", "vitrolyte run recipe.yaml")
    return entries
  }
}
