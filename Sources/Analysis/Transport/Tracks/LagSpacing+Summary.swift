extension LagSpacing {
  /// 1, 2, 5, 10, 20, 50 … up to a last one, which need not be among them.
  static func oneTwoFive(upTo last: Int) -> [Int] {
    var lags: [Int] = []
    var decade = 1
    while decade <= last {
      lags += [1, 2, 5].map { $0 * decade }.filter { $0 <= last }
      decade *= 10
    }
    return lags
  }

  /// Whether a lag is one of 1, 2, 5, 10, 20, 50 ….
  static func isOneTwoFive(_ lag: Int) -> Bool {
    var rest = lag
    while rest > 0, rest % 10 == 0 { rest /= 10 }
    return rest == 1 || rest == 2 || rest == 5
  }
}
