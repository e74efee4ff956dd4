import Foundation
import Testing

@testable import NumericalMethods

@Suite struct RandomStreamTests {
  /// The known answers that the authors publish with the generator: Random123, kat_vectors, philox4x32 with 10 rounds.
  @Test(
    arguments: [
      (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0), SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
      ),
      (
        SIMD4(repeating: UInt32.max), SIMD2(repeating: UInt32.max), SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
      ),
      (
        SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), SIMD2(0xA409_3822, 0x299F_31D0),
        SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
      ),
    ])
  func agreesWithTheKnownAnswers(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>, _ answer: SIMD4<UInt32>) {
    #expect(RandomStream.philox(counter: counter, key: key) == answer)
  }

  @Test func theStreamIsTheGeneratorCounting() {
    var stream = RandomStream(seed: 0)
    #expect(stream.next() == 0xE169_C58D_6627_E8D5)
    #expect(stream.next() == 0x9B00_DBD8_BC57_AC4C)
    let second = RandomStream.philox(counter: SIMD4(1, 0, 0, 0), key: .zero)
    #expect(stream.next() == UInt64(second.x) | UInt64(second.y) << 32)
    // Seed and stream fill key and counter to the last bit.
    var far = RandomStream(seed: 0xD0C0_B0A0_4030_2010, stream: 0x8877_6655_4433_2211)
    let block = RandomStream.philox(counter: SIMD4(0, 0, 0x4433_2211, 0x8877_6655), key: SIMD2(0x4030_2010, 0xD0C0_B0A0))
    #expect(far.next() == UInt64(block.x) | UInt64(block.y) << 32)
  }

  /// How many standard errors a mean may be off. Seeds are fixed: what passes once passes always; 4.5 of them is 1 in 150 000.
  private let errors = 4.5

  /// Expects the mean of a sample to be near its known value, given the known variance.
  private func expectMean(
    _ sample: [Double], _ mean: Double, variance: Double, _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = sample.reduce(0, +) / Double(sample.count)
    #expect(abs(found - mean) < errors * (variance / Double(sample.count)).squareRoot(), what, sourceLocation: sourceLocation)
  }

  @Test func uniformNumbersFillTheInterval() {
    var random = RandomStream(seed: 11)
    let sample = (0..<200_000).map { _ in random.uniform() }
    #expect(sample.allSatisfy { $0 >= 0 && $0 < 1 })
    // E u^k = 1/(k+1), variance 1/(2k+1) - 1/(k+1)².
    for k in 1...4 {
      let (m, s) = (1 / Double(k + 1), 1 / Double(2 * k + 1))
      expectMean(sample.map { pow($0, Double(k)) }, m, variance: s - m * m, "moment \(k)")
    }
    // χ² of 100 bins has mean 99 and variance 198.
    var bins = [Double](repeating: 0, count: 100)
    for u in sample { bins[Int(u * 100)] += 1 }
    let chiSquared = bins.reduce(0) { $0 + ($1 - 2000) * ($1 - 2000) / 2000 }
    #expect(abs(chiSquared - 99) < errors * 198.0.squareRoot())
  }

  @Test func normalNumbersHaveTheirMoments() {
    var random = RandomStream(seed: 12)
    let sample = (0..<200_000).map { _ in random.normal() }
    // E x^2k = (2k-1)!!, odd moments vanish; the variance of x^k is E x^2k - (E x^k)².
    expectMean(sample, 0, variance: 1, "mean")
    expectMean(sample.map { $0 * $0 }, 1, variance: 2, "variance")
    expectMean(sample.map { $0 * $0 * $0 }, 0, variance: 15, "skewness")
    expectMean(sample.map { $0 * $0 * $0 * $0 }, 3, variance: 96, "kurtosis")
    // The two numbers of one Box-Muller step are independent.
    expectMean(stride(from: 0, to: sample.count, by: 2).map { sample[$0] * sample[$0 + 1] }, 0, variance: 1, "pairs")
    // 2.275 % lie above two standard deviations.
    expectMean(sample.map { $0 > 2 ? 1 : 0 }, 0.022750132, variance: 0.0222, "tail")
  }

  @Test(arguments: [0.3, 0.5, 1.0, 2.5, 40.0, 3e5])
  func gammaNumbersHaveTheirMoments(_ shape: Double) {
    var random = RandomStream(seed: 13)
    let sample = (0..<100_000).map { _ in random.gamma(shape: shape) }
    #expect(sample.allSatisfy { $0 >= 0 && $0.isFinite })
    // Mean and variance are the shape; the fourth central moment is 3 shape² + 6 shape.
    expectMean(sample, shape, variance: shape, "mean")
    expectMean(sample.map { ($0 - shape) * ($0 - shape) }, shape, variance: 2 * shape * shape + 6 * shape, "variance")
    // The third central moment 2 shape; the sixth is 15 k³ + 130 k² + 120 k.
    let sixth = 15 * shape * shape * shape + 130 * shape * shape + 120 * shape
    expectMean(sample.map { pow($0 - shape, 3) }, 2 * shape, variance: sixth - 4 * shape * shape, "skewness")
  }

  @Test func streamsAreIndependent() {
    let count = 20_000
    var streams = [
      RandomStream(seed: 14), RandomStream(seed: 14, stream: 1), RandomStream(seed: 14, stream: 1 << 32), RandomStream(seed: 15),
      RandomStream(seed: 14 | 1 << 32),
    ]
    let samples = streams.indices.map { index in (0..<count).map { _ in streams[index].next() } }
    // 100 000 words of 64 bits: two alike by chance have probability 3e-10.
    #expect(Set(samples.joined()).count == count * samples.count)
    for i in samples.indices {
      for j in 0..<i {
        let products = zip(samples[i], samples[j]).map { (Double($0) * 0x1p-64 - 0.5) * (Double($1) * 0x1p-64 - 0.5) }
        expectMean(products, 0, variance: 1 / 144, "streams \(i) and \(j)")
        // Half the bits differ.
        expectMean(zip(samples[i], samples[j]).map { Double(($0 ^ $1).nonzeroBitCount) }, 32, variance: 16, "bits of \(i) and \(j)")
      }
    }
  }

  @Test func storedStreamsGoOnWhereTheyWere() throws {
    var random = RandomStream(seed: 0xFEDC_BA98_7654_3210, stream: .max)
    for step in 0..<9 {
      // A spare word and a spare normal number are part of the state: stop with and without either.
      if step % 2 == 0 { _ = random.normal() }
      if step % 3 == 0 { _ = random.next() }
      var words = try #require(RandomStream(words: random.words))
      var coded = try JSONDecoder().decode(RandomStream.self, from: JSONEncoder().encode(random))
      #expect(words == random && coded == random)
      var original = random
      for _ in 0..<20 {
        let (n, u, g) = (original.normal(), original.next(), original.gamma(shape: 1.7))
        #expect(words.normal() == n && words.next() == u && words.gamma(shape: 1.7) == g)
        #expect(coded.normal() == n && coded.next() == u && coded.gamma(shape: 1.7) == g)
      }
    }
  }

  @Test(arguments: [[], [1, 2, 3], [0, 0, 0, 2, 0, 0, 0], [0, 0, 0, 0, 0, 9, 0], [0, 0, 0, 0, 0, 0, 0, 0]] as [[UInt64]])
  func wordsOfNoStreamAreRefused(_ words: [UInt64]) {
    #expect(RandomStream(words: words) == nil)
  }
}
