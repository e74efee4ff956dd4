/// The first two peaks of a distribution of displacements: rattling, and the first hop.
struct RadialPeaks: Sendable {
  /// In Å; `nil` where there is none.
  var first: Double?
  var second: Double?
  /// The minimum between them in Å.
  var minimum: Double?

  /// - Parameters:
  ///   - values: The density in evenly spaced bins from 0 on.
  ///   - error: Standard errors, or empty.
  ///
  /// A peak counts where it rises above the lower of the valleys beside it by three errors and by a hundredth of the highest.
  init(_ values: [Double], error: [Double], width: Double) {
    let smooth = Self.smoothed(Self.smoothed(values))
    guard let highest = smooth.max(), highest > 0 else { return }
    // Each peak with the valley before it, found in one sweep with hysteresis.
    var peaks: [Int] = []
    var valleys: [Int] = []
    var (low, high) = (0, 0)
    var rising = true
    func threshold(_ bin: Int) -> Double { max(0.01 * highest, error.isEmpty ? 0 : 3 * error[bin]) }
    for bin in smooth.indices {
      if rising {
        if smooth[bin] > smooth[high] { high = bin }
        if smooth[bin] < smooth[high] - threshold(high) {
          peaks.append(high)
          (low, rising) = (bin, false)
        }
      } else {
        if smooth[bin] < smooth[low] { low = bin }
        if smooth[bin] > smooth[low] + threshold(bin) {
          valleys.append(low)
          (high, rising) = (bin, true)
        }
      }
      if peaks.count == 2 { break }
    }
    first = peaks.first.map { Self.refined(smooth, $0, width) }
    if peaks.count == 2, let valley = valleys.first {
      second = Self.refined(smooth, peaks[1], width)
      minimum = Self.refined(smooth, valley, width)
    }
  }

  private static func smoothed(_ values: [Double]) -> [Double] {
    values.indices.map { i in
      (values[max(0, i - 1)] + 2 * values[i] + values[min(values.count - 1, i + 1)]) / 4
    }
  }

  /// The extremum between bins, by a parabola.
  private static func refined(_ values: [Double], _ bin: Int, _ width: Double) -> Double {
    guard bin > 0, bin < values.count - 1 else { return (Double(bin) + 0.5) * width }
    let curvature = values[bin - 1] - 2 * values[bin] + values[bin + 1]
    let shift = curvature == 0 ? 0 : (values[bin - 1] - values[bin + 1]) / (2 * curvature)
    return (Double(bin) + 0.5 + max(-0.5, min(0.5, shift))) * width
  }
}
