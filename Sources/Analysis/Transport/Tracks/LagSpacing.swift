#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lags at which curves are worth computing.
enum LagSpacing {
  /// Whole numbers of frames evenly spaced on a logarithmic scale, without repeats: 1, 2, 3 … up to the last.
  ///
  /// - Parameters:
  ///   - last: The largest lag, at least 1; it is one of them.
  ///   - perDecade: How many a decade, where there is room between whole numbers.
  static func logarithmic(upTo last: Int, perDecade: Int = 10) -> [Int] {
    guard last >= 1 else { return [] }
    var lags: [Int] = []
    var exponent = 0
    while true {
      let lag = Int(pow(10, Double(exponent) / Double(perDecade)).rounded())
      if lag >= last { return lags + [last] }
      if lag != lags.last { lags.append(lag) }
      exponent += 1
    }
  }
}
