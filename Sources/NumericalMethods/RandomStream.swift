#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A counter-based stream of random numbers, Philox4x32-10.
///
/// A stream is a pure function of seed, stream number and position: it is copied into checkpoints as it is, and two
/// streams of one seed never overlap. The same numbers come on every machine.
///
/// Source: Salmon et al., Proc. SC11 (2011), doi:10.1145/2063384.2063405.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable, Hashable {
  private let key: SIMD2<UInt32>
  private let stream: UInt64
  private var position: UInt64 = 0
  private var buffered: UInt64?
  private var spareNormal: Double?

  /// Creates the stream with the given number among the streams of a seed.
  public init(seed: UInt64, stream: UInt64 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
  }

  /// The whole state of the stream as seven words, for exact storage.
  public var words: [UInt64] {
    [
      UInt64(key.x) | UInt64(key.y) << 32, stream, position, buffered == nil ? 0 : 1, buffered ?? 0,
      spareNormal == nil ? 0 : 1, (spareNormal ?? 0).bitPattern,
    ]
  }

  /// Restores a stream from its ``words``; `nil` where they are none.
  public init?(words: [UInt64]) {
    guard words.count == 7, words[3] <= 1, words[5] <= 1 else { return nil }
    self.init(seed: words[0], stream: words[1])
    position = words[2]
    buffered = words[3] == 1 ? words[4] : nil
    spareNormal = words[5] == 1 ? Double(bitPattern: words[6]) : nil
  }

  public mutating func next() -> UInt64 {
    if let value = buffered {
      buffered = nil
      return value
    }
    let block = Self.philox(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)),
      key: key)
    position += 1
    buffered = UInt64(block.z) | UInt64(block.w) << 32
    return UInt64(block.x) | UInt64(block.y) << 32
  }

  /// A number evenly distributed in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number from the normal distribution with mean 0 and variance 1 (Box and Muller).
  public mutating func normal() -> Double {
    if let value = spareNormal {
      spareNormal = nil
      return value
    }
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// A number from the gamma distribution with the given shape (> 0) and scale 1 (Marsaglia and Tsang).
  ///
  /// Source: ACM Trans. Math. Softw. 26, 363 (2000), doi:10.1145/358407.358414.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0, "the shape of a gamma distribution is positive")
    if shape < 1 {
      let boost = pow(1 - uniform(), 1 / shape)
      return gamma(shape: shape + 1) * boost
    }
    let d = shape - 1.0 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  /// Ten rounds of the Philox bijection.
  static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = counter.x.multipliedFullWidth(by: 0xD251_1F53)
      let second = counter.z.multipliedFullWidth(by: 0xCD9E_8D57)
      counter = SIMD4(
        second.high ^ counter.y ^ key.x, second.low, first.high ^ counter.w ^ key.y, first.low)
      key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return counter
  }
}
