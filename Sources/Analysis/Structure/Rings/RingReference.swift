/// Rings by their definitions: every closed path of the unfolded graph is made and tested. The plain twin of the fast searches, for
/// small sizes.
enum RingReference {
  static func find(_ graph: RingGraph, definition: RingDefinition, largestSize: Int) -> Set<[Int64]> {
    var rings: Set<[Int64]> = []
    for node in 0..<graph.count {
      var path = [RingGraph.key(node)]
      walk(graph, &path, largestSize: largestSize) { ring in
        if qualifies(ring, graph, definition) { rings.insert(KingRings.canonical(ring)) }
      }
    }
    return rings
  }

  static func neighbors(_ key: Int64, _ graph: RingGraph) -> [Int64] {
    let node = RingGraph.node(key)
    return graph.steps[Int(graph.starts[node])..<Int(graph.starts[node + 1])].map { $0 + RingGraph.shift(key) }
  }

  /// Closed paths through places above their first one.
  private static func walk(_ graph: RingGraph, _ path: inout [Int64], largestSize: Int, _ body: ([Int64]) -> Void) {
    guard let last = path.last else { return }
    for next in neighbors(last, graph) {
      if next == path[0], path.count >= 3 { body(path) }
      guard path.count < largestSize, next > path[0], !path.contains(next) else { continue }
      path.append(next)
      walk(graph, &path, largestSize: largestSize, body)
      path.removeLast()
    }
  }

  /// The number of steps between two places, or `nil` where there are more than some; without a place or a bond on request.
  static func distance(
    _ a: Int64, _ b: Int64, _ graph: RingGraph, most: Int, without hole: Int64? = nil, bond: (Int64, Int64)? = nil
  ) -> Int? {
    var seen: Set<Int64> = [a]
    var shell = [a]
    for steps in 0...most {
      if shell.contains(b) { return steps }
      var next: [Int64] = []
      for key in shell {
        for neighbor in neighbors(key, graph) where neighbor != hole {
          if let bond, (key, neighbor) == bond || (neighbor, key) == bond { continue }
          if seen.insert(neighbor).inserted { next.append(neighbor) }
        }
      }
      shell = next
    }
    return nil
  }

  private static func qualifies(_ ring: [Int64], _ graph: RingGraph, _ definition: RingDefinition) -> Bool {
    let size = ring.count
    switch definition {
    case .king:
      return (0..<size).contains { place in
        distance(ring[(place + 1) % size], ring[(place + size - 1) % size], graph, most: size - 2, without: ring[place]) == size - 2
      }
    case .guttman:
      return (0..<size).contains { place in
        let (a, b) = (ring[place], ring[(place + 1) % size])
        return distance(a, b, graph, most: size - 1, bond: (a, b)) == size - 1
      }
    case .primitive, .shortestPath:
      return (0..<size).allSatisfy { a in
        (0..<a).allSatisfy { b in
          let along = min(a - b, size - (a - b))
          return distance(ring[a], ring[b], graph, most: along) == along
        }
      }
    }
  }
}
