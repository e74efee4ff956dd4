import Structures

/// How far displacements are from a normal distribution, over all time origins.
///
///     alpha2(t) = 3 <r^4(t)> / (5 <r^2(t)>²) - 1
///
/// and along one axis `<x^4> / (3 <x²>²) - 1`; both vanish for Gaussian motion. Direct sums: differences of Fourier sums, as for the
/// mean-squared displacement, would lose all digits of the fourth power where atoms rattle far from where they began.
///
/// - Source: Rahman, Phys. Rev. 136, A405 (1964), doi:10.1103/PhysRev.136.A405.
public struct NonGaussianParameter: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  /// The lags of the summary in frames, or empty for all of the table; the table has them beside those on a logarithmic scale.
  public var lags: [Int] = []

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    lags = try settings.integers("lags") ?? []
  }

  public static let descriptor = AnalysisDescriptor(
    name: "ngp", summary: "non-Gaussian parameter alpha2(t) with peak time and height, per species and direction", group: .transport,
    parameters: TrackSettings.parameters() + [
      AnalysisParameter(
        "lags", summary: "lags of the summary, in frames used; the table has more", kind: .integers, default: "logarithmic, 10 a decade",
        bounds: 1...1e9)
    ],
    convention:
      "alpha2 = 3<r^4>/(5<r²>²) - 1, along x, y, z <x^4>/(3<x²>²) - 1, means over atoms and all time origins, 0 for Gaussian motion; "
      + "several species together, or motion that is not isotropic, differ from 0 even where each atom's is Gaussian; peak: the highest "
      + "point up to half the run, by a parabola in log t; errors: jackknife over blocks of atoms",
    references: ["Rahman, Phys. Rev. 136, A405 (1964), doi:10.1103/PhysRev.136.A405"])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> NonGaussianAccumulator {
    NonGaussianAccumulator(self, context: context)
  }
}
