import Testing

@testable import NumericalMethods

@Suite struct BlockSharesTests {
  @Test func aThreadTakesItsOwnShareFromTheFrontAndThenTheLastOfOthers() {
    let shares = BlockShares(threads: 2)
    shares.deal(7)
    #expect((0..<3).map { _ in shares.take(thread: 0) } == [0, 1, 2])
    #expect(shares.take(thread: 0) == 6)
    #expect(shares.take(thread: 1) == 3)
    #expect(shares.take(thread: 0) == 5)
    #expect(shares.take(thread: 1) == 4)
    #expect(shares.take(thread: 0) == nil && shares.take(thread: 1) == nil)
  }

  @Test func everyLoopIsDealtTheSameWay() {
    let shares = BlockShares(threads: 3)
    for _ in 0..<2 {
      shares.deal(10)
      #expect([0, 1, 2].map { shares.take(thread: $0) } == [0, 3, 6])
    }
  }

  @Test func oneThreadTakesAllWhereOthersDoNotCome() {
    let shares = BlockShares(threads: 4)
    shares.deal(9)
    var taken: Set<Int> = []
    while let block = shares.take(thread: 2) { taken.insert(block) }
    #expect(taken == Set(0..<9))
  }
}
