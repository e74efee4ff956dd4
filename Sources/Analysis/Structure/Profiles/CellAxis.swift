import NumericalMethods
import Structures

/// A direction along which a cell is cut into layers.
///
/// Layers are parallel to two edges, so that they repeat with the cell: an axis `a`, `b`, `c` stands for the normal of the other two edges,
/// and depth counts along this normal (the reciprocal direction of the axis). `x`, `y`, `z` name the edge whose normal lies along them.
struct CellAxis: Sendable {
  static let names = ["a", "b", "c", "x", "y", "z"]

  /// The edge, 0 to 2, that layers stack along.
  let index: Int
  /// The name as given.
  let name: String

  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where x, y or z is no normal of two edges.
  init(_ name: String, in cell: Cell, analysis: String) throws {
    self.name = name
    if let index = ["a", "b", "c"].firstIndex(of: name) {
      self.index = index
      return
    }
    guard let direction = ["x", "y", "z"].firstIndex(of: name) else {
      throw AnalysisError(.invalidSetting, "\(analysis): \"\(name)\" is no axis; there are \(Self.names.joined(separator: ", "))")
    }
    let normals = cell.inverse.transposed
    // A tilt of a thousandth over a cell shifts the far face by less than a bin.
    guard let index = (0..<3).first(where: { abs(normals[$0][direction]) > (1 - 1e-6) * normals[$0].length }) else {
      let edges = ["a", "b", "c"]
      let near = (0..<3).max { abs(normals[$0][direction]) / normals[$0].length < abs(normals[$1][direction]) / normals[$1].length } ?? 0
      throw AnalysisError(
        .invalidSetting,
        "\(analysis): no face of this cell is at right angles to \(name), so that layers along it would not repeat with the cell; "
          + "use axis \(edges[near]), whose layers are parallel to \(edges[(near + 1) % 3]) and \(edges[(near + 2) % 3])")
    }
    self.index = index
  }

  /// The thickness of the cell along the normal, in Å.
  func length(of cell: Cell) -> Double { cell.widths[index] }

  /// The depth of a position as a share of the thickness; within [0, 1) where the cell repeats along the axis.
  @inline(__always)
  func share(_ position: Vector3, in cell: Cell) -> Double {
    let share = cell.fractional(position)[index]
    guard cell.periodic[index] else { return share }
    let wrapped = share - share.rounded(.down)
    return wrapped < 1 ? wrapped : 0
  }
}
