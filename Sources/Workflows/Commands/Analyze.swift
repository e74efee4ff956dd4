import Analysis
import Formats
import NumericalMethods
import Reporting
import Structures

/// What a person asks of `analyze`.
public struct AnalyzeRequest: Sendable {
  public var analysis: String
  /// Trajectories, one after the other.
  public var files: [String]
  public var settings: [Setting]
  /// Where tables and figures go, or `nil` for the current folder.
  public var out: String?
  /// 0 for every core.
  public var threads: Int
  public var quiet: Bool

  /// Reads what follows `analyze NAME`: files and options in any order, the options those of the analysis.
  ///
  /// An option is `--key value` or `--key=value`; one that is true or false may come without a value. What follows `--` is
  /// a file.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidOption` for an unknown or repeated option, a missing value, or no file.
  public init(
    analysis name: String, arguments: [String], out: String? = nil, threads: Int = 0, quiet: Bool = false,
    among analyses: [AnalysisDescription] = AnalysisCatalogue.builtins
  ) throws {
    let description = try AnalysisCatalogue.named(name, among: analyses)
    let parameters = description.parameters + AnalysisCatalogue.commonParameters
    analysis = name
    (files, settings) = ([], [])
    (self.out, self.threads, self.quiet) = (out, threads, quiet)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        files += rest
        break
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        files.append(argument)
        continue
      }
      let sign = argument.firstIndex(of: "=")
      let key = String(argument[..<(sign ?? argument.endIndex)].drop { $0 == "-" })
      guard argument.hasPrefix("--"), let parameter = parameters.first(where: { $0.name == key }) else {
        let hint = didYouMean(key, among: parameters.map(\.name))
        throw WorkflowsError(
          .invalidOption, "\"\(argument)\" is no option of \(name)\(hint.isEmpty ? "; see vitrolyte analyze \(name) --help" : hint)")
      }
      guard !settings.contains(where: { $0.key == key }) else {
        throw WorkflowsError(.invalidOption, "--\(key) is given twice; leave one out")
      }
      if let sign {
        settings.append(Setting(key, String(argument[argument.index(after: sign)...])))
      } else if case .flag = parameter.kind {
        let isNext = rest.first.map { ["true", "false"].contains($0) } ?? false
        settings.append(Setting(key, isNext ? rest.removeFirst() : "true"))
      } else {
        guard let value = rest.popFirst(), !value.hasPrefix("--") else {
          throw WorkflowsError(.invalidOption, "--\(key) needs a value: \(parameter.summary)")
        }
        settings.append(Setting(key, value))
      }
    }
    guard !files.isEmpty else { throw WorkflowsError(.invalidOption, "\(name) needs at least one trajectory; give its file") }
  }
}

/// `vitrolyte analyze`: one analysis of trajectories. An analysis that fails its own quality test is a shortcoming (status 3).
public enum Analyze {
  public static func perform(_ request: AnalyzeRequest) throws -> CommandResult {
    let own = AnalysisCatalogue.commonParameters.map(\.name)
    let job = try AnalysisRequest(request.analysis, settings: request.settings.filter { !own.contains($0.key) }).job()
    let elements = request.settings.first { $0.key == "elements" }?.text
    let species = try elements.map { try Species.list($0) }
    let pool = WorkerPool(threads: request.threads)
    let outcome = try AnalysisRunner([job], pool: pool, reader: { try FileFormats.readFrame(path: $0, species: species).frame }).run {
      try ConcatenatedFrames(try request.files.map { try FileFormats.openFrames(path: $0, species: species) })
        .readAhead(threads: pool.threads)
    }
    let folder = request.out ?? "."
    try Files.createFolder(folder)
    var output = AnalysisOutput(folder: folder)
    for result in outcome.results { try output.write(result) }
    let summary = output.results.first?.value ?? .null
    try AtomicFile.write(summary.serialized, to: Files.path("\(request.analysis).json", in: folder))
    var text = outcome.results.flatMap(\.tables).map { $0.textTable(maximumRows: 20) }.joined(separator: "\n")
    let written =
      (output.index.tables.map(\.file) + output.index.figures.map { $0.file + ".svg" } + output.files + ["\(request.analysis).json"])
    text += "\nwritten to \(folder): \(written.joined(separator: ", "))\n"
    return CommandResult(
      json: summary, text: text, shortcomings: output.shortcomings, warnings: outcome.warnings + output.index.remarks)
  }
}

/// The frames of several files, one file after the other.
private final class ConcatenatedFrames: FrameSource {
  private let sources: [any FrameSource]
  private var current = 0

  init(_ sources: [any FrameSource]) throws { self.sources = sources }

  var warnings: [String] { sources.flatMap(\.warnings) }

  func next() throws -> Frame? {
    while current < sources.count {
      if let frame = try sources[current].next() { return frame }
      current += 1
    }
    return nil
  }
}
