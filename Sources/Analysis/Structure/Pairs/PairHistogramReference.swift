import NumericalMethods
import Structures

/// The plain twin of ``PairHistogram``: every pair from ``NeighborSearch``, every distance in double precision.
enum PairHistogramReference {
  /// Counts the pairs of one frame.
  ///
  /// - Returns: `pairs × bins` counts, ordered as those of ``PairHistogram/count(cell:positions:classOf:pool:)``.
  static func count(
    cell: Cell, positions: [Vector3], classOf: [Int32], classes: Int, cutoff: Double, bins: Int
  ) throws -> [UInt64] {
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
    let scale = Double(bins) / cutoff
    var result = [UInt64](repeating: 0, count: classes * (classes + 1) / 2 * bins)
    search.forEachPair { first, neighbor in
      let (a, b) = (Int(classOf[first]), Int(classOf[neighbor.index]))
      guard a >= 0, b >= 0 else { return }
      let bin = Int(neighbor.squaredDistance.squareRoot() * scale)
      if bin < bins { result[PairHistogram.pairIndex(a, b, classes: classes) * bins + bin] += 1 }
    }
    return result
  }
}
