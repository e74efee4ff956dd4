import NumericalMethods

/// A straight line through mean-squared displacements by generalised least squares, and how well it holds.
///
///     msd(m) = intercept + slope m,   slope = sum_m w_m msd(m)
///
/// The intercept is what vibrations in cages and jumps back add for good; the slope is 2 d D.
struct DisplacementFit: Sendable {
  /// In frames.
  let lags: [Int]
  let intercept: Double
  /// Å² a frame.
  let slope: Double
  /// `w_m`: the slope as a sum over mean-squared displacements.
  let weights: [Double]
  /// The same for ordinary least squares, which gives all lags the same weight.
  let plainWeights: [Double]
  /// The variance of the two slopes for one ion of Gaussian motion, in (Å² a frame)².
  let variance: Double
  let plainVariance: Double
  /// The variance of the intercept, and its covariance with the slope, for one ion.
  let interceptVariance: Double
  let interceptCovariance: Double
  /// The variance of the mean-squared displacement at each of ``lags`` for one ion, in Å⁴.
  let curveVariance: [Double]
  /// The sum of squares of whitened residuals for one ion: chi-squared of `lags.count - 2` degrees once multiplied by the number of ions.
  let residual: Double
  /// The exponent of time when `intercept + slope m^exponent` is fitted, linear about 1.
  let exponent: Double
  /// Its standard error for one ion.
  let exponentError: Double
  /// How ``exponent`` less 1 is a sum over mean-squared displacements at ``lags``.
  let exponentWeights: [Double]
  /// An exponential approach to the line with the time of the shortest lag: its amplitude by its error for one ion.
  let relaxation: Double

  /// - Parameters:
  ///   - curve: The mean-squared displacement by lag from 0 on, in Å².
  ///   - lags: At least four, ascending.
  /// - Returns: `nil` where no covariance could be made, as for atoms that do not move.
  init?(curve: [Double], lags: [Int], frames: Int, dimensions: Int) {
    let x = lags.map { Double($0) }
    let y = lags.map { curve[$0] }
    guard lags.count >= 4, y.allSatisfy({ $0.isFinite && $0 > 0 }), let begin = lags.first else { return nil }
    let ones = [Double](repeating: 1, count: x.count)
    // A first line whose weights fall as the variance of a random walk grows.
    let rough = Self.regression([ones, x], y, x.map { 1 / ($0 * $0 * $0).squareRoot() })
    guard var (intercept, slope) = rough.map({ ($0.values[0], $0.values[1]) }) else { return nil }
    let logarithm = x.map { $0 * Self.log($0 / x[0]) }
    let decay = x.map { Self.exp(1 - $0 / x[0]) }
    var last: (factor: CholeskyFactor, covariance: [Double], line: Regression)?
    for _ in 0..<3 {
      // A model of the motion needs a slope above zero, and lines up with what is measured at the shortest lag.
      let least = 1e-3 * y[0] / x[0]
      if slope < least || intercept + slope * x[0] <= 0.2 * y[0] {
        slope = max(slope, least)
        intercept = y[0] - slope * x[0]
      }
      let model = DisplacementCovariance(
        short: Array(curve[0..<begin]), intercept: intercept, slope: slope, frames: frames, dimensions: dimensions)
      let covariance = model.matrix(lags)
      guard let factor = Self.factor(covariance, order: lags.count), let line = Self.regression([ones, x], y, factor) else { return nil }
      last = (factor, covariance, line)
      (intercept, slope) = (line.values[0], line.values[1])
    }
    guard let (factor, covariance, line) = last, let plain = Self.regression([ones, x], y, ones) else { return nil }
    self.lags = lags
    self.intercept = line.values[0]
    self.slope = line.values[1]
    weights = line.weights[1]
    plainWeights = plain.weights[1]
    variance = line.covariance[3]
    interceptVariance = line.covariance[0]
    interceptCovariance = line.covariance[1]
    plainVariance = Self.form(plain.weights[1], covariance)
    residual = line.residual
    curveVariance = lags.indices.map { covariance[$0 * lags.count + $0] }
    if let bent = Self.regression([ones, x, logarithm], y, factor) {
      let scale = max(line.values[1], 1e-3 * y[0] / x[0])
      exponent = 1 + bent.values[2] / scale
      exponentError = bent.covariance[8].squareRoot() / scale
      exponentWeights = bent.weights[2].map { $0 / scale }
    } else {
      (exponent, exponentError, exponentWeights) = (1, .infinity, x.map { _ in 0 })
    }
    if let relaxing = Self.regression([ones, x, decay], y, factor) {
      relaxation = relaxing.values[2] / relaxing.covariance[8].squareRoot()
    } else {
      relaxation = 0
    }
  }

  /// What the line gives, and its standard error for one ion of Gaussian motion.
  func line(at lag: Double) -> (value: Double, error: Double) {
    let variance = interceptVariance + 2 * lag * interceptCovariance + lag * lag * variance
    return (intercept + slope * lag, max(0, variance).squareRoot())
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension DisplacementFit {
  struct Regression {
    var values: [Double]
    /// Of the values, row by row, in units of the covariance given.
    var covariance: [Double]
    /// Each value as a sum over what is fitted.
    var weights: [[Double]]
    var residual: Double
  }

  static func log(_ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.log(x)
    #else
      Darwin.log(x)
    #endif
  }

  static func exp(_ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.exp(x)
    #else
      Darwin.exp(x)
    #endif
  }

  /// The factor of a covariance, with as little added to the diagonal as makes it definite.
  static func factor(_ covariance: [Double], order: Int) -> CholeskyFactor? {
    var ridge = 1e-12
    while ridge < 1e-2 {
      var matrix = covariance
      for i in 0..<order { matrix[i * order + i] *= 1 + ridge }
      if let factor = CholeskyFactor(matrix, order: order) { return factor }
      ridge *= 10
    }
    return nil
  }

  /// Least squares with a covariance.
  static func regression(_ columns: [[Double]], _ y: [Double], _ factor: CholeskyFactor) -> Regression? {
    let white = columns.map { factor.whitened($0) }
    return solve(white, factor.whitened(y)) { row in
      // Lᵀ z = row, so that row · L⁻¹ y = z · y.
      let order = factor.order
      var z = row
      for i in (0..<order).reversed() {
        for k in i + 1..<max(order, i + 1) { z[i] -= factor.lower[k * order + i] * z[k] }
        z[i] /= factor.lower[i * order + i]
      }
      return z
    }
  }

  /// Least squares with one weight a point (the inverse of a standard error).
  static func regression(_ columns: [[Double]], _ y: [Double], _ weights: [Double]) -> Regression? {
    solve(columns.map { zip($0, weights).map { $0 * $1 } }, zip(y, weights).map { $0 * $1 }) { zip($0, weights).map { $0 * $1 } }
  }

  private static func solve(_ columns: [[Double]], _ y: [Double], _ back: ([Double]) -> [Double]) -> Regression? {
    let count = columns.count
    // Columns of similar size keep the normal equations well conditioned.
    let scales = columns.map { dot($0, $0).squareRoot() }
    guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let columns = zip(columns, scales).map { column, scale in column.map { $0 / scale } }
    let normal = columns.flatMap { a in columns.map { dot(a, $0) } }
    guard let inverse = CholeskyFactor(normal, order: count)?.inverse else { return nil }
    let rows = (0..<count).map { i in
      y.indices.map { p in (0..<count).reduce(0) { $0 + inverse[i * count + $1] * columns[$1][p] } / scales[i] }
    }
    let values = rows.map { dot($0, y) }
    let residual = y.indices.reduce(0.0) { sum, p in
      let fitted = (0..<count).reduce(0) { $0 + values[$1] * columns[$1][p] * scales[$1] }
      return sum + (y[p] - fitted) * (y[p] - fitted)
    }
    var covariance = inverse
    for i in 0..<count { for j in 0..<count { covariance[i * count + j] /= scales[i] * scales[j] } }
    return Regression(values: values, covariance: covariance, weights: rows.map(back), residual: residual)
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// `wᵀ C w`.
  static func form(_ weights: [Double], _ covariance: [Double]) -> Double {
    weights.indices.reduce(0) { sum, i in
      sum + weights[i] * dot(weights, Array(covariance[i * weights.count..<(i + 1) * weights.count]))
    }
  }
}
