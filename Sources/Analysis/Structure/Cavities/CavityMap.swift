import NumericalMethods
import Structures

/// The cavities of one configuration for a probe, for ``CavityAnalysis``.
struct CavityMap: Sendable {
  /// One cavity or channel.
  struct Cavity: Sendable {
    /// Where the middle of the probe can be, in Å³.
    var accessibleVolume: Double
    /// What the probe fills, in Å³.
    var occupiableVolume: Double
    /// 0 for a closed cavity, else the number of directions in which it goes on for ever.
    var dimension: Int
    /// The radius of the largest sphere at a grid point in it, in Å, and that point.
    var radius: Double
    var center: Vector3
  }

  let field: DistanceField
  /// The largest first.
  let cavities: [Cavity]
  /// Fractions of the volume of the cell.
  let free: Double
  let accessible: Double
  let accessibleInChannels: Double
  let occupiable: Double
  let occupiableInChannels: Double

  /// The dimension of the most extended channel.
  var dimension: Int { cavities.reduce(0) { max($0, $1.dimension) } }

  init(_ configuration: Configuration, radii: [Double], probe: Double, size: SIMD3<Int>, pool: WorkerPool) throws {
    let field = try DistanceField(configuration, radii: radii, size: size, pool: pool)
    self.field = field
    let cell = configuration.cell
    let region = GridRegion(size, periodic: cell.periodic, contains: field.values.map { $0 > 0 && $0 >= probe })
    let filled = Self.dilated(region, field, probe: probe)
    let total = Double(field.values.count)
    let pointVolume = cell.volume / total
    var occupied = [Int](repeating: 0, count: region.parts.count)
    for label in filled where label >= 0 { occupied[Int(label)] += 1 }
    var best = region.parts.map { (radius: -Double.infinity, point: $0.first) }
    for (point, label) in region.labels.enumerated() where label >= 0 && field.values[point] > best[Int(label)].radius {
      best[Int(label)] = (field.values[point], point)
    }
    cavities = region.parts.indices.map { number in
      Cavity(
        accessibleVolume: Double(region.parts[number].count) * pointVolume, occupiableVolume: Double(occupied[number]) * pointVolume,
        dimension: region.parts[number].dimension, radius: best[number].radius, center: FreeSpheres.position(best[number].point, field))
    }
    func share(_ counts: [Int], channels: Bool) -> Double {
      Double(counts.indices.reduce(0) { $0 + (!channels || region.parts[$1].dimension > 0 ? counts[$1] : 0) }) / total
    }
    free = Double(field.values.count { $0 > 0 }) / total
    let counts = region.parts.map(\.count)
    (accessible, accessibleInChannels) = (share(counts, channels: false), share(counts, channels: true))
    (occupiable, occupiableInChannels) = (share(occupied, channels: false), share(occupied, channels: true))
  }

  /// The part to which each point within a radius of a part belongs, the nearest where there are several; -1 elsewhere.
  private static func dilated(_ region: GridRegion, _ field: DistanceField, probe: Double) -> [Int32] {
    var labels = region.labels
    guard probe > 0, !region.parts.isEmpty else { return labels }
    let (size, cell) = (field.size, field.cell)
    let edges = Matrix3(
      cell.vectors[0] * (1 / Double(size.x)), cell.vectors[1] * (1 / Double(size.y)), cell.vectors[2] * (1 / Double(size.z)))
    let widths = cell.widths
    var ball: [(step: SIMD3<Int>, squared: Float)] = []
    let reach = (0..<3).map { Int((probe * Double(size[$0]) / widths[$0]).rounded(.up)) }
    for i in -reach[0]...reach[0] {
      for j in -reach[1]...reach[1] {
        for k in -reach[2]...reach[2] {
          let squared = (Vector3(Double(i), Double(j), Double(k)) * edges).squaredLength
          if squared > 0 && squared <= probe * probe { ball.append((SIMD3(i, j, k), Float(squared))) }
        }
      }
    }
    var nearest = [Float](repeating: .infinity, count: labels.count)
    for point in region.labels.indices where region.labels[point] >= 0 {
      var isBorder = false
      GridRegion.forEachNeighbor(of: point, size, cell.periodic) { there, _ in if region.labels[there] < 0 { isBorder = true } }
      guard isBorder else { continue }
      let place = SIMD3(point / (size.z * size.y), point / size.z % size.y, point % size.z)
      for (step, squared) in ball {
        var other = place &+ step
        var isInside = true
        for axis in 0..<3 where other[axis] < 0 || other[axis] >= size[axis] {
          guard cell.periodic[axis] else {
            isInside = false
            break
          }
          other[axis] = (other[axis] % size[axis] + size[axis]) % size[axis]
        }
        guard isInside else { continue }
        let index = (other.x * size.y + other.y) * size.z + other.z
        if region.labels[index] < 0 && squared < nearest[index] {
          nearest[index] = squared
          labels[index] = region.labels[point]
        }
      }
    }
    return labels
  }
}
