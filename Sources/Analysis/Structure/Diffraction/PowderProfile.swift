import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The shape of a peak, of area 1.
///
///     Gauss:   2 sqrt(ln 2 / π) / w · exp(-4 ln 2 x² / w²)      Lorentz:   2 / (π w) / (1 + 4 x² / w²)
///
/// w is the full width at half height; pseudo-Voigt is half of each.
struct PowderProfile: Sendable {
  private let width: Double
  /// The share of the Lorentzian.
  private let mixing: Double

  init(_ parameters: PowderDiffraction) {
    width = parameters.width
    switch parameters.profile {
    case .gaussian: mixing = 0
    case .lorentzian: mixing = 1
    case .pseudoVoigt: mixing = 0.5
    }
  }

  static func exponential(_ x: Double) -> Double { exp(x) }

  /// - Parameter x: Distance from the middle, in the unit of the width.
  func callAsFunction(_ x: Double) -> Double {
    let t = 4 * x * x / (width * width)
    var value = 0.0
    if mixing < 1, t < 1000 { value += (1 - mixing) * 2 * (log(2) / Double.pi).squareRoot() / width * exp(-log(2) * t) }
    if mixing > 0 { value += mixing * 2 / (Double.pi * width) / (1 + t) }
    return value
  }

  /// The sum of peaks at the points of a pattern.
  ///
  /// Tails of Lorentzians are followed to the ends of the pattern.
  ///
  /// - Parameter lines: Angle and area of each peak.
  func pattern(_ lines: [SIMD2<Double>], at points: [Double], pool: WorkerPool) -> [Double] {
    let sorted = lines.filter { $0.y > 0 }.sorted { $0.x != $1.x ? $0.x < $1.x : $0.y < $1.y }
    // Lines closer than a hundredth of the width are one, at their centre of gravity.
    var merged: [SIMD2<Double>] = []
    for line in sorted {
      if let last = merged.last, line.x - last.x < width / 100 {
        let area = last.y + line.y
        merged[merged.count - 1] = SIMD2((last.x * last.y + line.x * line.y) / area, area)
      } else {
        merged.append(line)
      }
    }
    let all = merged
    var pattern = [Double](repeating: 0, count: points.count)
    pattern.withUnsafeMutableBufferPointer { pattern in
      nonisolated(unsafe) let pattern = pattern
      pool.forEachRange(points.count, grain: 256) { range in
        for point in range {
          var sum = 0.0
          for line in all {
            let x = points[point] - line.x
            if mixing == 0, abs(x) > 6 * width { continue }
            sum += line.y * self(x)
          }
          pattern[point] = sum
        }
      }
    }
    return pattern
  }
}
