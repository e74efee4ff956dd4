import Structures

/// Mean-squared displacements over all time origins.
///
///     msd(m) = 1 / (N (T - m)) sum_i sum_k |r_i(k + m) - r_i(k)|²,   0 <= m < T
///
/// for N atoms and T frames, in O(T log T) by the autocorrelation theorem, for each species and each direction.
///
/// - Source: Calandrini, Pellegrini, Calligari, Hinsen, Kneller, Collection SFN 12, 201 (2011), doi:10.1051/sfn/201112010.
public struct MeanSquaredDisplacement: AnalysisParameters {
  /// How the mean of a drifting group weighs its atoms.
  public enum DriftWeights: String, CaseIterable, Sendable {
    /// By mass: the group's centre of mass stands still.
    case mass
    /// Each atom alike: the group's mean displacement vanishes.
    case number
  }

  /// Labels of the species to take, or empty for all.
  public var species: [String] = []
  /// How positions are continued across the edges of the cell; ``Unwrapping``.
  public var unwrapping = Unwrapping.Scheme.toroidal
  /// Labels of the species whose common drift is removed from all atoms; empty for none, `["all"]` for all atoms.
  public var driftSpecies: [String] = []
  public var driftWeights = DriftWeights.mass
  /// The lags of the summary in frames, or empty for a selection; tables hold all lags.
  public var lags: [Int] = []
  /// The time between frames of the trajectory in ps, where the file does not tell it.
  public var frameInterval: Double?

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    species = settings.list("species") ?? []
    if let name = try settings.choice("unwrap"), let scheme = Unwrapping.Scheme(rawValue: name) { unwrapping = scheme }
    driftSpecies = settings.list("remove-drift").map { $0 == ["none"] ? [] : $0 } ?? []
    if let name = try settings.choice("drift-weights"), let weights = DriftWeights(rawValue: name) { driftWeights = weights }
    lags = try settings.integers("lags") ?? []
    frameInterval = try settings.quantity("dt")
  }

  public static let descriptor = AnalysisDescriptor(
    name: "msd", summary: "mean-squared displacement over all time origins, per species and direction", group: .transport,
    parameters: [
      AnalysisParameter("species", summary: "species to take", kind: .species, default: "all"),
      AnalysisParameter(
        "unwrap",
        summary:
          "toroidal (sum of steps, right under NPT), images (image flags times momentary cell) or heuristic (nearest image, fixed cell)",
        kind: .choice(Unwrapping.Scheme.allCases.map(\.rawValue)), default: Unwrapping.Scheme.toroidal.rawValue),
      AnalysisParameter(
        "remove-drift", summary: "species whose common drift is removed from all atoms, all, or none", kind: .species, default: "none"),
      AnalysisParameter(
        "drift-weights", summary: "mass (the group's centre of mass stands still) or number (its mean displacement vanishes)",
        kind: .choice(DriftWeights.allCases.map(\.rawValue)), default: DriftWeights.mass.rawValue),
      AnalysisParameter("lags", summary: "lags of the summary, in frames used", kind: .integers, default: "a selection", bounds: 0...1e9),
      AnalysisParameter(
        "dt", summary: "time between frames of the file, where the file does not tell it", kind: .quantity(.time), default: "from the file",
        bounds: 1e-9...1e9),
    ],
    convention:
      "mean over atoms and all time origins of |r(t0 + t) - r(t0)|², unwrapped as named, drift removed only where asked; in a region: "
      + "the atoms that are in it in the first frame; "
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
