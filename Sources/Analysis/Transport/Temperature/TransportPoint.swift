import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is followed against temperature, and what of it is straight against 1/T.
public enum TransportQuantity: String, CaseIterable, Sendable {
  /// A diffusion coefficient in cm²/s; its logarithm is straight.
  case diffusion
  /// A conductivity in S/cm; the logarithm of σT is straight, since σT is a density of charges times a diffusion coefficient.
  case conductivity

  /// The unit of values.
  public var unit: String { self == .diffusion ? "cm2/s" : "S/cm" }
  /// The unit of what is fitted, `exp` of it.
  public var fittedUnit: String { self == .diffusion ? "cm2/s" : "S K/cm" }
  /// What JSON keys of values end with.
  public var keySuffix: String { self == .diffusion ? "cm2_per_s" : "S_per_cm" }
  /// The symbol of values.
  public var symbol: String { self == .diffusion ? "D" : "sigma" }

  /// ln D, or ln σT, of a value.
  func fitted(_ value: Double, at temperature: Double) -> Double { log(self == .diffusion ? value : value * temperature) }
  /// The value whose ``fitted(_:at:)`` is given.
  func value(_ fitted: Double, at temperature: Double) -> Double { self == .diffusion ? exp(fitted) : exp(fitted) / temperature }
}

/// A diffusion coefficient or a conductivity at one temperature.
public struct TransportPoint: Hashable, Sendable {
  /// In K, positive.
  public var temperature: Double
  /// In cm²/s or S/cm, positive.
  public var value: Double
  /// The standard error of the logarithm of the value, positive, or `nil` where nobody told.
  public var logError: Double?
  /// How many degrees of freedom the error was estimated from; infinite for one that is known.
  public var degrees: Double
  /// Where the point comes from, for messages; may be empty.
  public var source: String
  /// The 95 % interval as it was given, which may reach farther up than down; `nil` for that of the error.
  var givenInterval: ClosedRange<Double>?

  /// A point with a standard error, or without.
  ///
  /// - Parameters:
  ///   - error: Of the value, in its unit; `nil`, zero and what is not finite stand for none.
  ///   - degrees: The degrees of freedom behind the error.
  public init(temperature: Double, value: Double, error: Double?, degrees: Double = .infinity, source: String = "") {
    self.temperature = temperature
    self.value = value
    let relative = (error ?? 0) / value
    logError = relative.isFinite && relative > 0 ? relative : nil
    self.degrees = degrees > 0 ? degrees : .infinity
    self.source = source
  }

  /// A point with its 95 % interval.
  ///
  /// The standard error is half its width on a logarithmic scale over 1.96, or over what Student's distribution has for the degrees.
  /// An interval that reaches down to 0 has its upper half alone.
  public init(temperature: Double, value: Double, interval: ClosedRange<Double>, degrees: Double = .infinity, source: String = "") {
    self.init(temperature: temperature, value: value, error: nil, degrees: degrees, source: source)
    let half = interval.lowerBound > 0 ? log(interval.upperBound / interval.lowerBound) / 2 : log(interval.upperBound / value)
    let error = half / StudentDistribution(degrees: self.degrees).halfWidth(0.95)
    logError = error.isFinite && error > 0 ? error : nil
    if logError != nil { givenInterval = interval }
  }

  /// The interval that holds the value in 95 % of cases, or `nil` without an error.
  public var interval: ClosedRange<Double>? {
    if let givenInterval { return givenInterval }
    return logError.map { error in
      let factor = exp(StudentDistribution(degrees: degrees).halfWidth(0.95) * error)
      return value / factor...value * factor
    }
  }

  /// Whether the point can be fitted.
  public var isValid: Bool { temperature > 0 && temperature.isFinite && value > 0 && value.isFinite }
}
