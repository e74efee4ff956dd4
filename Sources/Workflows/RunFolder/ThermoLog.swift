import Structures

/// One row of `thermo.csv`: the state of the run at a step.
public struct ThermoRow: Sendable {
  public var step: Int
  /// In ps.
  public var time: Double
  public var stage: String
  /// In K.
  public var temperature: Double
  /// In eV.
  public var potentialEnergy: Double
  /// In eV.
  public var kineticEnergy: Double
  /// The energy that the equations of motion conserve, in eV.
  public var conservedEnergy: Double
  /// In GPa.
  public var pressure: Double
  public var cell: Cell
  /// In g/cm³.
  public var density: Double
  /// Parts of the potential energy in eV, in the order of the log's terms.
  public var terms: [Double]
  /// What only some runs have, in the order of the log's further columns.
  public var further: [Double]

  public init(
    step: Int, time: Double, stage: String, temperature: Double, potentialEnergy: Double, kineticEnergy: Double,
    conservedEnergy: Double, pressure: Double, cell: Cell, density: Double, terms: [Double] = [],
    further: [Double] = []
  ) {
    self.step = step
    self.time = time
    self.stage = stage
    self.temperature = temperature
    self.potentialEnergy = potentialEnergy
    self.kineticEnergy = kineticEnergy
    self.conservedEnergy = conservedEnergy
    self.pressure = pressure
    self.cell = cell
    self.density = density
    self.terms = terms
    self.further = further
  }
}

/// The thermodynamic history of a run, written row by row.
///
/// Numbers have ten significant digits: enough to see drift, few enough to read.
public final class ThermoLog {
  /// The columns that every run has, in order.
  public static let columns = [
    "step", "time_ps", "stage", "temperature_K", "potential_eV", "kinetic_eV", "conserved_eV", "pressure_GPa", "volume_A3",
    "density_g_cm3", "a_A", "b_A", "c_A", "alpha_deg", "beta_deg", "gamma_deg",
  ]

  private let file: AppendedFile
  private let termCount, furtherCount: Int

  /// Opens the log.
  ///
  /// - Parameters:
  ///   - terms: The names of the parts of the potential energy, without unit; each gets a column `NAME_eV`.
  ///   - further: Columns that follow those, with their units.
  ///   - length: `nil` begins a new file; otherwise what is behind this length, from a checkpoint, is cut off.
  public init(path: String, terms: [String], further: [String] = [], continuingAt length: UInt64? = nil) throws {
    file = try AppendedFile(path: path, continuingAt: length)
    (termCount, furtherCount) = (terms.count, further.count)
    if length == nil { try file.append((Self.columns + terms.map { "\($0)_eV" } + further).joined(separator: ",") + "\n") }
  }

  /// Adds a row.
  public func append(_ row: ThermoRow) throws {
    precondition(row.terms.count == termCount && row.further.count == furtherCount, "a row has as many terms as the header")
    let lengths = row.cell.lengths
    let angles = row.cell.angles
    let numbers =
      [
        row.temperature, row.potentialEnergy, row.kineticEnergy, row.conservedEnergy, row.pressure, row.cell.volume, row.density,
        lengths.x, lengths.y, lengths.z, angles.x, angles.y, angles.z,
      ] + row.terms + row.further
    let fields =
      [String(row.step), NumberText.significant(row.time, 12), row.stage] + numbers.map { NumberText.significant($0, 10) }
    try file.append(fields.joined(separator: ",") + "\n")
  }

  /// Makes all rows visible to other processes.
  public func flush() throws { try file.flush() }

  /// Brings all rows to the disk.
  ///
  /// - Returns: The length of the file in bytes, for ``RunCheckpoint/fileLengths``.
  public func synchronize() throws -> UInt64 { try file.synchronize() }
}
