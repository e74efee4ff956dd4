import NumericalMethods

/// Finds King's rings: for each node and each two of its neighbours, the shortest ways from one to the other past the node.
///
/// All shortest ways count where several are equally long, and a ring that several nodes give counts once. From every
/// neighbour a search in breadth goes half the way; two of them meet in the middle.
///
/// Source: King, Nature 213, 1112 (1967), doi:10.1038/2131112a0.
enum KingRings {
  /// The rings of up to a number of atoms, sorted by size and keys.
  static func find(_ graph: RingGraph, largestSize: Int, pool: WorkerPool) -> RingList {
    guard graph.count > 0, largestSize >= 3 else { return RingList() }
    let blocks = max(1, min(128, graph.count / 16))
    var parts = [Set<[Int64]>](repeating: [], count: blocks)
    parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts
      pool.forEachBlock(blocks) { block in
        var found: Set<[Int64]> = []
        var trees: [PathTree] = []
        for node in block * graph.count / blocks..<(block + 1) * graph.count / blocks {
          find(from: node, graph, largestSize: largestSize, trees: &trees, into: &found)
        }
        parts[block] = found
      }
    }
    var all = parts[0]
    for part in parts.dropFirst() { all.formUnion(part) }
    var result = RingList()
    for ring in all.sorted(by: { $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1) }) { result.append(ring) }
    return result
  }

  private static func find(
    from node: Int, _ graph: RingGraph, largestSize: Int, trees: inout [PathTree], into found: inout Set<[Int64]>
  ) {
    let steps = Int(graph.starts[node])..<Int(graph.starts[node + 1])
    let center = RingGraph.key(node)
    let depth = (largestSize - 1) / 2
    while trees.count < steps.count { trees.append(PathTree()) }
    for (number, step) in steps.enumerated() {
      trees[number].grow(graph, from: graph.steps[step], avoiding: center, depth: depth)
    }
    for first in 0..<steps.count {
      for second in 0..<first {
        var shortest = largestSize - 1
        for place in trees[first].keys.indices {
          guard trees[first].levels[place] < shortest else { break }
          if let other = trees[second].place(of: trees[first].keys[place]) {
            shortest = min(shortest, trees[first].levels[place] + trees[second].levels[other])
          }
        }
        guard shortest <= largestSize - 2 else { continue }
        for place in trees[first].keys.indices where trees[first].levels[place] == (shortest + 1) / 2 {
          guard let other = trees[second].place(of: trees[first].keys[place]), trees[second].levels[other] == shortest / 2 else { continue }
          for there in trees[first].paths(to: place) {
            for back in trees[second].paths(to: other) { found.insert(canonical([center] + there + back.dropLast().reversed())) }
          }
        }
      }
    }
  }

  /// The same ring, whichever place and image it was found from: from its lowest key, moved to image 0, on to the lower
  /// neighbour.
  static func canonical(_ ring: [Int64]) -> [Int64] {
    guard let lowest = ring.indices.min(by: { ring[$0] < ring[$1] }) else { return ring }
    let shift = RingGraph.shift(ring[lowest])
    let moved = ring.map { $0 - shift }
    let count = ring.count
    let forward = moved[(lowest + 1) % count] < moved[(lowest + count - 1) % count]
    return (0..<count).map { moved[(lowest + (forward ? $0 : count - $0)) % count] }
  }
}

/// Shortest paths from one place to all others within a number of steps.
private struct PathTree {
  private(set) var keys: [Int64] = []
  private(set) var levels: [Int] = []
  private var earlier: [[Int32]] = []
  private var index = PlaceIndex()

  mutating func grow(_ graph: RingGraph, from origin: Int64, avoiding hole: Int64, depth: Int) {
    index.removeAll()
    keys.removeAll(keepingCapacity: true)
    levels.removeAll(keepingCapacity: true)
    earlier.removeAll(keepingCapacity: true)
    insert(origin, level: 0)
    var (begin, end) = (0, 1)
    for level in 0..<depth {
      for place in begin..<end {
        let key = keys[place]
        let node = RingGraph.node(key)
        let shift = key - RingGraph.key(node)
        for step in Int(graph.starts[node])..<Int(graph.starts[node + 1]) {
          let next = graph.steps[step] + shift
          guard next != hole else { continue }
          if let known = index[next] {
            if levels[known] == level + 1 { earlier[known].append(Int32(place)) }
          } else {
            insert(next, level: level + 1)
            earlier[keys.count - 1].append(Int32(place))
          }
        }
      }
      (begin, end) = (end, keys.count)
    }
  }

  private mutating func insert(_ key: Int64, level: Int) {
    index.append(key)
    keys.append(key)
    levels.append(level)
    earlier.append([])
  }

  func place(of key: Int64) -> Int? { index[key] }

  /// All shortest paths from the origin to a place, both included.
  func paths(to place: Int) -> [[Int64]] {
    guard levels[place] > 0 else { return [[keys[place]]] }
    return earlier[place].flatMap { paths(to: Int($0)).map { $0 + [keys[place]] } }
  }
}
