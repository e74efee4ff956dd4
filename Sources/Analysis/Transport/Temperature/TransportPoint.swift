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
  }

  /// The interval that holds the value in 95 % of cases, or `nil` without an error.
  public var interval: ClosedRange<Double>? {
    logError.map { error in
      let factor = exp(StudentDistribution(degrees: degrees).halfWidth(0.95) * error)
      return value / factor...value * factor
    }
  }

  /// Whether the point can be fitted.
  public var isValid: Bool { temperature > 0 && temperature.isFinite && value > 0 && value.isFinite }
}

extension TransportPoint {
  /// One point for each temperature: the weighted mean of the logarithms of those that were found at it.
  ///
  ///     y = sum w y / sum w,   w = 1/s²,   error² = max(1 / sum w, sum w (y_i - y)² / ((m - 1) sum w))
  ///
  /// The second error is what independent replicas show by themselves; it counts where it is larger, which means that the errors of single
  /// replicas leave something out. Points without errors weigh the same.
  public static func combined(_ points: [TransportPoint]) -> [TransportPoint] {
    Dictionary(grouping: points, by: \.temperature).sorted { $0.key < $1.key }.map { temperature, points in
      guard points.count > 1 else { return points[0] }
      let areWeighted = points.allSatisfy { $0.logError != nil }
      let weights = points.map { areWeighted ? 1 / (($0.logError ?? 1) * ($0.logError ?? 1)) : 1 }
      let total = weights.reduce(0, +)
      let logs = points.map { log($0.value) }
      let mean = zip(weights, logs).reduce(0) { $0 + $1.0 * $1.1 } / total
      let scatter = zip(weights, logs).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / (Double(points.count - 1) * total)
      let names = points.map(\.source).filter { !$0.isEmpty }
      var result = TransportPoint(temperature: temperature, value: exp(mean), error: nil, source: names.joined(separator: ", "))
      if areWeighted, 1 / total >= scatter {
        result.logError = (1 / total).squareRoot()
        // Satterthwaite: the variance 1/W is a mean of the variances with weights w²s⁴ = 1.
        let share = zip(weights, points).reduce(0) { $0 + $1.0 * $1.0 / $1.1.degrees }
        result.degrees = share > 0 ? total * total / share : .infinity
      } else if scatter > 0 {
        result.logError = scatter.squareRoot()
        result.degrees = Double(points.count - 1)
      }
      return result
    }
  }
}
