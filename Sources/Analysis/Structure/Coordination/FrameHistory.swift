/// A stream of vectors, one a frame, as means over stretches of frames: at most ``most`` of them, each twice as long whenever these are
/// used up, so that memory does not grow with the stream.
struct FrameHistory: Sendable {
  static let most = 512

  /// How many frames a stretch has; the last may have fewer.
  private(set) var stride = 1
  private var sums: [[Double]] = []
  private var times: [Double?] = []
  private var counts: [Int] = []

  /// Adds a frame.
  ///
  /// - Parameter time: In ps, where it is known.
  mutating func add(_ values: [Double], time: Double?) {
    if let last = counts.last, last < stride {
      for i in values.indices { sums[sums.count - 1][i] += values[i] }
      times[times.count - 1] = Self.sum(times[times.count - 1], time)
      counts[counts.count - 1] += 1
      return
    }
    if sums.count == Self.most { join() }
    sums.append(values)
    times.append(time)
    counts.append(1)
  }

  private mutating func join() {
    let pairs = 0..<sums.count / 2
    sums = pairs.map { pair in zip(sums[2 * pair], sums[2 * pair + 1]).map { $0 + $1 } }
    times = pairs.map { Self.sum(times[2 * $0], times[2 * $0 + 1]) }
    counts = pairs.map { counts[2 * $0] + counts[2 * $0 + 1] }
    stride *= 2
  }

  private static func sum(_ a: Double?, _ b: Double?) -> Double? {
    guard let a, let b else { return nil }
    return a + b
  }

  var count: Int { sums.count }
  /// The mean of each stretch.
  var means: [[Double]] { zip(sums, counts).map { sum, count in sum.map { $0 / Double(count) } } }
  /// The middle of each stretch as numbers of frames from 0.
  var frames: [Double] {
    var first = 0
    return counts.map { count in
      defer { first += count }
      return Double(first) + Double(count - 1) / 2
    }
  }
  /// The mean time of each stretch in ps; `nil` where a frame has none, or times do not increase.
  var meanTimes: [Double]? {
    let known = zip(times, counts).compactMap { time, count in time.map { $0 / Double(count) } }
    guard known.count == times.count, zip(known, known.dropFirst()).allSatisfy(<) else { return nil }
    return known
  }
}
