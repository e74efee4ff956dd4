import NumericalMethods
import Structures

/// The connected parts of a set of grid points in a periodic cell, and in how many directions each goes on for ever.
///
/// Points are joined to the next ones along the three edges. A part percolates along a lattice vector where a way leads from a point to the
/// image of that point by this vector; the number of independent ones is its dimension: 0 for a closed cavity, 1 for a channel, 2 for a layer,
/// 3 for a network.
struct GridRegion: Sendable {
  /// One connected part.
  struct Part: Sendable {
    /// Its number of points.
    var count: Int
    var dimension: Int
    /// Lattice vectors, in edges, along which it percolates; as many as ``dimension``.
    var directions: [SIMD3<Int32>]
    /// Its first point.
    var first: Int
  }

  /// The part of each point, -1 outside the set.
  private(set) var labels: [Int32]
  /// The largest first.
  private(set) var parts: [Part] = []

  init(_ size: SIMD3<Int>, periodic: Periodicity, contains: [Bool]) {
    labels = [Int32](repeating: -1, count: contains.count)
    var images = [SIMD3<Int32>](repeating: .zero, count: contains.count)
    var stack: [Int32] = []
    for seed in contains.indices where contains[seed] && labels[seed] < 0 {
      let label = Int32(parts.count)
      var part = Part(count: 0, dimension: 0, directions: [], first: seed)
      labels[seed] = label
      images[seed] = .zero
      stack.append(Int32(seed))
      while let here = stack.popLast().map(Int.init) {
        part.count += 1
        Self.forEachNeighbor(of: here, size, periodic) { there, step in
          guard contains[there] else { return }
          let image = images[here] &+ step
          if labels[there] < 0 {
            labels[there] = label
            images[there] = image
            stack.append(Int32(there))
          } else if image != images[there] {
            Self.add(image &- images[there], to: &part)
          }
        }
      }
      parts.append(part)
    }
    let order = parts.indices.sorted { parts[$0].count != parts[$1].count ? parts[$0].count > parts[$1].count : $0 < $1 }
    var renamed = [Int32](repeating: 0, count: parts.count)
    for (place, old) in order.enumerated() { renamed[old] = Int32(place) }
    for point in labels.indices where labels[point] >= 0 { labels[point] = renamed[Int(labels[point])] }
    parts = order.map { parts[$0] }
  }

  /// The highest dimension of all parts.
  var dimension: Int { parts.reduce(0) { max($0, $1.dimension) } }

  /// Calls a closure with the six neighbours of a point and the edges crossed on the way.
  @inline(__always)
  static func forEachNeighbor(of point: Int, _ size: SIMD3<Int>, _ periodic: Periodicity, _ body: (Int, SIMD3<Int32>) -> Void) {
    let k = point % size.z
    let j = point / size.z % size.y
    let i = point / (size.z * size.y)
    let place = SIMD3(i, j, k)
    let strides = SIMD3(size.y * size.z, size.z, 1)
    for axis in 0..<3 {
      for up in [true, false] {
        let isEdge = up ? place[axis] == size[axis] - 1 : place[axis] == 0
        if isEdge && !periodic[axis] { continue }
        var step = SIMD3<Int32>.zero
        if isEdge { step[axis] = up ? 1 : -1 }
        let back = isEdge ? strides[axis] * (size[axis] - 1) : -strides[axis]
        body(up ? point - back : point + back, step)
      }
    }
  }

  /// Takes note of a lattice vector, where it is not a combination of those that are known.
  static func add(_ vector: SIMD3<Int32>, to part: inout Part) {
    guard part.dimension < 3 else { return }
    let candidate = part.directions + [vector]
    guard rank(candidate) == candidate.count else { return }
    part.directions = candidate
    part.dimension = candidate.count
  }

  private static func rank(_ vectors: [SIMD3<Int32>]) -> Int {
    func wide(_ v: SIMD3<Int32>) -> SIMD3<Int> { SIMD3(Int(v.x), Int(v.y), Int(v.z)) }
    func cross(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> SIMD3<Int> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    switch vectors.count {
    case 1: return vectors[0] == .zero ? 0 : 1
    case 2: return cross(wide(vectors[0]), wide(vectors[1])) == .zero ? 1 : 2
    default:
      let normal = cross(wide(vectors[0]), wide(vectors[1]))
      let c = wide(vectors[2])
      return normal.x * c.x + normal.y * c.y + normal.z * c.z == 0 ? 2 : 3
    }
  }
}
