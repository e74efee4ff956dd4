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
      AnalysisSetting("errors", "up to 16 blocks of ions, 16 of time; half and twice the window"),
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
    func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    var values = part.summary(model: "hops")
    values += [
      ("rate_window_error_per_ps", number(part.hops == 0 ? nil : part.windowError)),
      ("rate_half_window_per_ps", number(part.halfWindowRate)), ("rate_double_window_per_ps", number(part.doubleWindowRate)),
      ("share_at_threshold", number(part.hops == 0 ? nil : part.shortShare)),
    ]
    if let temperature = parameters.temperature {
      values += HopStatistics.entries(
        "activation_energy", "eV", part.activationEnergy(attemptFrequency: parameters.attemptFrequency, temperature: temperature))
      values += HopStatistics.entries(
        "conductivity_hops", "S_per_cm", part.conductivity(charge: parameters.charge, temperature: temperature))
    }
    return .object(values)
  }

  private func short(_ value: Double) -> String { brief((value * 1e6).rounded() / 1e6) }
}
