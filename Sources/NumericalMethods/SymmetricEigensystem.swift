import CLAPACKE

/// Eigenvalues and eigenvectors of a real symmetric matrix, by LAPACK (divide and conquer).
///
///     A v_k = lambda_k v_k,   v_j · v_k = 1 where j = k, 0 otherwise
///
/// Time grows as the cube of the order; 3000 rows take some seconds and 150 MB. Which library stands behind LAPACK, and its threads,
/// may change the last digits, and the vectors within a degenerate eigenvalue.
///
/// Source: Anderson et al., LAPACK Users' Guide, 3rd edition (1999), doi:10.1137/1.9780898719604; the routine DSYEVD.
public struct SymmetricEigensystem: Sendable {
  /// The number of rows.
  public let order: Int
  /// In ascending order.
  public let values: [Double]
  /// One after another, `order` numbers each, in the order of ``values``.
  public let vectors: [Double]

  /// - Parameters:
  ///   - matrix: `order × order` finite numbers, row by row; the lower triangle is read.
  /// - Returns: `nil` where a number is not finite, or LAPACK does not converge.
  public init?(_ matrix: [Double], order: Int) {
    precondition(
      order >= 0 && order <= Int(Int32.max) && matrix.count == order * order, "a matrix of order \(order) has \(order * order) entries")
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    var vectors = matrix
    var values = [Double](repeating: 0, count: order)
    // Rows of a symmetric matrix are columns; the lower triangle by rows is the upper one by columns, as LAPACK counts.
    if order > 0 {
      guard LAPACKE_dsyevd(LAPACK_COL_MAJOR, 86 /* V */, 85 /* U */, Int32(order), &vectors, Int32(order), &values) == 0 else { return nil }
    }
    self.order = order
    self.values = values
    self.vectors = vectors
  }

  /// One eigenvector.
  public func vector(_ index: Int) -> ArraySlice<Double> { vectors[index * order..<(index + 1) * order] }
}
