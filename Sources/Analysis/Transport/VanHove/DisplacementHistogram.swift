/// How often atoms move how far, over all time origins, for some lags.
struct DisplacementHistogram: Sendable {
  /// In frames.
  let lags: [Int]
  /// In Å.
  let range: Double
  let bins: Int
  /// In Å.
  let distance: Double
  /// For each lag ``bins`` counts, and one of what lies beyond the range.
  private(set) var counts: [UInt64]
  /// For each lag the sums of r and r², and how many moved at least ``distance``.
  private(set) var moments: [SIMD4<Double>]

  init(lags: [Int], range: Double, bins: Int, distance: Double) {
    self.lags = lags
    self.range = range
    self.bins = bins
    self.distance = distance
    counts = [UInt64](repeating: 0, count: lags.count * (bins + 1))
    moments = [SIMD4<Double>](repeating: .zero, count: lags.count)
  }

  /// Adds one atom.
  ///
  /// - Parameters:
  ///   - track: x at all frames; y and z follow at `pitch` and twice that.
  ///   - frames: More than the largest lag.
  mutating func add(track: UnsafePointer<Double>, pitch: Int, frames: Int) {
    let stride = bins + 1
    // Neighbouring origins fall into the same bin: four histograms keep one from waiting for the other.
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * stride) { lanes in
      guard let base = lanes.baseAddress else { return }
      for (place, lag) in lags.enumerated() {
        lanes.update(repeating: 0)
        moments[place] += count(track, pitch: pitch, lag: lag, origins: frames - lag, into: base)
        for bin in 0..<stride {
          let sum = UInt64(base[bin]) + UInt64(base[stride + bin]) + UInt64(base[2 * stride + bin]) + UInt64(base[3 * stride + bin])
          counts[place * stride + bin] += sum
        }
      }
    }
  }

  private func count(
    _ track: UnsafePointer<Double>, pitch: Int, lag: Int, origins: Int, into lanes: UnsafeMutablePointer<UInt32>
  ) -> SIMD4<Double> {
    typealias Four = SIMD4<Double>
    let x = UnsafeRawPointer(track)
    let y = UnsafeRawPointer(track + pitch)
    let z = UnsafeRawPointer(track + 2 * pitch)
    let ahead = lag &* MemoryLayout<Double>.stride
    let stride = bins + 1
    let scale = Double(bins) / range
    let end = Four(repeating: Double(bins))
    let limit = Four(repeating: distance * distance)
    var (first, second, gone) = (Four.zero, Four.zero, Four.zero)
    var origin = 0
    while origin &+ 4 <= origins {
      let at = origin &* MemoryLayout<Double>.stride
      let dx = x.loadUnaligned(fromByteOffset: at &+ ahead, as: Four.self) - x.loadUnaligned(fromByteOffset: at, as: Four.self)
      let dy = y.loadUnaligned(fromByteOffset: at &+ ahead, as: Four.self) - y.loadUnaligned(fromByteOffset: at, as: Four.self)
      let dz = z.loadUnaligned(fromByteOffset: at &+ ahead, as: Four.self) - z.loadUnaligned(fromByteOffset: at, as: Four.self)
      let r2 = dx * dx + dy * dy + dz * dz
      let r = r2.squareRoot()
      first += r
      second += r2
      gone += Four.zero.replacing(with: 1, where: r2 .>= limit)
      let scaled = r * scale
      // Adding 2^52 puts a whole number into the lowest bits.
      let bin = unsafeBitCast(scaled.replacing(with: end, where: scaled .> end).rounded(.down) + 0x1p52, to: SIMD4<UInt64>.self)
      lanes[Int(truncatingIfNeeded: bin.x & 0xffff_ffff)] &+= 1
      lanes[stride &+ Int(truncatingIfNeeded: bin.y & 0xffff_ffff)] &+= 1
      lanes[2 &* stride &+ Int(truncatingIfNeeded: bin.z & 0xffff_ffff)] &+= 1
      lanes[3 &* stride &+ Int(truncatingIfNeeded: bin.w & 0xffff_ffff)] &+= 1
      origin &+= 4
    }
    var result = Four(first.sum(), second.sum(), gone.sum(), 0)
    while origin < origins {
      let dx = track[origin + lag] - track[origin]
      let dy = track[pitch + origin + lag] - track[pitch + origin]
      let dz = track[2 * pitch + origin + lag] - track[2 * pitch + origin]
      let r2 = dx * dx + dy * dy + dz * dz
      let r = r2.squareRoot()
      lanes[Int(min(Double(bins), r * scale))] += 1
      result += Four(r, r2, r2 >= distance * distance ? 1 : 0, 0)
      origin += 1
    }
    return result
  }
}
