import ArgumentParser
import Workflows

struct EnergyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "energy", abstract: "Energy by term, forces and stress of one configuration.")

  @Argument(help: "A file with atoms and cell.", completion: .file())
  var file: String

  @OptionGroup var potential: PotentialOptions

  @Option(
    help: ArgumentHelp("Write the configuration with its forces.", valueName: "file.extxyz"), completion: .file(extensions: ["extxyz"]))
  var forces: String?

  @Option(help: "Arithmetic of the force loops.")
  var precision: Recipe.Precision = .double

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.show(
      Energy.perform(
        EnergyRequest(
          file: file, potential: potential.choice(), precision: precision, threads: threads.count, forcesOutput: forces)))
  }
}
