import NumericalMethods

/// Whether jumps join sites into paths that cross the periodic cell.
public struct SitePercolation: Sendable {
  /// The number of independent directions in which the widest connected set of sites repeats: 0 to 3.
  public private(set) var dimensions = 0
  /// Whether that set crosses the cell along each edge.
  public private(set) var axes = [false, false, false]
  /// The sites of the largest connected set, as a share of all.
  public private(set) var largestShare = 0.0
  /// How many connected sets there are, sites that no ion left or reached not counted.
  public private(set) var components = 0

  /// A jump between two sites and how many cells it crosses.
  struct Edge: Hashable, Sendable {
    var from: Int
    var to: Int
    var shift: SIMD3<Int32>
  }

  /// - Parameter edges: Each kind of jump once.
  init(sites: Int, edges: Set<Edge>) {
    var neighbors = [[(site: Int, shift: SIMD3<Int32>)]](repeating: [], count: sites)
    for edge in edges {
      neighbors[edge.from].append((edge.to, edge.shift))
      neighbors[edge.to].append((edge.from, SIMD3<Int32>.zero &- edge.shift))
    }
    var cells = [SIMD3<Int32>?](repeating: nil, count: sites)
    for start in 0..<sites where cells[start] == nil && !neighbors[start].isEmpty {
      components += 1
      cells[start] = .zero
      var queue = [start]
      var done = 0
      // A path that comes back to its first site in another cell crosses the cell.
      var windings: Set<SIMD3<Int32>> = []
      while done < queue.count {
        let site = queue[done]
        done += 1
        guard let cell = cells[site] else { continue }
        for neighbor in neighbors[site] {
          let reached = cell &+ neighbor.shift
          if let known = cells[neighbor.site] {
            if known != reached { windings.insert(reached &- known) }
          } else {
            cells[neighbor.site] = reached
            queue.append(neighbor.site)
          }
        }
      }
      largestShare = max(largestShare, Double(queue.count) / Double(sites))
      let rank = Self.rank(windings)
      guard rank > dimensions || (rank == dimensions && rank > 0) else { continue }
      let crossed = (0..<3).map { axis in windings.contains { $0[axis] != 0 } }
      axes = rank > dimensions ? crossed : zip(axes, crossed).map { $0 || $1 }
      dimensions = rank
    }
  }

  private static func rank(_ vectors: Set<SIMD3<Int32>>) -> Int {
    var basis: [Vector3] = []
    let ordered = vectors.map { Vector3(Double($0.x), Double($0.y), Double($0.z)) }
    guard let first = ordered.first else { return 0 }
    basis.append(first)
    if let second = ordered.first(where: { first.cross($0).squaredLength > 0.5 }) {
      basis.append(second)
      let normal = first.cross(second)
      if ordered.contains(where: { abs(normal.dot($0)) > 0.5 }) { return 3 }
    }
    return basis.count
  }
}
