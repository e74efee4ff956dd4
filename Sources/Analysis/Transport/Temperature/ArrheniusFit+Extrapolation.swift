import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ArrheniusFit {
  /// The line at a temperature, with the interval of the line there.
  public struct Prediction: Sendable {
    /// In K.
    public let temperature: Double
    /// In cm²/s or S/cm.
    public let value: Double
    /// Holds the value in 95 % of cases, if the line goes on as it is.
    public let interval: ClosedRange<Double>
    /// How far beyond the points the temperature lies in 1/T, in units of their own span; 0 among them.
    public let distance: Double

    /// The same in other units, for example as a conductivity.
    func scaled(by factor: Double) -> Prediction {
      Prediction(
        temperature: temperature, value: value * factor, interval: interval.lowerBound * factor...interval.upperBound * factor,
        distance: distance)
    }
  }

  /// The value at a temperature in K, which must be positive.
  public func prediction(at temperature: Double) -> Prediction {
    let estimate = logarithm(at: temperature)
    return Prediction(
      temperature: temperature, value: quantity.value(estimate.value, at: temperature),
      interval: quantity.value(
        estimate.interval.lowerBound, at: temperature)...quantity.value(estimate.interval.upperBound, at: temperature),
      distance: distance(to: temperature))
  }

  /// How far beyond the points a temperature lies in 1/T, in units of their own span; 0 among them.
  public func distance(to temperature: Double) -> Double {
    let inverse = points.map { 1 / $0.temperature }
    guard let low = inverse.min(), let high = inverse.max(), high > low else { return 0 }
    return max(0, 1 / temperature - high, low - 1 / temperature) / (high - low)
  }
}

/// The charges that carry a current, as the relation of Nernst and Einstein sees them.
///
///     sigma = n (z e)² D / (kB T)
///
/// Each ion moves by itself: what correlations change is the Haven ratio, which is not in here.
public struct ChargeCarriers: Hashable, Sendable {
  /// The ions in a volume, in 1/Å³.
  public var density: Double
  /// The charge of one in e.
  public var charge: Double

  public init(density: Double, charge: Double) {
    (self.density, self.charge) = (density, charge)
  }

  /// The conductivity in S/cm for a diffusion coefficient of 1 cm²/s.
  public func conductivityPerDiffusion(at temperature: Double) -> Double {
    // 1e24 Å³ are 1 cm³; e in C over kB T in eV is e²/(kB T) in SI.
    density * 1e24 * charge * charge * 1.602176634e-19 / (PhysicalConstants.boltzmann * temperature)
  }
}
