import NumericalMethods
import Structures

/// A cell as one sees it along one of its edges.
struct CellProjection: Sendable {
  /// The unit vectors to the right and up.
  let right: Vector3
  let up: Vector3
  let origin: Vector3
  /// The two other edges as seen.
  let edges: (SIMD2<Double>, SIMD2<Double>)
  /// The axes of ``edges``.
  let axes: (Int, Int)

  /// - Parameter axis: The edge to look along, which points to the eye.
  init(_ cell: Cell, along axis: Int) {
    let (first, second) = ((axis + 1) % 3, (axis + 2) % 3)
    let toEye = cell.vectors[axis] / cell.vectors[axis].length
    let flat = cell.vectors[first] - cell.vectors[first].dot(toEye) * toEye
    right = flat / flat.length
    up = toEye.cross(right)
    origin = cell.origin
    let (r, u) = (right, up)
    func seen(_ v: Vector3) -> SIMD2<Double> { SIMD2(v.dot(r), v.dot(u)) }
    edges = (seen(cell.vectors[first]), seen(cell.vectors[second]))
    axes = (first, second)
  }

  /// Where a position is seen, in Å from the corner of the cell.
  func seen(_ position: Vector3) -> SIMD2<Double> {
    let v = position - origin
    return SIMD2(v.dot(right), v.dot(up))
  }

  /// The corners of the outline, the first again at the end.
  var outline: [SIMD2<Double>] { [.zero, edges.0, edges.0 + edges.1, edges.1, .zero] }

  /// Coordinates along the two edges of a place seen.
  func along(_ place: SIMD2<Double>) -> SIMD2<Double> {
    let determinant = edges.0.x * edges.1.y - edges.0.y * edges.1.x
    return SIMD2(place.x * edges.1.y - place.y * edges.1.x, place.y * edges.0.x - place.x * edges.0.y) / determinant
  }

  /// The density integrated along the line of sight, in 1/Å², as a picture of the cell.
  ///
  /// - Parameter pixels: About how many along the longer side.
  func heatMap(of grid: VolumetricGrid, pixels: Int = 220) -> FigureDescription.HeatMap {
    let size = grid.size
    let view = 3 - axes.0 - axes.1
    let (n, m) = (size[axes.0], size[axes.1])
    var sums = [Double](repeating: 0, count: n * m)
    let step = grid.cell.vectors[view].length / Double(size[view])
    for i in 0..<size.x {
      for j in 0..<size.y {
        for k in 0..<size.z {
          let place = SIMD3(i, j, k)
          sums[place[axes.0] * m + place[axes.1]] += grid.values[(i * size.y + j) * size.z + k] * step
        }
      }
    }
    let corners = outline
    let (left, farRight) = (corners.map(\.x).min() ?? 0, corners.map(\.x).max() ?? 1)
    let (low, high) = (corners.map(\.y).min() ?? 0, corners.map(\.y).max() ?? 1)
    let pixel = max(farRight - left, high - low) / Double(pixels)
    let columns = max(1, Int(((farRight - left) / pixel).rounded()))
    let rows = max(1, Int(((high - low) / pixel).rounded()))
    var values: [Double] = []
    values.reserveCapacity(columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = SIMD2(
          left + (Double(column) + 0.5) * (farRight - left) / Double(columns), low + (Double(row) + 0.5) * (high - low) / Double(rows))
        let f = along(place)
        guard f.x >= 0, f.x < 1, f.y >= 0, f.y < 1 else {
          values.append(.nan)
          continue
        }
        // Between the four points around.
        let (x, y) = (f.x * Double(n), f.y * Double(m))
        let (i, j) = (Int(x), Int(y))
        let (p, q) = (x - Double(i), y - Double(j))
        func at(_ a: Int, _ b: Int) -> Double { sums[(a % n) * m + b % m] }
        values.append(
          (1 - p) * ((1 - q) * at(i, j) + q * at(i, j + 1)) + p * ((1 - q) * at(i + 1, j) + q * at(i + 1, j + 1)))
      }
    }
    return FigureDescription.HeatMap(columns: columns, rows: rows, x: left...farRight, y: low...high, values: values)
  }
}
