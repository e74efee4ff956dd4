/// Regions of a disorder profile and the interfaces between them.
struct DisorderRegions: Sendable {
  /// Successive slabs of one kind.
  struct Run: Sendable {
    /// 0 crystal, 1 interface, 2 glass; -1 empty space.
    var kind: Int
    /// In slabs, from the middle of the first to that of the last and half-way to the thresholds; may run past the last slab where the
    /// axis repeats.
    var start: Double
    var end: Double
  }

  /// Where F goes from one phase to the other.
  struct Crossing: Sendable {
    /// The slabs to fit, past the last one where the axis repeats.
    var window: ClosedRange<Int>
    /// Where F is half-way, in slabs.
    var center: Double
    /// Roughly how far it takes to get from one threshold to the other, in slabs.
    var extent: Double
  }

  private(set) var runs: [Run] = []
  private(set) var crossings: [Crossing] = []

  /// 0 below the lower threshold, 2 above the upper, 1 between; -1 where there is no number.
  static func kind(_ value: Double, _ low: Double, _ high: Double) -> Int {
    value.isNaN ? -1 : value < low ? 0 : value > high ? 2 : 1
  }

  /// - Parameters:
  ///   - profile: F of each slab.
  ///   - isPeriodic: Whether the first slab follows on the last.
  init(_ profile: [Double], isPeriodic: Bool, low: Double, high: Double) {
    let count = profile.count
    func value(_ slab: Int) -> Double { profile[slab % count] }
    func kind(_ slab: Int) -> Int { Self.kind(value(slab), low, high) }
    guard count > 0 else { return }
    // A repeating profile is read from a border on.
    var origin = 0
    if isPeriodic, let border = (1..<max(2, count)).first(where: { $0 < count && kind($0) != kind($0 - 1) }) { origin = border }
    let isUniform = !(1..<max(1, count)).contains { kind($0) != kind(0) }
    if isUniform {
      runs = [Run(kind: kind(0), start: isPeriodic ? 0 : -0.5, end: Double(count) - (isPeriodic ? 0 : 0.5))]
      return
    }
    /// Where between two slabs F passes from one kind to the next.
    func border(_ slab: Int, _ threshold: Double) -> Double {
      let (before, after) = (value(slab - 1), value(slab))
      guard before.isFinite, after.isFinite, before != after else { return Double(slab) - 0.5 }
      return Double(slab) - 1 + min(1, max(0, (threshold - before) / (after - before)))
    }
    var start = isPeriodic ? Double(origin) : -0.5
    if isPeriodic { start = border(origin + count, threshold(kind(origin + count - 1), kind(origin), low, high)) - Double(count) }
    for slab in origin + 1..<origin + count where kind(slab) != kind(slab - 1) {
      let (before, after) = (kind(slab - 1), kind(slab))
      if before + after == 2, before != 1 {
        // From crystal to glass between two slabs: the interface is what lies between the thresholds.
        let (first, second) = before == 0 ? (low, high) : (high, low)
        runs.append(Run(kind: before, start: start, end: border(slab, first)))
        runs.append(Run(kind: 1, start: border(slab, first), end: border(slab, second)))
        start = border(slab, second)
      } else {
        let place = border(slab, threshold(before, after, low, high))
        runs.append(Run(kind: before, start: start, end: place))
        start = place
      }
    }
    let end = isPeriodic ? (runs.first?.start ?? 0) + Double(count) : Double(count) - 0.5
    runs.append(Run(kind: kind(origin + count - 1), start: start, end: end))
    findCrossings(count: count, isPeriodic: isPeriodic, value: value, middle: (low + high) / 2)
  }

  private func threshold(_ before: Int, _ after: Int, _ low: Double, _ high: Double) -> Double {
    before == 0 || after == 0 ? low : high
  }

  /// Pairs of phases that follow each other, with nothing or an interface between.
  private mutating func findCrossings(count: Int, isPeriodic: Bool, value: (Int) -> Double, middle: Double) {
    let phases = runs.indices.filter { runs[$0].kind != 1 }
    for (place, index) in phases.enumerated() {
      let isLast = place + 1 == phases.count
      if isLast && !isPeriodic { continue }
      let left = runs[index]
      var right = runs[isLast ? phases[0] : phases[place + 1]]
      if isLast {
        right.start += Double(count)
        right.end += Double(count)
      }
      guard left.kind >= 0, right.kind >= 0, left.kind != right.kind else { continue }
      // Half of each phase, but not so much that another feature of it enters.
      let extent = max(1, right.start - left.end)
      let first = max((left.start + left.end) / 2, left.end - 4 * extent - 4)
      let last = min((right.start + right.end) / 2, right.start + 4 * extent + 4)
      let window = Int(first.rounded(.up))...max(Int(first.rounded(.up)), Int(last.rounded(.down)))
      crossings.append(Crossing(window: window, center: (left.end + right.start) / 2, extent: extent))
    }
  }
}
