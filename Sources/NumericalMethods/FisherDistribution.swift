/// The distribution of Fisher and Snedecor: of the ratio of two mean squares.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.17, doi:10.18434/T4/1502697.
public struct FisherDistribution: Sendable {
  /// The degrees of freedom above, greater than 0.
  public let numerator: Double
  /// The degrees of freedom below, greater than 0; infinite where the mean square below is known.
  public let denominator: Double

  public init(numerator: Double, denominator: Double) {
    precondition(numerator > 0 && denominator > 0, "an F distribution has more than no degrees of freedom")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The probability of a ratio above `f`.
  public func upperTail(_ f: Double) -> Double {
    guard f > 0 else { return 1 }
    guard f.isFinite else { return 0 }
    guard denominator < 1e8 else { return ChiSquaredDistribution(degrees: numerator).upperTail(numerator * f) }
    return IncompleteBeta.regularized(denominator / (denominator + numerator * f), denominator / 2, numerator / 2)
  }
}
