import ArgumentParser
import Workflows

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the HTML report of a run again.")

  @Argument(help: "A run folder.", completion: .directory)
  var folder: String

  @OptionGroup var output: OutputOptions

  func run() throws { try output.show(Report.perform(folder: folder)) }
}
