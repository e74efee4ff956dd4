import ArgumentParser
import Workflows

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "One analysis of a trajectory: a table, a figure and a summary.",
    usage: "vitrolyte analyze <what> <trajectory> … [--option value …]",
    discussion: "vitrolyte analyze <what> --help lists the options of an analysis.\n\n" + AnalysisCatalogue.overview())

  @Argument(help: "The analysis.", completion: .list(AnalysisCatalogue.builtins.map(\.name)))
  var what: String

  @Argument(parsing: .allUnrecognized, help: "Trajectories, and the options of the analysis.", completion: .file())
  var arguments: [String] = []

  @Option(help: ArgumentHelp("Where table, figure and summary go.", valueName: "dir"), completion: .directory)
  var out: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.show(
      Analyze.perform(AnalyzeRequest(analysis: what, arguments: arguments, out: out, threads: threads.count, quiet: output.quiet)))
  }

  /// The help of one analysis, where that is what the arguments ask for; the parser knows only the command.
  static func help(for arguments: [String]) throws -> String? {
    guard arguments.count >= 3, arguments[0] == "analyze", !arguments[1].hasPrefix("-"),
      arguments.dropFirst(2).contains(where: { $0 == "--help" || $0 == "-h" })
    else { return nil }
    return try AnalysisCatalogue.named(arguments[1]).help
  }
}
