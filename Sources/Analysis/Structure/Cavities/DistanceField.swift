import NumericalMethods
import Structures

/// The distance from each point of a grid to the nearest surface of an atom.
///
///     d(x) = min_i |x - r_i| - R_i
///
/// Negative inside atoms. Exact at each point, over all images: bricks of grid points collect the atoms that can be nearest to any of their
/// points, so that time grows with the number of points alone.
struct DistanceField: Sendable {
  let cell: Cell
  let size: SIMD3<Int>
  /// In Å, the last edge fastest.
  let values: [Double]

  /// The most points along the edge of a brick.
  private static let brick = 6

  /// - Parameters:
  ///   - radii: In Å, one an atom.
  ///   - size: Points along each edge.
  /// - Throws: ``AnalysisError`` with code `.changedAtoms` where there is no atom; what a neighbour search throws.
  init(_ configuration: Configuration, radii: [Double], size: SIMD3<Int>, pool: WorkerPool) throws {
    guard configuration.count > 0 else { throw AnalysisError(.changedAtoms, "cavities: there is no atom") }
    cell = configuration.cell
    self.size = size
    let largest = radii.max() ?? 0
    let diagonal = Self.diagonal(cell, size)
    // Far enough for all of a brick but in voids; those look farther.
    let first = largest + diagonal + 2.5
    var cutoffs = [first]
    let end = (cell.vectors[0].length + cell.vectors[1].length + cell.vectors[2].length) + first
    while let last = cutoffs.last, last < end { cutoffs.append(1.5 * last) }
    let searches = SearchLadder(cutoffs, configuration)
    let bricks = Self.brickCounts(size)
    let values = [Double](unsafeUninitializedCapacity: size.x * size.y * size.z) { buffer, filled in
      filled = size.x * size.y * size.z
      nonisolated(unsafe) let buffer = buffer
      pool.forEachBlock(bricks.x * bricks.y) { column in
        var searches = searches
        for z in 0..<bricks.z {
          Self.fill(
            SIMD3(column / bricks.y, column % bricks.y, z), bricks, size, configuration, radii, largest, diagonal, &searches, into: buffer)
        }
      }
    }
    guard values.allSatisfy({ $0.isFinite }) else {
      throw AnalysisError(.tooMuchMemory, "cavities: the atoms around a point of the grid cannot be found; check the cell")
    }
    self.values = values
  }

  private static func brickCounts(_ size: SIMD3<Int>) -> SIMD3<Int> { (size &+ (brick - 1)) / brick }

  /// The longest diagonal of half a brick in Å.
  private static func diagonal(_ cell: Cell, _ size: SIMD3<Int>) -> Double {
    let half = Vector3(Double(brick) / Double(size.x), Double(brick) / Double(size.y), Double(brick) / Double(size.z)) / 2
    let corners = [Vector3(1, 1, 1), Vector3(-1, 1, 1), Vector3(1, -1, 1), Vector3(1, 1, -1)]
    return corners.map { ($0 * half * cell.vectors).length }.max() ?? 0
  }

  private static func fill(
    _ place: SIMD3<Int>, _ bricks: SIMD3<Int>, _ size: SIMD3<Int>, _ configuration: Configuration, _ radii: [Double], _ largest: Double,
    _ diagonal: Double, _ searches: inout SearchLadder, into values: UnsafeMutableBufferPointer<Double>
  ) {
    let low = place &* size / bricks
    let high = (place &+ 1) &* size / bricks
    let cell = configuration.cell
    let steps = Vector3(1 / Double(size.x), 1 / Double(size.y), 1 / Double(size.z))
    func point(_ i: Double, _ j: Double, _ k: Double) -> Vector3 { Vector3(i, j, k) * steps * cell.vectors + cell.origin }
    let middle = point(Double(low.x + high.x - 1) / 2, Double(low.y + high.y - 1) / 2, Double(low.z + high.z - 1) / 2)
    var nearest: [SIMD4<Double>] = []
    for level in searches.cutoffs.indices {
      nearest.removeAll(keepingCapacity: true)
      guard let search = searches.search(level) else { break }
      var best = Double.infinity
      search.forEachNeighbor(around: middle) { neighbor in
        let surface = neighbor.squaredDistance.squareRoot() - radii[neighbor.index]
        best = min(best, surface)
        nearest.append(SIMD4(neighbor.displacement, radii[neighbor.index]))
      }
      // Whatever is nearest to some point of the brick is at most two half diagonals farther from its middle than what is nearest there.
      guard best + 2 * diagonal + largest <= search.cutoff else { continue }
      nearest.removeAll { entry in Vector3(entry.x, entry.y, entry.z).length - entry.w > best + 2 * diagonal }
      for i in low.x..<high.x {
        for j in low.y..<high.y {
          for k in low.z..<high.z {
            let offset = point(Double(i), Double(j), Double(k)) - middle
            var least = Double.infinity
            for entry in nearest {
              let distance = (Vector3(entry.x, entry.y, entry.z) - offset).length - entry.w
              if distance < least { least = distance }
            }
            values[(i * size.y + j) * size.z + k] = least
          }
        }
      }
      return
    }
    for i in low.x..<high.x {
      for j in low.y..<high.y {
        for k in low.z..<high.z { values[(i * size.y + j) * size.z + k] = .nan }
      }
    }
  }
}

/// Neighbour searches with longer and longer cutoffs, made when they are needed.
private struct SearchLadder: Sendable {
  let cutoffs: [Double]
  private let configuration: Configuration
  private var made: [NeighborSearch?]

  init(_ cutoffs: [Double], _ configuration: Configuration) {
    self.cutoffs = cutoffs
    self.configuration = configuration
    made = cutoffs.map { _ in nil }
    // Nearly every brick ends with the first two, which all threads share.
    _ = search(0)
    if cutoffs.count > 1 { _ = search(1) }
  }

  mutating func search(_ level: Int) -> NeighborSearch? {
    if let search = made[level] { return search }
    let search = try? NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: cutoffs[level])
    made[level] = search
    return search
  }
}
