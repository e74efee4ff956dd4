/// What a stage of molecular dynamics holds constant, and how.
public enum Ensemble: Hashable, Sendable {
  /// Energy and volume.
  case nve
  /// Temperature (K) and volume.
  case nvt(temperature: Ramp, thermostat: Thermostat = .noseHooverChain())
  /// Temperature (K) and pressure (GPa), by a Nosé–Hoover chain on the atoms and the barostat of Martyna, Tobias and Klein.
  ///
  /// `damping` (ps) and `chainLength` are those of the chain on the atoms.
  case npt(temperature: Ramp, pressure: Ramp, barostat: Barostat = Barostat(), damping: Double = 0.1, chainLength: Int = 3)

  /// The name in recipes.
  public var name: String {
    switch self {
    case .nve: "nve"
    case .nvt: "nvt"
    case .npt: "npt"
    }
  }

  /// The temperature in K, or `nil` where none is imposed.
  public var temperature: Ramp? {
    switch self {
    case .nve: nil
    case .nvt(let temperature, _), .npt(let temperature, _, _, _, _): temperature
    }
  }

  /// The pressure in GPa, or `nil` where none is imposed.
  public var pressure: Ramp? {
    if case .npt(_, let pressure, _, _, _) = self { pressure } else { nil }
  }
}
