import ArgumentParser
import Workflows

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Make a starting configuration from a composition and density, or by repeating a crystal.",
    discussion: """
      Examples:
        vitrolyte build --composition Li2O=40,B2O3=30,P2O5=30 --atoms 3000 --density "2.31 g/cm3" --out start.data
        vitrolyte build --crystal quartz.cif --replicate 5x5x5 --out quartz.data
      """)

  @Option(help: ArgumentHelp("Constituents and their shares in mol %, as in Li2O=40,B2O3=30,P2O5=30.", valueName: "shares"))
  var composition: String?

  @Option(help: ArgumentHelp("One formula, as in Li3PS4.", valueName: "formula"))
  var formula: String?

  @Option(help: ArgumentHelp("About how many atoms; the true number keeps the stoichiometry exact.", valueName: "n"))
  var atoms: Int?

  @Option(help: ArgumentHelp("The density, as in \"2.31 g/cm3\"; a guess from known glasses where left out.", valueName: "quantity"))
  var density: String?

  @Option(help: ArgumentHelp("A file whose cell is repeated.", valueName: "file"), completion: .file())
  var crystal: String?

  @Option(help: ArgumentHelp("How often along each edge, as in 2x2x2.", valueName: "counts"))
  var replicate: String?

  @Option(help: ArgumentHelp("The seed of the packing.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The file to write; its ending says the format.", valueName: "file"), completion: .file())
  var out: String

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if crystal != nil {
      if composition != nil || formula != nil || atoms != nil || density != nil {
        throw ValidationError("--crystal has its own atoms and density; leave --composition, --formula, --atoms and --density out")
      }
    } else {
      if replicate != nil { throw ValidationError("--replicate repeats the cell of a file; give it with --crystal") }
      guard let atoms else { throw ValidationError("say how many atoms to pack with --atoms, as in --atoms 3000") }
      guard atoms >= 1 else { throw ValidationError("--atoms is a positive whole number, not \(atoms)") }
    }
  }

  func run() throws {
    let source: BuildRequest.Source
    if let crystal {
      source = .replicated(file: crystal, counts: try CommandSettings.replication(replicate))
    } else {
      source = .packed(
        try CommandSettings.system(composition: composition, formula: formula, atoms: atoms ?? 1, density: density))
    }
    try output.show(Build.perform(BuildRequest(source, seed: seed, output: out)))
  }
}
