import Formats
import NumericalMethods
import Structures

/// What a person asks of `build`.
public struct BuildRequest: Sendable {
  public enum Source: Sendable {
    /// Packs atoms at random, with exact stoichiometry.
    case packed(InitialSystem)
    /// Repeats the cell of a file.
    case replicated(file: String, counts: (Int, Int, Int))
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
    case .packed(let system):
      start = try StartingConfiguration(system, seed: request.seed, pool: WorkerPool())
    case .replicated(let file, let counts):
      start = try StartingConfiguration(InitialSystem(.file(file)), seed: request.seed, pool: WorkerPool(threads: 1))
      start.configuration = try start.configuration.replicated(counts)
    }
    let configuration = start.configuration
    try FileFormats.write(configuration, to: request.output)
    let density = NumberText.significant(configuration.density, 6)
    let composition = start.notes.first { $0.key == "composition" }.flatMap { $0.value.text }.map { "composition  \($0)\n" } ?? ""
    return CommandResult(
      json: .object(
        [
          .init("file", .string(request.output)), .init("atoms", .integer(configuration.count)),
          .init("formula", .string(configuration.formula)), .init("density_g_cm3", .number(configuration.density)),
          .init("volume_A3", .number(configuration.cell.volume)),
        ] + start.notes),
      text: "atoms        \(configuration.count) (\(configuration.formula))\n\(composition)density      \(density) g/cm3\n"
        + "written to   \(request.output)\n",
      warnings: start.warnings)
  }
}
