import NumericalMethods

/// Finds the shortest-path rings: those in which no two nodes are closer through the graph than along the ring.
///
/// From each node, paths that lead away from it meet at the opposite side of a ring: at one place, for an even number of nodes,
/// or at two neighbouring ones. Going back from there on both sides at once, each pair of places must be as far apart as
/// the ring says; this is looked up in tables of distances (``RingDistances``), and most pairs of paths end early. It
/// suffices that opposite places are as far apart as they can be, since all shorter stretches are parts of such halves.
///
/// A ring is found from its lowest key only, so that each is found once. The tables of a group of nodes are made, used and
/// dropped, so that memory does not grow with the system; nothing depends on the number of threads.
///
/// Source: Franzblau, Phys. Rev. B 44, 4925 (1991), doi:10.1103/PhysRevB.44.4925; Yuan and Cormack, Comput. Mater. Sci. 24, 343
/// (2002), doi:10.1016/S0927-0256(01)00256-7.
enum ShortestPathRings {
  /// The rings of up to a number of atoms, in an order that depends on the graph alone.
  ///
  /// - Parameters:
  ///   - largestSize: 3 to 255.
  ///   - tableMemory: About how many bytes the tables may take.
  static func find(_ graph: RingGraph, largestSize: Int, pool: WorkerPool, tableMemory: Int = 256 << 20) -> RingList {
    var result = RingList()
    guard graph.count > 0, largestSize >= 3 else { return result }
    let radius = max(1, largestSize / 2 - 1)
    var bits = RingDistances.bits(graph, radius: radius)
    let groupSize = max(1024, min(graph.count, tableMemory >> (bits + 4)))
    let groups = (graph.count + groupSize - 1) / groupSize
    for group in 0..<groups {
      let members = group * graph.count / groups..<(group + 1) * graph.count / groups
      let nodes = groups == 1 ? Array(0..<Int32(graph.count)) : around(members, graph, radius: largestSize / 2)
      var tableOf = [Int32](repeating: -1, count: graph.count)
      for (table, node) in nodes.enumerated() { tableOf[Int(node)] = Int32(table) }
      let distances = RingDistances(graph, nodes: nodes, radius: radius, bits: bits, pool: pool)
      bits = distances.bits
      let blocks = max(1, min(128, members.count / 16))
      var parts = [RingList](repeating: RingList(), count: blocks)
      parts.withUnsafeMutableBufferPointer { parts in
        nonisolated(unsafe) let parts = parts
        nonisolated(unsafe) let tables = distances.table(0)
        pool.forEachBlock(blocks) { block in
          let range = members.lowerBound + block * members.count / blocks..<members.lowerBound + (block + 1) * members.count / blocks
          graph.starts.withUnsafeBufferPointer { starts in
            graph.steps.withUnsafeBufferPointer { steps in
              tableOf.withUnsafeBufferPointer { tableOf in
                var walk = ShortestPathWalk(
                  starts: starts, steps: steps, tables: tables, tableOf: tableOf, bits: bits, radius: radius, largestSize: largestSize)
                for node in range { walk.find(from: node) }
                parts[block] = walk.rings
              }
            }
          }
        }
      }
      for part in parts { result.append(contentsOf: part) }
    }
    return result
  }

  /// The nodes that rings with their lowest node among some can pass.
  private static func around(_ members: Range<Int>, _ graph: RingGraph, radius: Int) -> [Int32] {
    var isFound = [Bool](repeating: false, count: graph.count)
    var nodes = members.map { Int32($0) }
    for node in members { isFound[node] = true }
    var begin = 0
    for _ in 0..<radius {
      let end = nodes.count
      for place in begin..<end {
        let node = Int(nodes[place])
        for step in Int(graph.starts[node])..<Int(graph.starts[node + 1]) {
          let next = RingGraph.node(graph.steps[step])
          guard next >= members.lowerBound, !isFound[next] else { continue }
          isFound[next] = true
          nodes.append(Int32(next))
        }
      }
      begin = end
    }
    return nodes
  }
}

/// The search from one node after another, with its working memory.
private struct ShortestPathWalk {
  let starts: UnsafeBufferPointer<Int32>
  let steps: UnsafeBufferPointer<Int64>
  let tables: UnsafePointer<Int64>
  let tableOf: UnsafeBufferPointer<Int32>
  let bits: Int
  let radius: Int
  let largestSize: Int
  var rings = RingList()

  /// The places above the root that paths from it reach through such places alone, in the order of their distance.
  private var places: [Int64] = []
  private var levels: [UInt8] = []
  /// The steps back of each place: a linked list.
  private var firstBack: [Int32] = []
  private var nextBack: [Int32] = []
  private var back: [Int32] = []
  private var index: PlaceIndex
  /// The two sides of the ring under search, by distance from the root.
  private var left: [Int64]
  private var right: [Int64]
  private var size = 0
  private var half = 0

  init(
    starts: UnsafeBufferPointer<Int32>, steps: UnsafeBufferPointer<Int64>, tables: UnsafePointer<Int64>,
    tableOf: UnsafeBufferPointer<Int32>, bits: Int, radius: Int, largestSize: Int
  ) {
    (self.starts, self.steps, self.tables, self.tableOf) = (starts, steps, tables, tableOf)
    (self.bits, self.radius, self.largestSize) = (bits, radius, largestSize)
    index = PlaceIndex(bits: bits)
    left = [Int64](repeating: 0, count: largestSize / 2 + 1)
    right = left
  }

  mutating func find(from root: Int) {
    let rootKey = RingGraph.key(root)
    let rootTable = tables + Int(tableOf[root]) << bits
    reset()
    _ = insert(rootKey, level: 0)
    left[0] = rootKey
    let deepest = largestSize / 2
    var (begin, end) = (0, 1)
    for level in 0...deepest {
      // Even rings whose far side are the places of this level; their steps back are complete now.
      if level >= 2 {
        (half, size) = (level, 2 * level)
        for place in begin..<end { closeEven(place) }
      }
      let isOdd = level >= 1 && 2 * level + 1 <= largestSize
      guard level < deepest || isOdd else { break }
      for place in begin..<end {
        let key = places[place]
        let node = RingGraph.node(key)
        let shift = key - RingGraph.key(node)
        for step in Int(starts[node])..<Int(starts[node + 1]) {
          let next = steps[step] + shift
          guard next > rootKey else { continue }
          if let known = index[next] {
            let knownLevel = Int(levels[known])
            if knownLevel == level + 1 {
              addBack(from: known, to: place)
            } else if knownLevel == level, known > place, isOdd {
              (half, size) = (level, 2 * level + 1)
              closeOdd(place, known)
            }
          } else if level < deepest {
            let distance = RingDistances.distance(rootTable, bits: bits, to: next)
            if distance == level + 1 || (distance == .max && level == radius) {
              addBack(from: insert(next, level: level + 1), to: place)
            }
          }
        }
      }
      (begin, end) = (end, places.count)
      if begin == end { break }
    }
  }

  /// Rings whose far side is one place: any two ways back from it.
  private mutating func closeEven(_ place: Int) {
    left[half] = places[place]
    right[half] = places[place]
    var first = Int(firstBack[place])
    while first >= 0 {
      var second = Int(nextBack[first])
      while second >= 0 {
        descend(Int(back[first]), Int(back[second]), level: half - 1)
        second = Int(nextBack[second])
      }
      first = Int(nextBack[first])
    }
  }

  /// Rings whose far side is a step between two places.
  private mutating func closeOdd(_ a: Int, _ b: Int) {
    descend(a, b, level: half)
  }

  /// Goes on with both sides of a ring, now at two places of a level.
  private mutating func descend(_ a: Int, _ b: Int, level: Int) {
    let (x, y) = (places[a], places[b])
    left[level] = x
    right[level] = y
    let between = min(2 * level, size - 2 * level)
    if between > 1, isCloser(x, y, than: between) { return }
    // Opposite places both of which are known from here on; in a ring of odd size each place has two.
    for other in size == 2 * half ? half - level...half - level : half - level...half + 1 - level {
      if other > level, other <= half, isCloser(x, right[other], than: half) || isCloser(y, left[other], than: half) { return }
    }
    if level == 1 {
      emit()
      return
    }
    var first = Int(firstBack[a])
    while first >= 0 {
      var second = Int(firstBack[b])
      while second >= 0 {
        if back[first] != back[second] { descend(Int(back[first]), Int(back[second]), level: level - 1) }
        second = Int(nextBack[second])
      }
      first = Int(nextBack[first])
    }
  }

  private mutating func emit() {
    let end = size == 2 * half ? half : half + 1
    rings.append(around: left[0...half], right[1..<end])
  }

  /// Whether two places are closer through the graph than some steps.
  @inline(__always)
  private func isCloser(_ x: Int64, _ y: Int64, than steps: Int) -> Bool {
    let node = RingGraph.node(x)
    return RingDistances.distance(tables + Int(tableOf[node]) << bits, bits: bits, to: y - (x - RingGraph.key(node))) < steps
  }

  private mutating func insert(_ key: Int64, level: Int) -> Int {
    index.append(key)
    places.append(key)
    levels.append(UInt8(level))
    firstBack.append(-1)
    return places.count - 1
  }

  private mutating func addBack(from place: Int, to earlier: Int) {
    back.append(Int32(earlier))
    nextBack.append(firstBack[place])
    firstBack[place] = Int32(back.count - 1)
  }

  private mutating func reset() {
    index.removeAll()
    places.removeAll(keepingCapacity: true)
    levels.removeAll(keepingCapacity: true)
    firstBack.removeAll(keepingCapacity: true)
    nextBack.removeAll(keepingCapacity: true)
    back.removeAll(keepingCapacity: true)
  }
}
