/// Jumps between kinds of sites.
public struct SiteJumps: Sendable {
  /// What some ions add up to.
  struct Sums: Sendable {
    /// Jumps, and the sum of their lengths in Å, from kind A to kind B at `A kinds + B`.
    var counts: [Double]
    var lengths: [Double]
    /// Ion ps spent on each kind.
    var times: [Double]

    init(kinds: Int) {
      counts = [Double](repeating: 0, count: kinds * kinds)
      lengths = counts
      times = [Double](repeating: 0, count: kinds)
    }
  }

  /// What kinds are called.
  public let labels: [String]
  private let blocks: [Sums]
  private let total: Sums

  init(labels: [String], blocks: [Sums]) {
    self.labels = labels
    self.blocks = blocks
    var total = Sums(kinds: labels.count)
    for block in blocks {
      for pair in total.counts.indices {
        total.counts[pair] += block.counts[pair]
        total.lengths[pair] += block.lengths[pair]
      }
      for kind in total.times.indices { total.times[kind] += block.times[kind] }
    }
    self.total = total
  }

  /// How many jumps led from one kind to another.
  public func count(from: Int, to: Int) -> Int { Int(total.counts[from * labels.count + to]) }
  /// How many jumps left a kind, for any other site.
  public func departures(_ kind: Int) -> Int { labels.indices.reduce(0) { $0 + count(from: kind, to: $1) } }
  /// The time that ions spent on a kind, in ion ps.
  public func time(_ kind: Int) -> Double { total.times[kind] }
  /// The mean length of jumps in Å; not finite where there is none.
  public func meanLength(from: Int, to: Int) -> Double {
    let pair = from * labels.count + to
    return total.lengths[pair] / total.counts[pair]
  }

  /// Jumps to a kind per ps that an ion spends on another; the error is the larger of counting and of leaving out ions.
  public func rate(from: Int, to: Int) -> HopEstimate {
    let pair = from * labels.count + to
    return estimate(of: \.counts[pair], over: \.times[from])
  }

  /// The mean time in ps that an ion stays on a site of a kind: time over departures, stays without end included.
  public func meanResidence(_ kind: Int) -> HopEstimate {
    let leaving = kind * labels.count..<(kind + 1) * labels.count
    let rate = estimate(of: { $0.counts[leaving].reduce(0, +) }, over: \.times[kind])
    return HopEstimate(1 / rate.value, error: rate.error.map { $0 / (rate.value * rate.value) })
  }

  private func estimate(of count: (Sums) -> Double, over time: (Sums) -> Double) -> HopEstimate {
    let (number, span) = (count(total), time(total))
    guard span > 0 else { return HopEstimate(.nan) }
    guard number > 0 else { return HopEstimate(0) }
    let counting = number.squareRoot() / span
    guard blocks.count > 1 else { return HopEstimate(number / span, error: counting) }
    let parts = blocks.map { (number - count($0)) / (span - time($0)) }
    guard parts.allSatisfy(\.isFinite) else { return HopEstimate(number / span, error: counting) }
    let mean = parts.reduce(0, +) / Double(parts.count)
    let squares = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let scatter = (squares * Double(parts.count - 1) / Double(parts.count)).squareRoot()
    return HopEstimate(number / span, error: max(counting, scatter))
  }
}
