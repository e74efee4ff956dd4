import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fixed set of threads that run short parallel loops.
///
/// A loop is cut into blocks whose number the caller fixes; which thread runs which block changes nothing in the result
/// as long as a block writes only what is its own. Forking and joining take about a microsecond: between loops the
/// workers wait in a short spin and then sleep, so that a core that others need is not held.
///
/// One loop at a time: a call from inside a loop runs its blocks on the calling thread.
public final class WorkerPool: Sendable {
  /// The number of threads, the caller's included.
  public let threads: Int

  private let state: SharedState

  /// Creates a pool.
  ///
  /// - Parameter threads: At least 1; 0 takes one for each core that the process may use.
  public init(threads requested: Int = 0) {
    threads = max(1, requested > 0 ? requested : Self.availableCores)
    state = SharedState(threads: threads)
    for _ in 1..<threads { state.startWorker() }
  }

  deinit { state.stop() }

  /// The number of cores that this process may run on.
  public static var availableCores: Int { Int(ck_available_cores()) }

  /// Runs a closure for each block number in `0 ..< blocks` and returns when all are done.
  ///
  /// Each thread begins with its own share of the blocks, the same one in every loop of as many blocks, so that what a block works on
  /// stays in the cache of one core; a thread that is done takes over from the others.
  public func forEachBlock(_ blocks: Int, _ body: (Int) -> Void) {
    guard threads > 1, blocks > 1, state.claim() else {
      for block in 0..<max(0, blocks) { body(block) }
      return
    }
    defer { state.release() }
    withoutActuallyEscaping(body) { escapable in
      state.run(blocks: blocks, escapable)
    }
  }

  /// Cuts `0 ..< count` into even ranges of about `grain` (at least 1) and runs a closure for each.
  public func forEachRange(_ count: Int, grain: Int = 4096, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let blocks = 1 + (count - 1) / max(1, grain)
    forEachBlock(blocks) { block in
      body(block * count / blocks..<(block + 1) * count / blocks)
    }
  }
}

/// What the threads of a pool share.
private final class SharedState: @unchecked Sendable {
  private let busy = Atomic<Bool>(false)
  /// How many workers are inside the loop (low 16 bits), whether it is open to more (one bit), and its number (the rest).
  private let gate = Atomic<UInt64>(0)
  private let shares: BlockShares
  private let started = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  // Written only while the gate is closed and nobody is inside.
  private var body: ((Int) -> Void)?
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>

  /// About 20 µs of waiting before a worker sleeps.
  private static let spins = 2000
  private static let openBit: UInt64 = 1 << 16
  private static let insideMask: UInt64 = openBit - 1
  private static func number(_ gate: UInt64) -> UInt64 { gate >> 17 }

  init(threads: Int) {
    shares = BlockShares(threads: threads)
    mutex = .allocate(capacity: 1)
    wake = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(wake)
    mutex.deallocate()
    wake.deallocate()
  }

  func claim() -> Bool {
    busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  func release() { busy.store(false, ordering: .releasing) }

  /// Opens the gate, works, closes the gate, and waits for those inside: a worker that the system has put aside before it came
  /// in is not waited for.
  func run(blocks: Int, _ body: @escaping (Int) -> Void) {
    self.body = body
    shares.deal(blocks)
    let opened = (Self.number(gate.load(ordering: .relaxed)) &+ 1) << 17 | Self.openBit
    gate.store(opened, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(mutex)
    }
    takeBlocks(thread: 0)
    gate.bitwiseAnd(~Self.openBit, ordering: .acquiringAndReleasing)
    var waited = 0
    while gate.load(ordering: .acquiring) & Self.insideMask != 0 {
      waited += 1
      if waited < Self.spins { ck_pause() } else { sched_yield() }
    }
    self.body = nil
  }

  private func takeBlocks(thread: Int) {
    guard let body else { return }
    while let block = shares.take(thread: thread) { body(block) }
  }

  func startWorker() {
    // The thread keeps the state, not the pool, so that the pool can go while its workers sleep.
    let retained = Unmanaged.passRetained(self)
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Deep evaluators in debug builds need more than Darwin's 512 KiB.
    pthread_attr_setstacksize(&attributes, 8 << 20)
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        #if canImport(Glibc)
          guard let argument else { return nil }
        #endif
        let state = Unmanaged<SharedState>.fromOpaque(argument).takeRetainedValue()
        state.work()
        return nil
      }, retained.toOpaque())
    pthread_attr_destroy(&attributes)
    precondition(status == 0, "the system refused a thread (pthread_create: \(status)); ask for fewer with --threads")
  }

  private func work() {
    let thread = started.add(1, ordering: .relaxed).newValue
    var last: UInt64 = 0
    while true {
      var waited = 0
      while !isOpen(after: last) {
        waited += 1
        if waited < Self.spins {
          ck_pause()
        } else {
          sleep(after: last)
        }
        if stopping.load(ordering: .acquiring) { return }
      }
      if stopping.load(ordering: .acquiring) { return }
      guard let number = enter() else { continue }
      last = number
      takeBlocks(thread: thread)
      gate.subtract(1, ordering: .releasing)
    }
  }

  /// Whether a loop that this worker has not been in is open.
  private func isOpen(after last: UInt64) -> Bool {
    let now = gate.load(ordering: .sequentiallyConsistent)
    return now & Self.openBit != 0 && Self.number(now) != last
  }

  /// Goes through the gate, unless it has been closed in the meantime.
  ///
  /// - Returns: The number of the loop.
  private func enter() -> UInt64? {
    var now = gate.load(ordering: .relaxed)
    while now & Self.openBit != 0 {
      let (entered, seen) = gate.weakCompareExchange(
        expected: now, desired: now + 1, successOrdering: .acquiring, failureOrdering: .relaxed)
      if entered { return Self.number(now) }
      now = seen
    }
    return nil
  }

  private func sleep(after last: UInt64) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !isOpen(after: last), !stopping.load(ordering: .sequentiallyConsistent) {
      pthread_cond_wait(wake, mutex)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
  }
}
