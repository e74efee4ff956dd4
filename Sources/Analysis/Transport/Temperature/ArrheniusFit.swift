import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A straight line through the logarithm of a transport coefficient against 1/T.
///
///     ln D = ln D0 - E / (kB T),   ln(sigma T) = ln A - E / (kB T)
///
/// by weighted least squares with weights 1/s², s the standard error of the logarithm.
///
/// **Errors as given.** The covariance is that of the errors of the points; the scatter around the line only tests it. Where the errors were
/// themselves estimated from few degrees of freedom f_i, weights and variances scatter too. The covariance C is then enlarged by 2L and an
/// interval takes Student's distribution with Satterthwaite's degrees of freedom:
///
///     L = C [sum_i (2/f_i) (1 - h_i) x_i x_iᵀ / s_i²] C,     f = (lᵀCl)² / sum_i c_i⁴ s_i⁴ / f_i,    c_i = lᵀC x_i / s_i²
///
/// **Errors that share a scale**, found with f degrees of freedom from what replicas scatter (``CombinedReplicas``): weights are right but for
/// it, and Student's distribution has f degrees.
///
/// **Scaled.** Errors give the weights alone; the covariance is multiplied by chi²/(n-2), Student's distribution has n-2 degrees.
/// **From the scatter.** Without errors all points weigh the same, which is the same with equal errors.
///
/// Source: Kackar and Harville, J. Am. Stat. Assoc. 79, 853 (1984), doi:10.1080/01621459.1984.10477102, and Kenward and Roger, Biometrics 53, 983
/// (1997), doi:10.2307/2533558, for the covariance; Satterthwaite, Biometrics Bulletin 2, 110 (1946), doi:10.2307/3002019; Johansen,
/// Biometrika 67, 85 (1980), doi:10.1093/biomet/67.1.85, for the test.
public struct ArrheniusFit: Sendable {
  /// What the errors of the points are taken for.
  public enum Errors: String, CaseIterable, Sendable {
    case given, scaled, scatter

    /// In words.
    public var summary: String {
      switch self {
      case .given: "errors of the points as given, not scaled"
      case .scaled: "errors of the points as weights, scaled so that chi2 is n - 2"
      case .scatter: "no errors of the points: equal weights, errors from the scatter around the line"
      }
    }
  }

  public let quantity: TransportQuantity
  /// The points, by rising temperature.
  public let points: [TransportPoint]
  public let errors: Errors
  /// The degrees of freedom of the scale that all errors share; `nil` where each error has its own.
  public let sharedDegrees: Double?
  /// The standard errors that went into the fit, of logarithms.
  let standardErrors: [Double]
  let line: LinearLeastSquares
  /// Of the prefactor's logarithm and the energy, row by row.
  let covariance: [Double]

  /// Fits a line.
  ///
  /// - Parameters:
  ///   - points: Valid points in any order.
  ///   - errors: What errors are taken for; `nil` takes them as given where all points have one, as weights where some have (the others get the
  ///     largest of them), and goes without where none has.
  ///   - sharedDegrees: The degrees of freedom of a scale that all errors share, or `nil` for errors with degrees of their own.
  /// - Throws: ``AnalysisError`` with code `.tooFewTemperatures` for fewer than two temperatures, or two without errors to take as given;
  ///   `.invalidSetting` for a point that is not positive and for `given` where a point has no error.
  public init(_ points: [TransportPoint], quantity: TransportQuantity, errors: Errors? = nil, sharedDegrees: Double? = nil) throws {
    if let bad = points.first(where: { !$0.isValid }) {
      throw AnalysisError(
        .invalidSetting,
        "a \(quantity.rawValue) of \(bad.value) \(quantity.unit) at \(bad.temperature) K\(bad.source.isEmpty ? "" : " (\(bad.source))") has no "
          + "logarithm; values and temperatures are positive numbers: leave the point out, or mend it")
    }
    let points = points.sorted { ($0.temperature, $0.value) < ($1.temperature, $1.value) }
    let known = points.compactMap(\.logError)
    let choice = errors ?? (known.isEmpty ? .scatter : known.count == points.count ? .given : .scaled)
    if choice == .given, known.count < points.count {
      throw AnalysisError(
        .invalidSetting,
        "\(points.count - known.count) of \(points.count) points have no error to take as given; give it, or take scaled errors")
    }
    let largest = known.max() ?? 1
    standardErrors = points.map { choice == .scatter ? 1 : $0.logError ?? largest }
    self.points = points
    self.quantity = quantity
    self.errors = choice
    self.sharedDegrees = choice == .given ? sharedDegrees : nil
    let temperatures = Set(points.map(\.temperature)).count
    let rows = points.map { Self.row(at: $0.temperature) }
    guard temperatures >= 2, choice == .given || points.count >= 3,
      let line = LinearLeastSquares(
        rows: rows, values: points.map { quantity.fitted($0.value, at: $0.temperature) }, errors: standardErrors)
    else {
      throw AnalysisError(
        .tooFewTemperatures,
        "a line through \(points.count) point\(points.count == 1 ? "" : "s") at \(temperatures) temperature\(temperatures == 1 ? "" : "s") has no error "
          + "that means anything; give points at three temperatures or more")
    }
    self.line = line
    covariance =
      choice == .given && sharedDegrees != nil
      ? line.covariance : Self.covariance(line, rows: rows, errors: standardErrors, points: points, choice: choice)
  }

  /// How ln D depends on its two parameters.
  static func row(at temperature: Double) -> [Double] { [1, -1 / (PhysicalConstants.boltzmann * temperature)] }

  private static func covariance(
    _ line: LinearLeastSquares, rows: [[Double]], errors: [Double], points: [TransportPoint], choice: Errors
  ) -> [Double] {
    guard choice == .given else {
      let scale = line.chiSquared / Double(max(1, points.count - 2))
      return line.covariance.map { $0 * scale }
    }
    var middle = [Double](repeating: 0, count: 4)
    for (index, row) in rows.enumerated() {
      let factor = 2 / points[index].degrees * (1 - line.leverages[index]) / (errors[index] * errors[index])
      for i in 0..<2 { for j in 0..<2 { middle[2 * i + j] += factor * row[i] * row[j] } }
    }
    let c = line.covariance
    return (0..<4).map { entry in
      let (left, right) = ([c[2 * (entry / 2)], c[2 * (entry / 2) + 1]], [c[2 * (entry % 2)], c[2 * (entry % 2) + 1]])
      return c[entry] + 2 * LinearLeastSquares.form(middle, left, right)
    }
  }
}

extension ArrheniusFit {
  /// A number with its standard error and 95 % interval.
  public struct Estimate: Sendable {
    public let value: Double
    public let error: Double
    /// Of Student's distribution; infinite for the normal one.
    public let degrees: Double
    public let interval: ClosedRange<Double>

    init(_ value: Double, error: Double, degrees: Double) {
      (self.value, self.error, self.degrees) = (value, error, degrees)
      let half = StudentDistribution(degrees: degrees).halfWidth(0.95) * error
      interval = half.isFinite ? value - half...value + half : -Double.infinity...Double.infinity
    }
  }

  /// A linear function of the two parameters.
  func estimate(_ direction: [Double]) -> Estimate {
    let value = zip(direction, line.coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    let error = max(0, LinearLeastSquares.form(covariance, direction, direction)).squareRoot()
    guard errors == .given else { return Estimate(value, error: error, degrees: Double(points.count - 2)) }
    if let sharedDegrees { return Estimate(value, error: error, degrees: sharedDegrees) }
    // Satterthwaite: the degrees of freedom of a sum of variances, each with its own.
    var share = 0.0
    for (index, point) in points.enumerated() {
      let weight = LinearLeastSquares.form(line.covariance, direction, Self.row(at: point.temperature)) / standardErrors[index]
      share += weight * weight * weight * weight / point.degrees
    }
    let plain = LinearLeastSquares.form(line.covariance, direction, direction)
    return Estimate(value, error: error, degrees: share > 0 ? max(1, plain * plain / share) : .infinity)
  }

  /// In eV.
  public var activationEnergy: Estimate { estimate([0, 1]) }

  /// The logarithm of the prefactor, of D in cm²/s or of σT in S K/cm.
  public var logPrefactor: Estimate { estimate([1, 0]) }

  /// Between energy and logarithm of the prefactor, from -1 to 1; near 1, since both follow from where the line crosses.
  public var correlation: Double { covariance[1] / (covariance[0] * covariance[3]).squareRoot() }

  /// The logarithm that is fitted, at a temperature in K.
  public func logarithm(at temperature: Double) -> Estimate { estimate(Self.row(at: temperature)) }

  /// Sum of the squares of residuals over errors; of residuals alone without errors.
  public var chiSquared: Double { line.chiSquared }

  /// Points less parameters.
  public var degreesOfFreedom: Int { points.count - 2 }

  /// Residuals of logarithms over their errors, in the order of ``points``.
  public var normalizedResiduals: [Double] { zip(line.residuals, standardErrors).map { $0 / $1 } }

  /// The probability that points on a straight line scatter at least as much; `nil` without errors to take as given, and for two points.
  ///
  /// By chi² where errors are known; by Fisher's F where they share a scale; by Johansen's approximation where each was estimated:
  ///
  ///     chi² / c ~ F(q, q (q + 2) / (3 A)),   q = n - 2,  A = sum_i (1 - h_i)² / f_i,   c = q + 2A - 6A / (q + 2)
  public var goodnessOfFit: Double? {
    guard errors == .given, degreesOfFreedom > 0 else { return nil }
    let q = Double(degreesOfFreedom)
    if let sharedDegrees { return FisherDistribution(numerator: q, denominator: sharedDegrees).upperTail(chiSquared / q) }
    let a = zip(points, line.leverages).reduce(0) { $0 + (1 - $1.1) * (1 - $1.1) / $1.0.degrees }
    guard a > 0 else { return ChiSquaredDistribution(degrees: q).upperTail(chiSquared) }
    let c = q + 2 * a - 6 * a / (q + 2)
    return FisherDistribution(numerator: q, denominator: q * (q + 2) / (3 * a)).upperTail(chiSquared / c)
  }
}
