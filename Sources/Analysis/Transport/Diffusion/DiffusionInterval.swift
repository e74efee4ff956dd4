import NumericalMethods

/// The interval of a mean square that is a sum of many correlated squares.
///
/// Such a sum is distributed about as chi-squared with `ν = 2 value² / variance` degrees of freedom, whose cube root is nearly normal:
///
///     (estimate / true)^(1/3) ~ N(1 - 2 / (9 ν), 2 / (9 ν))
///
/// so that the interval is lopsided for few displacements, as it has to be, and ``StudentDistribution`` widens it where the variance comes
/// from few ions.
///
/// Source: Wilson and Hilferty, Proc. Natl. Acad. Sci. 17, 684 (1931), doi:10.1073/pnas.17.12.684.
struct DiffusionInterval: Sendable {
  /// - Parameters:
  ///   - value: The estimate.
  ///   - error: Its standard error.
  ///   - degrees: Of freedom of the error; infinite where it is known.
  ///   - isLopsided: Whether the value is known to scatter as chi-squared. Rows that differ may scatter either way, up for a few that are
  ///     fast, down for a few that are trapped: each end is the farther one of the two intervals then.
  ///   - share: Of cases in which the interval holds the true value.
  /// - Returns: From 0 or more; symmetric where the estimate is no more than zero, or so uncertain that there is no upper bound.
  static func interval(_ value: Double, error: Double, degrees: Double, isLopsided: Bool = true, share: Double = 0.95)
    -> ClosedRange<Double>
  {
    guard error > 0 else { return max(0, value)...max(0, value) }
    let width = StudentDistribution(degrees: max(1, degrees)).halfWidth(share)
    if value > 0 {
      let spread = error * error / (9 * value * value)
      let (low, high) = (1 - spread - width * spread.squareRoot(), 1 - spread + width * spread.squareRoot())
      if low > 0.2 {
        let bounds = value / (high * high * high)...value / (low * low * low)
        guard !isLopsided else { return bounds }
        return min(bounds.lowerBound, max(0, value - width * error))...max(bounds.upperBound, value + width * error)
      }
    }
    return max(0, value - width * error)...max(0, value + width * error)
  }
}
