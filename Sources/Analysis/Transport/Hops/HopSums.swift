import NumericalMethods

/// What a group of ions adds up to; everything that is reported of hops is a function of such sums.
///
/// Sums of parts of the ions add up to those of all, so that leaving out one part after the other gives errors that know how the
/// quantities hang together.
struct HopSums: Sendable {
  var ions = 0.0
  var hops = 0.0
  /// Squares of the number of hops of each ion.
  var squaredHops = 0.0
  /// Ions times time in which a hop could be seen, in ps.
  var exposure = 0.0
  var length = 0.0
  var squaredLength = 0.0
  /// Hops hardly longer than the least that counts as one (``HopStatistics/gap``).
  var shortHops = 0.0
  /// Pairs of successive hops of an ion.
  var pairs = 0.0
  var cosine = 0.0
  var returns = 0.0
  /// Squared way from the first to the last cage of each ion.
  var squaredWay = 0.0
  /// Waiting times that ended with a hop, and what all of them add up to beyond the minimum residence, in ps.
  var endedWaits = 0.0
  var waiting = 0.0
  /// The slope of the mean-squared displacement of each ion, in Å²/ps.
  var slope = 0.0

  static func + (a: HopSums, b: HopSums) -> HopSums {
    var sum = a
    sum.ions += b.ions
    sum.hops += b.hops
    sum.squaredHops += b.squaredHops
    sum.exposure += b.exposure
    sum.length += b.length
    sum.squaredLength += b.squaredLength
    sum.shortHops += b.shortHops
    sum.pairs += b.pairs
    sum.cosine += b.cosine
    sum.returns += b.returns
    sum.squaredWay += b.squaredWay
    sum.endedWaits += b.endedWaits
    sum.waiting += b.waiting
    sum.slope += b.slope
    return sum
  }

  /// Hops per ion and ps.
  var rate: Double { hops / exposure }
  var meanLength: Double { length / hops }
  var meanSquaredLength: Double { squaredLength / hops }
  var rootMeanSquaredLength: Double { meanSquaredLength.squareRoot() }
  var shortShare: Double { shortHops / hops }
  var meanCosine: Double { cosine / pairs }
  var returnShare: Double { returns / pairs }
  /// `(1 + <cos>) / (1 - <cos>)`: the correlation factor of a walk that remembers only its last step.
  var firstOrderCorrelation: Double { (1 + meanCosine) / (1 - meanCosine) }
  /// The squared way over that of independent hops.
  var chainCorrelation: Double { squaredWay / squaredLength }
  /// `Γ <a²> / 6` in Å²/ps.
  var hopDiffusivity: Double { rate * meanSquaredLength / 6 }
  /// From the squared way of ions, in Å²/ps.
  var wayDiffusivity: Double { squaredWay / exposure / 6 }
  /// From the slope of the mean-squared displacement, in Å²/ps.
  var tracerDiffusivity: Double { slope / ions / 6 }
  var correlationFactor: Double { tracerDiffusivity / hopDiffusivity }
  /// The variance of the number of hops of an ion over its mean: 1 where all ions hop alike and at random.
  var varianceRatio: Double {
    let mean = hops / ions
    return (squaredHops / ions - mean * mean) * ions / (ions - 1) / mean
  }
  /// How often an ion hops again, per ps, from the minimum residence after a hop on.
  var rateAfterHop: Double { endedWaits / waiting }
}

/// A number with its standard error.
public struct HopEstimate: Sendable {
  /// Not finite where nothing was there to take it from.
  public var value: Double
  /// `nil` where nothing tells it.
  public var error: Double?

  public init(_ value: Double, error: Double? = nil) {
    self.value = value
    self.error = error
  }

  /// A function of sums, with its error by leaving out each block in turn.
  ///
  ///     error² = (B - 1)/B sum_b (f_b - mean f)²
  ///
  /// - Source: Efron and Stein, Ann. Stat. 9, 586 (1981), doi:10.1214/aos/1176345462.
  static func jackknife(_ blocks: [HopSums], _ function: (HopSums) -> Double) -> HopEstimate {
    let total = blocks.reduce(HopSums(), +)
    let value = function(total)
    guard blocks.count > 1 else { return HopEstimate(value) }
    let parts = blocks.indices.map { left in
      function(blocks.indices.reduce(HopSums()) { $1 == left ? $0 : $0 + blocks[$1] })
    }
    guard value.isFinite, parts.allSatisfy(\.isFinite) else { return HopEstimate(value) }
    let mean = parts.reduce(0, +) / Double(parts.count)
    let squares = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return HopEstimate(value, error: (squares * Double(parts.count - 1) / Double(parts.count)).squareRoot())
  }
}
