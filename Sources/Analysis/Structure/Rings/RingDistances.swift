import NumericalMethods

/// Distances on the graph from some nodes to all places within a radius: a hash table for each node, filled by a search in
/// breadth.
///
/// Entries are `key * 256 + distance` in open addressing, and all tables have the same power of two of slots, so that one
/// look-up is a multiplication and mostly one read.
struct RingDistances: ~Copyable {
  /// The distance up to which places are listed.
  let radius: Int
  /// The number of slots of a table is two to the power of this.
  let bits: Int
  private let slots: UnsafeMutablePointer<Int64>
  private let tables: Int

  static let empty = Int64.min

  /// Prepares tables for nodes.
  ///
  /// - Parameters:
  ///   - nodes: Which nodes get a table.
  ///   - bits: The first guess; more are taken where a table would be more than half full.
  init(_ graph: RingGraph, nodes: [Int32], radius: Int, bits guess: Int, pool: WorkerPool) {
    var bits = guess
    while true {
      let slots = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, nodes.count << bits))
      if Self.fill(slots, graph, nodes: nodes, radius: radius, bits: bits, pool: pool) {
        self.radius = radius
        self.bits = bits
        self.slots = slots
        tables = nodes.count
        return
      }
      slots.deallocate()
      bits += 1
    }
  }

  deinit { slots.deallocate() }

  /// The table with a number.
  @inline(__always)
  func table(_ number: Int) -> UnsafePointer<Int64> { UnsafePointer(slots + number << bits) }

  /// The distance to a place as seen from image 0 of the table's node; `Int.max` beyond the radius.
  @inline(__always)
  static func distance(_ table: UnsafePointer<Int64>, bits: Int, to key: Int64) -> Int {
    var slot = hash(key, bits)
    let mask = 1 << bits - 1
    while true {
      let entry = table[slot]
      if entry >> 8 == key { return Int(entry & 255) }
      if entry == empty { return .max }
      slot = (slot + 1) & mask
    }
  }

  /// Multiplication by the golden ratio spreads successive keys evenly.
  @inline(__always)
  static func hash(_ key: Int64, _ bits: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: key) &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - bits))
  }

  /// How many bits the tables need for the largest of some neighbourhoods, or the default.
  static func bits(_ graph: RingGraph, radius: Int) -> Int {
    guard graph.count > 0 else { return 6 }
    var largest = 0
    var bits = 8
    let nodes = (0..<16).map { $0 * graph.count / 16 }
    for node in nodes {
      while true {
        let scratch = UnsafeMutablePointer<Int64>.allocate(capacity: 2 << bits)
        defer { scratch.deallocate() }
        if let size = search(graph, from: node, radius: radius, slots: scratch, bits: bits, queue: scratch + 1 << bits) {
          largest = max(largest, size)
          break
        }
        bits += 1
      }
    }
    // A margin for larger neighbourhoods elsewhere; tables fuller than this still work.
    bits = 6
    while largest + largest / 3 > 1 << (bits - 1) { bits += 1 }
    return bits
  }

  private static func fill(
    _ slots: UnsafeMutablePointer<Int64>, _ graph: RingGraph, nodes: [Int32], radius: Int, bits: Int, pool: WorkerPool
  ) -> Bool {
    let blocks = max(1, min(256, nodes.count / 32))
    var failed = [Bool](repeating: false, count: blocks)
    failed.withUnsafeMutableBufferPointer { failed in
      nonisolated(unsafe) let failed = failed
      nonisolated(unsafe) let slots = slots
      pool.forEachBlock(blocks) { block in
        let queue = UnsafeMutablePointer<Int64>.allocate(capacity: 1 << bits)
        defer { queue.deallocate() }
        for place in block * nodes.count / blocks..<(block + 1) * nodes.count / blocks {
          let size = search(graph, from: Int(nodes[place]), radius: radius, slots: slots + place << bits, bits: bits, queue: queue)
          if size == nil {
            failed[block] = true
            return
          }
        }
      }
    }
    return !failed.contains(true)
  }

  /// Fills the table of one node.
  ///
  /// - Returns: The number of places, or `nil` where the table would be more than three quarters full.
  private static func search(
    _ graph: RingGraph, from node: Int, radius: Int, slots: UnsafeMutablePointer<Int64>, bits: Int, queue: UnsafeMutablePointer<Int64>
  ) -> Int? {
    slots.update(repeating: empty, count: 1 << bits)
    let mask = 1 << bits - 1
    let most = 3 << bits / 4
    return graph.starts.withUnsafeBufferPointer { starts in
      graph.steps.withUnsafeBufferPointer { steps in
        var found = 1
        queue[0] = RingGraph.key(node)
        slots[hash(queue[0], bits)] = queue[0] << 8
        var (begin, end) = (0, 1)
        for distance in 1..<max(2, radius + 1) where distance <= radius {
          for place in begin..<end {
            let key = queue[place]
            let from = RingGraph.node(key)
            let shift = key - RingGraph.key(from)
            for step in Int(starts[from])..<Int(starts[from + 1]) {
              let next = steps[step] + shift
              var slot = hash(next, bits)
              while true {
                let entry = slots[slot]
                if entry == empty {
                  guard found < most else { return nil }
                  slots[slot] = next << 8 | Int64(distance)
                  queue[found] = next
                  found += 1
                  break
                }
                if entry >> 8 == next { break }
                slot = (slot + 1) & mask
              }
            }
          }
          (begin, end) = (end, found)
          if begin == end { break }
        }
        return found
      }
    }
  }
}
