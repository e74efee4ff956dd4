import NumericalMethods

/// Which lags a line is fitted to.
///
/// The fit begins at three times the shortest lag from which on the line holds within its errors: chi-squared of the residuals (2 %), the
/// exponent of time and an exponential approach to the line (two errors each) are inconspicuous. Three times, since what is only just
/// inconspicuous is about as large as the error, and would make intervals hold too seldom. It begins no later than at a seventh and ends
/// at half of the frames.
struct FitRange: Sendable {
  /// In frames, at most 20, evenly spaced on a logarithmic scale where there is room between whole numbers.
  let lags: [Int]
  /// Whether a person gave the begin.
  let isGiven: Bool
  /// Whether the line holds within its errors somewhere at all.
  let holds: Bool

  /// At most this many lags: more add nothing but ill-conditioned covariances.
  private static let count = 20

  /// - Parameters:
  ///   - first: The shortest lag in frames, at least 1.
  ///   - last: The longest, at most `frames - 1`.
  static func spaced(_ first: Int, _ last: Int) -> [Int] {
    guard first >= 1, last >= first else { return [] }
    guard last - first >= count else { return Array(first...last) }
    var lags: [Int] = []
    let ratio = DisplacementFit.log(Double(last) / Double(first)) / Double(count - 1)
    for i in 0..<count {
      let lag = min(last, Int((Double(first) * DisplacementFit.exp(ratio * Double(i))).rounded()))
      lags.append(max(lag, (lags.last ?? 0) + 1))
    }
    return lags
  }

  /// - Parameters:
  ///   - curve: The mean-squared displacement by lag.
  ///   - independent: The number of independent ions.
  ///   - first: The shortest lag in frames where a person gave it.
  ///   - last: The longest lag in frames.
  init(curve: [Double], frames: Int, dimensions: Int, independent: Double, first: Int?, last: Int) {
    if let first {
      lags = Self.spaced(first, last)
      isGiven = true
      holds = true
      return
    }
    isGiven = false
    // The shortest range has four lags over a factor of two.
    let latest = max(1, min(last / 2, last - 3))
    var candidates = LagSpacing.logarithmic(upTo: latest, perDecade: 8)
    if candidates.isEmpty { candidates = [1] }
    for candidate in candidates {
      let lags = Self.spaced(candidate, last)
      guard let fit = DisplacementFit(curve: curve, lags: lags, frames: frames, dimensions: dimensions) else { continue }
      let tail = ChiSquaredDistribution(degrees: Double(lags.count - 2)).upperTail(fit.residual * independent)
      let bent = abs(fit.exponent - 1) / fit.exponentError * independent.squareRoot()
      let relaxing = abs(fit.relaxation) * independent.squareRoot()
      guard tail > 0.02, bent < 2, relaxing < 2 else { continue }
      // Few windows would be left of a short run.
      let begin = min(3 * candidate, max(candidate, 2 * last / 7), latest)
      self.lags = Self.spaced(begin, last)
      holds = true
      return
    }
    lags = Self.spaced(latest, last)
    holds = false
  }
}
