import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The vectors k = 2π (n1 a* + n2 b* + n3 c*) of a cell up to a wave number, one of each pair k, -k.
struct WaveVectors {
  /// The vectors of one n1 and n2, which lie one after the other in the order of n3.
  struct Column {
    var first, second: Int
    /// The values of n3.
    var third: ClosedRange<Int>
    /// The number of the column's first vector among all.
    var start: Int
  }

  let columns: [Column]
  /// The number of vectors.
  let count: Int
  /// The largest size of each index.
  let reach: SIMD3<Int>
  /// 2π a*, 2π b*, 2π c* in rows, in 1/Å.
  let basis: Matrix3

  init(cell: Cell, largest: Double) {
    let basis = cell.inverse.transposed * (2 * Double.pi)
    self.basis = basis
    let lengths = cell.lengths
    func bound(_ axis: Int) -> Int { Int(largest * lengths[axis] / (2 * Double.pi)) }
    let (firsts, seconds) = (bound(0), bound(1))
    var columns: [Column] = []
    var count = 0
    var reach = SIMD3<Int>(0, 0, 0)
    let c = basis[2]
    for first in 0...firsts {
      for second in (first == 0 ? 0 : -seconds)...seconds {
        // The n3 with |k| <= largest: |p + n3 c|² is a quadratic function.
        let p = Double(first) * basis[0] + Double(second) * basis[1]
        let middle = -p.dot(c) / c.squaredLength
        let discriminant = middle * middle - (p.squaredLength - largest * largest) / c.squaredLength
        guard discriminant >= 0 else { continue }
        var low = Int((middle - discriminant.squareRoot()).rounded(.up))
        let high = Int((middle + discriminant.squareRoot()).rounded(.down))
        if first == 0, second == 0 { low = 1 }
        guard low <= high else { continue }
        columns.append(Column(first: first, second: second, third: low...high, start: count))
        count += high - low + 1
        reach = SIMD3(max(reach.x, first), max(reach.y, abs(second)), max(reach.z, max(abs(low), abs(high))))
      }
    }
    self.columns = columns
    self.count = count
    self.reach = reach
  }
}
