import NumericalMethods
import Structures

/// The plain twin of ``VoronoiTessellation``: each cell as a list of polygons, cut by the planes of all images within a distance.
///
/// Slow, and with no order, table or early end to get wrong.
enum VoronoiReference {
  /// Volumes in Å³ and, for each atom, the neighbours and areas (in Å²) of faces larger than 1e-9 Å².
  ///
  /// - Parameter cutoff: In Å; must be at least twice the farthest vertex of any cell (more for radii).
  static func cells(_ configuration: Configuration, radii: [Double] = [], cutoff: Double) throws -> [(
    volume: Double, faces: [(neighbor: Int, area: Double, vertices: Int)]
  )] {
    let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: cutoff)
    return configuration.positions.indices.map { atom in
      var faces = cube(half: cutoff)
      search.forEachNeighbor(of: atom) { neighbor in
        let distance = neighbor.squaredDistance.squareRoot()
        let excess = radii.isEmpty ? 0 : radii[atom] * radii[atom] - radii[neighbor.index] * radii[neighbor.index]
        let normal = neighbor.displacement * (1 / distance)
        faces = cut(faces, normal: normal, distance: (distance + excess / distance) / 2, neighbor: neighbor.index)
      }
      var volume = 0.0
      var kept: [(neighbor: Int, area: Double, vertices: Int)] = []
      for face in faces {
        let area = face.area
        volume += area.dot(face.points[0]) / 3
        if area.length > 1e-9 { kept.append((face.neighbor, area.length, face.points.count)) }
      }
      return (volume, kept)
    }
  }

  private struct Polygon {
    var neighbor: Int
    var points: [Vector3]

    /// As a vector to the outside.
    var area: Vector3 {
      var sum = Vector3.zero
      for k in points.indices { sum += (points[k] - points[0]).cross(points[(k + 1) % points.count] - points[0]) }
      return sum * 0.5
    }
  }

  private static func cube(half: Double) -> [Polygon] {
    (0..<3).flatMap { axis in
      [-1.0, 1.0].map { side in
        let corners = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)]
        let points = corners.map { u, v in
          var point = Vector3.zero
          point[axis] = side * half
          point[(axis + 1) % 3] = u * half
          point[(axis + 2) % 3] = v * half
          return point
        }
        return Polygon(neighbor: -1, points: side > 0 ? points : points.reversed())
      }
    }
  }

  private static func cut(_ faces: [Polygon], normal: Vector3, distance: Double, neighbor: Int) -> [Polygon] {
    var result: [Polygon] = []
    var rim: [Vector3] = []
    var isCut = false
    for face in faces {
      var points: [Vector3] = []
      for k in face.points.indices {
        let (here, there) = (face.points[k], face.points[(k + 1) % face.points.count])
        let (a, b) = (here.dot(normal) - distance, there.dot(normal) - distance)
        if a <= 0 { points.append(here) } else { isCut = true }
        if a * b < 0 {
          let crossing = here + (there - here) * (a / (a - b))
          points.append(crossing)
          rim.append(crossing)
        } else if a == 0 {
          rim.append(here)
        }
      }
      if points.count > 2 { result.append(Polygon(neighbor: face.neighbor, points: points)) }
    }
    guard isCut, rim.count > 2 else { return isCut ? result : faces }
    // The new face: its corners sorted by angle around their middle.
    let middle = rim.reduce(.zero, +) * (1 / Double(rim.count))
    guard let far = rim.max(by: { ($0 - middle).squaredLength < ($1 - middle).squaredLength }), (far - middle).length > 1e-12 else {
      return result
    }
    let u = (far - middle) * (1 / (far - middle).length)
    let v = normal.cross(u)
    let sorted = rim.sorted { angle(($0 - middle).dot(u), ($0 - middle).dot(v)) < angle(($1 - middle).dot(u), ($1 - middle).dot(v)) }
    result.append(Polygon(neighbor: neighbor, points: sorted))
    return result
  }

  /// Grows with the angle around the origin.
  private static func angle(_ x: Double, _ y: Double) -> Double {
    let part = x / (abs(x) + abs(y))
    return y >= 0 ? 1 - part : 3 + part
  }
}
