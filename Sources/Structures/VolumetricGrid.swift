import NumericalMethods

/// A field on the points of a grid that fills a periodic cell: a density, an energy landscape.
///
/// Point (i, j, k) lies at `origin + i/nx a + j/ny b + k/nz c`. The last point along an edge is one step short of the first one of the next
/// image, as in CUBE and CHGCAR files.
public struct VolumetricGrid: Sendable {
  public var cell: Cell
  /// The number of points along the three edges, each at least 1.
  public var size: SIMD3<Int>
  /// One value a point, the last edge fastest: `values[(i * ny + j) * nz + k]`.
  public var values: [Double]
  /// What the values are, `Li density`.
  public var quantity: String
  /// Their unit, `1/A3`, `eV`; empty where they have none.
  public var unit: String

  public init(cell: Cell, size: SIMD3<Int>, values: [Double], quantity: String, unit: String) {
    precondition(size.x > 0 && size.y > 0 && size.z > 0 && values.count == size.x * size.y * size.z, "a grid has one value a point")
    self.cell = cell
    self.size = size
    self.values = values
    self.quantity = quantity
    self.unit = unit
  }

  /// The number of points along each edge for points about a distance (in Å) apart, along the edge's own direction.
  public static func size(for cell: Cell, spacing: Double) -> SIMD3<Int> {
    precondition(spacing > 0, "points of a grid are apart")
    var size = SIMD3<Int>(1, 1, 1)
    for axis in 0..<3 { size[axis] = max(1, Int((cell.vectors[axis].length / spacing).rounded(.up))) }
    return size
  }

  /// The place of a point in ``values``; indices beyond an edge count from the other side.
  public func index(_ i: Int, _ j: Int, _ k: Int) -> Int {
    func wrap(_ value: Int, _ count: Int) -> Int {
      let rest = value % count
      return rest < 0 ? rest + count : rest
    }
    return (wrap(i, size.x) * size.y + wrap(j, size.y)) * size.z + wrap(k, size.z)
  }

  /// Where a point lies, in Å.
  public func position(_ i: Int, _ j: Int, _ k: Int) -> Vector3 {
    cell.origin + Vector3(Double(i) / Double(size.x), Double(j) / Double(size.y), Double(k) / Double(size.z)) * cell.vectors
  }

  /// The volume of one grid point in Å³.
  public var pointVolume: Double { cell.volume / Double(values.count) }
}
