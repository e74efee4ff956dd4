import Analysis
import Formats
import Reporting
import Structures

/// Writes what analyses found: tables as CSV, figures, and the summary of each as JSON.
struct AnalysisOutput {
  /// The folder that everything goes to.
  let folder: String
  /// Below it, where tables and figures go; empty for the folder itself.
  var tablesFolder = ""
  var figuresFolder = ""
  private(set) var index = ReportIndex()
  /// Files for other programs, beside the tables.
  private(set) var files: [String] = []
  private(set) var results: [JSONValue.Member] = []
  private(set) var shortcomings: [String] = []

  init(folder: String, tablesFolder: String = "", figuresFolder: String = "") {
    self.folder = folder
    self.tablesFolder = tablesFolder
    self.figuresFolder = figuresFolder
  }

  /// Writes one result; a second one of the same analysis gets a number.
  mutating func write(_ result: any AnalysisResult) throws {
    let count = results.count { $0.key == result.analysis || $0.key.hasPrefix(result.analysis + "-") }
    let name = count == 0 ? result.analysis : "\(result.analysis)-\(count + 1)"
    var summary = JSONValue(result.summary)
    // Whoever reads the summary later, such as a series, must not take a doubtful number for a good one.
    if !result.meetsQualityTest, case .object(let members) = summary, summary["meets_quality_test"] == nil {
      summary = .object(members + [JSONValue.Member("meets_quality_test", .bool(false))])
    }
    results.append(.init(name, summary))
    for warning in result.warnings { index.remarks.append("\(name): \(warning)") }
    if !result.meetsQualityTest { shortcomings.append("\(name) does not meet its own quality test; see its warnings") }
    func numbered(_ file: String) -> String { count == 0 ? file : "\(file)-\(count + 1)" }
    for table in result.tables {
      let file = Files.path(numbered(table.name) + ".csv", in: tablesFolder)
      let path = Files.path(file, in: folder)
      try Files.createFolder(Files.parent(of: path))
      try table.writeCSV(to: path)
      index.tables.append(.init(analysis: name, file: file, title: table.title))
    }
    for file in result.files {
      let path = Files.path(numbered(file.name), in: tablesFolder)
      try Files.createFolder(Files.parent(of: Files.path(path, in: folder)))
      files += try Self.write(file, to: path, in: folder)
    }
    let renderer = FigureRenderer(directory: Files.path(figuresFolder, in: folder))
    for figure in result.figures {
      var figure = figure
      figure.name = numbered(figure.name)
      let drawn = try ReportContent.Figure(drawing: figure, with: renderer)
      if !drawn.note.isEmpty { index.remarks.append(drawn.note) }
      index.figures.append(.init(analysis: name, file: Files.path(figure.name, in: figuresFolder), title: figure.title))
    }
  }

  /// Writes a file in the formats that its contents ask for.
  ///
  /// - Returns: Their paths below the folder, with the extensions.
  private static func write(_ file: AnalysisFile, to path: String, in folder: String) throws -> [String] {
    switch file.contents {
    case .grid(let grid, let configuration):
      return try file.gridFormats.map { format in
        let name = "\(path).\(format.rawValue)"
        let target = Files.path(name, in: folder)
        switch format {
        case .cube: try VolumetricFiles.writeCube(grid, configuration: configuration, to: target)
        case .chgcar: try VolumetricFiles.writeCHGCAR(grid, configuration: configuration, to: target)
        case .vtk: try VolumetricFiles.writeVTK(grid, to: target)
        }
        return name
      }
    case .frames(let frames):
      let writer = try FileFormats.openWriter(path: Files.path(path + ".extxyz", in: folder))
      for frame in frames { try writer.append(frame) }
      try writer.flush()
      return [path + ".extxyz"]
    }
  }
}

extension JSONValue {
  init(_ value: SummaryValue) {
    self =
      switch value {
      case .null: .null
      case .flag(let flag): .bool(flag)
      case .integer(let integer): .integer(integer)
      case .number(let number): number.isFinite ? .number(number) : .null
      case .text(let text): .string(text)
      case .array(let values): .array(values.map { JSONValue($0) })
      case .object(let entries): .object(entries.map { Member($0.key, JSONValue($0.value)) })
      }
  }
}
