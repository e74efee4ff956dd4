import Testing

@testable import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FourierTransformTests {
  @Test(arguments: [1, 2, 3, 8, 15, 97, 128]) func agreesWithTheDefinition(length: Int) {
    var random = RandomStream(seed: UInt64(length))
    let values = (0..<length).map { _ in random.normal() }
    let transform = FourierTransform(length: length)
    let spectrum = transform.forward(values)
    for k in 0..<transform.spectrumCount {
      var expected = SIMD2(0.0, 0.0)
      for n in 0..<length {
        let angle = -2 * Double.pi * Double(k * n % length) / Double(length)
        expected += values[n] * SIMD2(cos(angle), sin(angle))
      }
      // Sums of at most 128 terms of order one.
      #expect(abs(spectrum[k].x - expected.x) < 1e-12 && abs(spectrum[k].y - expected.y) < 1e-12)
    }
    #expect(zip(transform.inverse(spectrum), values).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func onePlanServesManyThreads() {
    let transform = FourierTransform(length: 1000)
    var random = RandomStream(seed: 1)
    let values = (0..<1000).map { _ in random.normal() }
    let expected = transform.forward(values)
    let pool = WorkerPool(threads: 4)
    var same = [Bool](repeating: false, count: 200)
    same.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      pool.forEachBlock(200) { buffer[$0] = transform.forward(values) == expected }
    }
    #expect(same.allSatisfy { $0 })
  }

  @Test func plansCanBeMadeFromManyThreads() {
    WorkerPool(threads: 4).forEachBlock(100) { block in
      let transform = FourierTransform(length: 10 + block)
      let ones = transform.forward([Double](repeating: 1, count: 10 + block))
      #expect(abs(ones[0].x - Double(10 + block)) < 1e-12)
    }
  }

  @Test func fastLengths() {
    #expect(FourierTransform.fastLength(atLeast: 1) == 1)
    #expect(FourierTransform.fastLength(atLeast: 7) == 8)
    #expect(FourierTransform.fastLength(atLeast: 17) == 18)
    #expect(FourierTransform.fastLength(atLeast: 121) == 125)
    #expect(FourierTransform.fastLength(atLeast: 4000) == 4000)
    for count in 1..<3000 {
      var rest = FourierTransform.fastLength(atLeast: count)
      #expect(rest >= count && rest < 2 * count + 1)
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      #expect(rest == 1)
    }
  }
}
