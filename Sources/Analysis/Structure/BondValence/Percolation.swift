import Structures

/// The lowest energies at which points of a periodic grid connect around the cell.
///
/// Points join in the order of their energy. Each knows the way to the representative of its cluster in whole cells: where two points of one cluster meet along a way that ends in another cell, the cluster winds around by the
/// difference. A cluster percolates in as many dimensions as it has independent windings.
///
/// - Source: Newman and Ziff, Phys. Rev. E 64, 016706 (2001), doi:10.1103/PhysRevE.64.016706; Machta et al., Phys. Rev. E 54, 1332 (1996),
///   doi:10.1103/PhysRevE.54.1332.
struct Percolation {
  /// The lowest energy at which a cluster winds in 1, 2, 3 independent directions; `nil` where none does.
  private(set) var thresholds: [Double?] = [nil, nil, nil]
  /// The lowest energy at which a cluster winds along a, b, c, in whatever other direction as well.
  private(set) var alongEdges: [Double?] = [nil, nil, nil]
  /// The point that closed each of ``thresholds``.
  private(set) var closingPoints: [Int?] = [nil, nil, nil]

  private let size: SIMD3<Int>
  private var parents: [Int32]
  private var offsets: [SIMD4<Int16>]
  /// How many points the cluster of a representative has.
  private var sizes: [Int32]
  private var windings: [Int32: [SIMD3<Int>]] = [:]

  /// - Parameters:
  ///   - values: `[(i * ny + j) * nz + k]`; points that are not finite never join.
  ///   - periodic: Along which edges the grid repeats.
  ///   - connectivity: 6 or 26 neighbours a point.
  init(_ values: [Double], size: SIMD3<Int>, periodic: Periodicity, connectivity: Int) {
    self.size = size
    parents = [Int32](repeating: -1, count: values.count)
    offsets = [SIMD4<Int16>](repeating: .zero, count: values.count)
    sizes = [Int32](repeating: 1, count: values.count)
    guard let least = values.min(), least.isFinite else { return }
    var directions: [SIMD3<Int>] = []
    for i in -1...1 {
      for j in -1...1 {
        for k in -1...1 where (connectivity == 6 ? abs(i) + abs(j) + abs(k) == 1 : (i, j, k) != (0, 0, 0)) {
          directions.append(SIMD3(i, j, k))
        }
      }
    }
    // Barriers are mostly low: the rest of the grid need not be sorted.
    var low = -Double.infinity
    var width = 1.0
    while thresholds[2] == nil, low < .infinity {
      let high = width > 1e6 ? .infinity : least + width
      let points = values.indices.filter { values[$0] >= low && values[$0] < high }.sorted {
        values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1
      }
      for point in points {
        join(point, energy: values[point], directions: directions, periodic: periodic)
        if thresholds[2] != nil { return }
      }
      low = high
      width *= 2
    }
  }

  private mutating func join(_ point: Int, energy: Double, directions: [SIMD3<Int>], periodic: Periodicity) {
    parents[point] = Int32(point)
    let home = SIMD3(point / (size.y * size.z), point / size.z % size.y, point % size.z)
    for direction in directions {
      var place = home &+ direction
      var step = SIMD4<Int16>.zero
      var isOpen = false
      for axis in 0..<3 {
        if place[axis] >= 0, place[axis] < size[axis] { continue }
        if !periodic[axis] { isOpen = true }
        step[axis] = place[axis] < 0 ? -1 : 1
        place[axis] -= Int(step[axis]) * size[axis]
      }
      if isOpen { continue }
      let other = (place.x * size.y + place.y) * size.z + place.z
      guard parents[other] >= 0 else { continue }
      let (root, way) = find(point)
      let (otherRoot, otherWay) = find(other)
      // The neighbour lies in the cell of the point and a step; by its own cluster, at its own way.
      let difference = way &+ step &- otherWay
      if root != otherRoot {
        let stays = sizes[root] >= sizes[otherRoot]
        let (large, small) = stays ? (root, otherRoot) : (otherRoot, root)
        parents[small] = Int32(large)
        offsets[small] = stays ? difference : .zero &- difference
        sizes[large] += sizes[small]
        if let moved = windings.removeValue(forKey: Int32(small)) { for winding in moved { add(winding, to: large, energy, point) } }
      } else if difference != .zero {
        add(SIMD3(Int(difference.x), Int(difference.y), Int(difference.z)), to: root, energy, point)
      }
    }
  }

  /// The representative of a point's cluster, and the cell of the point as seen from that of the representative.
  private mutating func find(_ point: Int) -> (root: Int, way: SIMD4<Int16>) {
    var root = point
    var way = SIMD4<Int16>.zero
    while Int(parents[root]) != root {
      way = way &+ offsets[root]
      root = Int(parents[root])
    }
    var (next, rest) = (point, way)
    while Int(parents[next]) != root, next != root {
      let (parent, own) = (Int(parents[next]), offsets[next])
      parents[next] = Int32(root)
      offsets[next] = rest
      rest = rest &- own
      next = parent
    }
    return (root, way)
  }

  private mutating func add(_ winding: SIMD3<Int>, to root: Int, _ energy: Double, _ point: Int) {
    var basis = windings[Int32(root)] ?? []
    for axis in 0..<3 where winding[axis] != 0 && alongEdges[axis] == nil { alongEdges[axis] = energy }
    if !Self.isIndependent(winding, of: basis) { return }
    basis.append(winding)
    windings[Int32(root)] = basis
    for rank in 0..<basis.count where thresholds[rank] == nil {
      thresholds[rank] = energy
      closingPoints[rank] = point
    }
  }

  private static func isIndependent(_ w: SIMD3<Int>, of basis: [SIMD3<Int>]) -> Bool {
    func cross(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> SIMD3<Int> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    switch basis.count {
    case 0: return w != .zero
    case 1: return cross(basis[0], w) != .zero
    case 2:
      let normal = cross(basis[0], basis[1])
      return normal.x * w.x + normal.y * w.y + normal.z * w.z != 0
    default: return false
    }
  }
}
