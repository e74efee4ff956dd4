import NumericalMethods

/// What counts as a ring of a network.
///
/// Let the distance of two nodes be the least number of bonds between them.
public enum RingDefinition: String, CaseIterable, Sendable {
  /// The shortest ways between two neighbours of a node past that node (King 1967). Such a ring may have shortcuts between
  /// its other nodes.
  case king
  /// The shortest ways back to a node from a neighbour, not through the bond between them (Guttman 1990).
  case guttman
  /// Rings that cannot be split into two smaller ones (Goetzke and Klein 1991; Yuan and Cormack 2002). A path splits a ring
  /// into two smaller ones exactly if it is shorter than both ways along the ring, so that these are the same rings as
  /// those of ``shortestPath``.
  case primitive
  /// Rings without shortcuts: the distance of any two of their nodes is that along the ring (Franzblau 1991).
  case shortestPath = "shortest-path"

  /// One sentence for results.
  var meaning: String {
    switch self {
    case .king: "the shortest ways between two neighbours of a node past that node, all where several are equally short"
    case .guttman: "the shortest ways back to a node from a neighbour past their bond, all where several are equally short"
    case .primitive: "rings that cannot be split into two smaller ones (the same as those without shortcuts)"
    case .shortestPath: "rings without shortcuts: no two of their nodes are closer through the network than along the ring"
    }
  }

  /// All rings of up to a number of atoms, each once.
  func find(_ graph: RingGraph, largestSize: Int, pool: WorkerPool) -> RingList {
    switch self {
    case .king: return KingRings.find(graph, largestSize: largestSize, pool: pool)
    case .primitive, .shortestPath: return ShortestPathRings.find(graph, largestSize: largestSize, pool: pool)
    case .guttman: return Self.shortestThroughABond(ShortestPathRings.find(graph, largestSize: largestSize, pool: pool), graph)
    }
  }

  /// The rings that are the smallest through one of their bonds at least.
  ///
  /// A shortest ring through a bond has no shortcut: a shortcut and the part of the ring with that bond would make a shorter
  /// one. So Guttman's rings are among those without shortcuts.
  private static func shortestThroughABond(_ rings: RingList, _ graph: RingGraph) -> RingList {
    var smallest = [Int](repeating: .max, count: graph.steps.count)
    func forEachBond(_ ring: Int, _ body: (Int) -> Bool) {
      let keys = rings[ring]
      guard var last = keys.last else { return }
      for key in keys {
        let (low, high) = last < key ? (last, key) : (key, last)
        let node = RingGraph.node(low)
        let step = high - RingGraph.shift(low)
        for place in Int(graph.starts[node])..<Int(graph.starts[node + 1]) where graph.steps[place] == step {
          if !body(place) { return }
        }
        last = key
      }
    }
    for ring in 0..<rings.count {
      let size = rings.size(ring)
      forEachBond(ring) { bond in
        smallest[bond] = min(smallest[bond], size)
        return true
      }
    }
    return rings.filter { ring in
      var isSmallest = false
      forEachBond(ring) { bond in
        isSmallest = smallest[bond] == rings.size(ring)
        return !isSmallest
      }
      return isSmallest
    }
  }
}
