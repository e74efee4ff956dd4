import Structures

/// Which atoms move far within some time, how many, and whether they do so together.
///
///     mobile:  |r_i(t0 + t) - r_i(t0)| >= d
///     chi4(t) = N (< Q² > - < Q >²),   Q(t0, t) = 1/N sum_i [ |r_i(t0 + t) - r_i(t0)| < a ]
///
/// chi4 counts how many atoms relax together; means over time origins.
///
/// - Source: Lacevic, Starr, Schroder, Glotzer, J. Chem. Phys. 119, 7372 (2003), doi:10.1063/1.1605094.
public struct MobilityAnalysis: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  /// How far a mobile atom has moved, in Å.
  public var distance = 4.0
  /// Within which time, in ps; rounded to whole frames.
  public var interval = 10.0
  /// How close mobile atoms count as neighbours, in Å.
  public var cutoff = 4.0
  /// The distance of the overlap Q in Å.
  public var overlap = 1.0
  /// The most instants for labelled frames and clusters.
  public var origins = 16

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    distance = try settings.quantity("distance") ?? distance
    interval = try settings.quantity("interval") ?? interval
    cutoff = try settings.quantity("cutoff") ?? cutoff
    overlap = try settings.quantity("overlap") ?? overlap
    origins = try settings.integer("origins") ?? origins
  }

  public static let descriptor = AnalysisDescriptor(
    name: "mobility", summary: "who moves more than 4 Å in 10 ps: share of mobile atoms, their clusters, labelled frames, chi4(t)",
    group: .transport,
    parameters: TrackSettings.parameters() + [
      AnalysisParameter(
        "distance", summary: "how far a mobile atom has moved", kind: .quantity(.length), default: "4 A", bounds: 1e-3...1000),
      AnalysisParameter(
        "interval", summary: "within which time, rounded to frames", kind: .quantity(.time), default: "10 ps", bounds: 1e-6...1e9),
      AnalysisParameter(
        "cutoff", summary: "distance within which mobile atoms are neighbours", kind: .quantity(.length), default: "4 A", bounds: 0.1...50),
      AnalysisParameter(
        "overlap", summary: "distance within which an atom has stayed, for chi4", kind: .quantity(.length), default: "1 A",
        bounds: 1e-3...100),
      AnalysisParameter(
        "origins", summary: "most instants for labelled frames and clusters", kind: .integer, default: "16", bounds: 2...200),
    ],
    convention:
      "mobile: moved by at least distance between the two ends of the interval, unwrapped; share: mean over atoms and all time origins; "
      + "Gaussian share: that of a normal distribution with the same mean square; clustering: pairs of mobile atoms of a species within the "
      + "cutoff at the beginning of the interval, over those of as many atoms drawn at random among the species; errors: share and chi4 over "
      + "blocks of time, clustering over instants",
    references: ["Lacevic et al., J. Chem. Phys. 119, 7372 (2003), doi:10.1063/1.1605094"])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> MobilityAccumulator {
    MobilityAccumulator(self, context: context)
  }
}
