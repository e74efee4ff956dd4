/// The share of waiting times longer than a time, from waits that ended and waits that nobody saw end.
///
///     S(t) = prod_{t' <= t} (1 - d(t') / n(t'))
///
/// where d waits end at t' and n were still on just before; Greenwood's formula gives the error.
///
/// - Source: Kaplan and Meier, J. Am. Stat. Assoc. 53, 457 (1958), doi:10.1080/01621459.1958.10501452.
public struct SurvivalCurve: Sendable {
  /// The lengths at which waits ended, in frames, ascending, 0 first.
  public private(set) var frames: [Int] = [0]
  /// The share that lasts longer than each of ``frames``.
  public private(set) var values: [Double] = [1]
  /// The standard error of ``values``.
  public private(set) var errors: [Double] = [0]
  /// How many waits ended.
  public let ended: Int
  /// How many were still on when the run ended.
  public let censored: Int

  /// - Parameters:
  ///   - ended: How many waits of each length in frames ended.
  ///   - censored: How many of each length were still on.
  init(ended: [Int], censored: [Int]) {
    self.ended = ended.reduce(0, +)
    self.censored = censored.reduce(0, +)
    var atRisk = self.ended + self.censored
    var survival = 1.0
    var variance = 0.0
    for length in 0..<max(ended.count, censored.count) {
      let ends = length < ended.count ? ended[length] : 0
      if ends > 0 {
        survival *= Double(atRisk - ends) / Double(atRisk)
        if atRisk > ends { variance += Double(ends) / (Double(atRisk) * Double(atRisk - ends)) }
        frames.append(length)
        values.append(survival)
        errors.append(survival * variance.squareRoot())
      }
      atRisk -= ends + (length < censored.count ? censored[length] : 0)
    }
  }

  /// The time that half of the waits exceed, in frames; `nil` where fewer than half were seen to end.
  public var median: Int? { values.firstIndex { $0 <= 0.5 }.map { frames[$0] } }
}
