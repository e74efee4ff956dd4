import ArgumentParser
import Workflows

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Make a starting configuration from a composition, from structural units, or from a crystal.",
    discussion: """
      Examples:
        vitrolyte build --composition Li2O=40,B2O3=30,P2O5=30 --atoms 3000 --density "2.31 g/cm3" --out start.data
        vitrolyte build --crystal quartz.cif --replicate 5x5x5 --out quartz.data
        vitrolyte build --units PS4=0.17,P2S7=0.68,P2S6=0.15 --potential lps-ariga --atoms 8000 --density "1.76 g/cm3" --out glass.data
        vitrolyte build --topology-of crystal.cif --potential lps-ariga --out start.data
      """)

  @Option(help: ArgumentHelp("Constituents and their shares in mol %, as in Li2O=40,B2O3=30,P2O5=30.", valueName: "shares"))
  var composition: String?

  @Option(help: ArgumentHelp("One formula, as in Li3PS4.", valueName: "formula"))
  var formula: String?

  @Option(
    help: ArgumentHelp(
      "Structural units of the force field and the share of the network former's atoms in each, as in PS4=0.58,P2S7=0.20,P2S6=0.22.",
      valueName: "shares"))
  var units: String?

  @Option(
    help: ArgumentHelp("Structural units of the force field and how many of each, as in PS4=201,P2S7=413,P2S6=91.", valueName: "counts"))
  var unitCounts: String?

  @Option(help: ArgumentHelp("The force field whose units are meant: a name or the path of a YAML file.", valueName: "name"))
  var potential: String?

  @Option(help: ArgumentHelp("About how many atoms; the true number keeps the stoichiometry exact.", valueName: "n"))
  var atoms: Int?

  @Option(help: ArgumentHelp("The density, as in \"2.31 g/cm3\"; a guess from known glasses where left out.", valueName: "quantity"))
  var density: String?

  @Option(help: ArgumentHelp("A file whose cell is repeated.", valueName: "file"), completion: .file())
  var crystal: String?

  @Option(
    help: ArgumentHelp(
      "A file whose structural units are found by distance, to write labels, charges, bonds, angles and dihedrals.", valueName: "file"),
    completion: .file())
  var topologyOf: String?

  @Option(help: ArgumentHelp("How often along each edge, as in 2x2x2.", valueName: "counts"))
  var replicate: String?

  @Option(help: ArgumentHelp("The seed of the packing.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The file to write; its ending says the format.", valueName: "file"), completion: .file())
  var out: String

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if topologyOf != nil {
      guard potential != nil else {
        throw ValidationError("--topology-of needs the force field whose units are meant: --potential lps-ariga")
      }
      guard crystal == nil, replicate == nil else {
        throw ValidationError("--topology-of takes a file as it is; leave --crystal and --replicate out")
      }
    }
    if crystal != nil || topologyOf != nil {
      if composition != nil || formula != nil || units != nil || unitCounts != nil || atoms != nil || density != nil {
        throw ValidationError("a file has its own atoms and density; leave --composition, --formula, --units, --atoms and --density out")
      }
    } else {
      if replicate != nil { throw ValidationError("--replicate repeats the cell of a file; give it with --crystal") }
      if unitCounts != nil { return }
      guard let atoms else { throw ValidationError("say how many atoms to pack with --atoms, as in --atoms 3000") }
      guard atoms >= 1 else { throw ValidationError("--atoms is a positive whole number, not \(atoms)") }
    }
  }

  func run() throws {
    let source: BuildRequest.Source
    if let topologyOf, let potential {
      source = .topology(file: topologyOf, potential: potential)
    } else if let crystal {
      source = .replicated(file: crystal, counts: try CommandSettings.replication(replicate))
    } else {
      source = .packed(
        try CommandSettings.system(
          composition: composition, formula: formula, units: units, unitCounts: unitCounts, atoms: atoms, density: density),
        potential: try potential.map { try CommandSettings.potential($0, options: []) })
    }
    try output.show(Build.perform(BuildRequest(source, seed: seed, output: out)))
  }
}
