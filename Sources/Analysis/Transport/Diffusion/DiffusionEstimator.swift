import NumericalMethods

/// Finds the diffusion coefficient of a group of tracks.
///
/// The variance of the slope is, for `N` rows,
///
///     v = (1 + c) [s_G² a + K] / N
///
/// with `s_G²` from ``DisplacementCovariance``, `a = d sum g_a² / (sum g_a)²` for unlike directions, `K` from the fourth cumulant of
/// displacements (hops are rarer than Gaussian steps: for steps without memory the slope varies by `K4(m) / m / (T - 1)`), and `c` from
/// ``TrackScatter/collectivity(_:rows:axes:window:pool:)``. The scatter of rows and of blocks of time measures the same, and counts as
/// ``SlopeVariance`` says.
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

  /// The largest error of the exponent of time that still tells diffusion from what is none.
  private static let power = 0.3
  /// Fewer independent displacements than this, and neither value nor error can be relied on.
  private static let fewest = 5.0

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
    var range = FitRange(
      curve: curve, frames: frames, dimensions: d, independent: count / collectivity.factor, first: first, last: last)
    guard var fit = DisplacementFit(curve: curve, lags: range.lags, frames: frames, dimensions: d) else { return nil }
    func measured() throws -> TrackScatter {
      if fit.lags[0] > window {
        collectivity = try TrackScatter.collectivity(store, rows: rows, axes: axes, window: fit.lags[0], pool: pool)
      }
      return try TrackScatter.measure(
        store, rows: rows, axes: axes, fit: fit, blockFit: BlockFit(fit, curve: curve, frames: frames, dimensions: d), pool: pool)
    }
    func anisotropy() -> Double {
      Self.anisotropy(axes.map { directions[$0][fit.lags[0]] }, relativeVariance: fit.variance / (fit.slope * fit.slope) / count)
    }
    func bend(_ scatter: TrackScatter, _ unlike: Double) -> SlopeVariance {
      // The exponent is a ratio: a row that goes farther than others bends the curve by more, and the line is steeper by as much.
      let share = scatter.slopes.reduce(0, +) > 0 ? scatter.bends.reduce(0, +) / scatter.slopes.reduce(0, +) : 0
      return SlopeVariance(
        theory: fit.exponentError * fit.exponentError * unlike, samples: zip(scatter.bends, scatter.slopes).map { $0 - share * $1 },
        collectivity: collectivity)
    }
    var scatter = try measured()
    var unlike = anisotropy()
    var bent = bend(scatter, unlike)
    if bent.isUnlike, bent.ratio > 1.5, first == nil {
      // Few ions that go far bend the curve more than many alike.
      range = FitRange(
        curve: curve, frames: frames, dimensions: d, independent: count / (collectivity.factor * bent.ratio), first: first, last: last)
      guard let again = DisplacementFit(curve: curve, lags: range.lags, frames: frames, dimensions: d) else { return nil }
      fit = again
      scatter = try measured()
      unlike = anisotropy()
      bent = bend(scatter, unlike)
    }
    let (shortest, longest) = (fit.lags[0], fit.lags[fit.lags.count - 1])
    let square = curve[shortest] * curve[shortest]
    let cumulant = max(0, scatter.fourth - square * (1 + 2 * unlike / Double(d)))
    let hops = cumulant / Double(shortest) / Double(frames - 1)
    var general = SlopeVariance(theory: fit.variance * unlike + hops, samples: scatter.slopes, collectivity: collectivity)
    var plain = SlopeVariance(theory: fit.plainVariance * unlike + hops, samples: scatter.plainSlopes, collectivity: collectivity)
    let rowVariance = general.variance
    let blockError = BlockAverage.standardError(of: scatter.blocks.map { [$0] }).first
    if let blockError {
      general.consider(blocks: blockError, count: scatter.blocks.count)
      plain.consider(blocks: blockError, count: scatter.blocks.count)
    }
    // From Å² a frame to a diffusion coefficient.
    let factor = 1 / (2 * Double(d) * interval)
    let generalized = DiffusionEstimate.Value(
      fit.slope * factor, error: general.variance.squareRoot() * factor, degrees: general.degrees,
      isLopsided: !general.isUnlike)
    let plainSlope = zip(fit.plainWeights, fit.lags).reduce(0) { $0 + $1.0 * curve[$1.1] }
    let ordinary = DiffusionEstimate.Value(
      plainSlope * factor, error: plain.variance.squareRoot() * factor, degrees: plain.degrees,
      isLopsided: !plain.isUnlike)
    var blocks: DiffusionEstimate.Value?
    if let blockError {
      let mean = scatter.blocks.reduce(0, +) / Double(scatter.blocks.count)
      blocks = DiffusionEstimate.Value(mean * factor, error: blockError * factor, degrees: Double(scatter.blocks.count - 1))
    }
    let inflation = (general.variance / fit.variance).squareRoot()
    // What comes and goes bends the curve as it changes the slope.
    let bending = bent.variance * general.variance / rowVariance
    let exponent = (value: fit.exponent, error: fit.exponentError.isFinite ? bending.squareRoot() : .infinity)
    // The factor by which residuals are larger than those of one ion of Gaussian motion.
    let spread = exponent.error.isFinite ? bending / (fit.exponentError * fit.exponentError) : unlike * collectivity.factor / count
    let quality = ChiSquaredDistribution(degrees: Double(max(1, fit.lags.count - 2))).upperTail(fit.residual / spread)

    let independent = 2 * fit.slope * fit.slope / (Double(d) * general.variance)
    var refusals: [String] = []
    var warnings: [String] = []
    if !range.holds { refusals.append("there is no range of lags up to half the run over which the mean-squared displacement is a line") }
    if abs(exponent.value - 1) > 2.576 * exponent.error {
      refusals.append(
        "over the fit the mean-squared displacement grows as time to the power \(rounded(exponent.value)) ± \(rounded(exponent.error)), not 1"
      )
    } else if exponent.error > Self.power {
      let message =
        "the run is too short to tell whether motion is diffusive: the exponent of time is known to ± \(rounded(exponent.error))"
      // One coordinate, as the current is, can hardly tell by itself; the ions tell for it.
      if rows.count > 1 { refusals.append(message) } else { warnings.append(message) }
    }
    let reach = curve[longest].squareRoot()
    if let hopLength, reach < hopLength {
      refusals.append(
        "ions moved by \(rounded(reach)) Å (root mean square at the longest lag of the fit), less than a hop of \(rounded(hopLength)) Å")
    }
    if !(generalized.value > 0) {
      refusals.append("the mean-squared displacement does not grow over the fit")
    } else if generalized.error > generalized.value || generalized.interval.lowerBound <= 0 {
      refusals.append("the 95 % interval reaches down to zero")
    } else if independent < Self.fewest {
      refusals.append("the run holds no more than \(rounded(independent)) independent displacements; \(brief(Self.fewest)) are the least")
    }
    if fit.intercept > 0.25 * curve[longest] {
      warnings.append(
        "\(Int((100 * fit.intercept / curve[longest]).rounded())) % of the mean-squared displacement at the longest lag is a constant part; where that "
          + "is not rattling in a cage but growth slower than time, D is too large, and a longer run would show it")
    }
    let others = [("ordinary least squares", ordinary)] + (blocks.map { [("the mean over blocks of time", $0)] } ?? [])
    for (name, other) in others
    where abs(other.value - generalized.value) > 2 * (other.error * other.error + generalized.error * generalized.error).squareRoot() {
      warnings.append("\(name) differs from generalised least squares by more than twice their errors")
    }
    if general.variance > rowVariance {
      warnings.append("blocks of time scatter more than ions that move by themselves: the error is that of blocks")
    }
    return DiffusionEstimate(
      rows: rows.count, dimensions: d, generalized: generalized, ordinary: ordinary, blocks: blocks, blockCount: scatter.blocks.count,
      lags: fit.lags, interval: interval, intercept: fit.intercept, exponent: exponent,
      bandError: fit.lags.map { fit.line(at: Double($0)).error * inflation },
      curveError: fit.curveVariance.map { $0.squareRoot() * inflation }, quality: quality,
      independentDisplacements: independent, collectivity: collectivity.factor,
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
