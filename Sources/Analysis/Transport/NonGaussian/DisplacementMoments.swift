/// Sums of second and fourth powers of displacements over all time origins, for some lags.
///
/// All terms are positive, so that nothing cancels.
struct DisplacementMoments: Sendable {
  /// In frames.
  let lags: [Int]
  /// For each lag the sums of x², y², z², x⁴, y⁴, z⁴, y²z², z²x², x²y².
  private(set) var sums: [Double]
  /// How many displacements each lag has.
  private(set) var counts: [Int]

  static let width = 9

  init(lags: [Int]) {
    self.lags = lags
    sums = [Double](repeating: 0, count: Self.width * lags.count)
    counts = [Int](repeating: 0, count: lags.count)
  }

  /// Adds one atom.
  ///
  /// - Parameters:
  ///   - track: x at all frames; y and z follow at `pitch` and twice that.
  ///   - frames: More than the largest lag.
  mutating func add(track: UnsafePointer<Double>, pitch: Int, frames: Int) {
    for (place, lag) in lags.enumerated() {
      let part = Self.sums(track, pitch: pitch, lag: lag, origins: frames - lag)
      for i in 0..<Self.width { sums[Self.width * place + i] += part[i] }
      counts[place] += frames - lag
    }
  }

  /// The sums of one atom at one lag, four origins at a time.
  private static func sums(_ track: UnsafePointer<Double>, pitch: Int, lag: Int, origins: Int) -> InlineSums {
    let x = UnsafeRawPointer(track)
    let y = UnsafeRawPointer(track + pitch)
    let z = UnsafeRawPointer(track + 2 * pitch)
    let ahead = lag * MemoryLayout<Double>.stride
    typealias Four = SIMD4<Double>
    var (xx, yy, zz) = (Four.zero, Four.zero, Four.zero)
    var (xxxx, yyyy, zzzz) = (Four.zero, Four.zero, Four.zero)
    var (yyzz, zzxx, xxyy) = (Four.zero, Four.zero, Four.zero)
    var origin = 0
    while origin &+ 4 <= origins {
      let at = origin &* MemoryLayout<Double>.stride
      let dx = x.loadUnaligned(fromByteOffset: at &+ ahead, as: Four.self) - x.loadUnaligned(fromByteOffset: at, as: Four.self)
      let dy = y.loadUnaligned(fromByteOffset: at &+ ahead, as: Four.self) - y.loadUnaligned(fromByteOffset: at, as: Four.self)
      let dz = z.loadUnaligned(fromByteOffset: at &+ ahead, as: Four.self) - z.loadUnaligned(fromByteOffset: at, as: Four.self)
      let (x2, y2, z2) = (dx * dx, dy * dy, dz * dz)
      xx += x2
      yy += y2
      zz += z2
      xxxx.addProduct(x2, x2)
      yyyy.addProduct(y2, y2)
      zzzz.addProduct(z2, z2)
      yyzz.addProduct(y2, z2)
      zzxx.addProduct(z2, x2)
      xxyy.addProduct(x2, y2)
      origin &+= 4
    }
    var result = InlineSums(xx.sum(), yy.sum(), zz.sum(), xxxx.sum(), yyyy.sum(), zzzz.sum(), yyzz.sum(), zzxx.sum(), xxyy.sum())
    while origin < origins {
      let dx = track[origin + lag] - track[origin]
      let dy = track[pitch + origin + lag] - track[pitch + origin]
      let dz = track[2 * pitch + origin + lag] - track[2 * pitch + origin]
      let (x2, y2, z2) = (dx * dx, dy * dy, dz * dz)
      result += InlineSums(x2, y2, z2, x2 * x2, y2 * y2, z2 * z2, y2 * z2, z2 * x2, x2 * y2)
      origin += 1
    }
    return result
  }
}

/// Nine sums without an array.
private struct InlineSums {
  private var low: SIMD8<Double>
  private var high: Double

  init(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double, _ g: Double, _ h: Double, _ i: Double
  ) {
    low = SIMD8(a, b, c, d, e, f, g, h)
    high = i
  }

  subscript(index: Int) -> Double { index < 8 ? low[index] : high }

  static func += (left: inout InlineSums, right: InlineSums) {
    left.low += right.low
    left.high += right.high
  }
}
