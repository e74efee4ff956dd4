#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rates of relaxation by jumps of one length into any direction.
///
///     Gamma(q) = (1 - sin(q a) / (q a)) / tau,   D = a² / (6 tau)
///
/// - Source: Chudley and Elliott, Proc. Phys. Soc. 77, 353 (1961), doi:10.1088/0370-1328/77/2/319.
public struct ChudleyElliott: Sendable {
  /// a in Å.
  public let jumpLength: Double
  /// tau in ps.
  public let residenceTime: Double
  /// The root-mean-square relative deviation of the rates.
  public let deviation: Double

  /// In Å²/ps.
  public var diffusionCoefficient: Double { jumpLength * jumpLength / (6 * residenceTime) }

  /// The rate at a wave number in 1/Å, in 1/ps.
  public func rate(_ q: Double) -> Double { Self.shape(q * jumpLength) / residenceTime }

  /// Fits rates by least squares of their relative deviations, jumps from 0.5 to 10 Å.
  ///
  /// - Returns: `nil` where ``reasonWithout(rates:)`` says why, or where the best jump lies at an end of that range.
  init?(q: [Double], rates: [Double]) {
    guard Self.reasonWithout(rates: rates) == nil else { return nil }
    func best(_ a: Double) -> (scale: Double, cost: Double) {
      let ratios = zip(q, rates).map { Self.shape($0 * a) / $1 }
      let scale = ratios.reduce(0, +) / ratios.reduce(0) { $0 + $1 * $1 }
      return (scale, ratios.reduce(0) { $0 + (1 - scale * $1) * (1 - scale * $1) })
    }
    let lengths = (50...1000).map { Double($0) * 0.01 }
    guard let place = lengths.indices.min(by: { best(lengths[$0]).cost < best(lengths[$1]).cost }), place > 0, place < lengths.count - 1
    else { return nil }
    var (low, high) = (lengths[place - 1], lengths[place + 1])
    for _ in 0..<60 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if best(a).cost < best(b).cost { high = b } else { low = a }
    }
    jumpLength = (low + high) / 2
    let found = best(jumpLength)
    residenceTime = 1 / found.scale
    deviation = (found.cost / Double(q.count)).squareRoot()
  }

  /// Why no jumps can be fitted to rates; `nil` where they can.
  static func reasonWithout(rates: [Double]) -> String? {
    if rates.count < 3 { return "\(rates.count) of the 3 rates that are needed" }
    return rates.allSatisfy { $0 > 0 && $0.isFinite } ? nil : "rates are not positive"
  }

  private static func shape(_ x: Double) -> Double { abs(x) < 1e-3 ? x * x / 6 : 1 - sin(x) / x }
}
