import NumericalMethods
import Structures

/// What is in a file, for people and for other programs; made in one pass that holds one frame.
public struct FileSummary: Codable, Sendable, Hashable {
  /// The name of the format.
  public var format: String
  /// Complete frames.
  public var frames: Int
  /// Atoms of the last frame, and the least and most of any frame.
  public var atoms: Int
  public var fewestAtoms: Int
  public var mostAtoms: Int
  /// Species and their atoms in the last frame, `Si192 O384`.
  public var formula: String
  /// Species by label, with their element, mass in amu and number of atoms.
  public var species: [SpeciesSummary]
  /// The net charge in e, where the file holds charges.
  public var netCharge: Double?
  /// The cell of the last frame.
  public var cell: CellSummary
  /// Density in g/cm³, first and last frame.
  public var firstDensity: Double
  public var lastDensity: Double
  /// The first and last step, where the file counts steps.
  public var firstStep: Int?
  public var lastStep: Int?
  /// The first and last time in ps, where the file gives it.
  public var firstTime: Double?
  public var lastTime: Double?
  /// Potential energy in eV of the last frame, where the file gives it.
  public var energy: Double?
  /// What the atoms carry beside their position, by name.
  public var columns: [String]
  /// What a person should know.
  public var warnings: [String]

  public struct SpeciesSummary: Codable, Sendable, Hashable {
    public var label: String
    public var element: String
    public var mass: Double
    public var count: Int

    enum CodingKeys: String, CodingKey {
      case label, element, count
      case mass = "mass_amu"
    }
  }

  public struct CellSummary: Codable, Sendable, Hashable {
    /// The edges a, b, c in Å.
    public var vectors: [[Double]]
    /// In Å and degrees.
    public var lengths: [Double]
    public var angles: [Double]
    /// In Å³.
    public var volume: Double
    public var periodic: [Bool]

    enum CodingKeys: String, CodingKey {
      case vectors = "vectors_A"
      case lengths = "lengths_A"
      case angles = "angles_deg"
      case volume = "volume_A3"
      case periodic
    }

    init(_ cell: Cell) {
      func list(_ vector: Vector3) -> [Double] { [vector.x, vector.y, vector.z] }
      vectors = (0..<3).map { list(cell.vectors[$0]) }
      lengths = list(cell.lengths)
      angles = list(cell.angles)
      volume = cell.volume
      periodic = (0..<3).map { cell.periodic[$0] }
    }
  }

  enum CodingKeys: String, CodingKey {
    case format, frames, atoms, formula, species, cell, columns, warnings
    case fewestAtoms = "fewest_atoms"
    case mostAtoms = "most_atoms"
    case netCharge = "net_charge_e"
    case firstDensity = "first_density_g_per_cm3"
    case lastDensity = "last_density_g_per_cm3"
    case firstStep = "first_step"
    case lastStep = "last_step"
    case firstTime = "first_time_ps"
    case lastTime = "last_time_ps"
    case energy = "energy_eV"
  }

  /// Reads all of a file.
  ///
  /// - Throws: ``FormatsError`` as ``FileFormats/openFrames(path:format:species:)`` and the reader do, or with code `.endsEarly` where
  ///   the file holds no frame.
  public init(path: String, format: String? = nil, species: [Species]? = nil) throws {
    let format = try format.map(FileFormats.named) ?? FileFormats.detect(path: path)
    let source = try format.open(path, ReadOptions(species: species))
    guard let first = try source.next() else {
      throw FormatsError(.endsEarly, "\(path) holds no frame")
    }
    var last = first
    var frames = 1
    var counts = first.configuration.count...first.configuration.count
    while let frame = try source.next() {
      frames += 1
      let count = frame.configuration.count
      counts = min(counts.lowerBound, count)...max(counts.upperBound, count)
      last = frame
    }
    let configuration = last.configuration
    self.format = format.name
    self.frames = frames
    atoms = configuration.count
    (fewestAtoms, mostAtoms) = (counts.lowerBound, counts.upperBound)
    formula = configuration.formula
    self.species = zip(configuration.species, configuration.speciesCounts).map {
      SpeciesSummary(label: $0.label, element: $0.element.symbol, mass: $0.mass, count: $1)
    }
    netCharge = configuration.charges.isEmpty ? nil : configuration.charges.reduce(0, +)
    cell = CellSummary(configuration.cell)
    firstDensity = first.configuration.density
    lastDensity = configuration.density
    (firstStep, lastStep) = (first.step, last.step)
    (firstTime, lastTime) = (first.time, last.time)
    energy = last.energy
    columns = Self.columns(last)
    warnings = source.warnings
  }

  private static func columns(_ frame: Frame) -> [String] {
    let configuration = frame.configuration
    let known: [(String, Bool)] = [
      ("velocities", !configuration.velocities.isEmpty), ("images", !configuration.images.isEmpty),
      ("charges", !configuration.charges.isEmpty), ("molecules", !configuration.molecules.isEmpty),
      ("forces", !frame.forces.isEmpty), ("unwrapped positions", frame.isUnwrapped),
      ("bonds", !configuration.topology.bonds.isEmpty), ("angles", !configuration.topology.angles.isEmpty),
      ("dihedrals", !configuration.topology.dihedrals.isEmpty), ("impropers", !configuration.topology.impropers.isEmpty),
    ]
    return known.filter(\.1).map(\.0) + frame.columns.keys.sorted()
  }
}
