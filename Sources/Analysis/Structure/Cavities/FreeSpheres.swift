import NumericalMethods
import Structures

/// The largest sphere that fits between atoms, and the largest that can travel through.
enum FreeSpheres {
  /// The highest value of a field and where it is, refined between grid points.
  ///
  /// Climbs from the best grid points by smaller and smaller steps on the exact distance; a maximum whose slopes are all covered by worse grid
  /// points can be missed by less than the spacing of the grid.
  static func largest(
    _ field: DistanceField, _ configuration: Configuration, radii: [Double]
  ) throws -> (radius: Double, center: Vector3) {
    let spacing = (0..<3).map { field.cell.vectors[$0].length / Double(field.size[$0]) }.max() ?? 1
    let best = field.values.max() ?? 0
    // Each of these may lie on the slope of the highest summit.
    let starts = field.values.indices.filter { field.values[$0] > best - spacing }
      .sorted { field.values[$0] != field.values[$1] ? field.values[$0] > field.values[$1] : $0 < $1 }.prefix(64)
    let reach = best + 2 * spacing + (radii.max() ?? 0)
    let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: max(1e-3, reach + 2 * spacing))
    func height(_ point: Vector3) -> Double {
      var least = Double.infinity
      search.forEachNeighbor(around: point) { neighbor in least = min(least, neighbor.squaredDistance.squareRoot() - radii[neighbor.index])
      }
      return least
    }
    var result = (radius: -Double.infinity, center: Vector3.zero)
    for start in starts {
      var point = position(start, field)
      var value = field.values[start]
      var step = spacing / 2
      while step > 1e-5 {
        var isBetter = false
        for direction in directions {
          let candidate = point + step * direction
          guard configuration.cell.isPeriodic || isInside(candidate, configuration.cell) else { continue }
          let there = height(candidate)
          if there.isFinite && there > value {
            (point, value, isBetter) = (candidate, there, true)
          }
        }
        if !isBetter { step /= 2 }
      }
      if value > result.radius { result = (value, configuration.cell.wrap(point).position) }
    }
    return result
  }

  /// Corners, edges and faces of a cube, each at distance one.
  private static let directions: [Vector3] = (0..<27).compactMap { number in
    let vector = Vector3(Double(number / 9 - 1), Double(number / 3 % 3 - 1), Double(number % 3 - 1))
    return vector == .zero ? nil : vector * (1 / vector.length)
  }

  private static func isInside(_ point: Vector3, _ cell: Cell) -> Bool {
    let f = cell.fractional(point)
    return (0..<3).allSatisfy { cell.periodic[$0] || (0...1).contains(f[$0]) }
  }

  static func position(_ point: Int, _ field: DistanceField) -> Vector3 {
    let size = field.size
    let place = Vector3(Double(point / (size.z * size.y)), Double(point / size.z % size.y), Double(point % size.z))
    return place / Vector3(Double(size.x), Double(size.y), Double(size.z)) * field.cell.vectors + field.cell.origin
  }

  /// The radii of the largest spheres that travel without end in at least 1, 2 and 3 directions; nil where not even a point does.
  ///
  /// Points are let in from the highest value down; the value at which a part first percolates bounds the sphere. The bottleneck lies between
  /// grid points: the radius is too small by at most the spacing.
  static func percolating(_ field: DistanceField) -> [Double?] {
    let order = field.values.indices.filter { field.values[$0] > 0 }.sorted {
      field.values[$0] != field.values[$1] ? field.values[$0] > field.values[$1] : $0 < $1
    }
    var forest = PeriodicForest(count: field.values.count)
    var isIn = [Bool](repeating: false, count: field.values.count)
    var result: [Double?] = [nil, nil, nil]
    for point in order {
      isIn[point] = true
      GridRegion.forEachNeighbor(of: point, field.size, field.cell.periodic) { there, step in
        guard isIn[there] else { return }
        let dimension = forest.join(point, there, step)
        for level in 0..<dimension where result[level] == nil { result[level] = field.values[point] }
      }
      if result[2] != nil { break }
    }
    return result
  }
}

/// Disjoint sets of points whose members know by how many edges they are apart from their root.
private struct PeriodicForest {
  private var parents: [Int32]
  /// From the point to its parent, in edges.
  private var shifts: [SIMD3<Int32>]
  /// Of roots only.
  private var parts: [Int32: GridRegion.Part] = [:]
  private var sizes: [Int32]

  init(count: Int) {
    parents = (0..<Int32(count)).map { $0 }
    shifts = [SIMD3<Int32>](repeating: .zero, count: count)
    sizes = [Int32](repeating: 1, count: count)
  }

  private mutating func root(_ point: Int) -> (root: Int, shift: SIMD3<Int32>) {
    var here = point
    var shift = SIMD3<Int32>.zero
    while Int(parents[here]) != here {
      let up = Int(parents[here])
      // Halving the way: the parent's parent becomes the parent.
      if Int(parents[up]) != up {
        shifts[here] &+= shifts[up]
        parents[here] = parents[up]
      }
      shift &+= shifts[here]
      here = Int(parents[here])
    }
    return (here, shift)
  }

  /// Joins two neighbouring points; the way from the first to the second crosses some edges.
  ///
  /// - Returns: The dimension of the part that they belong to.
  mutating func join(_ first: Int, _ second: Int, _ step: SIMD3<Int32>) -> Int {
    let (a, b) = (root(first), root(second))
    if a.root == b.root {
      // Around the loop: to the second by the step, and back through the root.
      let loop = step &+ b.shift &- a.shift
      if loop != .zero {
        var part = parts[Int32(a.root)] ?? GridRegion.Part(count: 0, dimension: 0, directions: [], first: a.root)
        GridRegion.add(loop, to: &part)
        parts[Int32(a.root)] = part
      }
      return parts[Int32(a.root)]?.dimension ?? 0
    }
    // root(first) = first + a.shift and root(second) = second + b.shift, with second = first + step.
    let isFirstLarger = sizes[a.root] >= sizes[b.root]
    let (top, low) = isFirstLarger ? (a.root, b.root) : (b.root, a.root)
    let way = a.shift &- step &- b.shift
    parents[low] = Int32(top)
    shifts[low] = isFirstLarger ? way : .zero &- way
    sizes[top] += sizes[low]
    if let moved = parts.removeValue(forKey: Int32(low)) {
      var part = parts[Int32(top)] ?? GridRegion.Part(count: 0, dimension: 0, directions: [], first: top)
      for direction in moved.directions { GridRegion.add(direction, to: &part) }
      parts[Int32(top)] = part
    }
    return parts[Int32(top)]?.dimension ?? 0
  }
}
