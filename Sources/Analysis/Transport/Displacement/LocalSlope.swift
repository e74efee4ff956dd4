import NumericalMethods

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The exponent β of mean-squared displacements that grow as t^β, from lag to lag: 2 in free flight, near 0 in a cage, 1 in diffusion.
///
///     beta(t) = d ln msd(t) / d ln t
///
/// as the slope of a straight line through the lags from t/√2 to √2 t, at least one on either side. A vibration that is left out between
/// frames shows as β below 1 at short lags, not as a fault of the slope.
public struct LocalSlope: Sendable {
  /// A kind of motion, and the lags over which it is seen.
  public struct Regime: Sendable, Equatable {
    public enum Kind: String, Sendable {
      /// β above 1.5: ions fly freely.
      case ballistic
      /// β below 0.8: ions rattle among their neighbours.
      case caged
      /// β is 1, within 0.1 or two standard errors, from here to the last lag looked at.
      case diffusive
    }
    public let kind: Kind
    /// The first and the last lag in frames.
    public let lags: ClosedRange<Int>
  }

  /// Lags in frames, evenly spaced on a logarithmic scale up to half the frames.
  public let lags: [Int]
  /// β at each lag; not a number where the displacement is zero.
  public let values: [Double]
  /// The standard error over blocks of atoms, or empty for fewer than two.
  public let errors: [Double]
  public let regimes: [Regime]

  /// - Parameters:
  ///   - curve: Mean-squared displacements by lag in frames, from lag 0 on.
  ///   - blocks: Those of blocks of atoms, for errors.
  init(_ curve: [Double], blocks: [[Double]]) {
    lags = LagSpacing.logarithmic(upTo: max(1, curve.count / 2), perDecade: 12).filter { $0 + 1 < curve.count }
    let lags = lags
    func slopes(_ curve: [Double]) -> [Double] { lags.map { Self.slope(of: curve, at: $0) } }
    values = slopes(curve)
    errors = BlockAverage.standardError(of: blocks.map(slopes))
    regimes = Self.regimes(lags, values, errors)
  }

  private static func slope(of curve: [Double], at lag: Int) -> Double {
    let first = max(1, min(lag - 1, Int((Double(lag) / 2.0.squareRoot()).rounded(.up))))
    let last = min(curve.count - 1, max(lag + 1, Int(Double(lag) * 2.0.squareRoot())))
    let spread = LagSpacing.logarithmic(upTo: last, perDecade: 24).filter { $0 >= first }
    let points = (spread.first == first ? spread : [first] + spread).map { ($0, curve[$0]) }
    guard points.count > 1, points.allSatisfy({ $0.1 > 0 }) else { return .nan }
    let x = points.map { log(Double($0.0)) }
    let y = points.map { log($0.1) }
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return products / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }

  private static func regimes(_ lags: [Int], _ values: [Double], _ errors: [Double]) -> [Regime] {
    guard let first = lags.first, let last = lags.last else { return [] }
    var regimes: [Regime] = []
    let flight = values.prefix { $0 > 1.5 }.count
    if flight > 0 { regimes.append(Regime(kind: .ballistic, lags: first...lags[flight - 1])) }
    let rattling = values.indices.filter { values[$0] < 0.8 }
    if let from = rattling.first, let to = rattling.last { regimes.append(Regime(kind: .caged, lags: lags[from]...lags[to])) }
    let free = values.indices.reversed().prefix { abs(values[$0] - 1) <= max(0.1, errors.isEmpty ? 0 : 2 * errors[$0]) }
    // A single lag tells nothing about a range of them.
    if let from = free.last, free.count > 2 { regimes.append(Regime(kind: .diffusive, lags: lags[from]...last)) }
    return regimes
  }
}
