import Structures

/// Long series with fewer points that look the same.
enum SeriesThinning {
  /// How many points a series keeps at most: some for each point of a printed line.
  static let limit = 4000

  /// Keeps the lowest and the highest point of each of many short stretches, so that no spike is lost; series with a
  /// short enough list, and bars, stay as they are.
  ///
  /// Points that are not in order of x lose all but every n-th.
  static func thinned(_ series: FigureDescription.Series) -> FigureDescription.Series {
    let count = series.x.count
    guard count > limit, series.style != .bars, series.style != .steps else { return series }
    let isOrdered = zip(series.x, series.x.dropFirst()).allSatisfy { $0 <= $1 }
    var kept: [Int] = []
    if isOrdered, series.style != .points, series.color.isEmpty {
      let stretches = limit / 2
      for stretch in 0..<stretches {
        let range = (stretch * count / stretches)..<((stretch + 1) * count / stretches)
        // A gap stays a gap.
        let finite = range.filter { series.y[$0].isFinite }
        guard let lowest = finite.min(by: { series.y[$0] < series.y[$1] }),
          let highest = finite.max(by: { series.y[$0] < series.y[$1] })
        else {
          kept.append(range.lowerBound)
          continue
        }
        kept += lowest == highest ? [lowest] : [min(lowest, highest), max(lowest, highest)]
      }
    } else {
      let stride = (count + limit - 1) / limit
      kept = Array(Swift.stride(from: 0, to: count, by: stride))
    }
    var result = series
    result.x = kept.map { series.x[$0] }
    result.y = kept.map { series.y[$0] }
    if !series.error.isEmpty { result.error = kept.map { series.error[$0] } }
    if !series.errorBelow.isEmpty { result.errorBelow = kept.map { series.errorBelow[$0] } }
    if !series.color.isEmpty { result.color = kept.map { series.color[$0] } }
    return result
  }
}
