/// The first peak of a radial distribution function and the minimum behind it.
///
/// The curve is smoothed by a Gaussian first. The first peak is the first maximum above 1 from which the curve falls by a
/// tenth of its height, and the minimum the lowest point behind it before the curve rises again by a twentieth of the
/// peak's height; both steps must also exceed three standard deviations of the counting noise. Where the curve all but
/// vanishes behind the peak (below a hundredth of it), the minimum is the middle of that gap, which the end of the curve may
/// close.
public struct FirstShell: Sendable {
  /// The position of the first maximum in Å, from a parabola through its top; `nil` where none stands out.
  public private(set) var peak: Double?
  /// The smoothed height of the first maximum.
  public private(set) var height: Double?
  /// The full width at half of that height in Å, the smoothing taken out in quadrature (exact for a Gaussian peak); `nil` where the
  /// curve does not fall to half on both sides.
  public private(set) var width: Double?
  /// The position of the minimum behind it in Å; `nil` where the curve neither rises again nor vanishes.
  public private(set) var minimum: Double?

  /// - Parameters:
  ///   - radii: Evenly spaced, in Å.
  ///   - values: g(r).
  ///   - counts: How many pairs were counted in each bin, all frames together.
  ///   - smoothing: The standard deviation of the Gaussian in Å; 0 for none.
  public init(radii: [Double], values: [Double], counts: [Double], smoothing: Double) {
    guard radii.count > 2 else { return }
    let step = radii[1] - radii[0]
    let smooth = DiffractionPeak.smoothed(values, width: smoothing / step)
    // A Gaussian of width s averages over 2 sqrt(pi) s bins as an even window of that length would.
    let window = max(1, 2 * Double.pi.squareRoot() * smoothing / step)
    let pairsInWindow = DiffractionPeak.smoothed(counts, width: smoothing / step).map { $0 * window }
    func noise(_ i: Int) -> Double { smooth[i] / max(1, pairsInWindow[i]).squareRoot() }

    var top = 0
    var found = false
    for i in smooth.indices {
      if smooth[i] > smooth[top] { top = i }
      if smooth[top] > 1, smooth[top] - smooth[i] > max(0.1 * smooth[top], 3 * noise(top)) {
        found = true
        break
      }
    }
    guard found else { return }
    peak = radii[top] + step * DiffractionPeak.vertex(smooth, top)
    height = smooth[top]
    width = Self.width(smooth, top: top, step: step, smoothing: smoothing)

    var bottom = top
    var end: Int?
    for i in top..<smooth.count {
      if smooth[i] < smooth[bottom] { bottom = i }
      if smooth[i] - smooth[bottom] > max(0.05 * smooth[top], 3 * noise(i)) {
        end = i
        break
      }
    }
    let gap = 0.01 * smooth[top]
    guard let end = end ?? (smooth[bottom] < gap ? smooth.count : nil) else { return }
    if smooth[bottom] < gap {
      var (low, high) = (bottom, bottom)
      while low > top, smooth[low - 1] < gap { low -= 1 }
      while high + 1 < end, smooth[high + 1] < gap { high += 1 }
      minimum = (radii[low] + radii[high]) / 2
    } else {
      minimum = radii[bottom] + step * DiffractionPeak.vertex(smooth, bottom)
    }
  }

  /// Position and width of this peak in another curve over the same radii, such as that of a part of the frames.
  ///
  /// - Returns: Not numbers where the other curve has no such peak.
  func measured(_ values: [Double], radii: [Double], smoothing: Double) -> [Double] {
    guard let peak, radii.count > 2 else { return [.nan, .nan] }
    let step = radii[1] - radii[0]
    let smooth = DiffractionPeak.smoothed(values, width: smoothing / step)
    let reach = max(width ?? 0, 0.3)
    guard let low = radii.firstIndex(where: { $0 > peak - reach }), let high = radii.lastIndex(where: { $0 < peak + reach }), low < high
    else { return [.nan, .nan] }
    var top = low
    for i in low...high where smooth[i] > smooth[top] { top = i }
    return [
      radii[top] + step * DiffractionPeak.vertex(smooth, top), Self.width(smooth, top: top, step: step, smoothing: smoothing) ?? .nan,
    ]
  }

  private static func width(_ smooth: [Double], top: Int, step: Double, smoothing: Double) -> Double? {
    let half = smooth[top] / 2
    guard let low = smooth[..<top].lastIndex(where: { $0 <= half }), let high = smooth[top...].firstIndex(where: { $0 <= half }) else {
      return nil
    }
    let left = Double(low) + (half - smooth[low]) / (smooth[low + 1] - smooth[low])
    let right = Double(high) - (half - smooth[high]) / (smooth[high - 1] - smooth[high])
    // 2 sqrt(2 ln 2) standard deviations.
    let smear = 2.354_820_045 * smoothing
    let full = (right - left) * step
    return max(0, full * full - smear * smear).squareRoot()
  }
}
