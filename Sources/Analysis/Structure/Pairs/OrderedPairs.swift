import NumericalMethods
import Structures

/// Pairs with a centre and a neighbour, out of the histograms of ``PairHistogram``, which count each pair once.
enum OrderedPairs {
  /// - Parameter counts: Of the pairs of classes, each counted once.
  /// - Returns: For each class of the centre and of the neighbour the counts by bin, `[(center * classes + neighbor) * bins + bin]`.
  static func counts(_ counts: [UInt64], classes: Int, bins: Int) -> [UInt64] {
    var ordered = [UInt64](repeating: 0, count: classes * classes * bins)
    for a in 0..<classes {
      for b in 0..<classes {
        let pair = PairHistogram.pairIndex(min(a, b), max(a, b), classes: classes)
        // A pair of like atoms is two ordered pairs of the same kind.
        for bin in 0..<bins { ordered[(a * classes + b) * bins + bin] = counts[pair * bins + bin] * (a == b ? 2 : 1) }
      }
    }
    return ordered
  }

  /// The pairs whose centre is selected, and how many selected atoms each class has.
  static func counts(
    _ configuration: Configuration, classOf: [Int32], around isSelected: [Bool], like histogram: PairHistogram, pool: WorkerPool
  ) -> (counts: [UInt64], centers: [Int]) {
    let (classes, bins) = (histogram.classes, histogram.bins)
    var centers = [Int](repeating: 0, count: classes)
    // Class k of the selected atoms is 2k, of the others 2k + 1.
    let split = zip(classOf, isSelected).map { kind, isSelected -> Int32 in
      guard kind >= 0 else { return -1 }
      if isSelected { centers[Int(kind)] += 1 }
      return 2 * kind + (isSelected ? 0 : 1)
    }
    var counter = PairHistogram(classes: 2 * classes, cutoff: histogram.cutoff, bins: bins)
    let pairs = counter.count(cell: configuration.cell, positions: configuration.positions, classOf: split, pool: pool)
    let fine = Self.counts(pairs, classes: 2 * classes, bins: bins)
    var ordered = [UInt64](repeating: 0, count: classes * classes * bins)
    for a in 0..<classes {
      for b in 0..<classes {
        let inside = (4 * a * classes + 2 * b) * bins
        let target = (a * classes + b) * bins
        for bin in 0..<bins { ordered[target + bin] = fine[inside + bin] + fine[inside + bins + bin] }
      }
    }
    return (ordered, centers)
  }
}
