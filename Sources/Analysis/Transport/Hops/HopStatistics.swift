import Structures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The hops of one species and what they tell.
public struct HopStatistics: Sendable {
  /// The species, with its part in brackets where it is split.
  public let label: String
  public let ions: Int
  /// What p_hop or the squared distance from a cage had to exceed, in Å²; for sites the square of their radius.
  public let threshold: Double
  /// The fewest frames between two hops of an ion that can be told apart.
  public let minimumResidence: Int
  /// The square of the scatter within cages in Å²: the median over ions and half windows; `nil` for sites.
  public let cageVariance: Double?
  /// All hops, by the row of their ion, in the order of ions and time.
  let events: [HopCooperation.Event]
  let rows: Range<Int>
  /// Waiting times from hop to hop.
  public let survival: SurvivalCurve
  public let cooperation: HopCooperation
  /// A part of the track of a typical ion.
  public let example: HopExample?
  let volume: Double
  let interval: Double

  /// The rates per ion and ps with half and with twice the window; `nil` where frames or the run do not allow it, and for sites.
  public var halfWindowRate: Double? { halfWindowSums?.rate }
  public var doubleWindowRate: Double? { doubleWindowSums?.rate }

  private let blocks: [HopSums]
  private let total: HopSums
  private let halfWindowSums: HopSums?
  private let doubleWindowSums: HopSums?
  private let isResidenceGiven: Bool
  private let timeBlockCounts: [Int]

  /// Parts of the run behind errors.
  private static let timeBlocks = 16
  /// Hops shorter than so many times the least length are at the threshold; where there are cages, there are few.
  static let gap = 1.3
  /// The share of such hops above which lengths have no gap.
  private static let mostShort = 0.2

  init(
    label: String, rows: Range<Int>, threshold: Double, minimumResidence: Int, cageVariance: Double?, blocks: [HopSums],
    events: [HopCooperation.Event],
    survival: SurvivalCurve, observable: Range<Int>, cooperation: HopCooperation, volume: Double,
    interval: Double, example: HopExample? = nil, halfWindowSums: HopSums? = nil, doubleWindowSums: HopSums? = nil,
    isResidenceGiven: Bool = false
  ) {
    self.label = label
    self.rows = rows
    ions = rows.count
    self.threshold = threshold
    self.minimumResidence = minimumResidence
    self.cageVariance = cageVariance
    self.blocks = blocks
    total = blocks.reduce(HopSums(), +)
    self.events = events
    self.survival = survival
    let number = max(1, min(Self.timeBlocks, observable.count))
    var counts = [Int](repeating: 0, count: number)
    for event in events { counts[(event.hop.frame - observable.lowerBound) * number / observable.count] += 1 }
    timeBlockCounts = counts
    self.cooperation = cooperation
    self.volume = volume
    self.interval = interval
    self.example = example
    self.halfWindowSums = halfWindowSums
    self.doubleWindowSums = doubleWindowSums
    self.isResidenceGiven = isResidenceGiven
  }

  public var hops: Int { events.count }
  /// Ions times the time in which a hop could be seen, in ion ps.
  public var exposure: Double { total.exposure }
  /// The error of the rate in 1/ps if every hop were independent.
  public var countingError: Double { total.hops.squareRoot() / exposure }
  /// The error of the rate in 1/ps from how ions differ; `nil` for one ion.
  public var ionError: Double? { HopEstimate.jackknife(blocks, \.rate).error }
  /// The error of the rate in 1/ps from how parts of the run differ.
  public var timeError: Double? {
    let number = Double(timeBlockCounts.count)
    guard number > 1 else { return nil }
    let mean = total.hops / number
    let squares = timeBlockCounts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (squares * number / (number - 1)).squareRoot() / exposure
  }
  /// How much the rate depends on the window: half of the range of its values with half of it, with it, and with twice it, in 1/ps.
  public var windowError: Double? { halfWindowSums == nil && doubleWindowSums == nil ? nil : windowSpread(\.rate) }
  /// Hops per ion and ps, with the largest of the three errors and that of the window.
  public var rate: HopEstimate {
    guard hops > 0 else { return HopEstimate(total.rate) }
    return withWindow(HopEstimate(total.rate, error: [countingError, ionError ?? 0, timeError ?? 0].max()), \.rate)
  }
  /// The share of hops shorter than 1.3 times the least length, the square root of the threshold.
  public var shortShare: Double { total.shortShare }
  /// What the rate is below with 95 % confidence where there was no hop, in 1/ps.
  public var rateLimit: Double? { hops == 0 ? -log(0.05) / exposure : nil }
  /// In Å; its error has a part from the window, as have those of ``rootMeanSquaredLength``, ``hopDiffusivity``, ``correlationFactor``.
  public var meanLength: HopEstimate { withWindow(estimate(\.meanLength), \.meanLength) }
  /// In Å.
  public var rootMeanSquaredLength: HopEstimate { withWindow(estimate(\.rootMeanSquaredLength), \.rootMeanSquaredLength) }
  /// The mean cosine of the angle between successive hops of an ion.
  public var meanCosine: HopEstimate { estimate(\.meanCosine) }
  /// The share of hops after which the next leads back to the cage before.
  public var returnShare: HopEstimate { estimate(\.returnShare) }
  /// `(1 + <cos>) / (1 - <cos>)`.
  public var firstOrderCorrelation: HopEstimate { estimate(\.firstOrderCorrelation) }
  /// The squared way of ions over the sum of their squared hops.
  public var chainCorrelation: HopEstimate { estimate(\.chainCorrelation) }
  /// `Γ <a²> / 6` in Å²/ps.
  public var hopDiffusivity: HopEstimate { withWindow(estimate(\.hopDiffusivity), \.hopDiffusivity) }
  /// `<R²> / (6 t)` in Å²/ps, from the way R of each ion from its first to its last place.
  public var wayDiffusivity: HopEstimate { estimate(\.wayDiffusivity) }
  /// From the slope of the mean-squared displacement between a tenth and a quarter of the run, in Å²/ps.
  public var tracerDiffusivity: HopEstimate { estimate(\.tracerDiffusivity) }
  /// ``tracerDiffusivity`` over ``hopDiffusivity``.
  public var correlationFactor: HopEstimate { withWindow(estimate(\.correlationFactor), \.correlationFactor) }
  /// The variance of the number of hops of an ion over its mean.
  public var varianceRatio: Double { total.varianceRatio }
  /// Hops per ps of an ion that has hopped, once it can be seen to hop again.
  public var rateAfterHop: HopEstimate { estimate(\.rateAfterHop) }

  /// The share of waits longer than some frames if they ended at random, with ``rateAfterHop``.
  public func randomSurvival(frames: Int) -> Double {
    let chances = max(0, frames - minimumResidence + 1)
    return pow(max(0, 1 - total.rateAfterHop * interval), Double(chances))
  }

  /// `ΔE = kT ln(Γ0 / Γ)` in eV.
  public func activationEnergy(attemptFrequency: Double, temperature: Double) -> HopEstimate {
    let kT = PhysicalConstants.boltzmann * temperature
    let rate = self.rate
    return HopEstimate(kT * log(attemptFrequency / rate.value), error: rate.error.map { kT * $0 / rate.value })
  }

  /// `σ = n q² Γ <a²> / (6 kT)` in S/cm.
  public func conductivity(charge: Double, temperature: Double) -> HopEstimate {
    // e²/(Å eV ps) in S/cm: 1.602176634e-19 C / (1e-8 cm 1e-12 s V).
    let unit = 1.602176634e-19 / 1e-8 / 1e-12
    let scale = Double(ions) / volume * charge * charge / (PhysicalConstants.boltzmann * temperature) * unit
    let diffusivity = hopDiffusivity
    return HopEstimate(diffusivity.value * scale, error: diffusivity.error.map { $0 * scale })
  }

  /// How often each ion hopped, in the order of rows.
  public var hopsOfIons: [Int] {
    var counts = [Int](repeating: 0, count: rows.count)
    for event in events { counts[event.ion - rows.lowerBound] += 1 }
    return counts
  }

  /// What is worth a warning.
  var warnings: [String] {
    var warnings: [String] = []
    if hops == 0 {
      warnings.append("no hop of \(label) in \(brief((exposure * 1000).rounded() / 1000)) ion ps")
      return warnings
    }
    if hops < 30 { warnings.append("only \(hops) hop\(hops == 1 ? "" : "s") of \(label): lengths, angles and errors say little") }
    let busy = total.rateAfterHop * Double(minimumResidence) * interval
    if busy > 0.3 {
      warnings.append(
        "\(label) hops again as fast as can be told (\((busy * 100).rounded() / 100) hops in the least residence): faster hops are missed; "
          + (isResidenceGiven ? "give a shorter minimum-residence" : "take a shorter window if frames allow")
          + ", or this is flow and no hopping")
    }
    let rates = [halfWindowRate.map { "\(short($0))/ps at half the window" }, doubleWindowRate.map { "\(short($0))/ps at twice it" }]
      .compactMap(\.self).joined(separator: ", ")
    if !Self.hasGap(total) {
      warnings.append(
        "\(label): \(brief((shortShare * 100).rounded())) % of the hops are shorter than \(Self.gap) times the least length: lengths have no gap at "
          + "the threshold, rate and length are set by window and threshold (\(short(total.rate))/ps" + (rates.isEmpty ? "" : ", ") + rates
          + ")")
    } else if let windowError, windowError > 0.25 * total.rate {
      warnings.append("\(label): the rate depends on the window: \(short(total.rate))/ps, \(rates)")
    }
    // A walk that remembers its last step may well go on.
    let (found, expected) = (estimate(\.correlationFactor), estimate(\.firstOrderCorrelation))
    let limit = max(1, expected.value)
    if let error = found.error, let other = expected.error {
      let excess = found.value - limit
      if excess > 0.1, excess > 3 * (error * error + (expected.value > 1 ? other * other : 0)).squareRoot() {
        warnings.append(
          "\(label): ions diffuse \(short(found.value)) times as fast as their hops tell: hops are missed, D and conductivity of the hops are "
            + "too small")
      }
    }
    return warnings
  }

  private func short(_ value: Double) -> String { brief((value * 1000).rounded() / 1000) }

  private static func hasGap(_ sums: HopSums) -> Bool { sums.shortHops <= mostShort * sums.hops }

  /// Half of the range of a quantity over the windows.
  ///
  /// Where lengths have a gap, a window that closes it says nothing against the one that does not.
  private func windowSpread(_ function: (HopSums) -> Double) -> Double {
    let others = [halfWindowSums, doubleWindowSums].compactMap(\.self).filter { !Self.hasGap(total) || Self.hasGap($0) }
    let values = ([total] + others).map(function).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return 0 }
    return (high - low) / 2
  }

  private func withWindow(_ estimate: HopEstimate, _ function: (HopSums) -> Double) -> HopEstimate {
    let spread = windowSpread(function)
    return HopEstimate(estimate.value, error: estimate.error.map { ($0 * $0 + spread * spread).squareRoot() })
  }

  private func estimate(_ function: (HopSums) -> Double) -> HopEstimate { HopEstimate.jackknife(blocks, function) }
}
