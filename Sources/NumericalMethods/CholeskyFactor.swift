/// The factor of a small symmetric positive definite matrix, for least squares with a covariance.
///
///     A = L Lᵀ,   L lower triangular
///
/// Plain loops, meant for some dozens of rows: the same bits everywhere, whichever library stands behind LAPACK.
///
/// Source: Golub and Van Loan, Matrix Computations, 4th edition (2013), algorithm 4.2.1.
public struct CholeskyFactor: Sendable {
  /// The number of rows.
  public let order: Int
  /// `L`, row by row, zeros above the diagonal.
  public let lower: [Double]

  /// - Parameter matrix: `order × order` numbers, row by row; the lower triangle is read.
  /// - Returns: `nil` where the matrix is not positive definite, as far as rounding tells, or holds a number that is not finite.
  public init?(_ matrix: [Double], order: Int) {
    precondition(matrix.count == order * order, "a matrix of order \(order) has \(order * order) entries")
    var lower = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0...row {
        var sum = matrix[row * order + column]
        for k in 0..<column { sum -= lower[row * order + k] * lower[column * order + k] }
        if row == column {
          guard sum.isFinite, sum > 1e-14 * matrix[row * order + row] else { return nil }
          lower[row * order + row] = sum.squareRoot()
        } else {
          lower[row * order + column] = sum / lower[column * order + column]
        }
      }
    }
    self.order = order
    self.lower = lower
  }

  /// `L⁻¹ b`: what makes entries with covariance `A` independent, each of variance 1.
  public func whitened(_ values: [Double]) -> [Double] {
    precondition(values.count == order, "one value a row")
    var result = values
    for row in 0..<order {
      for k in 0..<row { result[row] -= lower[row * order + k] * result[k] }
      result[row] /= lower[row * order + row]
    }
    return result
  }

  /// `A⁻¹ b`.
  public func solve(_ values: [Double]) -> [Double] {
    var result = whitened(values)
    for row in (0..<order).reversed() {
      for k in row + 1..<max(order, row + 1) { result[row] -= lower[k * order + row] * result[k] }
      result[row] /= lower[row * order + row]
    }
    return result
  }

  /// `A⁻¹`, row by row.
  public var inverse: [Double] {
    // The inverse is symmetric: its columns are its rows.
    (0..<order).flatMap { row in solve((0..<order).map { $0 == row ? 1 : 0 }) }
  }
}
