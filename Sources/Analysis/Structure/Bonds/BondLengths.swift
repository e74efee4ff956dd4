import Structures

/// Distributions of bond lengths, pair by pair.
///
///     p(r) = n(r) / (N dr),    mean = < r >,    width² = < (r - mean)² >,    skewness = < (r - mean)³ > / width³
///
/// A bond is a pair of atoms closer than the cutoff, over all periodic images; every bond counts once, and averages run over the
/// bonds of all frames.
public struct BondLengths: AnalysisParameters {
  /// Which pairs; empty for those with cutoffs given, or else anions around all others and P-P and the like.
  public var pairs: [SpeciesPair] = []
  public var cutoffs: PairCutoffs = .automatic
  /// The width of a bin of the histogram, in Å.
  public var binWidth = 0.01

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    pairs = try settings.pairs("pairs") ?? []
    cutoffs = try settings.cutoffs()
    binWidth = try settings.quantity("bin-width") ?? binWidth
  }

  public static let descriptor = AnalysisDescriptor(
    name: "bond-lengths", summary: "distributions of bond lengths: mean, width and skewness of each pair", group: .structure,
    parameters: [
      AnalysisParameter(
        "pairs", summary: "pairs; by default anions around all other species, and like atoms such as P-P", kind: .pairs,
        default: "anions around the others"),
      AutomaticCutoffs.parameter,
      AnalysisParameter(
        "bin-width", summary: "width of a bin of the histogram", kind: .quantity(.length), default: "0.01 A", bounds: 1e-4...1),
    ],
    convention: "a bond is a pair closer than the cutoff; p(r) = share of the bonds per length (no division by r²); width is the standard "
      + "deviation and skewness the third central moment over its cube; averages over the bonds of all frames; errors: "
      + "standard error over blocks of frames")

  public func makeAccumulator(in context: AnalysisContext) -> BondLengthAccumulator {
    BondLengthAccumulator(self, context: context)
  }
}
