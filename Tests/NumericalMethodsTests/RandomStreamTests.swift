import Testing

@testable import NumericalMethods

@Suite struct RandomStreamTests {
  /// Known answers of philox4x32 with 10 rounds, from kat_vectors of Random123 1.14.
  @Test(arguments: [
    (
      SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0), SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: 0xffff_ffff), SIMD2<UInt32>(repeating: 0xffff_ffff),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, answer: SIMD4<UInt32>) {
    #expect(RandomStream.philox(counter: counter, key: key) == answer)
  }

  @Test func streamReadsBlocksInOrder() {
    var stream = RandomStream(seed: 0)
    #expect(stream.next() == 0xe169_c58d_6627_e8d5)
    #expect(stream.next() == 0x9b00_dbd8_bc57_ac4c)
    var other = RandomStream(seed: 0, stream: 1)
    #expect(other.next() != 0xe169_c58d_6627_e8d5)
  }

  @Test func aCopyGoesOnAlike() {
    var stream = RandomStream(seed: 7, stream: 3)
    for _ in 0..<5 { _ = stream.normal() }
    var copy = stream
    for _ in 0..<20 { #expect(stream.normal() == copy.normal()) }
    #expect(stream == copy)
  }

  @Test func momentsOfUniformAndNormal() {
    var stream = RandomStream(seed: 5)
    let count = 400_000
    let n = Double(count)
    var uniform = (0.0, 0.0)
    var normal = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<count {
      let u = stream.uniform()
      #expect(u >= 0 && u < 1)
      uniform.0 += u / n
      uniform.1 += (u - 0.5) * (u - 0.5) / n
      let x = stream.normal()
      normal.0 += x / n
      normal.1 += x * x / n
      normal.2 += x * x * x / n
      normal.3 += x * x * x * x / n
    }
    // Five standard errors of each moment: their variances are 1/12, 1/180, 1, 2, 15 and 96 over n.
    #expect(abs(uniform.0 - 0.5) < 5 * (1 / 12 / n).squareRoot())
    #expect(abs(uniform.1 - 1 / 12) < 5 * (1 / 180 / n).squareRoot())
    #expect(abs(normal.0) < 5 * (1 / n).squareRoot())
    #expect(abs(normal.1 - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(normal.2) < 5 * (15 / n).squareRoot())
    #expect(abs(normal.3 - 3) < 5 * (96 / n).squareRoot())
  }

  @Test(arguments: [0.3, 1, 2.5, 40]) func momentsOfGamma(shape: Double) {
    var stream = RandomStream(seed: 6)
    let n = 100_000.0
    var mean = 0.0
    var square = 0.0
    for _ in 0..<Int(n) {
      let x = stream.gamma(shape: shape)
      mean += x / n
      square += (x - shape) * (x - shape) / n
    }
    // Mean and variance are the shape; the variance of the latter is (2 k² + 6 k) / n.
    #expect(abs(mean - shape) < 5 * (shape / n).squareRoot())
    #expect(abs(square - shape) < 5 * ((2 * shape * shape + 6 * shape) / n).squareRoot())
  }
}
