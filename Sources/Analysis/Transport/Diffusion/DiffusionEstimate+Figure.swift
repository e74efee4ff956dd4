import Structures

extension DiffusionEstimate {
  /// The mean-squared displacement as points: those at the lags of the fit with error bars, and those before it without.
  ///
  /// - Parameter place: The number of the first of these series in the figure.
  static func points(_ label: String, curve: [Double], estimate: DiffusionEstimate?, lags: [Int], interval: Double, at place: Int)
    -> [FigureDescription.Series]
  {
    func series(_ label: String, _ lags: [Int]) -> FigureDescription.Series {
      FigureDescription.Series(label: label, x: lags.map { Double($0) * interval }, y: lags.map { curve[$0] }, style: .points)
    }
    let rising = lags.filter { curve[$0] > 0 }
    guard let estimate, let begin = estimate.lags.first else { return [series(label, rising)] }
    let fitted = estimate.lags.indices.filter { curve[estimate.lags[$0]] > 0 }
    var inside = series(label, fitted.map { estimate.lags[$0] })
    // On a logarithmic scale nothing reaches down to zero.
    inside.error = fitted.map { min(estimate.curveError[$0], 0.999 * curve[estimate.lags[$0]]) }
    var before = series("", rising.filter { $0 < begin })
    before.looksLike = place
    return before.x.isEmpty ? [inside] : [inside, before]
  }

  /// The fitted line with the band that holds it in 95 of 100 cases.
  ///
  /// - Parameter place: The number of the series whose colour it has.
  func line(_ label: String, like place: Int) -> FigureDescription.Series {
    let times = lags.map { Double($0) * interval }
    let slope = generalized.value * 2 * Double(dimensions) * interval
    let line = lags.map { intercept + slope * Double($0) }
    var series = FigureDescription.Series(label: label, x: times, y: line, error: zip(line, bandError).map { min(0.999 * $0, 1.96 * $1) })
    series.looksLike = place
    return series
  }
}
