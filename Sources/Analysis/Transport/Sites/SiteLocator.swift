import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds the nearest site of any point in a periodic cell that breathes.
///
/// The cell is cut into bins, and each bin knows the sites, images included, that can be nearest to a point in it. Distances are those of
/// the momentary cell.
struct SiteLocator: Sendable {
  /// The nearest site of a point.
  struct Found {
    var site: Int
    /// The cell in which this image of the site is.
    var image: SIMD3<Int32>
    /// From the site to the point, along the edges.
    var way: Vector3
    /// In Å².
    var squaredDistance: Double
  }

  private let sites: [Vector3]
  private let bins: SIMD3<Int>
  /// The first candidate of each bin, and one past the last.
  private let starts: [Int32]
  private let candidates: [Int32]
  /// Where each candidate is, its image included.
  private let places: [Vector3]

  /// How much the cell may change its shape before candidates are missed, as a share of their distance.
  private static let strain = 0.15

  /// - Parameters:
  ///   - sites: Along the edges.
  ///   - cell: Periodic along all edges.
  init(_ sites: [Vector3], cell: Cell) throws {
    self.sites = sites
    let width = max(1, cbrt(cell.volume / 1e6))
    var bins = SIMD3<Int>(1, 1, 1)
    for axis in 0..<3 { bins[axis] = max(1, Int(cell.widths[axis] / width)) }
    self.bins = bins
    let scale = Vector3(1 / Double(bins.x), 1 / Double(bins.y), 1 / Double(bins.z))
    let radius =
      [Vector3(1, 1, 1), Vector3(-1, 1, 1), Vector3(1, -1, 1), Vector3(1, 1, -1)].map { ($0 * scale * cell.vectors).length / 2 }
      .max() ?? 0
    let positions = sites.map { cell.cartesian($0) }
    var cutoff = 1.2 * cbrt(cell.volume / Double(sites.count)) + 3 * radius
    var found: (starts: [Int32], candidates: [Int32], places: [Vector3])?
    while found == nil {
      found = try Self.candidates(
        NeighborSearch(cell: cell, positions: positions, cutoff: cutoff), bins: bins, radius: radius, cutoff: cutoff)
      cutoff *= 1.5
    }
    starts = found?.starts ?? []
    candidates = found?.candidates ?? []
    places = found?.places ?? []
  }

  /// - Returns: `nil` where the cutoff is too short to be sure.
  private static func candidates(
    _ search: NeighborSearch, bins: SIMD3<Int>, radius: Double, cutoff: Double
  ) -> (starts: [Int32], candidates: [Int32], places: [Vector3])? {
    let cell = search.cell
    var starts: [Int32] = [0]
    var candidates: [Int32] = []
    var places: [Vector3] = []
    var around: [(distance: Double, site: Int, place: Vector3)] = []
    for i in 0..<bins.x {
      for j in 0..<bins.y {
        for k in 0..<bins.z {
          let middle = Vector3(
            (Double(i) + 0.5) / Double(bins.x), (Double(j) + 0.5) / Double(bins.y), (Double(k) + 0.5) / Double(bins.z))
          around.removeAll(keepingCapacity: true)
          search.forEachNeighbor(around: cell.cartesian(middle)) {
            around.append(($0.squaredDistance.squareRoot(), $0.index, middle + $0.displacement * cell.inverse))
          }
          // No site farther than this can be nearest to a point of the bin.
          guard let nearest = around.map(\.distance).min() else { return nil }
          let reach = (nearest + 2 * radius) * (1 + Self.strain)
          guard reach <= cutoff else { return nil }
          for one in around where one.distance <= reach {
            candidates.append(Int32(one.site))
            places.append(one.place)
          }
          starts.append(Int32(candidates.count))
        }
      }
    }
    return (starts, candidates, places)
  }

  /// - Parameters:
  ///   - point: Along the edges, in any cell.
  ///   - vectors: The edges now.
  func nearest(to point: Vector3, vectors: Matrix3) -> Found {
    let cell = point.rounded(.down)
    let inside = point - cell
    var bin = 0
    for axis in 0..<3 { bin = bin * bins[axis] + min(bins[axis] - 1, Int(inside[axis] * Double(bins[axis]))) }
    var best = Int(starts[bin])
    var shortest = Double.infinity
    for index in Int(starts[bin])..<Int(starts[bin + 1]) {
      let distance = ((inside - places[index]) * vectors).squaredLength
      if distance < shortest {
        shortest = distance
        best = index
      }
    }
    let site = Int(candidates[best])
    let image = (places[best] - sites[site]).rounded(.toNearestOrEven) + cell
    return Found(
      site: site, image: SIMD3<Int32>(truncatingIfNeeded: SIMD3<Int64>(image)), way: inside - places[best], squaredDistance: shortest)
  }
}
