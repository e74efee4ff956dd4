import NumericalMethods
import Structures

/// Counts pairs of different atoms at different times, while frames come.
///
/// Of each origin, the fractional coordinates are kept, and what was counted at each lag. There are never more than so many origins;
/// where a run goes on, every other one is given up.
struct DistinctPart: Sendable {
  /// One time origin.
  struct Origin: Sendable {
    /// Fractional coordinates of the rows.
    var places: [Vector3]
    /// For each lag, G_d / rho of all pairs of groups, bin by bin.
    var curves: [Int: [Double]] = [:]
  }

  private let groups: [Range<Int>]
  private let groupOf: [Int32]
  private let cutoff: Double
  private let bins: Int
  private var thinning: OriginThinning<Origin>

  init(_ parameters: VanHoveCorrelation, groups: [Range<Int>]) {
    self.groups = groups
    groupOf = groups.enumerated().flatMap { index, rows in [Int32](repeating: Int32(index), count: rows.count) }
    cutoff = parameters.cutoff
    bins = parameters.bins(parameters.cutoff)
    thinning = OriginThinning(limit: parameters.origins)
  }

  /// Frames between origins.
  var originStride: Int { thinning.stride }
  var originCount: Int { thinning.kept.count }
  var memoryInBytes: Int {
    thinning.kept.reduce(0) { $0 + $1.value.places.count * 32 + $1.value.curves.count * pairCount * bins * 8 }
  }
  private var pairCount: Int { groups.count * (groups.count + 1) / 2 }

  /// Takes the next frame.
  ///
  /// - Parameters:
  ///   - positions: Of the rows, without drift.
  ///   - lags: In frames, or `nil` for 1, 2, 5, 10 ….
  mutating func add(frame: Int, cell: Cell, positions: [Vector3], lags: [Int]?, pool: WorkerPool) throws {
    if thinning.wants(frame) { thinning.add(frame, Origin(places: positions.map { cell.fractional($0) })) }
    let due = thinning.kept.indices.filter { index in
      let lag = frame - thinning.kept[index].frame
      return lag == 0 || lags.map { $0.contains(lag) } ?? LagSpacing.isOneTwoFive(lag)
    }
    guard !due.isEmpty else { return }
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
    for index in due {
      let origin = thinning.kept[index]
      let counts = count(from: origin.value.places, search: search, pool: pool)
      let curves = normalized(counts, volume: cell.volume)
      thinning.update(index) { $0.curves[frame - origin.frame] = curves }
    }
  }

  /// Counts by pair of groups and bin.
  private func count(from places: [Vector3], search: NeighborSearch, pool: WorkerPool) -> [Double] {
    let number = groups.count
    let scale = Double(bins) / cutoff
    let last = bins - 1
    return pool.sums(over: places.count, grain: 64, width: pairCount * bins) { rows, counts in
      guard let counts = counts.baseAddress else { return }
      for row in rows {
        let own = Int(groupOf[row])
        search.forEachNeighbor(around: search.cell.cartesian(places[row])) { neighbor in
          guard neighbor.index != row else { return }
          let pair = PairHistogram.pairIndex(own, Int(groupOf[neighbor.index]), classes: number)
          let bin = min(last, Int(neighbor.squaredDistance.squareRoot() * scale))
          counts[pair * bins + bin] += 1
        }
      }
    }
  }

  private func normalized(_ counts: [Double], volume: Double) -> [Double] {
    var result = counts
    let width = cutoff / Double(bins)
    for first in groups.indices {
      for second in first..<groups.count {
        let pair = PairHistogram.pairIndex(first, second, classes: groups.count)
        let (a, b) = (Double(groups[first].count), Double(groups[second].count))
        let number = first == second ? a * (a - 1) : 2 * a * b
        for bin in 0..<bins {
          let (low, high) = (Double(bin) * width, Double(bin + 1) * width)
          let shell = 4 * Double.pi / 3 * (high * high * high - low * low * low)
          result[pair * bins + bin] *= number > 0 ? volume / (number * shell) : 0
        }
      }
    }
    return result
  }

  /// The means over the origins.
  ///
  /// - Parameter lags: In frames; those that no origin has are left out.
  func pairs(labels: [String], lags: [Int]) -> [VanHoveResult.DistinctPart] {
    var result: [VanHoveResult.DistinctPart] = []
    for first in groups.indices {
      for second in first..<groups.count where first != second || groups[first].count > 1 {
        let pair = PairHistogram.pairIndex(first, second, classes: groups.count)
        let curves = lags.compactMap { lag -> VanHoveResult.DistinctPart.Curve? in
          let samples = thinning.kept.compactMap { origin in
            origin.value.curves[lag].map { Array($0[pair * bins..<(pair + 1) * bins]) }
          }
          guard !samples.isEmpty else { return nil }
          let sum = Jackknife.sum(samples)
          return VanHoveResult.DistinctPart.Curve(
            lag: lag, origins: samples.count, values: sum.map { $0 / Double(samples.count) },
            error: BlockAverage.standardError(of: samples))
        }
        result.append(VanHoveResult.DistinctPart(pair: SpeciesPair(labels[first], labels[second]), curves: curves))
      }
    }
    return result
  }
}
