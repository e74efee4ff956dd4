import Structures

extension HopStatistics {
  typealias Entry = (key: String, value: SummaryValue)

  /// A number and its error, keyed by name and unit.
  static func entries(_ key: String, _ unit: String, _ estimate: HopEstimate, scale: Double = 1) -> [Entry] {
    let suffix = unit.isEmpty ? "" : "_" + unit
    return [
      (key + suffix, estimate.value.isFinite ? .number(estimate.value * scale) : .null),
      (key + "_error" + suffix, estimate.error.map { .number($0 * scale) } ?? .null),
    ]
  }

  /// A column of numbers and one of their errors; not a number where there is none.
  static func columns(_ name: String, _ unit: String, _ estimates: [HopEstimate], scale: Double = 1) -> [DataTable.Column] {
    [
      DataTable.Column(name, unit: unit, estimates.map { $0.value * scale }),
      DataTable.Column(name + "_error", unit: unit, estimates.map { ($0.error ?? .nan) * scale }),
    ]
  }

  /// The numbers worth reading.
  ///
  /// - Parameter model: What the steps are called: hops or jumps.
  func summary(model: String) -> [Entry] {
    // Å²/ps in cm²/s.
    let unit = 1e-4
    var values: [Entry] = [
      ("atoms", .integer(ions)), (model, .integer(hops)), ("threshold_A2", .number(threshold)),
      ("cage_variance_A2", cageVariance.map { .number($0) } ?? .null), ("exposure_ion_ps", .number(exposure)),
    ]
    func add(_ key: String, _ unitName: String, _ estimate: HopEstimate, scale: Double = 1) {
      values += Self.entries(key, unitName, estimate, scale: scale)
    }
    add("rate", "per_ps", rate)
    values += [
      ("rate_counting_error_per_ps", hops == 0 ? .null : .number(countingError)),
      ("rate_ion_error_per_ps", ionError.map { .number($0) } ?? .null),
      ("rate_time_error_per_ps", hops == 0 ? .null : timeError.map { .number($0) } ?? .null),
      ("rate_upper_limit95_per_ps", rateLimit.map { .number($0) } ?? .null),
    ]
    add("length", "A", meanLength)
    add("length_rms", "A", rootMeanSquaredLength)
    add("mean_cosine", "", meanCosine)
    add("return_share", "", returnShare)
    add("correlation_factor_first_order", "", firstOrderCorrelation)
    add("correlation_factor_chains", "", chainCorrelation)
    add("D_\(model)", "cm2_per_s", hopDiffusivity, scale: unit)
    add("D_msd", "cm2_per_s", tracerDiffusivity, scale: unit)
    add("correlation_factor", "", correlationFactor)
    values.append(("\(model)_variance_over_mean", varianceRatio.isFinite ? .number(varianceRatio) : .null))
    values.append(("waiting_median_ps", survival.median.map { .number(Double($0) * interval) } ?? .null))
    add("rate_after_hop", "per_ps", rateAfterHop)
    values += [
      ("waits_ended", .integer(survival.ended)), ("waits_censored", .integer(survival.censored)),
      ("cooperative_share", .number(cooperation.share)), ("cooperative_share_error", .number(cooperation.error)),
      ("cooperative_share_by_chance", .number(cooperation.expected)), ("replacement_share", .number(cooperation.replacementShare)),
    ]
    return values
  }

  /// The diffusion coefficient of the way from site to site, for which sites need no mean-squared displacement.
  var siteSummary: [Entry] { Self.entries("D_tracer_jumps", "cm2_per_s", wayDiffusivity, scale: 1e-4) }
}
