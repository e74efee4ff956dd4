import ArgumentParser
import Structures
import Workflows

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Turn any readable format into any writable one.")

  @Argument(help: "The file to read.", completion: .file())
  var input: String

  @Argument(help: "The file to write; its ending says the format.", completion: .file())
  var target: String

  @Option(help: ArgumentHelp("The format of the file to read, where its ending does not tell.", valueName: "format"))
  var inputFormat: String?

  @Option(help: ArgumentHelp("The format of the file to write, where its ending does not tell.", valueName: "format"))
  var outputFormat: String?

  @Option(help: ArgumentHelp("Frames first:end:stride, counted from 0, as in 100::10.", valueName: "range"))
  var frames: String?

  @Option(help: ArgumentHelp("Labels of atom types 1, 2 …, for files that only number them, as in Li,P,S.", valueName: "labels"))
  var species: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.show(
      Convert.perform(
        ConvertRequest(
          input: input, output: target, inputFormat: inputFormat, outputFormat: outputFormat,
          frames: frames.map { try FrameRange($0) } ?? FrameRange(),
          species: species?.split(separator: ",").map(String.init) ?? [])))
  }
}
