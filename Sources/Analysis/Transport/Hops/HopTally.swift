import NumericalMethods
import Structures

/// Adds up what the hops of ions tell, one ion after the other.
struct HopTally: Sendable {
  /// The frames in which hops can be seen.
  let observable: Range<Int>
  /// The time between frames in ps.
  let interval: Double
  /// The fewest frames between two hops of an ion.
  let minimumResidence: Int
  /// How near in Å an ion must come to its last place but one to have returned; no hop is shorter.
  let returnRadius: Double
  private(set) var sums = HopSums()
  /// Waits by length in frames, with a hop at the end and without.
  private var ended: [Int]
  private var censored: [Int]

  init(observable: Range<Int>, interval: Double, minimumResidence: Int, returnRadius: Double) {
    self.observable = observable
    self.interval = interval
    self.minimumResidence = minimumResidence
    self.returnRadius = returnRadius
    ended = [Int](repeating: 0, count: observable.count + 1)
    censored = ended
  }

  /// Cuts ions into the blocks behind errors.
  static func blocks(of rows: Range<Int>) -> [Range<Int>] {
    let number = max(1, min(16, rows.count))
    return (0..<number).map {
      rows.lowerBound + $0 * rows.count / number..<rows.lowerBound + ($0 + 1) * rows.count / number
    }
  }

  /// Adds one ion.
  ///
  /// - Parameters:
  ///   - hops: In the order of time, all of them observable.
  ///   - slope: Of its mean-squared displacement, in Å²/ps.
  mutating func add(_ hops: [Hop], slope: Double) {
    sums.ions += 1
    sums.exposure += Double(observable.count) * interval
    sums.hops += Double(hops.count)
    sums.squaredHops += Double(hops.count * hops.count)
    sums.slope += slope
    var way = Vector3.zero
    for (index, hop) in hops.enumerated() {
      let squaredLength = hop.displacement.squaredLength
      sums.length += squaredLength.squareRoot()
      sums.squaredLength += squaredLength
      if squaredLength.squareRoot() < HopStatistics.gap * returnRadius { sums.shortHops += 1 }
      way += hop.displacement
      let next = index + 1 < hops.count ? hops[index + 1] : nil
      let wait = (next?.frame ?? observable.upperBound - 1) - hop.frame
      // The frames at which it could have ended: none before the least residence.
      sums.waiting += Double(max(0, wait - minimumResidence + 1)) * interval
      guard let next else {
        censored[wait] += 1
        continue
      }
      ended[wait] += 1
      sums.endedWaits += 1
      sums.pairs += 1
      sums.cosine += hop.displacement.dot(next.displacement) / (hop.length * next.length)
      if (next.to - hop.from).length < returnRadius { sums.returns += 1 }
    }
    sums.squaredWay += way.squaredLength
  }

  /// The waiting times of several parts together.
  static func survival(_ parts: [HopTally]) -> SurvivalCurve {
    func summed(_ arrays: [[Int]]) -> [Int] {
      guard var sum = arrays.first else { return [] }
      for array in arrays.dropFirst() { for index in sum.indices { sum[index] += array[index] } }
      return sum
    }
    return SurvivalCurve(ended: summed(parts.map(\.ended)), censored: summed(parts.map(\.censored)))
  }

  /// Lags for ``slope(_:_:_:lags:interval:)``: between a tenth and a quarter of the run, which has four parts of that length.
  static func lags(frames: Int) -> [Int] {
    let last = max(1, frames / 4)
    let first = max(1, frames / 10)
    return Array(stride(from: first, through: last, by: max(1, (last - first) / 8)))
  }

  /// The least-squares slope of the mean-squared displacement of one ion over some lags, in Å²/ps.
  static func slope(
    _ x: UnsafeBufferPointer<Double>, _ y: UnsafeBufferPointer<Double>, _ z: UnsafeBufferPointer<Double>, lags: [Int], interval: Double
  ) -> Double {
    let values = lags.map { lag in
      var sum = 0.0
      for frame in 0..<x.count - lag {
        let (dx, dy, dz) = (x[frame + lag] - x[frame], y[frame + lag] - y[frame], z[frame + lag] - z[frame])
        sum += dx * dx + dy * dy + dz * dz
      }
      return sum / Double(x.count - lag)
    }
    let times = lags.map { Double($0) * interval }
    guard lags.count > 1 else { return values[0] / times[0] }
    let middle = times.reduce(0, +) / Double(times.count)
    let weight = times.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    return zip(times, values).reduce(0) { $0 + ($1.0 - middle) * $1.1 } / weight
  }
}
