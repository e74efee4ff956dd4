import Structures

extension DiffusionEstimate {
  /// The mean-squared displacement as points: at the lags of the fit with error bars, before it without.
  static func points(_ label: String, curve: [Double], estimate: DiffusionEstimate?, lags: [Int], interval: Double)
    -> FigureDescription.Series
  {
    let begin = estimate?.lags.first ?? .max
    let before = lags.filter { $0 < begin && curve[$0] > 0 }
    let fitted = estimate.map { estimate in estimate.lags.indices.filter { curve[estimate.lags[$0]] > 0 } } ?? []
    let all = before + fitted.compactMap { estimate?.lags[$0] }
    // On a logarithmic scale nothing reaches down to zero.
    let errors = fitted.compactMap { place in estimate.map { min($0.curveError[place], 0.999 * curve[$0.lags[place]]) } }
    return FigureDescription.Series(
      label: label, x: all.map { Double($0) * interval }, y: all.map { curve[$0] },
      error: estimate == nil ? [] : before.map { _ in 0 } + errors, style: .points)
  }

  /// The fitted line, and the band that holds it in 95 of 100 cases, each as one series.
  func line(_ label: String, band: String) -> [FigureDescription.Series] {
    let times = lags.map { Double($0) * interval }
    let slope = generalized.value * 2 * Double(dimensions) * interval
    let line = lags.map { intercept + slope * Double($0) }
    let width = zip(line, bandError).map { min(0.999 * $0, 1.96 * $1) }
    return [
      FigureDescription.Series(label: label, x: times, y: line),
      Self.band(band, x: times, low: zip(line, width).map { $0 - $1 }, high: zip(line, width).map { $0 + $1 }),
    ]
  }

  /// Two curves with a gap between: one entry of the key, one colour.
  static func band(_ label: String, x: [Double], low: [Double], high: [Double]) -> FigureDescription.Series {
    FigureDescription.Series(label: label, x: x + x.suffix(1) + x, y: low + (x.isEmpty ? [] : [.nan]) + high, style: .dashed)
  }
}
