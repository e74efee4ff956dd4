import ArgumentParser
import Workflows

struct RelaxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relax", abstract: "Move the atoms, and if wished the cell, to the nearest minimum of the energy.",
    discussion: "Exit status 3 where the forces are not small enough after the last step.")

  @Argument(help: "A file with atoms and cell.", completion: .file())
  var file: String

  @OptionGroup var potential: PotentialOptions

  @Option(help: "What of the cell may change.")
  var cell: RelaxRequest.CellChange = .none

  @Option(help: ArgumentHelp("The pressure that a free cell comes to.", valueName: "quantity"))
  var pressure = "0 GPa"

  @Option(help: ArgumentHelp("Done when no atom feels a larger force.", valueName: "quantity"))
  var maxForce = "0.001 eV/A"

  @Option(help: ArgumentHelp("The most steps.", valueName: "n"))
  var maxSteps = 10_000

  @Option(help: "Arithmetic of the force loops.")
  var precision: Recipe.Precision = .double

  @Option(help: ArgumentHelp("Write the relaxed configuration; the ending says the format.", valueName: "file"), completion: .file())
  var out: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if maxSteps < 1 { throw ValidationError("--max-steps is a positive whole number, not \(maxSteps)") }
  }

  func run() throws {
    let force = try CommandSettings.quantity(maxForce, .force, option: "max-force") ?? 0.001
    try output.show(
      Relax.perform(
        RelaxRequest(
          file: file, potential: potential.choice(), cell: cell,
          minimization: Minimization(maximumForce: force, maximumSteps: maxSteps),
          pressure: CommandSettings.quantity(pressure, .pressure, option: "pressure") ?? 0, precision: precision,
          threads: threads.count, output: out, quiet: output.quiet)))
  }
}
