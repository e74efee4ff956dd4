#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Weighted linear least squares with a handful of parameters.
///
///     chi² = sum_i ((y_i - x_i · b) / s_i)²,   b = C Xᵀ W y,   C = (Xᵀ W X)⁻¹,   W = diag(1 / s_i²)
///
/// By the normal equations with columns scaled to length 1: meant for some dozens of points and parameters that are not nearly dependent.
public struct LinearLeastSquares: Sendable {
  /// `b`, one a column.
  public let coefficients: [Double]
  /// `C`, row by row: the covariance of the coefficients where the `s_i` are the standard errors of the values.
  public let covariance: [Double]
  public let chiSquared: Double
  /// `y_i - x_i · b`.
  public let residuals: [Double]
  /// `x_iᵀ C x_i / s_i²`, from 0 to 1: how much a value decides on its own fit.
  public let leverages: [Double]
  /// The logarithm of the determinant of `C`.
  public let logDeterminant: Double

  /// - Parameters:
  ///   - rows: The `x_i`, all of the same length.
  ///   - values: The `y_i`.
  ///   - errors: The `s_i`, positive.
  /// - Returns: `nil` where there are fewer rows than columns, or the columns depend on each other.
  public init?(rows: [[Double]], values: [Double], errors: [Double]) {
    guard let order = rows.first?.count, order > 0, rows.count >= order else { return nil }
    precondition(values.count == rows.count && errors.count == rows.count, "each row has one value and one error")
    var lengths = [Double](repeating: 0, count: order)
    for (row, error) in zip(rows, errors) { for column in 0..<order { lengths[column] += row[column] * row[column] / (error * error) } }
    for column in 0..<order { lengths[column] = lengths[column].squareRoot() }
    guard lengths.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var normal = [Double](repeating: 0, count: order * order)
    var right = [Double](repeating: 0, count: order)
    for ((row, value), error) in zip(zip(rows, values), errors) {
      let scaled = zip(row, lengths).map { $0 / $1 / error }
      for i in 0..<order {
        right[i] += scaled[i] * value / error
        for j in 0...i { normal[i * order + j] += scaled[i] * scaled[j] }
      }
    }
    guard let factor = CholeskyFactor(normal, order: order) else { return nil }
    let inverse = factor.inverse
    let coefficients = zip(factor.solve(right), lengths).map { $0 / $1 }
    let covariance = inverse.indices.map { inverse[$0] / lengths[$0 / order] / lengths[$0 % order] }
    self.coefficients = coefficients
    self.covariance = covariance
    residuals = zip(rows, values).map { row, value in value - zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 } }
    chiSquared = zip(residuals, errors).reduce(0) { $0 + ($1.0 / $1.1) * ($1.0 / $1.1) }
    leverages = zip(rows, errors).map { row, error in Self.form(covariance, row, row) / (error * error) }
    logDeterminant = -2 * (0..<order).reduce(0) { $0 + log(factor.lower[$1 * order + $1]) + log(lengths[$1]) }
  }

  /// `aᵀ M b` of a square matrix, row by row.
  public static func form(_ matrix: [Double], _ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { for j in b.indices { sum += a[i] * matrix[i * b.count + j] * b[j] } }
    return sum
  }
}
