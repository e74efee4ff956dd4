import NumericalMethods

/// Finds the diffusion coefficient of a group of tracks.
///
/// The variance of the slope is, for `N` rows,
///
///     v = (1 + c) [s_G² a + K] / N
///
/// with `s_G²` from ``DisplacementCovariance``, `a = d sum g_a² / (sum g_a)²` for unlike directions, `K` from the fourth cumulant of
/// displacements (hops are rarer than Gaussian steps: for steps without memory the slope varies by `K4(m) / m / (T - 1)`), and `c` from
/// ``TrackScatter/collectivity``. Where there are several rows, their scatter measures the same; the two are averaged, theory counting as
/// twenty rows, with as many degrees of freedom for Student's t, since it takes the measured curve for the true one.
struct DiffusionEstimator {
  let store: TrackStore
  let axes: [Int]
  /// The time between frames in ps.
  let interval: Double
  /// Limits of the fit in ps, where a person gave them.
  var fitFrom: Double?
  var fitTo: Double?
  /// The length of a hop in Å, or `nil` where moving less is no matter.
  var hopLength: Double?
  let pool: WorkerPool

  /// Rows that theory counts as.
  private static let prior = 20.0

  /// - Parameters:
  ///   - rows: Which tracks.
  ///   - directions: Their mean-squared displacement in x, y, z by lag from 0 on.
  ///   - lags: Taken instead of a choice.
  /// - Returns: `nil` where nothing moves.
  /// - Throws: ``AnalysisError`` with code `.tooFewFrames` or `.invalidSetting`.
  func estimate(rows: Range<Int>, directions: [[Double]], analysis: String) throws -> DiffusionEstimate? {
    let frames = store.frameCount
    let d = axes.count
    guard frames >= 12 else {
      throw AnalysisError(.tooFewFrames, "\(analysis) needs at least 12 frames for a fit; there are \(frames)")
    }
    let curve = (0..<frames).map { lag in axes.reduce(0) { $0 + directions[$1][lag] } }
    let last = try lastLag(frames, analysis)
    let first = try firstLag(last, analysis)
    let window = max(1, (frames - 1) / 48)
    var collectivity = try TrackScatter.collectivity(store, rows: rows, axes: axes, window: window, pool: pool)
    let count = Double(rows.count)
    let range = FitRange(
      curve: curve, frames: frames, dimensions: d, independent: count / collectivity, first: first, last: last)
    guard let fit = DisplacementFit(curve: curve, lags: range.lags, frames: frames, dimensions: d), let shortest = range.lags.first,
      let longest = range.lags.last
    else { return nil }
    if shortest > window {
      collectivity = try TrackScatter.collectivity(store, rows: rows, axes: axes, window: shortest, pool: pool)
    }
    let blockFit = BlockFit(fit, curve: curve, frames: frames, dimensions: d)
    let scatter = try TrackScatter.measure(store, rows: rows, axes: axes, fit: fit, blockFit: blockFit, pool: pool)

    let unlike = Self.anisotropy(axes.map { directions[$0][shortest] }, relativeVariance: fit.variance / (fit.slope * fit.slope) / count)
    let square = curve[shortest] * curve[shortest]
    let cumulant = max(0, scatter.fourth - square * (1 + 2 * unlike / Double(d)))
    let hops = cumulant / Double(shortest) / Double(frames - 1)
    func combined(_ theory: Double, _ slopes: [Double]) -> (variance: Double, degrees: Double, ratio: Double) {
      let model = (theory * unlike + hops) * collectivity / count
      guard slopes.count > 1 else { return (model, Self.prior, 1) }
      let mean = slopes.reduce(0, +) / count
      let free = count - 1
      let measured = slopes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / free / count * collectivity
      return ((Self.prior * model + free * measured) / (Self.prior + free), Self.prior + free, measured / model)
    }
    let general = combined(fit.variance, scatter.slopes)
    let plain = combined(fit.plainVariance, scatter.plainSlopes)
    // From Å² a frame to a diffusion coefficient.
    let factor = 1 / (2 * Double(d) * interval)
    let generalized = DiffusionEstimate.Value(
      fit.slope * factor, error: general.variance.squareRoot() * factor, degrees: general.degrees)
    let plainSlope = zip(fit.plainWeights, fit.lags).reduce(0) { $0 + $1.0 * curve[$1.1] }
    let ordinary = DiffusionEstimate.Value(
      plainSlope * factor, error: plain.variance.squareRoot() * factor, degrees: plain.degrees)
    var blocks: DiffusionEstimate.Value?
    if let error = BlockAverage.standardError(of: scatter.blocks.map { [$0] }).first {
      let mean = scatter.blocks.reduce(0, +) / Double(scatter.blocks.count)
      blocks = DiffusionEstimate.Value(mean * factor, error: error * factor, degrees: Double(scatter.blocks.count - 1))
    }
    let spread = (unlike * collectivity / count).squareRoot()
    let inflation = (general.variance / fit.variance).squareRoot()
    let exponent = (value: fit.exponent, error: fit.exponentError * spread)
    let quality = ChiSquaredDistribution(degrees: Double(max(1, fit.lags.count - 2))).upperTail(fit.residual / (spread * spread))

    var refusals: [String] = []
    var warnings: [String] = []
    if !range.holds { refusals.append("there is no range of lags up to half the run over which the mean-squared displacement is a line") }
    if abs(exponent.value - 1) > 2.576 * exponent.error {
      refusals.append(
        "over the fit the mean-squared displacement grows as time to the power \(rounded(exponent.value)) ± \(rounded(exponent.error)), not 1"
      )
    } else if exponent.error > 0.3 {
      warnings.append(
        "the run is too short to tell whether motion is diffusive: the exponent of time is known to ± \(rounded(exponent.error))")
    }
    let reach = curve[longest].squareRoot()
    if let hopLength, reach < hopLength {
      refusals.append(
        "ions moved by \(rounded(reach)) Å (root mean square at the longest lag of the fit), less than a hop of \(rounded(hopLength)) Å")
    }
    if !(generalized.value > 0) {
      refusals.append("the mean-squared displacement does not grow over the fit")
    } else if generalized.error > generalized.value {
      refusals.append("the error is larger than the value")
    }
    if fit.intercept > 0.5 * curve[longest] {
      warnings.append("more than half of the mean-squared displacement does not grow, even at the longest lag; a longer run would decide")
    }
    let others = [("ordinary least squares", ordinary)] + (blocks.map { [("the mean over blocks of time", $0)] } ?? [])
    for (name, other) in others
    where abs(other.value - generalized.value) > 2 * (other.error * other.error + generalized.error * generalized.error).squareRoot() {
      warnings.append("\(name) differs from generalised least squares by more than twice their errors")
    }
    if let blocks, blocks.error > 2.2 * generalized.error {
      warnings.append("blocks of time scatter more than the error of generalised least squares lets them: motion changes during the run")
    }
    return DiffusionEstimate(
      rows: rows.count, dimensions: d, generalized: generalized, ordinary: ordinary, blocks: blocks, blockCount: scatter.blocks.count,
      lags: fit.lags, interval: interval, intercept: fit.intercept, exponent: exponent,
      bandError: fit.lags.map { fit.line(at: Double($0)).error * inflation },
      curveError: fit.curveVariance.map { $0.squareRoot() * inflation }, quality: quality,
      independentDisplacements: 2 * fit.slope * fit.slope / (Double(d) * general.variance), collectivity: collectivity,
      scatter: general.ratio, range: reach, refusals: refusals, warnings: warnings, weights: fit.weights)
  }

  private func lastLag(_ frames: Int, _ analysis: String) throws -> Int {
    let half = (frames - 1) / 2
    guard let fitTo else { return half }
    let lag = Int((fitTo / interval).rounded())
    guard lag >= 4, lag <= (3 * frames) / 4 else {
      throw AnalysisError(
        .invalidSetting,
        "fit-to of \(analysis) is \(lag) frames; give a time between 4 frames and three quarters of the run, "
          + "\(brief(4 * interval)) to \(brief(Double((3 * frames) / 4) * interval)) ps")
    }
    return lag
  }

  private func firstLag(_ last: Int, _ analysis: String) throws -> Int? {
    guard let fitFrom else { return nil }
    let lag = Int((fitFrom / interval).rounded())
    guard lag >= 1, lag <= last - 3 else {
      throw AnalysisError(
        .invalidSetting,
        "fit-from of \(analysis) is \(lag) frames; the fit ends at \(last) frames and needs four lags: give a time between "
          + "\(brief(interval)) and \(brief(Double(last - 3) * interval)) ps")
    }
    return lag
  }

  /// `d sum g_a² / (sum g_a)²`, less what noise alone adds: 1 where all directions are alike, `d` where there is but one.
  static func anisotropy(_ values: [Double], relativeVariance: Double) -> Double {
    let sum = values.reduce(0, +)
    guard sum > 0 else { return 1 }
    let d = Double(values.count)
    let ratio = d * values.reduce(0) { $0 + $1 * $1 } / (sum * sum)
    return max(1, ratio - (d - 1) * relativeVariance)
  }
}

/// A number to three digits, for messages.
func rounded(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  var scale = 1.0
  while abs(value) * scale < 100, scale < 1e12 { scale *= 10 }
  return scale == 1 ? brief(value.rounded()) : "\((value * scale).rounded() / scale)"
}
