import Testing

@testable import NumericalMethods

@Suite struct BlockAverageTests {
  @Test func fewEntriesAreTheirOwnBlocks() {
    var average = BlockAverage(width: 2)
    #expect(average.mean.isEmpty && average.standardError.isEmpty)
    average.add([1, 10])
    #expect(average.mean == [1, 10] && average.standardError.isEmpty)
    average.add([3, 10])
    average.add([5, 10])
    #expect(average.mean == [3, 10])
    // The scatter of 1, 3, 5 is 2; over the root of three.
    #expect(abs(average.standardError[0] - 2 / 3.0.squareRoot()) < 1e-15)
    #expect(average.standardError[1] == 0)
  }

  @Test func blocksGrowAndStayFew() {
    var average = BlockAverage(width: 1)
    for i in 0..<1000 { average.add([Double(i)]) }
    #expect(average.count == 1000)
    #expect(average.mean[0] == 499.5)
    #expect(average.blockLength == 32)
    #expect(average.blockCount == 31)
  }

  /// For a process that remembers, single entries give an error that is far too small; blocks do not.
  @Test func errorsOfACorrelatedProcessHold() {
    var inside = 0
    let trials = 400
    for trial in 0..<trials {
      var random = RandomStream(seed: 9, stream: UInt64(trial))
      var average = BlockAverage(width: 1)
      var x = random.normal()
      for _ in 0..<2048 {
        // Correlation time of some ten entries, variance 1.
        x = 0.9 * x + (1 - 0.81).squareRoot() * random.normal()
        average.add([x])
      }
      if abs(average.mean[0]) < 2 * average.standardError[0] { inside += 1 }
    }
    // Twice the error of 16 blocks of 128 holds the mean in 93 to 95 % of cases; five binomial standard errors of 400 trials
    // are 6 %. Without blocks it would be 35 %.
    #expect(Double(inside) / Double(trials) > 0.87)
    #expect(Double(inside) / Double(trials) < 0.99)
  }

  @Test func errorOfARunningSum() {
    var average = BlockAverage(width: 2)
    average.add([1, -1])
    average.add([2, -2])
    average.add([3, -3])
    let error = average.standardError { [$0[0], $0[0] + $0[1]] }
    #expect(error[0] > 0.5)
    #expect(error[1] == 0)
  }
}
