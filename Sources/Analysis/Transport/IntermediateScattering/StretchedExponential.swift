import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A stretched exponential, `A exp(-(t / tau)^beta)`.
///
/// - Source: Williams and Watts, Trans. Faraday Soc. 66, 80 (1970), doi:10.1039/TF9706600080.
public struct StretchedExponential: Sendable {
  public var amplitude: Double
  /// In the unit of the times, ps.
  public var time: Double
  public var exponent: Double

  /// Its integral over its amplitude, `tau / beta Gamma(1 / beta)`.
  public var meanTime: Double { time / exponent * tgamma(1 / exponent) }

  /// The bounds of the exponent.
  static let exponents = 0.1...2.0
  /// Whether the amplitude is what the bound 1 makes it: then nothing was measured.
  public var hasBoundAmplitude: Bool { amplitude >= 1 - 1e-9 }
  /// Whether the exponent is at a bound.
  public var hasBoundExponent: Bool { exponent <= Self.exponents.lowerBound + 1e-9 || exponent >= Self.exponents.upperBound - 1e-9 }

  public func callAsFunction(_ t: Double) -> Double { amplitude * exp(-pow(t / time, exponent)) }

  /// Fits a decay by least squares, each point alike, with 0 < A <= 1 and 0.1 <= beta <= 2 (Levenberg and Marquardt).
  ///
  /// - Parameters:
  ///   - t: Positive and rising.
  ///   - f: The decay, about 1 at the beginning.
  /// - Returns: `nil` for fewer than five points or a decay by less than 0.05.
  init?(t: [Double], f: [Double]) {
    guard t.count >= 5, let first = f.first, let last = f.last, first - (f.min() ?? last) > 0.05, f.allSatisfy(\.isFinite) else {
      return nil
    }
    let start = t.indices.first { f[$0] < first / M_E }.map { t[$0] } ?? (t[t.count - 1] / max(0.05, log(first / max(last, 1e-3))))
    var p = Vector3(min(1, first), log(start), 0.7)
    let times = t.map { log($0) }
    var damping = 1e-3
    var cost = Self.cost(p, times, f)
    for _ in 0..<500 {
      var normal = Matrix3(diagonal: .zero)
      var gradient = Vector3.zero
      for (time, value) in zip(times, f) {
        let z = exp(min(50, p.z * (time - p.y)))
        let e = exp(-z)
        let slope = p.x * e * z
        let j = Vector3(e, slope * p.z, -slope * (time - p.y))
        gradient += j * (value - p.x * e)
        for a in 0..<3 { normal[a] = normal[a] + j * j[a] }
      }
      var damped = normal
      for a in 0..<3 { damped[a][a] += damping * (normal[a][a] + 1e-12) }
      guard abs(damped.determinant) > 1e-300 else { break }
      let step = gradient * damped.inverse
      guard step.x.isFinite, step.y.isFinite, step.z.isFinite else { break }
      let trial = Vector3(
        min(1, max(1e-3, p.x + step.x)), p.y + max(-2, min(2, step.y)),
        min(Self.exponents.upperBound, max(Self.exponents.lowerBound, p.z + step.z)))
      let next = Self.cost(trial, times, f)
      if next <= cost {
        let moved = (trial - p).length
        (p, cost, damping) = (trial, next, max(1e-12, damping / 5))
        if moved < 1e-11 { break }
      } else {
        damping *= 4
        if damping > 1e12 { break }
      }
    }
    (amplitude, time, exponent) = (p.x, exp(p.y), p.z)
  }

  private static func cost(_ p: Vector3, _ times: [Double], _ f: [Double]) -> Double {
    var sum = 0.0
    for (time, value) in zip(times, f) {
      let difference = value - p.x * exp(-exp(min(50, p.z * (time - p.y))))
      sum += difference * difference
    }
    return sum
  }
}
