import Reporting
import Structures

/// The report of a run, made from what lies in its folder.
struct RunReport {
  private let source: ReportedFolder
  private var folder: RunFolder { source.folder }
  private var recipe: Recipe { source.recipe }
  private var manifest: Manifest { source.manifest }

  init(_ folder: RunFolder) throws { source = try ReportedFolder(folder) }

  /// Writes `report.html`.
  ///
  /// - Returns: Its path.
  func write() throws -> String { try source.write(content()) }

  private func content() throws -> ReportContent {
    let index = try source.index()
    let thermoPath = folder.file(RunFolder.thermoName)
    let history = Files.exists(thermoPath) ? try ThermoHistory(csv: Files.readText(thermoPath)) : nil
    let final = try source.configuration(RunFolder.finalConfigurationName)
    var content = ReportContent(title: recipe.name, subtitle: source.subtitle("Run"))
    content.summary = summary(history, final)
    content.picture = try final.map { ReportContent.Figure(try Snapshot($0, bonds: .covalent)) }
    content.warnings = manifest.warnings + index.remarks
    content.sections = [try stagesSection(), try historySection(history)].compactMap(\.self)
    for analysis in index.analyses { content.sections.append(try section(analysis, index)) }
    content.provenance = source.provenance
    return content
  }

  // MARK: Parts

  private func summary(_ history: ThermoHistory?, _ final: Configuration?) -> [ReportContent.Entry] {
    var entries: [ReportContent.Entry] = []
    func add(_ label: String, _ value: String?) { if let value { entries.append(.init(label: label, value: value)) } }
    add("Composition", source.system("composition")?.text)
    add("Atoms", final.map { "\(NumberText.grouped($0.count)) (\($0.formula))" })
    add("Density", final.map { "\(NumberText.fixed($0.density, 3)) g/cm^{3}" })
    add("Force field", source.system("potential")?.text)
    add("Simulated time", "\(NumberText.significant(recipe.totalTime, 4)) ps in \(NumberText.grouped(recipe.totalSteps)) steps")
    if let name = recipe.stages.last?.name, let history {
      add("Temperature, mean of “\(name)”", history.lastStageMean("temperature").map { "\(NumberText.fixed($0, 1)) K" })
      add("Pressure, mean of “\(name)”", history.lastStageMean("pressure").map { "\(NumberText.fixed($0, 3)) GPa" })
    }
    return entries
  }

  private func stagesSection() throws -> ReportContent.Section {
    let rows = zip(recipe.stages, manifest.stages).map { stage, record -> [String] in
      var conditions = ""
      if case .dynamics(let dynamics) = stage.action {
        func ramp(_ ramp: Dynamics.Ramp?, _ unit: String) -> String? {
          ramp.map { $0.isConstant ? "\(short($0.start)) \(unit)" : "\(short($0.start)) to \(short($0.end)) \(unit)" }
        }
        conditions = [
          ramp(dynamics.temperature, "K"), dynamics.ensemble == .npt ? ramp(dynamics.pressure, "GPa") : nil,
          "\(short(dynamics.timestep * 1000)) fs steps",
        ].compactMap(\.self).joined(separator: ", ")
      } else if case .minimize(let minimization) = stage.action {
        conditions = "largest force below \(short(minimization.maximumForce)) eV/Å"
      }
      return [
        stage.name, stage.kind, conditions, stage.duration > 0 ? "\(short(stage.duration)) ps" : "–", NumberText.grouped(record.steps),
        NumberText.duration(record.wallTime),
      ]
    }
    let heads = ["Stage", "Kind", "Conditions", "Duration", "Steps done", "Wall time"]
    let table = DataTable(
      name: "stages", title: "Stages of the run.",
      columns: heads.indices.map { column in .init(name: heads[column], values: .text(rows.map { $0[column] })) })
    let melts = manifest.stages.compactMap { record in record.notes.first { $0.key == "melt_check" }?.value.text }
    return ReportContent.Section(title: "What was run", paragraphs: melts, tables: [.init(table)])
  }

  private func historySection(_ history: ThermoHistory?) throws -> ReportContent.Section? {
    guard let history, !history.isEmpty else { return nil }
    let atoms = source.system("atoms")?.int ?? 1
    let renderer = FigureRenderer(directory: folder.file(RunFolder.figuresName))
    return ReportContent.Section(
      title: "Thermodynamic history",
      figures: try history.figures(atoms: atoms).map { try ReportContent.Figure(drawing: $0, with: renderer) })
  }

  private func section(_ analysis: String, _ index: ReportIndex) throws -> ReportContent.Section {
    let figures = try source.figures(index.figures.filter { $0.analysis == analysis })
    var tables: [ReportContent.Table] = []
    var long: [String] = []
    for item in index.tables where item.analysis == analysis {
      let stem = Files.name(of: item.file).split(separator: ".").first.map(String.init) ?? item.file
      let table = try DataTable(csv: Files.readText(folder.file(item.file)), name: stem, title: item.title)
      // Curves are in the figures; their tables are for programs.
      if table.rowCount <= Self.longestTable { tables.append(.init(table, maximumRows: Self.longestTable)) } else { long.append(item.file) }
    }
    let summary = results?[analysis]
    var paragraphs = [summary?["convention"]?.text.map { "Convention: \($0)." }].compactMap(\.self)
    if case .object(let settings)? = summary?["settings"] {
      paragraphs.append(
        "Settings: " + settings.compactMap { setting in setting.value.text.map { "\(setting.key) \($0)" } }.joined(separator: ", ") + ".")
    }
    if !long.isEmpty { paragraphs.append("All points: \(long.joined(separator: ", ")).") }
    return ReportContent.Section(title: Self.title(of: analysis), paragraphs: paragraphs, figures: figures, tables: tables)
  }

  private static let longestTable = 40

  /// What an analysis does, in the words of its description; its name where it is unknown.
  private static func title(of analysis: String) -> String {
    let described = AnalysisCatalogue.builtins.first { analysis == $0.name || analysis.hasPrefix($0.name + "-") }
    guard let described, let first = described.summary.first else { return analysis }
    return first.uppercased() + described.summary.dropFirst()
  }

  private var results: JSONValue? { try? folder.results() }

  private func short(_ value: Double) -> String { NumberText.significant(value, 5) }
}

extension ReportIndex {
  /// The analyses in the order of the recipe.
  fileprivate var analyses: [String] {
    var names: [String] = []
    for item in figures + tables where !names.contains(item.analysis) { names.append(item.analysis) }
    return names
  }
}
