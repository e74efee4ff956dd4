import NumericalMethods

/// The variance of a mean over rows from three sources: theory, the scatter from row to row, and that from block to block of time.
///
/// Theory and the scatter of rows measure the same where all rows are alike; they are averaged then, theory counting as twenty rows, since
/// it takes the measured curve for the true one. Where rows differ (ions that are trapped, sites of their own) theory knows nothing of it:
/// the scatter alone counts once chance makes it as large in one of five cases only. The scatter of blocks alone sees motion that comes and
/// goes over longer times than a window; it counts where chance makes it as large in one of fifty cases, or in one of ten where rows are
/// known to move at the same moment. These levels are those at which intervals hold (`CoverageTests`).
struct SlopeVariance: Sendable {
  var variance: Double
  /// Of freedom, for Student's t.
  var degrees: Double
  /// Measured from row to row over theory; 1 for a single row.
  var ratio = 1.0
  /// Whether rows differ by more than chance.
  var isUnlike = false

  /// Rows that theory counts as.
  static let prior = 20.0
  /// How often chance may make a scatter as large that is taken for real: of rows, of blocks, and of blocks of rows that move together.
  private static let (rowChance, blockChance, togetherChance) = (0.2, 0.02, 0.1)

  private let isMomentary: Bool

  /// - Parameters:
  ///   - theory: The variance of one row.
  ///   - samples: What is averaged, one value a row.
  ///   - collectivity: By how much rows that move together raise the variance.
  init(theory: Double, samples: [Double], collectivity: TrackScatter.Collectivity) {
    let count = Double(samples.count)
    let model = theory * collectivity.factor / max(1, count)
    isMomentary = collectivity.isMomentary
    (variance, degrees) = (model, Self.prior)
    guard samples.count > 1, theory > 0 else { return }
    let mean = samples.reduce(0, +) / count
    let free = count - 1
    let measured = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / free / count * collectivity.factor
    ratio = measured / model
    isUnlike = FisherDistribution(numerator: free, denominator: Self.prior).upperTail(ratio) < Self.rowChance
    if isUnlike {
      (variance, degrees) = (measured, free)
    } else {
      (variance, degrees) = ((Self.prior * model + free * measured) / (Self.prior + free), Self.prior + free)
    }
    // The factor is no better known than its windows are many.
    if isMomentary { degrees = 1 / (1 / degrees + 1 / Double(collectivity.windows)) }
  }

  /// Takes the scatter of blocks of time where it is larger than chance lets it be.
  ///
  /// - Parameters:
  ///   - error: The standard error of the mean over blocks.
  ///   - count: How many blocks.
  mutating func consider(blocks error: Double, count: Int) {
    let free = Double(count - 1)
    guard count > 1, variance > 0,
      FisherDistribution(numerator: free, denominator: degrees).upperTail(error * error / variance)
        < (isMomentary ? Self.togetherChance : Self.blockChance)
    else { return }
    (variance, degrees, isUnlike) = (error * error, free, false)
  }
}
