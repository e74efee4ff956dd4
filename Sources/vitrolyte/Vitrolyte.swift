import ArgumentParser
import Workflows

/// The command `vitrolyte`.
struct Vitrolyte: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vitrolyte",
    abstract: "From a composition to a glass, and from a glass to its structure, mechanics and ion transport.",
    discussion: """
      Exit status: 0 done; 1 failed; 2 asked wrongly (usage, input file); 3 done, but the result does not meet its own \
      quality test. A run that was stopped with Ctrl-C or kill ends with 130 or 143 after writing a checkpoint.
      """,
    version: ProgramVersion.current,
    subcommands: [
      RunCommand.self, BuildCommand.self, EnergyCommand.self, RelaxCommand.self, ModesCommand.self, InfoCommand.self,
      ConvertCommand.self, AnalyzeCommand.self, ArrheniusCommand.self, PotentialsCommand.self, ReportCommand.self, BenchCommand.self,
      DocsCommand.self,
    ])
}
