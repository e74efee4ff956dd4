import NumericalMethods
import Structures

/// The cells of a run as one: edges that were chosen anew are undone, and the mean is taken.
struct MeanCell: Sendable {
  private var last: Matrix3?
  private var sum = Matrix3.zero
  private var origins = Vector3.zero
  private var count = 0

  /// Takes the cell of the next frame.
  ///
  /// - Returns: Its edges, as the same combinations of lattice vectors as those of the first frame.
  /// - Throws: ``AnalysisError`` with code `.notCommensurate` where it is another lattice.
  mutating func next(_ cell: Cell, analysis: String, frameName: String) throws -> Matrix3 {
    var edges = cell.vectors
    if let last {
      let ratio = edges * last.inverse
      let whole = Matrix3(
        ratio[0].rounded(.toNearestOrEven), ratio[1].rounded(.toNearestOrEven), ratio[2].rounded(.toNearestOrEven))
      if whole != .identity {
        guard abs(whole.determinant - 1) < 0.5 else {
          throw AnalysisError(
            .notCommensurate,
            "\(analysis): the cell of \(frameName) is no continuation of the one before; a map needs one cell that only breathes: choose frames "
              + "of one run with frames")
        }
        edges = whole.inverse * edges
      }
    }
    last = edges
    sum += edges
    origins += cell.origin
    count += 1
    return edges
  }

  /// - Throws: What an impossible cell throws.
  func mean(periodic: Periodicity) throws -> Cell {
    let factor = 1 / Double(max(1, count))
    return try Cell(vectors: sum * factor, origin: origins * factor, periodic: periodic)
  }
}
