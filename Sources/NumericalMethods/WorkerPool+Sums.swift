extension WorkerPool {
  /// Adds up, entry by entry, what a closure adds for the parts of a range, whatever the number of threads to the same bits.
  ///
  /// - Parameters:
  ///   - count: The range is `0 ..< count`.
  ///   - grain: About how many make a part; there are at most 32 parts.
  ///   - width: The number of entries.
  ///   - body: Adds to the entries what a part of the range gives.
  /// - Returns: `width` sums, the parts in their order.
  public func sums(
    over count: Int, grain: Int, width: Int, _ body: (Range<Int>, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    let blocks = max(1, min(32, count / max(1, grain)))
    var partial = [Double](repeating: 0, count: blocks * width)
    partial.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      forEachBlock(blocks) { block in
        body(
          block * count / blocks..<(block + 1) * count / blocks,
          UnsafeMutableBufferPointer(rebasing: buffer[block * width..<(block + 1) * width]))
      }
    }
    var sums = [Double](repeating: 0, count: width)
    for block in 0..<blocks {
      for i in 0..<width { sums[i] += partial[block * width + i] }
    }
    return sums
  }
}
