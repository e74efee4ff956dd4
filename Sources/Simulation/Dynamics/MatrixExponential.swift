import NumericalMethods

/// The solution of dx/dt = A x + b over a short time t: `x ← exp(A t) x + t φ(A t) b` with φ(X) = (exp X − 1)/X.
///
/// For a diagonal A this is the factor exp(a t) and t exp(a t/2) sinh(a t/2)/(a t/2) of Martyna et al.; the series below
/// is as exact in any A.
struct MatrixExponential {
  /// exp X.
  let exponential: Matrix3
  /// (exp X − 1)/X.
  let phi: Matrix3

  /// - Parameter x: The matrix A t. Its series is summed to rounding for elements up to about 0.5; strains in a step are
  ///   below 0.01.
  init(_ x: Matrix3) {
    // Horner: φ = 1 + X/2 (1 + X/3 (1 + X/4 (…))).
    var series = Matrix3.identity
    for term in stride(from: 16, through: 2, by: -1) {
      series = Matrix3.identity + x * series * (1 / Double(term))
    }
    phi = series
    exponential = Matrix3.identity + x * series
  }
}
