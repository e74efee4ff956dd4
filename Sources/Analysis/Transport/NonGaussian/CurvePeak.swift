#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The highest point of a curve over logarithmic time.
struct CurvePeak: Sendable {
  /// In the unit of the abscissa.
  var position: Double
  var height: Double

  /// The highest inner point, between its neighbours by a parabola in the logarithm of the abscissa.
  ///
  /// - Parameters:
  ///   - x: Positive and rising.
  ///   - last: The largest abscissa to look at.
  /// - Returns: `nil` where the curve is highest at either end.
  init?(x: [Double], y: [Double], upTo last: Double) {
    let count = x.prefix { $0 <= last }.count
    guard count >= 3, let top = (0..<count).max(by: { y[$0] < y[$1] }), top > 0, top < count - 1,
      y[top - 1...top + 1].allSatisfy(\.isFinite), let before = y[..<top].min(), let after = y[top..<count].min(),
      // Rounding makes no peak.
      y[top] - max(before, after) > 1e-9
    else { return nil }
    let (a, b, c) = (log(x[top - 1]), log(x[top]), log(x[top + 1]))
    let (fa, fb, fc) = (y[top - 1], y[top], y[top + 1])
    // Newton's divided differences.
    let first = (fb - fa) / (b - a)
    let second = ((fc - fb) / (c - b) - first) / (c - a)
    guard second < 0 else {
      position = x[top]
      height = fb
      return
    }
    let place = min(c, max(a, (a + b) / 2 - first / (2 * second)))
    position = exp(place)
    height = fa + first * (place - a) + second * (place - a) * (place - b)
  }
}
