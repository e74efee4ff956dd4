import Analysis
import ArgumentParser
import Workflows

struct ArrheniusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arrhenius", abstract: "Activation energy, and conductivity at another temperature, of runs or a table.",
    discussion: """
      A source is a run folder with the results of diffusion or conductivity, the folder of a series (a recipe with vary), a table \
      (TABLE.csv with columns such as temperature_K,D_cm2_per_s,error_cm2_per_s), or a summary as 700K=diffusion.json. \
      docs/temperature.md says what is computed.
      """)

  @Argument(help: "Run folders, tables, summaries.", completion: .file())
  var sources: [String] = []

  @Option(
    name: .customLong("series"), parsing: .singleValue,
    help: ArgumentHelp("A further series in the same figure; may be repeated.", valueName: "name=source,…"))
  var series: [String] = []

  @Option(
    name: .customLong("at"), parsing: .singleValue,
    help: ArgumentHelp("Where the line is read; may be repeated; 300K where left out.", valueName: "300K"))
  var temperatures: [String] = []

  @Option(help: "Only diffusion or only conductivity; both where left out.")
  var quantity: TransportQuantity?

  @Option(help: ArgumentHelp("The species; the ions that carry current where left out.", valueName: "Li"))
  var species: String?

  @Option(
    help:
      "given: errors of the points are theirs; scaled: only weights; scatter: not looked at. Left out: given where all points have one, else scaled or scatter."
  )
  var errors: ArrheniusFit.Errors?

  @Option(help: ArgumentHelp("Ions in a volume, for the conductivity of a table by Nernst and Einstein.", valueName: "\"0.0177 1/A3\""))
  var ionDensity: String?

  @Option(help: ArgumentHelp("The charge of such an ion in e.", valueName: "z"))
  var charge: Double = 1

  @Flag(help: "Take in numbers that fail the quality test of their own analysis.")
  var includeDoubtful = false

  @Option(help: ArgumentHelp("Where tables, figure and summary go.", valueName: "dir"), completion: .directory)
  var out: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.show(
      Arrhenius.perform(
        ArrheniusRequest(
          sources: sources, series: series, temperatures: temperatures, quantity: quantity, species: species, errors: errors,
          ionDensity: ionDensity, charge: charge, includesDoubtful: includeDoubtful, out: out)))
  }
}

extension TransportQuantity: ExpressibleByArgument {}
extension ArrheniusFit.Errors: ExpressibleByArgument {}
