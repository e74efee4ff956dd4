#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The first peak of a structure factor: in glasses, the first sharp diffraction peak where there is one.
///
/// The curve is interpolated to an even grid and smoothed by a Gaussian. The first peak is the first maximum that rises above what
/// is before it, and falls behind it, by more than a twentieth and more than six standard deviations of the noise. Its background is the
/// straight line between the lowest points on both sides; width and area are those above it.
public struct DiffractionPeak: Sendable {
  /// Where it is highest, from a parabola through its top, in 1/Å.
  public var position: Double
  /// The smoothed S(Q) there, background included.
  public var height: Double
  /// The full width at half of the height above the background, the smoothing taken out in quadrature, in 1/Å.
  public var width: Double
  /// The integral above the background, in 1/Å.
  public var area: Double
  /// The ends of the background in 1/Å.
  public var feet: ClosedRange<Double>

  /// Position, height, width, area.
  var values: [Double] { [position, height, width, area] }

  /// - Parameters:
  ///   - q: Ascending, in 1/Å.
  ///   - values: S(Q).
  ///   - noise: The standard deviation of each value, or empty.
  ///   - smoothing: The standard deviation of the Gaussian in 1/Å; 0 for none.
  ///   - range: Where to seek the top; the feet may lie at its ends.
  init?(q: [Double], values: [Double], noise: [Double], smoothing: Double, within range: ClosedRange<Double>? = nil) {
    guard let grid = Self.evenGrid(q: q, smoothing: smoothing) else { return nil }
    let step = grid[1] - grid[0]
    let s = Self.smoothed(Self.interpolated(values, q, at: grid), width: smoothing / step)
    let spread: [Double]
    if noise.isEmpty {
      spread = s.map { _ in 0 }
    } else {
      // Values average over the Gaussian: fewer of them the wider their spacing.
      let spacing = (q[q.count - 1] - q[0]) / Double(q.count - 1)
      let averaged = max(1, 2 * Double.pi.squareRoot() * smoothing / spacing).squareRoot()
      spread = Self.smoothed(Self.interpolated(noise, q, at: grid), width: smoothing / step).map { $0 / averaged }
    }
    guard let (left, top, right) = Self.find(s, grid: grid, noise: spread, within: range) else { return nil }
    let shift = Self.vertex(s, top)
    position = grid[top] + step * shift
    height = s[top]
    feet = grid[left]...grid[right]
    func background(_ i: Int) -> Double {
      s[left] + (s[right] - s[left]) * Double(i - left) / Double(max(1, right - left))
    }
    area = (left...right).reduce(0) { $0 + max(0, s[$1] - background($1)) } * step
    let half = (s[top] - background(top)) / 2
    func crossing(_ direction: Int) -> Double? {
      var i = top
      while i + direction >= left, i + direction <= right {
        let (here, next) = (s[i] - background(i), s[i + direction] - background(i + direction))
        if next <= half {
          return Double(i) + Double(direction) * (here > next ? (here - half) / (here - next) : 0)
        }
        i += direction
      }
      return nil
    }
    if let low = crossing(-1), let high = crossing(1) {
      let full = (high - low) * step
      let instrument = 2.354_820_045 * smoothing
      width = max(0, full * full - instrument * instrument).squareRoot()
    } else {
      width = .nan
    }
  }

  /// The first peak of a smoothed curve: left foot, top and right foot.
  private static func find(
    _ s: [Double], grid: [Double], noise: [Double], within range: ClosedRange<Double>?
  ) -> (Int, Int, Int)? {
    func threshold(_ i: Int) -> Double { max(0.05 * max(1, abs(s[i])), 6 * noise[i]) }
    var left = 0
    var top: Int?
    if let range {
      // The same peak in another curve: the highest point between the feet.
      guard let low = grid.firstIndex(where: { $0 >= range.lowerBound - 1e-9 }),
        let high = grid.lastIndex(where: { $0 <= range.upperBound + 1e-9 }), high - low > 1
      else { return nil }
      var best = low
      for i in low...high where s[i] > s[best] { best = i }
      guard best > low, best < high else { return nil }
      return (low, best, high)
    }
    for i in s.indices {
      guard let peak = top else {
        if s[i] < s[left] { left = i }
        if s[i] - s[left] > threshold(i) { top = i }
        continue
      }
      if s[i] > s[peak] {
        top = i
      } else if s[peak] - s[i] > threshold(peak) {
        var right = i
        for j in i..<s.count {
          if s[j] < s[right] { right = j }
          if s[j] - s[right] > threshold(j) { break }
        }
        return (left, peak, right)
      }
    }
    return nil
  }

  private static func evenGrid(q: [Double], smoothing: Double) -> [Double]? {
    guard q.count > 4, let first = q.first, let last = q.last, last > first else { return nil }
    let spacing = (last - first) / Double(q.count - 1)
    let step = min(spacing, smoothing > 0 ? smoothing / 3 : spacing)
    let count = min(200_000, max(5, Int(((last - first) / step).rounded()) + 1))
    return (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
  }

  /// Values between points, on straight lines; `grid` ascends.
  static func interpolated(_ values: [Double], _ points: [Double], at grid: [Double]) -> [Double] {
    var i = 0
    return grid.map { x in
      while i + 2 < points.count, points[i + 1] <= x { i += 1 }
      let t = (x - points[i]) / (points[i + 1] - points[i])
      return values[i] + (values[i + 1] - values[i]) * max(0, min(1, t))
    }
  }

  /// The extremum of the parabola through a point and its neighbours, in steps from the point.
  static func vertex(_ values: [Double], _ i: Int) -> Double {
    guard i > 0, i + 1 < values.count else { return 0 }
    let curvature = values[i - 1] - 2 * values[i] + values[i + 1]
    return curvature == 0 ? 0 : max(-0.5, min(0.5, 0.5 * (values[i - 1] - values[i + 1]) / curvature))
  }

  /// Values averaged by a Gaussian whose width counts in steps.
  static func smoothed(_ values: [Double], width: Double) -> [Double] {
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
