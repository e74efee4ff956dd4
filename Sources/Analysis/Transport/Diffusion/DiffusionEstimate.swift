/// A diffusion coefficient with an error that holds, by three estimators, and whether the motion is diffusive at all.
public struct DiffusionEstimate: Sendable {
  /// How a straight line is fitted.
  public enum Method: String, CaseIterable, Sendable {
    /// Generalised least squares with the covariance of the mean-squared displacement.
    case gls
    /// Ordinary least squares, every lag alike; the error from the same covariance.
    case ols
    /// The mean over blocks of time, each fitted by generalised least squares; the error from their scatter.
    case blocks
  }

  /// One estimate.
  public struct Value: Sendable {
    /// Å²/ps.
    public var value: Double
    /// The standard error in Å²/ps.
    public var error: Double
    /// The interval that holds the true value in 95 of 100 cases.
    public var interval: ClosedRange<Double>
    /// The degrees of freedom of the error; infinite where theory gives it.
    public var degrees: Double

    init(_ value: Double, error: Double, degrees: Double, isLopsided: Bool = true) {
      self.value = value
      self.error = error
      self.degrees = degrees
      interval = DiffusionInterval.interval(value, error: error, degrees: degrees, isLopsided: isLopsided)
    }

    func scaled(by factor: Double) -> Value {
      var result = self
      result.value *= factor
      result.error *= factor
      result.interval = interval.lowerBound * factor...interval.upperBound * factor
      return result
    }
  }

  /// How many rows (ions, or one for a collective coordinate).
  public let rows: Int
  public let dimensions: Int
  public let generalized: Value
  public let ordinary: Value
  /// `nil` where blocks of time would be too short for the fit.
  public let blocks: Value?
  public let blockCount: Int
  /// The lags of the fit in frames.
  public let lags: [Int]
  /// The time between frames in ps.
  public let interval: Double
  /// The part of the mean-squared displacement that does not grow, in Å².
  public let intercept: Double
  /// The exponent of time over the fit, beside a constant part, and its standard error.
  public let exponent: (value: Double, error: Double)
  /// The standard error of the fitted line at each of ``lags``, in Å².
  public let bandError: [Double]
  /// The standard error of the mean-squared displacement itself at each of ``lags``, in Å².
  public let curveError: [Double]
  /// The probability of residuals as large as these or larger.
  public let quality: Double
  /// How many independent displacements would give the same error.
  public let independentDisplacements: Double
  /// The factor by which ions that move together raise the variance.
  public let collectivity: Double
  /// The factor by which ions scatter more than Gaussian motion would let them (variance).
  public let scatter: Double
  /// The root of the mean-squared displacement at the longest lag of the fit, in Å.
  public let range: Double
  /// Why the number is not to be believed; empty where it is.
  public let refusals: [String]
  public let warnings: [String]
  /// How the slope is a sum over mean-squared displacements at ``lags``.
  let weights: [Double]

  public func value(of method: Method) -> Value? {
    switch method {
    case .gls: generalized
    case .ols: ordinary
    case .blocks: blocks
    }
  }

  public var isValid: Bool { refusals.isEmpty }
}
