/// How often each point of a grid was visited, in all and in up to seven blocks of successive frames.
///
/// Blocks are joined in pairs when there are eight, and hold twice as many frames from then on.
struct VisitCounts: Sendable {
  let points: Int
  /// Visits of each point in one stretch of frames.
  struct Block: Sendable {
    var counts: [UInt32]
    var frames = 0

    mutating func add(_ other: Block) {
      frames += other.frames
      counts.withUnsafeMutableBufferPointer { counts in
        other.counts.withUnsafeBufferPointer { more in
          for point in counts.indices { counts[point] &+= more[point] }
        }
      }
    }
  }

  /// Whether there is room for blocks.
  let keepsBlocks: Bool
  private(set) var blocks: [Block] = []
  private var blockLength = 1
  private var current: Block

  /// - Parameter memoryLimit: How many bytes blocks may take; where eight do not fit, there is one count of all frames.
  init(points: Int, memoryLimit: Int) {
    self.points = points
    keepsBlocks = points <= memoryLimit / (8 * MemoryLayout<UInt32>.stride)
    current = Block(counts: [UInt32](repeating: 0, count: points))
  }

  var memoryInBytes: Int { (blocks.count + 1) * points * MemoryLayout<UInt32>.stride }

  /// Takes the points at which the ions of the next frame are.
  mutating func add(_ visits: [Int]) {
    current.counts.withUnsafeMutableBufferPointer { counts in
      for point in visits { counts[point] &+= 1 }
    }
    current.frames += 1
    guard keepsBlocks, current.frames == blockLength else { return }
    blocks.append(current)
    current = Block(counts: [UInt32](repeating: 0, count: points))
    guard blocks.count == 8 else { return }
    for pair in 0..<4 {
      blocks[pair] = blocks[2 * pair]
      blocks[pair].add(blocks[2 * pair + 1])
    }
    blocks.removeLast(4)
    blockLength *= 2
  }

  /// All frames together.
  var total: Block {
    var total = current
    for block in blocks { total.add(block) }
    return total
  }
}
