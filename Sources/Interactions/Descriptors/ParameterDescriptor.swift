import Structures

/// What a parameter of an interaction is measured in.
public enum ParameterUnit: Sendable, Hashable {
  /// An energy times a power of a length, eV Å^n in files with `units: metal`.
  case energy(lengthPower: Int)
  case length
  case inverseLength
  /// In degrees in files, in radians inside.
  case angle
  case none

  /// The unit as a person writes it.
  public func symbol(in units: PotentialUnits) -> String {
    switch self {
    case .energy(0): units.energySymbol
    case .energy(let power): "\(units.energySymbol) A^\(power)"
    case .length: "A"
    case .inverseLength: "1/A"
    case .angle: "degrees"
    case .none: "no unit"
    }
  }

  /// What one of it is in the units of the program.
  func factor(in units: PotentialUnits) -> Double {
    switch self {
    case .energy: units.energy
    case .angle: Double.pi / 180
    case .length, .inverseLength, .none: 1
    }
  }
}

/// The units in which a force field's file states its numbers: LAMMPS's `metal` (eV, Å) or `real` (kcal/mol, Å).
public enum PotentialUnits: String, Sendable, CaseIterable {
  case metal, real

  var energy: Double { self == .metal ? 1 : PhysicalConstants.kilocaloriePerMole }
  var energySymbol: String { self == .metal ? "eV" : "kcal/mol" }
}

/// What a parameter of an interaction means; help, documentation and checks come from it.
public struct ParameterDescriptor: Sendable {
  public let name: String
  public let unit: ParameterUnit
  public let summary: String
  /// The value where none is given; `nil` where the parameter must be given or is optional.
  public let defaultValue: Double?
  /// Whether the parameter may be absent without a default.
  public let isOptional: Bool
  /// The values that make sense, in the units of the program.
  public let bounds: ClosedRange<Double>

  init(
    _ name: String, _ unit: ParameterUnit, _ summary: String, default defaultValue: Double? = nil, isOptional: Bool = false,
    bounds: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  ) {
    self.name = name
    self.unit = unit
    self.summary = summary
    self.defaultValue = defaultValue
    self.isOptional = isOptional
    self.bounds = bounds
  }

  init(
    _ name: String, _ unit: ParameterUnit, _ summary: String, default defaultValue: Double? = nil, isOptional: Bool = false,
    bounds: PartialRangeFrom<Double>
  ) {
    self.init(
      name, unit, summary, default: defaultValue, isOptional: isOptional,
      bounds: bounds.lowerBound...Double.greatestFiniteMagnitude)
  }

  /// What is wrong with a value in the program's units, as the end of a sentence; `nil` where nothing is.
  func complaint(about value: Double) -> String? {
    if bounds.contains(value) { return nil }
    if bounds.upperBound == .greatestFiniteMagnitude { return "must be at least \(bounds.lowerBound)" }
    return "must lie between \(bounds.lowerBound) and \(bounds.upperBound)"
  }
}
