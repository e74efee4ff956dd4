import ArgumentParser
import Workflows

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure ns/day, ms/step and atom-steps/s of this machine for the standard cases.",
    discussion: "Close other programs first; the median of the repetitions is what counts.")

  @Option(
    name: .customLong("case"), parsing: .singleValue, help: ArgumentHelp("A case; may be repeated. All where left out.", valueName: "name"))
  var cases: [String] = []

  @Option(help: ArgumentHelp("A file with the atoms, instead of those that the case builds.", valueName: "file"), completion: .file())
  var configuration: String?

  @Option(help: ArgumentHelp("Steps a repetition.", valueName: "n"))
  var steps = 1000

  @Option(help: ArgumentHelp("Repetitions.", valueName: "n"))
  var repetitions = 3

  @Option(help: "Arithmetic of the force loops.")
  var precision: Recipe.Precision = .mixed

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if steps < 1 || repetitions < 1 { throw ValidationError("--steps and --repetitions are positive whole numbers") }
    if configuration != nil, cases.count != 1 { throw ValidationError("--configuration is for one case; name it with --case") }
  }

  func run() throws {
    try output.show(
      Bench.perform(
        BenchRequest(
          cases: cases, configuration: configuration, steps: steps, repetitions: repetitions, precision: precision,
          threads: threads.count)))
  }
}
