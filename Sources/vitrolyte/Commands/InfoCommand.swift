import ArgumentParser
import Workflows

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what is in a file: format, frames, atoms, cell, density, charges.")

  @Argument(help: "Any file that can be read.", completion: .file())
  var file: String

  @OptionGroup var output: OutputOptions

  func run() throws { try output.show(Info.perform(file: file)) }
}
