/// A physical dimension, with the units in which people write it.
///
/// The internal unit of each dimension has factor 1: Å, ps, eV, K and what follows from them, except where the field's
/// unit is another (g/cm³, GPa, e).
public enum Dimension: String, CaseIterable, Sendable {
  case length, time, temperature, pressure, density, energy, force, velocity, frequency, angle, mass, charge
  case temperatureRate = "rate of temperature"
  case pressureRate = "rate of pressure"
  case wavenumber = "inverse length"
  case volume
  case diffusivity = "diffusion coefficient"

  /// The units of this dimension and what one of each is in internal units, in the order in which errors name them.
  public var units: [(symbol: String, factor: Double)] {
    switch self {
    case .length: [("A", 1), ("Å", 1), ("nm", 10), ("pm", 0.01), ("um", 1e4), ("m", 1e10), ("bohr", 0.529177210903)]
    case .time: [("ps", 1), ("fs", 1e-3), ("ns", 1e3), ("us", 1e6), ("s", 1e12), ("min", 6e13), ("h", 3.6e15)]
    case .temperature: [("K", 1)]
    case .pressure: [("GPa", 1), ("MPa", 1e-3), ("kPa", 1e-6), ("Pa", 1e-9), ("bar", 1e-4), ("kbar", 0.1), ("atm", 1.01325e-4)]
    case .density: [("g/cm3", 1), ("g/cm^3", 1), ("g/cc", 1), ("kg/m3", 1e-3), ("kg/m^3", 1e-3)]
    case .energy:
      [("eV", 1), ("meV", 1e-3), ("kcal/mol", PhysicalConstants.kilocaloriePerMole), ("kJ/mol", 0.01036426966), ("J", 6.241509074e18)]
    case .force: [("eV/A", 1), ("eV/Å", 1), ("meV/A", 1e-3), ("kcal/mol/A", PhysicalConstants.kilocaloriePerMole), ("nN", 0.6241509074)]
    case .velocity: [("A/ps", 1), ("Å/ps", 1), ("A/fs", 1e3), ("m/s", 0.01)]
    case .frequency: [("1/ps", 1), ("THz", 1), ("1/fs", 1e3), ("1/s", 1e-12), ("Hz", 1e-12)]
    case .angle: [("deg", 1), ("°", 1), ("rad", 180 / Double.pi)]
    case .mass: [("amu", 1), ("u", 1), ("Da", 1), ("g/mol", 1)]
    case .charge: [("e", 1)]
    case .temperatureRate: [("K/ps", 1), ("K/fs", 1e3), ("K/ns", 1e-3), ("K/s", 1e-12)]
    case .pressureRate: [("GPa/ps", 1), ("GPa/ns", 1e-3), ("bar/ps", 1e-4)]
    case .wavenumber: [("1/A", 1), ("1/Å", 1), ("1/nm", 0.1), ("A^-1", 1)]
    case .volume: [("A3", 1), ("A^3", 1), ("Å3", 1), ("nm3", 1e3)]
    case .diffusivity: [("cm2/s", 1e4), ("A2/ps", 1), ("m2/s", 1e8)]
    }
  }

  /// The symbol of the internal unit.
  public var internalUnit: String {
    units.first { $0.factor == 1 }?.symbol ?? units[0].symbol
  }
}
