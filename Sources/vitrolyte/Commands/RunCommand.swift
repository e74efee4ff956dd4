import ArgumentParser
import Workflows

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a recipe: all its stages, then its analyses and report.",
    discussion: "The keys of a recipe are in docs/recipes.md (vitrolyte docs recipes).")

  @Argument(help: "The recipe, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String

  @Option(help: ArgumentHelp("The run folder; runs/ and the recipe's name where left out.", valueName: "dir"), completion: .directory)
  var out: String?

  @Option(help: "What moves the atoms, instead of what the recipe says.")
  var engine: Recipe.Engine?

  @Option(
    help: ArgumentHelp(
      "The program of the engine lammps, or a whole command, as \"srun -n {processes} lmp\".", valueName: "command"))
  var engineCommand: String?

  @Option(help: ArgumentHelp("The processes of the engine lammps; one a core where left out.", valueName: "n"))
  var processes: Int?

  @Flag(
    help: "Go on with an interrupted run in its folder: the engine native to the same bits, lammps at the stage that was interrupted.")
  var resume = false

  @Flag(help: "Only check everything, and print the steps, time, memory and output to expect.")
  var dryRun = false

  @Option(help: ArgumentHelp("The seed of all random numbers, instead of what the recipe says.", valueName: "n"))
  var seed: UInt64?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let processes, !(1...1_000_000).contains(processes) {
      throw ValidationError("--processes is a whole number from 1, not \(processes)")
    }
    if dryRun, resume { throw ValidationError("--dry-run checks a run that is to begin; leave --resume out") }
  }

  func run() throws {
    let request = RunRequest(
      recipePath: recipe, out: out, engine: engine, launch: EngineLaunch(command: engineCommand, processes: processes),
      threads: threads.threads, seed: seed, resume: resume, quiet: output.quiet)
    try output.show(dryRun ? Run.dryRun(request) : Run.perform(request))
  }
}
