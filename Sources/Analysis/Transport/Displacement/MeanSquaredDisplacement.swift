import Structures

/// Mean-squared displacements over all time origins.
///
///     msd(m) = 1 / (N (T - m)) sum_i sum_k |r_i(k + m) - r_i(k)|²,   0 <= m < T
///
/// for N atoms and T frames, in O(T log T) by the autocorrelation theorem, for each species and each direction.
///
/// - Source: Calandrini, Pellegrini, Calligari, Hinsen, Kneller, Collection SFN 12, 201 (2011), doi:10.1051/sfn/201112010.
public struct MeanSquaredDisplacement: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  /// The lags of the summary in frames, or empty for a selection; tables hold all lags.
  public var lags: [Int] = []

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    lags = try settings.integers("lags") ?? []
  }

  public static let descriptor = AnalysisDescriptor(
    name: "msd", summary: "mean-squared displacement over all time origins, per species and direction", group: .transport,
    parameters: TrackSettings.parameters() + [
      AnalysisParameter("lags", summary: "lags of the summary, in frames used", kind: .integers, default: "a selection", bounds: 0...1e9)
    ],
    convention:
      "mean over atoms and all time origins of |r(t0 + t) - r(t0)|², unwrapped as named, drift removed only where asked; in a region: "
      + "the atoms that are in it in the first frame; "
      + "collective: the squared sum of the displacements of a species over its number of atoms; beta: slope of ln msd against ln t from "
      + "t/√2 to √2 t, ballistic above 1.5, caged below 0.8, diffusive from where it stays 1 within 0.1 or two errors; "
      + "errors: standard error over blocks of atoms, which does not see what all atoms do together",
    references: [
      "Calandrini et al., Collection SFN 12, 201 (2011), doi:10.1051/sfn/201112010",
      "Bullerjahn et al., J. Chem. Theory Comput. 19, 3406 (2023), doi:10.1021/acs.jctc.3c00308",
    ])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> DisplacementAccumulator {
    DisplacementAccumulator(self, context: context)
  }
}
