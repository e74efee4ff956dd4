import ArgumentParser
import Workflows

/// How a command talks.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON, and nothing else, on standard output.")
  var json = false

  @Flag(help: "No progress and no remarks on standard error; errors and warnings come all the same.")
  var quiet = false

  /// Prints a result.
  ///
  /// - Throws: ``ExitStatus/doubtful`` where the result does not meet its own quality test.
  func show(_ result: CommandResult) throws {
    print(json ? result.json.serialized : result.text, terminator: "")
    for warning in result.warnings { StandardError.write("warning: \(warning)\n") }
    for shortcoming in result.shortcomings { StandardError.write("doubtful: \(shortcoming)\n") }
    if !result.shortcomings.isEmpty { throw ExitStatus.doubtful }
  }
}

/// How many cores a command takes.
struct ThreadOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads; every core where left out.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads is a whole number from 1 to 4096, not \(threads)")
    }
  }

  /// 0 for every core.
  var count: Int { threads ?? 0 }
}

/// Which force field.
struct PotentialOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A force field that ships (see vitrolyte potentials) or the path of a YAML file.", valueName: "name"))
  var potential: String

  @Option(
    name: .customLong("potential-option"), parsing: .singleValue,
    help: ArgumentHelp("An option of the force field; may be repeated.", valueName: "key=value"))
  var options: [String] = []

  func choice() throws -> PotentialChoice { try CommandSettings.potential(potential, options: options) }
}

extension Recipe.Precision: ExpressibleByArgument {}
extension Recipe.Engine: ExpressibleByArgument {}
extension RelaxRequest.CellChange: ExpressibleByArgument {}
