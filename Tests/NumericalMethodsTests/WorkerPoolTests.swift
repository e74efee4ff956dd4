import NumericalMethods
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct WorkerPoolTests {
  /// How often each block ran, counted so that a race would show.
  private final class Counts: Sendable {
    private let storage: Mutex<[Int]>
    init(_ count: Int) { storage = Mutex([Int](repeating: 0, count: count)) }
    func add(_ index: Int) { storage.withLock { $0[index] += 1 } }
    var values: [Int] { storage.withLock { $0 } }
  }

  @Test(arguments: 1...8)
  func everyBlockRunsOnce(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.threads == threads)
    for blocks in [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 64, 100, 1000] {
      let counts = Counts(blocks)
      pool.forEachBlock(blocks) { counts.add($0) }
      #expect(counts.values == [Int](repeating: 1, count: blocks), "\(blocks) blocks on \(threads) threads")
    }
  }

  @Test func noBlocksAreNoWork() {
    let pool = WorkerPool(threads: 2)
    pool.forEachBlock(-3) { _ in Issue.record("a block ran") }
    pool.forEachRange(0, grain: 0) { _ in Issue.record("a range ran") }
    pool.forEachRange(-5) { _ in Issue.record("a range ran") }
    #expect(WorkerPool().threads == WorkerPool.availableCores)
    #expect(WorkerPool(threads: -1).threads >= 1)
  }

  @Test(arguments: [1, 2, 5, 4096, 4097, 100_000], [-1, 0, 1, 3, 4096, Int.max])
  func rangesTileTheWhole(_ count: Int, _ grain: Int) {
    let pool = WorkerPool(threads: 3)
    let found = Mutex<[Range<Int>]>([])
    pool.forEachRange(count, grain: grain) { range in found.withLock { $0.append(range) } }
    let ranges = found.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
    #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == count)
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(ranges.allSatisfy { !$0.isEmpty && $0.count <= max(1, grain) })
  }

  @Test func severalThreadsTakePart() {
    let pool = WorkerPool(threads: 4)
    let seen = Mutex<Set<UInt>>([])
    // Blocks that sleep leave time for every worker to come in, even on one core.
    for _ in 0..<20 {
      pool.forEachBlock(16) { _ in
        let identity = UInt(bitPattern: pthread_self().hashValue)
        seen.withLock { _ = $0.insert(identity) }
        usleep(1000)
      }
    }
    let threads = seen.withLock { $0.count }
    #expect(threads > 1 && threads <= 4, "\(threads) threads took part")
  }

  @Test func nestedLoopsRunOnTheirOwnThread() {
    let pool = WorkerPool(threads: 4)
    let counts = Counts(64)
    pool.forEachBlock(8) { outer in
      let outside = pthread_self()
      pool.forEachBlock(8) { inner in
        #expect(pthread_equal(outside, pthread_self()) != 0)
        counts.add(outer * 8 + inner)
      }
    }
    #expect(counts.values == [Int](repeating: 1, count: 64))
    // The pool is free again.
    let after = Counts(32)
    pool.forEachBlock(32) { after.add($0) }
    #expect(after.values == [Int](repeating: 1, count: 32))
  }

  @Test(arguments: [2, 3, 8])
  func tinyLoopsInARow(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    var sums = [Int](repeating: 0, count: 5)
    for loop in 0..<20_000 {
      sums.withUnsafeMutableBufferPointer { buffer in
        // Each block writes its own place: plain stores that the join must make visible.
        nonisolated(unsafe) let sums = buffer
        pool.forEachBlock(5) { sums[$0] += loop }
      }
      // Workers that have gone to sleep must wake, too.
      if loop % 4000 == 0 { usleep(2000) }
    }
    #expect(sums == [Int](repeating: 20_000 * 19_999 / 2, count: 5))
  }

  @Test func resultsDoNotDependOnThreads() {
    func total(_ threads: Int) -> Double {
      let pool = WorkerPool(threads: threads)
      var partial = [Double](repeating: 0, count: 37)
      partial.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let partial = buffer
        pool.forEachBlock(37) { block in
          var random = RandomStream(seed: 1, stream: UInt64(block))
          for _ in 0..<100 { partial[block] += random.normal() }
        }
      }
      return partial.reduce(0, +)
    }
    let serial = total(1)
    for threads in 2...8 { #expect(total(threads) == serial) }
  }

  @Test(.timeLimit(.minutes(1))) func poolsComeAndGo() {
    for round in 0..<200 {
      let pool = WorkerPool(threads: 1 + round % 8)
      // Some go without having worked, some while workers still wait in their spin.
      if round % 3 != 0 {
        let counts = Counts(10)
        pool.forEachBlock(10) { counts.add($0) }
        #expect(counts.values == [Int](repeating: 1, count: 10))
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func severalPoolsAndCallersAtOnce() async {
    let shared = WorkerPool(threads: 3)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let own = WorkerPool(threads: 3)
          for _ in 0..<500 {
            for pool in [own, shared] {
              let counts = Counts(9)
              pool.forEachBlock(9) { counts.add($0) }
              if counts.values != [Int](repeating: 1, count: 9) { return false }
            }
          }
          return true
        }
      }
      for await right in group { #expect(right) }
    }
  }

  @Test(arguments: [1, 2, 5]) func sumsAndMapsDoNotDependOnThreads(_ threads: Int) throws {
    func sums(_ pool: WorkerPool) -> [Double] {
      pool.sums(over: 1000, grain: 10, width: 3) { range, sums in
        for i in range { sums[i % 3] += 1 / Double(i + 1) }
      }
    }
    let pool = WorkerPool(threads: threads)
    #expect(sums(pool) == sums(WorkerPool(threads: 1)))
    // The harmonic number of 1000.
    #expect(abs(sums(pool).reduce(0, +) - 7.485470860550345) < 1e-12)
    #expect(pool.sums(over: 0, grain: 10, width: 2) { _, _ in } == [0, 0])

    struct Failure: Error, Equatable { let part: Int }
    #expect(try pool.map(100) { $0 * $0 } == (0..<100).map { $0 * $0 })
    #expect(throws: Failure(part: 7)) { try pool.map(100) { part in if part % 50 == 7 { throw Failure(part: part) } } }
  }
}
