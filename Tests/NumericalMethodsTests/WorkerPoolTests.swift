import Synchronization
import Testing

@testable import NumericalMethods

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 8]) func everyBlockRunsOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.threads == threads)
    for blocks in [0, 1, 2, 7, 1000] {
      var hits = [Int](repeating: 0, count: blocks)
      hits.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = buffer
        pool.forEachBlock(blocks) { buffer[$0] += 1 }
      }
      #expect(hits.allSatisfy { $0 == 1 })
    }
  }

  @Test func manyTinyLoops() {
    let pool = WorkerPool(threads: 4)
    let sum = Atomic<Int>(0)
    for loop in 0..<20_000 { pool.forEachBlock(5) { sum.add(loop + $0, ordering: .relaxed) } }
    #expect(sum.load(ordering: .relaxed) == 5 * 20_000 * 19_999 / 2 + 10 * 20_000)
  }

  @Test func loopsInsideLoops() {
    let pool = WorkerPool(threads: 3)
    let sum = Atomic<Int>(0)
    for _ in 0..<200 {
      pool.forEachBlock(7) { outer in
        pool.forEachBlock(11) { inner in sum.add(outer * inner, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 200 * 21 * 55)
  }

  @Test func severalCallersShareAPool() async {
    let pool = WorkerPool(threads: 3)
    let totals = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<6 {
        group.addTask {
          let sum = Atomic<Int>(0)
          for _ in 0..<500 { pool.forEachBlock(8) { sum.add($0, ordering: .relaxed) } }
          return sum.load(ordering: .relaxed)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(totals == [Int](repeating: 500 * 28, count: 6))
  }

  @Test func poolsComeAndGoWhileWorkersSleep() {
    for _ in 0..<200 {
      let pool = WorkerPool(threads: 3)
      let sum = Atomic<Int>(0)
      pool.forEachBlock(3) { sum.add($0, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == 3)
    }
  }

  @Test(arguments: [0, 1, 5, 4096, 4097, 100_000]) func rangesCoverEverythingOnce(count: Int) {
    let pool = WorkerPool(threads: 2)
    var hits = [UInt8](repeating: 0, count: count)
    hits.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      pool.forEachRange(count, grain: 100) { range in for i in range { buffer[i] += 1 } }
    }
    #expect(hits.allSatisfy { $0 == 1 })
  }
}
