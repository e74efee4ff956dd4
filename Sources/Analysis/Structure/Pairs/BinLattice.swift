import NumericalMethods
import Structures

/// A regular lattice of bins that fills a cell, and which bins lie within a cutoff of each other.
///
/// The lattice may use other edges than the cell: shorter ones of the same lattice where the cell is skewed, so that bins
/// stay compact, and the extent of the atoms along edges that do not repeat.
struct BinLattice: Sendable {
  /// A row of bins along the third edge, relative to a home bin.
  struct Row: Sendable {
    var x: Int
    var y: Int
    /// The first and the last bin of the row.
    var z: ClosedRange<Int>
  }

  let vectors: Matrix3
  let inverse: Matrix3
  let periodic: Periodicity
  let counts: SIMD3<Int>
  /// The edges of one bin.
  let edges: Matrix3
  /// The bins within the cutoff of a home bin, of each two opposite ones the one behind it; the home bin left out.
  let rows: [Row]
  /// The longest diagonal of a bin, in Å.
  let diagonal: Double
  /// No two atoms in the home bin and a bin of ``rows`` are farther apart, in Å.
  let farthest: Double

  /// - Parameters:
  ///   - vectors: The edges to divide, as rows, in Å.
  ///   - edge: About how wide a bin shall be, in Å.
  init(vectors: Matrix3, periodic: Periodicity, edge: Double, cutoff: Double) {
    self.vectors = vectors
    inverse = vectors.inverse
    self.periodic = periodic
    let columns = inverse.transposed
    var counts = SIMD3<Int>(1, 1, 1)
    var reach = SIMD3<Int>(0, 0, 0)
    for axis in 0..<3 {
      let width = 1 / columns[axis].length
      counts[axis] = max(1, min(1024, Int(width / edge)))
      reach[axis] = Int((cutoff * Double(counts[axis]) / width).rounded(.up))
      if !periodic[axis] { reach[axis] = min(reach[axis], counts[axis] - 1) }
    }
    self.counts = counts
    let edges = Matrix3(
      vectors[0] * (1 / Double(counts.x)), vectors[1] * (1 / Double(counts.y)), vectors[2] * (1 / Double(counts.z)))
    self.edges = edges
    var rows: [Row] = []
    let corners = [Vector3(1, 1, 1), Vector3(-1, 1, 1), Vector3(1, -1, 1), Vector3(1, 1, -1)]
    let diagonal = corners.map { ($0 * edges).length }.max() ?? 0
    self.diagonal = diagonal
    var farthest = diagonal
    for x in 0...reach.x {
      for y in (x == 0 ? 0 : -reach.y)...reach.y {
        // Distance is convex along the row: the bins in reach follow each other.
        var first: Int?
        var last = 0
        for z in -reach.z...reach.z where x > 0 || y > 0 || z > 0 {
          let offset = SIMD3(x, y, z)
          guard Self.nearest(offset, edges: edges) < cutoff else { continue }
          if first == nil { first = z }
          last = z
          farthest = max(farthest, (Vector3(Double(x), Double(y), Double(z)) * edges).length + diagonal)
        }
        if let first { rows.append(Row(x: x, y: y, z: first...last)) }
      }
    }
    self.rows = rows
    self.farthest = farthest
  }

  /// The number of bins.
  var count: Int { counts.x * counts.y * counts.z }

  /// Edges of the same lattice with shorter vectors, where the lattice repeats.
  static func reduced(_ vectors: Matrix3, periodic: Periodicity) -> Matrix3 {
    var result = vectors
    // Each round shortens a vector; the limit only guards against rounding that goes back and forth.
    for _ in 0..<100 {
      var changed = false
      for i in 0..<3 where periodic[i] {
        for j in 0..<3 where j != i && periodic[j] {
          let steps = (result[i].dot(result[j]) / result[j].squaredLength).rounded()
          let candidate = result[i] - steps * result[j]
          if steps != 0, candidate.squaredLength < result[i].squaredLength * (1 - 1e-9) {
            result[i] = candidate
            changed = true
          }
        }
      }
      if !changed { break }
    }
    return result
  }

  /// A lower bound of the distance between points of two bins.
  ///
  /// Differences of such points fill a parallelepiped around the difference of the bins. A few sweeps along its edges come
  /// close to its point nearest to zero; the plane through there, moved back to touch the body, bounds the distance
  /// whether or not the sweeps have converged.
  private static func nearest(_ offset: SIMD3<Int>, edges: Matrix3) -> Double {
    let center = Vector3(Double(offset.x), Double(offset.y), Double(offset.z))
    var coefficients = center
    var point = center * edges
    for _ in 0..<6 {
      for axis in 0..<3 {
        let edge = edges[axis]
        let best = coefficients[axis] - point.dot(edge) / edge.squaredLength
        let new = max(center[axis] - 1, min(center[axis] + 1, best))
        point += (new - coefficients[axis]) * edge
        coefficients[axis] = new
      }
    }
    let length = point.length
    guard length > 1e-9 else { return 0 }
    let normal = point * (1 / length)
    let along = (0..<3).reduce(0.0) { $0 + abs(normal.dot(edges[$1])) }
    return max(0, normal.dot(center * edges) - along)
  }
}
