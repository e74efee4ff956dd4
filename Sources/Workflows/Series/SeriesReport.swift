import Analysis
import Reporting
import Structures

/// The report of a series, made from what lies in its folder: the lines against 1/T first, then the branches with their reports.
struct SeriesReport {
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
    let results = try? folder.results()
    var content = ReportContent(title: recipe.name, subtitle: source.subtitle("Series"))
    content.summary = summary(results)
    content.warnings = manifest.warnings + index.remarks
    content.picture = try source.configuration(SeriesRun.startName).map { ReportContent.Figure(try Snapshot($0, bonds: .covalent)) }
    content.sections = [try temperatureSection(index), branchesSection(results), partsSection].compactMap(\.self)
    content.provenance = source.provenance
    return content
  }

  // MARK: Parts

  private func summary(_ results: JSONValue?) -> [ReportContent.Entry] {
    var entries: [ReportContent.Entry] = []
    func add(_ label: String, _ value: String?) { if let value { entries.append(.init(label: label, value: value)) } }
    add("Composition", source.system("composition")?.text)
    add("Force field", source.system("potential")?.text)
    if let vary = recipe.vary {
      let list = vary.temperatures.map { NumberText.exact($0) }.joined(separator: ", ")
      add("Temperatures", "\(list) K" + (vary.replicas > 1 ? ", \(vary.replicas) replicas each" : ""))
    }
    let study = results?[ArrheniusStudy.name]
    var all: [JSONValue.Member] = study.map { [.init("", $0)] } ?? []
    if case .object(let series)? = study?["series"] { all = series }
    for series in all {
      func interval(_ value: JSONValue?, _ unit: String) -> String {
        let bounds = value?.elements?.compactMap(\.double) ?? []
        return bounds.count == 2
          ? " (95 %: \(Self.number(bounds[0])) to \(Self.number(bounds[1])) \(unit))" : " \(unit)"
      }
      let name = series.key.isEmpty ? "" : ", \(series.key)"
      add(
        "Activation energy\(name)",
        series.value["activation_energy_eV"]?.double.map { "\(NumberText.fixed($0, 3))" + interval(series.value["interval95_eV"], "eV") })
      for value in series.value["extrapolated"]?.elements ?? [] {
        let place = value["temperature_K"]?.double.map { "\(NumberText.exact($0)) K" } ?? ""
        add(
          "D(\(place))\(name)",
          value["D_cm2_per_s"]?.double.map { Self.number($0) + interval(value["interval95_cm2_per_s"], "cm^{2}/s") })
        add("σ(\(place))\(name)", value["sigma_S_per_cm"]?.double.map { Self.number($0) + interval(value["interval95_S_per_cm"], "S/cm") })
      }
    }
    return entries
  }

  /// A number with its power of ten set above the line.
  static func number(_ value: Double) -> String {
    let text = NumberText.significant(value, 3)
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else { return text }
    return "\(text[..<mark])×10^{\(exponent < 0 ? "−\(-exponent)" : "\(exponent)")}"
  }

  private func temperatureSection(_ index: ReportIndex) throws -> ReportContent.Section? {
    guard !index.tables.isEmpty || !index.figures.isEmpty else { return nil }
    let figures = try source.figures(index.figures)
    let tables = try index.tables.map { item in
      ReportContent.Table(
        try DataTable(csv: Files.readText(folder.file(item.file)), name: Files.name(of: item.file), title: item.title), maximumRows: 40)
    }
    return ReportContent.Section(
      title: "Against temperature", paragraphs: ["Convention: \(TemperatureSeries.convention)."], figures: figures, tables: tables)
  }

  private func branchesSection(_ results: JSONValue?) -> ReportContent.Section {
    let branches = recipe.branches
    let found = results?["branches"]?.elements ?? []
    func readings(_ branch: Branch) -> [TransportReading] {
      guard let own = found.first(where: { $0["name"]?.text == branch.name })?["results"] else { return [] }
      return TransportReading.readings(of: own, temperature: branch.temperature, source: branch.name)
    }
    let all = branches.map(readings)
    var columns = [
      DataTable.Column(name: "Branch", values: .text(branches.map(\.name))),
      DataTable.Column(name: "T / K", values: .text(branches.map { NumberText.exact($0.temperature) })),
      DataTable.Column(name: "Seed", values: .text(branches.map { String($0.seed) })),
    ]
    var kinds: [(quantity: TransportQuantity, species: String)] = []
    for reading in all.joined() where !kinds.contains(where: { $0.quantity == reading.quantity && $0.species == reading.species }) {
      kinds.append((reading.quantity, reading.species))
    }
    for kind in kinds {
      let values = all.map { readings -> String in
        guard let reading = readings.first(where: { $0.quantity == kind.quantity && $0.species == kind.species }) else { return "–" }
        if reading.isRefused { return "refused" }
        let interval = reading.point.interval.map {
          " (\(NumberText.significant($0.lowerBound, 3)) to \(NumberText.significant($0.upperBound, 3)))"
        }
        return NumberText.significant(reading.point.value, 3) + (interval ?? "") + (reading.isTrusted ? "" : ", doubtful")
      }
      let name = kind.quantity == .diffusion ? "D\(kind.species.isEmpty ? "" : " \(kind.species)")" : "σ"
      columns.append(.init(name: "\(name) / \(kind.quantity.unit)", values: .text(values)))
    }
    let table = DataTable(name: "branches", title: "Branches, with 95 % intervals.", columns: columns)
    var section = ReportContent.Section(title: "Branches", tables: [.init(table)])
    section.links = branches.compactMap { branch in
      let path = Files.path(RunFolder.reportName, in: Files.path(branch.name, in: SeriesRun.branchesName))
      return Files.exists(folder.file(path)) ? .init(label: branch.name, value: path) : nil
    }
    let common = Files.path(RunFolder.reportName, in: SeriesRun.commonName)
    if Files.exists(folder.file(common)) { section.links.insert(.init(label: "Common stages", value: common), at: 0) }
    return section
  }

  private var partsSection: ReportContent.Section? {
    guard !manifest.stages.isEmpty else { return nil }
    let table = DataTable(
      name: "parts", title: "Parts of the series.",
      columns: [
        .init(name: "Part", values: .text(manifest.stages.map(\.name))), .init(name: "Kind", values: .text(manifest.stages.map(\.kind))),
        .init(name: "Steps", values: .text(manifest.stages.map { NumberText.grouped($0.steps) })),
        .init(name: "Wall time", values: .text(manifest.stages.map { NumberText.duration($0.wallTime) })),
      ])
    return ReportContent.Section(title: "What was run", tables: [.init(table)])
  }
}
