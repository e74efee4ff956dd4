import NumericalMethods

/// A convex polyhedron around the origin that planes cut, one after another, until it is a Voronoi cell.
///
/// A vertex is the meeting point of three planes, named in counterclockwise order as seen from outside; a directed pair of planes
/// therefore names one end of an edge, and a table finds the vertex at that end. Where more than three planes meet, several vertices
/// lie at the same place. A cut removes the vertices outside the plane and puts a new one on each edge that it crosses.
///
/// Vertices within ``tolerance`` of a plane count as inside, so that planes which only touch the polyhedron, as in crystals, do not
/// cut it.
///
/// Source of the representation: Ray, Sokolov, Lefebvre and Lévy, ACM Trans. Graph. 37, 265 (2018), doi:10.1145/3272127.3275092.
struct ConvexPolyhedron: ~Copyable {
  /// The most planes at one time; numbers fit a byte.
  static let planeLimit = 256
  static let vertexLimit = 2 * planeLimit

  /// What a cut did.
  enum Cut {
    case untouched, cut, emptied
    /// There were too many faces.
    case overflow
  }

  /// In Å; far below any distance that means something, and far above what rounding leaves.
  var tolerance = 1e-9

  /// Coordinates of the vertices; a place that holds no vertex is not a number.
  private let x: UnsafeMutablePointer<Double>
  private let y: UnsafeMutablePointer<Double>
  private let z: UnsafeMutablePointer<Double>
  /// How far each vertex lies outside the plane of the cut at hand.
  private let height: UnsafeMutablePointer<Double>
  /// The planes of each vertex.
  private let corners: UnsafeMutablePointer<SIMD4<UInt8>>
  /// The vertex at the end of the edge between two planes.
  private let ends: UnsafeMutablePointer<UInt16>
  /// Normals of length one and distances from the origin.
  private let planes: UnsafeMutablePointer<SIMD4<Double>>
  /// What the caller calls each plane.
  private let labels: UnsafeMutablePointer<Int32>
  /// Sums for faces: twice the area as a vector, and the number of edges.
  private let areas: UnsafeMutablePointer<Vector3>
  private let edgeCounts: UnsafeMutablePointer<Int32>
  private let follower: UnsafeMutablePointer<UInt8>
  private let stamps: UnsafeMutablePointer<Int32>
  private let free: UnsafeMutablePointer<UInt16>
  private let removed: UnsafeMutablePointer<UInt16>
  private let fresh: UnsafeMutablePointer<Vector3>
  private let border: UnsafeMutablePointer<SIMD2<UInt8>>
  private var freeCount = 0
  private var vertexCount = 0
  private var planeCount = 0
  private var stamp: Int32 = 0

  init() {
    func room<T>(_ count: Int, _ value: T) -> UnsafeMutablePointer<T> {
      let pointer = UnsafeMutablePointer<T>.allocate(capacity: count)
      pointer.initialize(repeating: value, count: count)
      return pointer
    }
    // Loops run over eight vertices at a time.
    let most = Self.vertexLimit + 8
    x = room(most, .nan)
    y = room(most, .nan)
    z = room(most, .nan)
    height = room(most, 0)
    corners = room(most, .zero)
    ends = room(Self.planeLimit * Self.planeLimit, 0)
    planes = room(Self.planeLimit, .zero)
    labels = room(Self.planeLimit, 0)
    areas = room(Self.planeLimit, .zero)
    edgeCounts = room(Self.planeLimit, 0)
    follower = room(Self.planeLimit, 0)
    stamps = room(Self.planeLimit, 0)
    free = room(most, 0)
    removed = room(most, 0)
    fresh = room(most, .zero)
    border = room(most, .zero)
  }

  deinit {
    for pointer in [x, y, z, height] { pointer.deallocate() }
    corners.deallocate()
    ends.deallocate()
    planes.deallocate()
    labels.deallocate()
    areas.deallocate()
    edgeCounts.deallocate()
    follower.deallocate()
    stamps.deallocate()
    free.deallocate()
    removed.deallocate()
    fresh.deallocate()
    border.deallocate()
  }

  /// Begins with a cube around the origin.
  ///
  /// - Parameters:
  ///   - half: Half its edge in Å.
  ///   - label: The label of its six faces.
  mutating func reset(half: Double, label: Int32) {
    for vertex in 0..<vertexCount { x[vertex] = .nan }
    (vertexCount, planeCount, freeCount) = (0, 6, 0)
    for axis in 0..<3 {
      for side in 0..<2 {
        var plane = SIMD4<Double>(0, 0, 0, half)
        plane[axis] = side == 0 ? -1 : 1
        planes[2 * axis + side] = plane
        labels[2 * axis + side] = label
      }
    }
    for corner in 0..<8 {
      let side = SIMD3<UInt8>(UInt8(corner & 1), UInt8(corner >> 1 & 1), UInt8(corner >> 2))
      let (i, j, k) = (side.x, 2 + side.y, 4 + side.z)
      let isMirrored = (side.x + side.y + side.z) % 2 == 0
      let place = SIMD3<Double>(Double(side.x), Double(side.y), Double(side.z)) * (2 * half) - half
      addVertex(place, isMirrored ? SIMD4(i, k, j, 0) : SIMD4(i, j, k, 0))
    }
  }

  @inline(__always)
  private mutating func addVertex(_ place: Vector3, _ corner: SIMD4<UInt8>) {
    let vertex: Int
    if freeCount > 0 {
      freeCount -= 1
      vertex = Int(free[freeCount])
    } else {
      vertex = vertexCount
      vertexCount += 1
    }
    x[vertex] = place.x
    y[vertex] = place.y
    z[vertex] = place.z
    corners[vertex] = corner
    let (a, b, c) = (Int(corner.x), Int(corner.y), Int(corner.z))
    ends[a * Self.planeLimit + b] = UInt16(truncatingIfNeeded: vertex)
    ends[b * Self.planeLimit + c] = UInt16(truncatingIfNeeded: vertex)
    ends[c * Self.planeLimit + a] = UInt16(truncatingIfNeeded: vertex)
  }

  /// The squared distance of the farthest vertex from the origin in Å²; 0 where there is none.
  var farthestSquared: Double {
    var most = SIMD8<Double>(repeating: 0)
    for start in stride(from: 0, to: vertexCount, by: 8) {
      let (px, py, pz) = (Self.load(x + start), Self.load(y + start), Self.load(z + start))
      let squares = px * px + py * py + pz * pz
      most.replace(with: squares, where: squares .> most)
    }
    return Self.largest(most)
  }

  @inline(__always)
  private static func load(_ pointer: UnsafeMutablePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
  }

  /// The largest lane; the library's own reduction is no inlined code.
  @inline(__always)
  private static func largest(_ values: SIMD8<Double>) -> Double {
    var four = values.lowHalf
    four.replace(with: values.highHalf, where: values.highHalf .> four)
    var two = four.lowHalf
    two.replace(with: four.highHalf, where: four.highHalf .> two)
    return two.y > two.x ? two.y : two.x
  }

  /// Keeps what lies on the inner side of a plane, `normal · v <= distance`.
  ///
  /// - Parameters:
  ///   - normal: Of length one.
  ///   - distance: From the origin in Å; negative where the origin is cut away.
  ///   - label: Any number of the caller's.
  mutating func cut(normal: Vector3, distance: Double, label: Int32) -> Cut {
    let (nx, ny, nz) = (SIMD8(repeating: normal.x), SIMD8(repeating: normal.y), SIMD8(repeating: normal.z))
    let offset = SIMD8(repeating: distance)
    var most = SIMD8<Double>(repeating: -1)
    for start in stride(from: 0, to: vertexCount, by: 8) {
      let above = Self.load(x + start) * nx + Self.load(y + start) * ny + Self.load(z + start) * nz - offset
      UnsafeMutableRawPointer(height + start).storeBytes(of: above, as: SIMD8<Double>.self)
      most.replace(with: above, where: above .> most)
    }
    guard Self.largest(most) > tolerance else { return .untouched }
    // A polyhedron of F faces has at most 2F - 4 vertices, and places are used again: planes run out first.
    if planeCount == Self.planeLimit {
      compact()
      guard planeCount < Self.planeLimit else { return .overflow }
      return cut(normal: normal, distance: distance, label: label)
    }
    return removeAbove(normal: normal, distance: distance, label: label)
  }

  private mutating func removeAbove(normal: Vector3, distance: Double, label: Int32) -> Cut {
    var threshold = tolerance
    // Rounding may leave a border that is no single loop where vertices nearly coincide; a plane a little farther out then passes them.
    for _ in 0..<12 {
      var removedCount = 0
      for vertex in 0..<vertexCount where height[vertex] > threshold {
        removed[removedCount] = UInt16(truncatingIfNeeded: vertex)
        removedCount += 1
      }
      if removedCount == 0 { return .untouched }
      let left = (0..<vertexCount).contains { !(height[$0] > threshold) && !x[$0].isNaN }
      if !left {
        for vertex in 0..<vertexCount { x[vertex] = .nan }
        vertexCount = 0
        return .emptied
      }
      if let count = findBorder(removedCount, threshold: threshold) {
        for place in 0..<removedCount {
          let vertex = removed[place]
          x[Int(vertex)] = .nan
          free[freeCount] = vertex
          freeCount += 1
        }
        let plane = UInt8(truncatingIfNeeded: planeCount)
        planes[planeCount] = SIMD4(normal, distance)
        labels[planeCount] = label
        planeCount += 1
        for place in 0..<count { addVertex(fresh[place], SIMD4(border[place].x, border[place].y, plane, 0)) }
        return .cut
      }
      threshold *= 10
    }
    return .untouched
  }

  /// Finds the edges that leave the removed part, and where the cut crosses them.
  ///
  /// - Returns: Their number, or `nil` where they form no single loop.
  @inline(__always)
  private mutating func findBorder(_ removedCount: Int, threshold: Double) -> Int? {
    var count = 0
    stamp += 1
    for place in 0..<removedCount {
      let vertex = Int(removed[place])
      let corner = corners[vertex]
      for side in 0..<3 {
        let a = side == 0 ? corner.x : side == 1 ? corner.y : corner.z
        let b = side == 0 ? corner.y : side == 1 ? corner.z : corner.x
        let other = Int(ends[Int(b) * Self.planeLimit + Int(a)])
        let (inside, outside) = (height[other], height[vertex])
        if inside > threshold { continue }
        // A plane that is met twice has a face cut in two: no convex body.
        if stamps[Int(a)] == stamp { return nil }
        stamps[Int(a)] = stamp
        follower[Int(a)] = b
        let part = max(0, min(1, inside / (inside - outside)))
        let (p, q) = (Vector3(x[other], y[other], z[other]), Vector3(x[vertex], y[vertex], z[vertex]))
        // A vertex that lies in the plane but for rounding stays where it is.
        fresh[count] = inside >= 0 ? p : p + part * (q - p)
        border[count] = SIMD2(a, b)
        count += 1
      }
    }
    guard count >= 3 else { return nil }
    var plane = border[0].x
    for step in 0..<count {
      guard stamps[Int(plane)] == stamp, step == 0 || plane != border[0].x else { return nil }
      plane = follower[Int(plane)]
    }
    return plane == border[0].x ? count : nil
  }

  /// Gives the numbers of planes and vertices that are used no more to others.
  private mutating func compact() {
    for plane in 0..<planeCount { edgeCounts[plane] = -1 }
    var live = 0
    for vertex in 0..<vertexCount where !x[vertex].isNaN {
      let corner = corners[vertex]
      for plane in [corner.x, corner.y, corner.z] { edgeCounts[Int(plane)] = 0 }
      (x[live], y[live], z[live], corners[live]) = (x[vertex], y[vertex], z[vertex], corner)
      live += 1
    }
    for vertex in live..<vertexCount { x[vertex] = .nan }
    var kept = 0
    for plane in 0..<planeCount where edgeCounts[plane] == 0 {
      (planes[kept], labels[kept]) = (planes[plane], labels[plane])
      edgeCounts[plane] = Int32(kept)
      kept += 1
    }
    (planeCount, vertexCount, freeCount) = (kept, 0, 0)
    for vertex in 0..<live {
      let corner = corners[vertex]
      let place = Vector3(x[vertex], y[vertex], z[vertex])
      addVertex(
        place,
        SIMD4(
          UInt8(truncatingIfNeeded: edgeCounts[Int(corner.x)]), UInt8(truncatingIfNeeded: edgeCounts[Int(corner.y)]),
          UInt8(truncatingIfNeeded: edgeCounts[Int(corner.z)]), 0))
    }
  }

  /// One face.
  struct Face {
    var label: Int32
    /// In Å².
    var area: Double
    /// The edges that are long enough to count.
    var edges: Int
    /// Distance of its plane from the origin in Å, and the normal.
    var distance: Double
    var normal: Vector3
  }

  /// Calls a closure with each face, in the order of the cuts.
  ///
  ///     area vector of a face = 1/2 sum_k (v_k - f) × (v_k+1 - f),  f any point of its plane
  ///
  /// - Parameter shortestEdge: Shorter edges, in Å, are not counted.
  mutating func forEachFace(shortestEdge: Double, _ body: (Face) -> Void) {
    for plane in 0..<planeCount {
      areas[plane] = .zero
      edgeCounts[plane] = -1
    }
    let limit = shortestEdge * shortestEdge
    for vertex in 0..<vertexCount where !x[vertex].isNaN {
      let corner = corners[vertex]
      let here = Vector3(x[vertex], y[vertex], z[vertex])
      for side in 0..<3 {
        let a = Int(side == 0 ? corner.x : side == 1 ? corner.y : corner.z)
        let b = Int(side == 0 ? corner.y : side == 1 ? corner.z : corner.x)
        // Across the edge of planes a and b lies the neighbour around both.
        let next = Int(ends[b * Self.planeLimit + a])
        let there = Vector3(x[next], y[next], z[next])
        if edgeCounts[a] < 0 { edgeCounts[a] = 0 }
        let plane = planes[a]
        let foot = Vector3(plane.x, plane.y, plane.z) * plane.w
        areas[a] += (here - foot).cross(there - foot)
        if (there - here).squaredLength > limit { edgeCounts[a] += 1 }
      }
    }
    for plane in 0..<planeCount where edgeCounts[plane] >= 0 {
      let values = planes[plane]
      let normal = Vector3(values.x, values.y, values.z)
      body(
        Face(
          label: labels[plane], area: abs(areas[plane].dot(normal)) / 2, edges: Int(edgeCounts[plane]), distance: values.w, normal: normal))
    }
  }
}
