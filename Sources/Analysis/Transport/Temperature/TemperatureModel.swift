import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A law for the logarithm of a transport coefficient against temperature: linear in all parameters but at most one.
public enum TemperatureModel: String, CaseIterable, Sendable {
  /// `ln D = ln D0 - E / (kB T)`.
  case arrhenius
  /// Vogel, Tammann and Fulcher: `ln D = ln D0 - B / (kB (T - T0))`, with `0 <= T0 < 0.95 Tmin`; a line for T0 = 0.
  case vtf
  /// Two Arrhenius lines that meet at one temperature, with at least two temperatures on each side.
  case piecewise

  /// In words.
  public func law(_ quantity: TransportQuantity) -> String {
    let (left, prefactor) = quantity == .diffusion ? ("ln D", "ln D0") : ("ln(sigma T)", "ln A")
    return switch self {
    case .arrhenius: "\(left) = \(prefactor) - E / (kB T)"
    case .vtf: "\(left) = \(prefactor) - B / (kB (T - T0)), 0 <= T0 < 0.95 Tmin"
    case .piecewise: "two Arrhenius lines that meet at one temperature"
    }
  }

  /// The temperatures without which its parameters mean nothing: one more than it has, two for the two ends of a broken line.
  public var neededTemperatures: Int {
    switch self {
    case .arrhenius: 3
    case .vtf: 5
    case .piecewise: 6
    }
  }

  /// How many parameters it has.
  public var parameterCount: Int {
    switch self {
    case .arrhenius: 2
    case .vtf: 3
    case .piecewise: 4
    }
  }

  /// The names of its parameters with their units, the one that is not linear last.
  func parameterNames(_ quantity: TransportQuantity) -> [String] {
    switch self {
    case .arrhenius: ["ln_prefactor", "activation_energy_eV"]
    case .vtf: ["ln_prefactor", "B_eV", "T0_K"]
    case .piecewise: ["ln_prefactor", "activation_energy_hot_eV", "activation_energy_cold_eV", "break_K"]
    }
  }

  /// The bounds of the parameter that is not linear: T0 in K, or 1/(kB T) of the break in 1/eV; `nil` without one.
  func bounds(_ temperatures: [Double]) -> ClosedRange<Double>? {
    let distinct = Set(temperatures).sorted()
    switch self {
    case .arrhenius: return nil
    case .vtf: return distinct.first.map { 0...0.95 * $0 }
    case .piecewise:
      guard distinct.count >= 4 else { return nil }
      return Self.inverse(distinct[distinct.count - 2])...Self.inverse(distinct[1])
    }
  }

  /// 1/(kB T) in 1/eV.
  static func inverse(_ temperature: Double) -> Double { 1 / (PhysicalConstants.boltzmann * temperature) }

  /// How the logarithm depends on the linear parameters.
  func row(at temperature: Double, _ parameter: Double) -> [Double] {
    let x = Self.inverse(temperature)
    switch self {
    case .arrhenius: return [1, -x]
    case .vtf: return [1, -Self.inverse(temperature - parameter)]
    case .piecewise: return [1, -min(x, parameter), -max(0, x - parameter)]
    }
  }

  /// How the logarithm changes with the parameter that is not linear.
  func derivative(at temperature: Double, _ parameter: Double, _ coefficients: [Double]) -> Double {
    switch self {
    case .arrhenius: return 0
    case .vtf: return -coefficients[1] * Self.inverse(temperature - parameter) / (temperature - parameter)
    case .piecewise: return Self.inverse(temperature) > parameter ? coefficients[2] - coefficients[1] : 0
    }
  }
}
