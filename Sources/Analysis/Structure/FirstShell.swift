#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The first peak of a radial distribution function and the minimum behind it.
///
/// The curve is smoothed by a Gaussian first. The first peak is the first maximum above 1 from which the curve falls by a
/// tenth of its height, and the minimum the lowest point behind it before the curve rises again by a twentieth of the
/// peak's height; both steps must also exceed three standard deviations of the counting noise. Where the curve all but
/// vanishes between the shells (below a hundredth of the peak), the minimum is the middle of that gap.
public struct FirstShell: Sendable {
  /// The position of the first maximum in Å, from a parabola through its top; `nil` where none stands out.
  public private(set) var peak: Double?
  /// The smoothed height of the first maximum.
  public private(set) var height: Double?
  /// The position of the minimum behind it in Å; `nil` where the curve does not rise again.
  public private(set) var minimum: Double?

  /// - Parameters:
  ///   - radii: Evenly spaced, in Å.
  ///   - values: g(r).
  ///   - counts: How many pairs were counted in each bin, all frames together.
  ///   - smoothing: The standard deviation of the Gaussian in Å; 0 for none.
  public init(radii: [Double], values: [Double], counts: [Double], smoothing: Double) {
    guard radii.count > 2 else { return }
    let step = radii[1] - radii[0]
    let smooth = Self.smoothed(values, width: smoothing / step)
    // A Gaussian of width s averages over 2 sqrt(pi) s bins as an even window of that length would.
    let window = max(1, 2 * Double.pi.squareRoot() * smoothing / step)
    let pairsInWindow = Self.smoothed(counts, width: smoothing / step).map { $0 * window }
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
    peak = radii[top] + step * Self.vertex(smooth, top)
    height = smooth[top]

    var bottom = top
    var end: Int?
    for i in top..<smooth.count {
      if smooth[i] < smooth[bottom] { bottom = i }
      if smooth[i] - smooth[bottom] > max(0.05 * smooth[top], 3 * noise(i)) {
        end = i
        break
      }
    }
    guard let end else { return }
    let gap = 0.01 * smooth[top]
    if smooth[bottom] < gap {
      var (low, high) = (bottom, bottom)
      while low > top, smooth[low - 1] < gap { low -= 1 }
      while high + 1 < end, smooth[high + 1] < gap { high += 1 }
      minimum = (radii[low] + radii[high]) / 2
    } else {
      minimum = radii[bottom] + step * Self.vertex(smooth, bottom)
    }
  }

  /// The extremum of the parabola through a point and its neighbours, in steps from the point.
  private static func vertex(_ values: [Double], _ i: Int) -> Double {
    guard i > 0, i + 1 < values.count else { return 0 }
    let curvature = values[i - 1] - 2 * values[i] + values[i + 1]
    return curvature == 0 ? 0 : max(-0.5, min(0.5, 0.5 * (values[i - 1] - values[i + 1]) / curvature))
  }

  private static func smoothed(_ values: [Double], width: Double) -> [Double] {
    guard width > 1e-6 else { return values }
    let reach = Int((4 * width).rounded(.up))
    let weights = (0...reach).map { exp(-0.5 * (Double($0) / width) * (Double($0) / width)) }
    return values.indices.map { i in
      var (sum, norm) = (0.0, 0.0)
      for j in max(0, i - reach)...min(values.count - 1, i + reach) {
        let weight = weights[abs(i - j)]
        sum += weight * values[j]
        norm += weight
      }
      return sum / norm
    }
  }
}
