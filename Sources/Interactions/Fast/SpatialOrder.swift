import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Atoms in an order in which neighbours in space are neighbours in memory.
///
/// The cell is cut into columns about as wide as a cluster of atoms; the order runs up one column and down the next, back
/// and forth through the layers, so that each run of ``clusterSize`` atoms is a compact cluster and none is left partly
/// empty but the last.
struct SpatialOrder: Sendable {
  /// The number of atoms in a cluster.
  static let clusterSize = 8

  /// The atom at each place.
  let atoms: [Int32]
  /// How many edges lie between each place's atom and the cell, to subtract from its unwrapped position.
  let images: [SIMD3<Int32>]
  /// The wrapped positions at each place, at the time of sorting.
  let positions: [Vector3]
  /// The number of columns along the first and the second edge.
  let columns: SIMD2<Int>
  /// The first place of each column in the order in which they are run through, and one past the last place.
  let columnStarts: [Int32]

  /// The places of the columns `second` of one layer `first`: they lie one after the other, whichever way the layer runs.
  func places(first: Int, second: ClosedRange<Int>) -> Range<Int> {
    let start = first * columns.y
    let run =
      first & 1 == 0
      ? start + second.lowerBound..<start + second.upperBound + 1
      : start + columns.y - 1 - second.upperBound..<start + columns.y - second.lowerBound
    return Int(columnStarts[run.lowerBound])..<Int(columnStarts[run.upperBound])
  }

  init(positions unsorted: [Vector3], cell: Cell, pool: WorkerPool) {
    let count = unsorted.count
    let widths = cell.widths
    let side = cbrt(cell.volume * Double(Self.clusterSize) / Double(max(1, count)))
    let columnsX = max(1, min(1 << 15, Int((widths.x / side).rounded())))
    let columnsY = max(1, min(1 << 15, Int((widths.y / side).rounded())))

    struct Key {
      var height: Double
      var atom: Int32
    }
    var columnOf = [Int32](repeating: 0, count: count)
    var keys = [Key](repeating: Key(height: 0, atom: 0), count: count)
    var starts = [Int32](repeating: 0, count: columnsX * columnsY + 1)
    // The column is that of the wrapped position: an atom on a face, as in a crystal, may be rounded to the other side.
    let placed = unsorted.map { cell.wrap($0) }
    for atom in 0..<count {
      let f = cell.fractional(placed[atom].position)
      let x = Self.place(f.x, of: columnsX)
      var y = Self.place(f.y, of: columnsY)
      if x & 1 == 1 { y = columnsY - 1 - y }
      let column = x * columnsY + y
      columnOf[atom] = Int32(column)
      keys[atom] = Key(height: column & 1 == 0 ? f.z : -f.z, atom: Int32(atom))
      starts[column + 1] += 1
    }
    for column in 1..<starts.count { starts[column] += starts[column - 1] }
    var next = starts
    var sorted = [Key](repeating: Key(height: 0, atom: 0), count: count)
    for atom in 0..<count {
      let column = Int(columnOf[atom])
      sorted[Int(next[column])] = keys[atom]
      next[column] += 1
    }
    sorted.withUnsafeMutableBufferPointer { sorted in
      let shared = UnsafeSendable(sorted)
      pool.forEachRange(columnsX * columnsY, grain: 64) { columns in
        for column in columns {
          shared.value[Int(starts[column])..<Int(starts[column + 1])].sort {
            ($0.height, $0.atom) < ($1.height, $1.atom)
          }
        }
      }
    }
    columns = SIMD2(columnsX, columnsY)
    columnStarts = starts
    atoms = sorted.map(\.atom)
    var images: [SIMD3<Int32>] = []
    var positions: [Vector3] = []
    images.reserveCapacity(count)
    positions.reserveCapacity(count)
    for key in sorted {
      let (wrapped, image) = placed[Int(key.atom)]
      positions.append(wrapped)
      images.append(image)
    }
    self.images = images
    self.positions = positions
  }

  /// Calls a closure with pointers to atoms, images and positions.
  func withUnsafePointers(
    _ body: (UnsafePointer<Int32>, UnsafePointer<SIMD3<Int32>>, UnsafePointer<Vector3>) -> Void
  ) {
    atoms.withUnsafeBufferPointer { atoms in
      images.withUnsafeBufferPointer { images in
        positions.withUnsafeBufferPointer { positions in
          guard let a = atoms.baseAddress, let i = images.baseAddress, let p = positions.baseAddress else { return }
          body(a, i, p)
        }
      }
    }
  }

  private static func place(_ fraction: Double, of count: Int) -> Int {
    Int(max(0, min(Double(count - 1), (fraction * Double(count)).rounded(.down))))
  }
}

/// A value that threads of one parallel loop share, each touching only its own part.
struct UnsafeSendable<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
