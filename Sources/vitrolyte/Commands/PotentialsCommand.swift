import ArgumentParser
import Workflows

struct PotentialsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "potentials", abstract: "List the force fields that ship, or show one: species, parameters, references, limits.")

  @Argument(help: "The name of a force field.")
  var name: String?

  @OptionGroup var output: OutputOptions

  func run() throws { try output.show(Potentials.perform(name: name)) }
}
