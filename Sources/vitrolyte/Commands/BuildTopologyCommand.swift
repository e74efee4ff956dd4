import ArgumentParser
import Workflows

struct BuildTopologyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "topology",
    abstract: "Find the structural units of a file, and write labels, charges, bonds, angles and dihedrals.",
    discussion: """
      Atoms count as bonded by their distance; labels and bonds that the file has are not looked at. Atoms that are bonded together and
      are none of the units of the force field are an error that lists them.

      Example:
        vitrolyte build topology gamma-Li3PS4.cif --potential lps-ariga --out start.data
      """)

  @Argument(help: "A file with atoms and cell.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("A force field that describes structural units: a name or the path of a YAML file.", valueName: "name"))
  var potential: String

  @Option(help: ArgumentHelp("The LAMMPS data file to write.", valueName: "file"), completion: .file())
  var out: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.show(Build.perform(BuildRequest(.topology(file: file, potential: potential), seed: 1, output: out)))
  }
}
