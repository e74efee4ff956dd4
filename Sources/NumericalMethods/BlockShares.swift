import Synchronization

/// The blocks of a loop, dealt to threads in even shares.
///
/// A thread takes its own share from the front. When that is used up it takes the last block of another thread's share, the one
/// that its owner would come to last.
struct BlockShares: ~Copyable, Sendable {
  private let threads: Int
  /// What is left of each thread's share: its first block in the low 32 bits, and one past its last block in the high ones.
  private nonisolated(unsafe) let left: UnsafeMutablePointer<Atomic<UInt64>>
  /// Each share lies in a pair of cache lines of its own.
  private static let stride = 16

  init(threads: Int) {
    self.threads = threads
    left = .allocate(capacity: threads * Self.stride)
    for place in 0..<threads * Self.stride { (left + place).initialize(to: Atomic(0)) }
  }

  deinit {
    left.deinitialize(count: threads * Self.stride)
    left.deallocate()
  }

  /// Deals `0 ..< blocks`, while no thread takes any.
  func deal(_ blocks: Int) {
    precondition(blocks <= Int(UInt32.max), "a loop has at most \(UInt32.max) blocks")
    for thread in 0..<threads {
      let first = UInt64(thread * blocks / threads)
      let end = UInt64((thread + 1) * blocks / threads)
      left[thread * Self.stride].store(end << 32 | first, ordering: .relaxed)
    }
  }

  /// The next block for a thread; nil when all are taken.
  func take(thread: Int) -> Int? {
    if let block = take(from: thread, atFront: true) { return block }
    for other in 1..<max(1, threads) {
      if let block = take(from: (thread + other) % threads, atFront: false) { return block }
    }
    return nil
  }

  private func take(from owner: Int, atFront: Bool) -> Int? {
    let place = left + owner * Self.stride
    var share = place.pointee.load(ordering: .relaxed)
    while true {
      let (first, end) = (share & 0xffff_ffff, share >> 32)
      guard first < end else { return nil }
      let rest = atFront ? end << 32 | (first + 1) : (end - 1) << 32 | first
      let (taken, seen) = place.pointee.weakCompareExchange(expected: share, desired: rest, ordering: .relaxed)
      if taken { return Int(atFront ? first : end - 1) }
      share = seen
    }
  }
}
