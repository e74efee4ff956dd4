import ArgumentParser
import Workflows

struct ModesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "modes", abstract: "Harmonic vibrations of a small cell: frequencies, participation ratios, density of states.",
    discussion: "Relax the atoms first (vitrolyte relax). Exit status 3 where the energy falls along a mode.")

  @Argument(help: "A file with atoms and cell, at a minimum of the energy.", completion: .file())
  var file: String

  @OptionGroup var potential: PotentialOptions

  @Option(help: ArgumentHelp("How far atoms are moved for derivatives.", valueName: "quantity"))
  var displacement = "0.01 A"

  @Option(help: ArgumentHelp("Standard deviation of the lines of the density of states.", valueName: "quantity"))
  var broadening = "0.3 THz"

  @Flag(help: "Project motion as a whole out of the modes.")
  var removeTranslations = false

  @Option(help: ArgumentHelp("Where tables, figures and summary go.", valueName: "dir"), completion: .directory)
  var out: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.show(
      Modes.perform(
        ModesRequest(
          file: file, potential: potential.choice(),
          displacement: CommandSettings.quantity(displacement, .length, option: "displacement") ?? 0.01,
          broadening: CommandSettings.quantity(broadening, .frequency, option: "broadening") ?? 0.3,
          removesTranslations: removeTranslations, threads: threads.count, out: out)))
  }
}
