import Formats
import Interactions
import NumericalMethods
import Structures

/// What a person asks of `build`.
public struct BuildRequest: Sendable {
  public enum Source: Sendable {
    /// Packs atoms at random, with exact stoichiometry.
    case packed(InitialSystem, potential: PotentialChoice?)
    /// Repeats the cell of a file.
    case replicated(file: String, counts: (Int, Int, Int))
    /// Finds the structural units of a file, and gives its atoms labels, charges and bonded terms.
    case topology(file: String, potential: String)
  }

  public var source: Source
  public var seed: UInt64
  /// The file to write; the ending says the format.
  public var output: String

  public init(_ source: Source, seed: UInt64, output: String) {
    self.source = source
    self.seed = seed
    self.output = output
  }
}

/// `vitrolyte build`: a starting configuration.
public enum Build {
  public static func perform(_ request: BuildRequest) throws -> CommandResult {
    var start: StartingConfiguration
    switch request.source {
    case .packed(let system, let potential):
      start = try StartingConfiguration(system, potential: potential, seed: request.seed, pool: WorkerPool())
    case .topology(let file, let potential):
      start = try topology(file: file, potential: potential)
    case .replicated(let file, let counts):
      start = try StartingConfiguration(InitialSystem(.file(file)), seed: request.seed, pool: WorkerPool(threads: 1))
      start.configuration = try start.configuration.replicated(counts)
    }
    let configuration = start.configuration
    if !configuration.topology.isEmpty, FileFormats.matching(path: request.output)?.name != "lammps-data" {
      start.warnings.append("\(request.output) cannot hold bonds, angles and dihedrals; write a LAMMPS data file (.data) to keep them")
    }
    try FileFormats.write(configuration, to: request.output)
    let density = NumberText.significant(configuration.density, 6)
    let composition = start.notes.first { $0.key == "composition" }.flatMap { $0.value.text }.map { "composition  \($0)\n" } ?? ""
    let topology = configuration.topology
    let terms =
      topology.isEmpty
      ? ""
      : "terms        \(topology.bonds.count) bonds, \(topology.angles.count) angles, \(topology.dihedrals.count) dihedrals\n"
    return CommandResult(
      json: .object(
        [
          .init("file", .string(request.output)), .init("atoms", .integer(configuration.count)),
          .init("formula", .string(configuration.formula)), .init("density_g_cm3", .number(configuration.density)),
          .init("volume_A3", .number(configuration.cell.volume)),
        ] + start.notes),
      text: "atoms        \(configuration.count) (\(configuration.formula))\n\(composition)\(terms)density      \(density) g/cm3\n"
        + "written to   \(request.output)\n",
      warnings: start.warnings)
  }

  private static func topology(file: String, potential: String) throws -> StartingConfiguration {
    var start = try StartingConfiguration(InitialSystem(.file(file)), seed: 1, pool: WorkerPool(threads: 1))
    let forceField = try ForceField.find(potential)
    let found = try forceField.findUnits(in: start.configuration)
    start.configuration = try forceField.applying(found, to: start.configuration)
    let counts = found.countsByName.sorted { $0.key < $1.key }
    start.notes += [
      .init("composition", .string(counts.map { "\($0.value) \($0.key)" }.joined(separator: " + "))),
      .init("units", .object(counts.map { .init($0.key, .integer($0.value)) })),
      .init("bonds", .integer(start.configuration.topology.bonds.count)),
      .init("angles", .integer(start.configuration.topology.angles.count)),
      .init("dihedrals", .integer(start.configuration.topology.dihedrals.count)),
    ]
    return start
  }
}
