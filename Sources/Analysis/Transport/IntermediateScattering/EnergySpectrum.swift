import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The Fourier transform of a correlation function over time, broadened by a resolution.
///
/// The correlation is taken to be straight between frames, for which the sum over frames times (sin x / x)², x = w dt / 2, is exact. The
/// sum alone would repeat itself and add at each frequency what is beyond the highest.
struct EnergySpectrum: Sendable {
  /// hbar in meV ps.
  static let reducedPlanck = 0.6582119569

  /// Angular frequencies in rad/ps, from 0 on.
  let frequencies: [Double]
  /// In ps.
  let values: [Double]
  /// The full width at half maximum of the resolution in rad/ps.
  let resolution: Double

  /// The finest full width at half maximum in rad/ps for correlations up to some time: three standard deviations in time.
  static func finestResolution(_ duration: Double) -> Double { 2 * (2 * log(2.0)).squareRoot() * 3 / duration }

  /// - Parameters:
  ///   - correlation: At 0, `interval`, 2 `interval` … ps.
  ///   - resolution: Full width at half maximum in rad/ps, at least the finest.
  init(_ correlation: [Double], interval: Double, resolution: Double) {
    self.resolution = resolution
    let sigma = resolution / (2 * (2 * log(2.0)).squareRoot())
    let count = correlation.count
    // Twice as long as need be: points at half the distance, so that narrow lines have a shape.
    let length = FourierTransform.fastLength(atLeast: 4 * count)
    let transform = FourierTransform(length: length)
    var signal = [Double](repeating: 0, count: length)
    for lag in 0..<count {
      let x = Double(lag) * interval * sigma
      let value = correlation[lag] * exp(-x * x / 2)
      signal[lag] = value
      if lag > 0 { signal[length - lag] = value }
    }
    let sums = transform.forward(signal)
    let step = 2 * Double.pi / (Double(length) * interval)
    frequencies = sums.indices.map { Double($0) * step }
    values = zip(frequencies, sums).map { frequency, sum in
      let x = frequency * interval / 2
      let line = x < 1e-4 ? 1 : sin(x) / x
      return sum.x * line * line * interval / (2 * Double.pi)
    }
  }

  /// The half width at half maximum in rad/ps of the line at 0, resolution included; `nil` where it does not fall to a half.
  var halfWidth: Double? {
    guard let height = values.first, height > 0, let place = values.firstIndex(where: { $0 < height / 2 }) else { return nil }
    let (high, low) = (values[place - 1], values[place])
    return frequencies[place - 1] + (frequencies[place] - frequencies[place - 1]) * (high - height / 2) / (high - low)
  }

  /// The half width at half maximum in rad/ps of the Lorentzian whose convolution with the resolution is as wide as the line.
  ///
  /// From the width of Voigt's profile, `f = 0.5346 l + sqrt(0.2166 l² + g²)`, with an error of 0.02 %.
  var quasiElasticWidth: Double? {
    guard let halfWidth else { return nil }
    let (f, g) = (2 * halfWidth, resolution)
    let (a, b) = (0.5346, 0.2166)
    // (f - a l)² = b l² + g².
    let root = max(0, a * a * f * f - (a * a - b) * (f * f - g * g)).squareRoot()
    return f <= g ? 0 : (a * f - root) / (a * a - b) / 2
  }
}
