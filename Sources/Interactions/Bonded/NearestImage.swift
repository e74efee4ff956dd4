import NumericalMethods
import Structures

/// The nearest image of short vectors, without the search that long ones need.
struct NearestImage {
  private let cell: Cell
  private let inverse: Matrix3
  private let vectors: Matrix3
  /// A vector that is shorter than half the least width of the cell has no shorter image; 0 where edges are open.
  private let safe: Double

  init(_ cell: Cell) {
    self.cell = cell
    inverse = cell.inverse
    vectors = cell.vectors
    let half = cell.widths.min() / 2
    safe = cell.isPeriodic ? half * half : 0
  }

  @inline(__always)
  func callAsFunction(_ vector: Vector3) -> Vector3 {
    let steps = (vector * inverse).rounded(.toNearestOrEven)
    let reduced = vector - steps * vectors
    return reduced.squaredLength < safe ? reduced : cell.minimumImage(vector)
  }
}
