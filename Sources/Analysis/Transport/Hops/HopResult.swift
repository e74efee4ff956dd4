import Structures

/// What ``HopAnalysis`` gives.
public struct HopResult: AnalysisResult {
  public let parameters: HopAnalysis
  /// One entry a species.
  public let species: [HopStatistics]
  /// The time between frames in ps.
  public let frameInterval: Double
  /// Frames in half a window.
  public let halfWindow: Int
  public let frameCount: Int
  let atoms: [Int]
  let firstFrame: Frame
  let trackWarnings: [String]

  /// The most hops that the table lists.
  static let mostRows = 500_000

  init(
    parameters: HopAnalysis, species: [HopStatistics], atoms: [Int], firstFrame: Frame, frameInterval: Double, halfWindow: Int,
    frameCount: Int, trackWarnings: [String]
  ) {
    self.parameters = parameters
    self.species = species
    self.atoms = atoms
    self.firstFrame = firstFrame
    self.frameInterval = frameInterval
    self.halfWindow = halfWindow
    self.frameCount = frameCount
    self.trackWarnings = trackWarnings
  }

  public var analysis: String { HopAnalysis.descriptor.name }
  public var convention: String { HopAnalysis.descriptor.convention }

  /// The hops of a species.
  public subscript(label: String) -> HopStatistics? { species.first { $0.label == label } }

  public var settings: [AnalysisSetting] {
    let residence = Double(species.first?.minimumResidence ?? halfWindow) * frameInterval
    let thresholds = species.map { "\($0.label): \(short($0.threshold)) A2" }.joined(separator: ", ")
    let together = parameters.cooperativeTime ?? Double(halfWindow) * frameInterval
    return parameters.tracks.described(labels: species.map(\.label), interval: frameInterval) + [
      AnalysisSetting("method", parameters.method.rawValue),
      AnalysisSetting("window", "\(short(2 * Double(halfWindow) * frameInterval)) ps (\(2 * halfWindow) frames)"),
      AnalysisSetting(
        "threshold",
        thresholds + (parameters.threshold == nil ? " (4 times the median scatter within half a window, at least 0.25 A2)" : "")),
      AnalysisSetting("minimum-residence", "\(short(residence)) ps"),
      AnalysisSetting("attempt-frequency", "\(short(parameters.attemptFrequency)) THz"),
      AnalysisSetting("temperature", parameters.temperature.map { "\(short($0)) K" } ?? "none"),
      AnalysisSetting("charge", "\(short(parameters.charge)) e"), AnalysisSetting("cooperative-time", "\(short(together)) ps"),
      AnalysisSetting("cooperative-distance", "\(short(parameters.cooperativeDistance)) A"),
      AnalysisSetting("errors", "up to 16 blocks of ions, 16 of time"),
    ]
  }

  public var warnings: [String] {
    var warnings = trackWarnings + species.flatMap(\.warnings)
    let count = species.reduce(0) { $0 + $1.hops }
    if count > Self.mostRows { warnings.append("the table lists the first \(Self.mostRows) of \(count) hops") }
    return warnings
  }

  /// The frame of the first instant with the number of hops of each atom in the column `hops`, -1 for atoms not looked at.
  public var files: [AnalysisFile] {
    var frame = firstFrame
    var counts = [Double](repeating: -1, count: frame.configuration.count)
    for part in species { for (row, count) in zip(part.rows, part.hopsOfIons) { counts[atoms[row]] = Double(count) } }
    frame.columns["hops"] = counts
    frame.selection = []
    return [AnalysisFile(name: "hops-per-atom", title: "Hops of each atom, at their places in the first frame", contents: .frames([frame]))]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    [
      ("interval_ps", .number(frameInterval)), ("window_ps", .number(2 * Double(halfWindow) * frameInterval)),
      ("method", .text(parameters.method.rawValue)), ("species", .object(species.map { ($0.label, summary(of: $0)) })),
    ]
  }

  private func summary(of part: HopStatistics) -> SummaryValue {
    // Å²/ps in cm²/s.
    let unit = 1e-4
    var values: [(key: String, value: SummaryValue)] = [
      ("atoms", .integer(part.ions)), ("hops", .integer(part.hops)), ("threshold_A2", .number(part.threshold)),
      ("cage_variance_A2", part.cageVariance.map { .number($0) } ?? .null), ("exposure_ion_ps", .number(part.exposure)),
    ]
    func add(_ key: String, _ unitName: String, _ estimate: HopEstimate, scale: Double = 1) {
      let suffix = unitName.isEmpty ? "" : "_" + unitName
      values.append((key + suffix, estimate.value.isFinite ? .number(estimate.value * scale) : .null))
      values.append((key + "_error" + suffix, estimate.error.map { .number($0 * scale) } ?? .null))
    }
    add("rate", "per_ps", part.rate)
    values += [
      ("rate_counting_error_per_ps", part.hops == 0 ? .null : .number(part.countingError)),
      ("rate_ion_error_per_ps", part.ionError.map { .number($0) } ?? .null),
      ("rate_time_error_per_ps", part.timeError.map { .number($0) } ?? .null),
      ("rate_upper_limit95_per_ps", part.rateLimit.map { .number($0) } ?? .null),
    ]
    add("length", "A", part.meanLength)
    add("length_rms", "A", part.rootMeanSquaredLength)
    add("mean_cosine", "", part.meanCosine)
    add("return_share", "", part.returnShare)
    add("correlation_factor_first_order", "", part.firstOrderCorrelation)
    add("correlation_factor_chains", "", part.chainCorrelation)
    add("D_hops_cm2_per_s", "", part.hopDiffusivity, scale: unit)
    add("D_msd_cm2_per_s", "", part.tracerDiffusivity, scale: unit)
    add("correlation_factor", "", part.correlationFactor)
    values.append(("hops_variance_over_mean", part.varianceRatio.isFinite ? .number(part.varianceRatio) : .null))
    values.append(
      ("waiting_median_ps", part.survival.median.map { .number(Double($0) * frameInterval) } ?? .null))
    add("rate_after_hop", "per_ps", part.rateAfterHop)
    values += [
      ("waits_ended", .integer(part.survival.ended)), ("waits_censored", .integer(part.survival.censored)),
      ("cooperative_share", .number(part.cooperation.share)), ("cooperative_share_error", .number(part.cooperation.error)),
      ("cooperative_share_by_chance", .number(part.cooperation.expected)),
      ("replacement_share", .number(part.cooperation.replacementShare)),
    ]
    if let temperature = parameters.temperature {
      add(
        "activation_energy", "eV", part.activationEnergy(attemptFrequency: parameters.attemptFrequency, temperature: temperature))
      add("conductivity_hops", "S_per_cm", part.conductivity(charge: parameters.charge, temperature: temperature))
    }
    return .object(values)
  }

  private func short(_ value: Double) -> String { brief((value * 1e6).rounded() / 1e6) }
}
