import NumericalMethods
import Structures

extension HopFinder {
  /// How much the position of an atom changes at each frame, against how much it scatters before and after.
  ///
  ///     p_hop(t) = sqrt( <(r - <r>_B)²>_A <(r - <r>_A)²>_B )
  ///
  /// where A are the `h` frames before t and B the `h` frames from t on, so that a sudden move by d between two frames gives d² at the
  /// second of them. It is the variance in the cage where nothing happens. Running sums make it linear in the number of frames.
  ///
  /// - Parameters:
  ///   - x, y, z: Unwrapped positions in Å, one value a frame.
  ///   - halfWindow: h, at least 1.
  /// - Returns: One value a frame in Å²; 0 for the first and last frames, which have no whole window around them.
  /// - Source: Smessaert and Rottler, Phys. Rev. E 88, 022314 (2013), doi:10.1103/PhysRevE.88.022314, with the windows of Schoenholz et
  ///   al., Nat. Phys. 12, 469 (2016), doi:10.1038/nphys3644.
  public static func activity(
    _ x: UnsafeBufferPointer<Double>, _ y: UnsafeBufferPointer<Double>, _ z: UnsafeBufferPointer<Double>, halfWindow: Int
  ) -> [Double] {
    precondition(halfWindow >= 1 && x.count == y.count && y.count == z.count, "a window has frames, the three directions the same")
    let (frames, half) = (x.count, halfWindow)
    var result = [Double](repeating: 0, count: frames)
    guard frames >= 2 * half else { return result }
    // Sums of a part at a time, from a point on the way, lose nothing where the atom travels far.
    let part = max(half, 128)
    let scale = 1 / Double(half)
    withUnsafeTemporaryAllocation(of: SIMD4<Double>.self, capacity: part + 2 * half + 1) { sums in
      result.withUnsafeMutableBufferPointer { result in
        for begin in stride(from: half, through: frames - half, by: part) {
          let end = min(begin + part, frames - half + 1)
          let first = begin - half
          let reference = SIMD4(x[begin], y[begin], z[begin], 0)
          var sum = SIMD4<Double>.zero
          sums[0] = sum
          for frame in first..<end - 1 + half {
            var value = SIMD4(x[frame], y[frame], z[frame], 0) - reference
            value.w = value.x * value.x + value.y * value.y + value.z * value.z
            sum += value
            sums[frame - first + 1] = sum
          }
          for frame in begin..<end {
            let middle = sums[frame - first]
            let before = (middle - sums[frame - first - half]) * scale
            let after = (sums[frame - first + half] - middle) * scale
            let apart = after - before
            let distance = apart.x * apart.x + apart.y * apart.y + apart.z * apart.z
            result[frame] = ((variance(before) + distance) * (variance(after) + distance)).squareRoot()
          }
        }
      }
    }
    return result
  }

  /// The activity of an atom given as positions.
  public static func activity(_ positions: [Vector3], halfWindow: Int) -> [Double] {
    positions.withDirections { activity($0, $1, $2, halfWindow: halfWindow) }
  }

  /// How far an atom scatters around its mean within half a window, in Å²: the median over successive parts of the track, which a
  /// hop now and then does not change.
  ///
  /// - Returns: `<|r - <r>|²> h / (h - 1)`, the square of the scatter in all three directions together; `nil` for tracks shorter than
  ///   half a window.
  public static func cageVariance(
    _ x: UnsafeBufferPointer<Double>, _ y: UnsafeBufferPointer<Double>, _ z: UnsafeBufferPointer<Double>, halfWindow: Int
  ) -> Double? {
    let parts = x.count / max(2, halfWindow)
    guard parts > 0, halfWindow >= 2 else { return nil }
    var variances = (0..<parts).map { part in
      let first = part * halfWindow
      let reference = SIMD4(x[first], y[first], z[first], 0)
      var sum = SIMD4<Double>.zero
      for frame in first..<first + halfWindow {
        var value = SIMD4(x[frame], y[frame], z[frame], 0) - reference
        value.w = value.x * value.x + value.y * value.y + value.z * value.z
        sum += value
      }
      return variance(sum * (1 / Double(halfWindow))) * Double(halfWindow) / Double(halfWindow - 1)
    }
    variances.sort()
    return (variances[(parts - 1) / 2] + variances[parts / 2]) / 2
  }

  /// The scatter around the mean, from the means of position and squared length; rounding must not make it negative.
  @inline(__always)
  private static func variance(_ means: SIMD4<Double>) -> Double {
    max(0, means.w - (means.x * means.x + means.y * means.y + means.z * means.z))
  }
}
