import Structures

/// Distributions of coordination numbers, pair by pair.
///
/// The coordination number of an atom is the number of atoms of the other species closer than the cutoff, over all periodic
/// images. Automatic cutoffs are the first minima of g(r), found in a first pass over the frames.
public struct CoordinationNumbers: AnalysisParameters {
  /// Which pairs, centre first; empty for those of ``cutoffs``, or else every other species around which an anion
  /// stands, or else all.
  public var pairs: [SpeciesPair] = []
  public var cutoffs: PairCutoffs = .automatic
  /// Labels of the centres to take, or empty for all.
  public var species: [String] = []

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    pairs = try settings.pairs("pairs") ?? []
    do {
      cutoffs = try PairCutoffs(settings.text("cutoff") ?? "auto")
    } catch let error as any ExplainedError {
      throw settings.invalid("cutoff", error.message)
    }
    species = settings.list("species") ?? []
  }

  public static let descriptor = AnalysisDescriptor(
    name: "coordination", summary: "distributions of coordination numbers, such as the shares of [3]B and [4]B", group: .structure,
    parameters: [
      AnalysisParameter(
        "pairs", summary: "pairs, centre first; by default anions (N, O, S, Se, Te, halogens) around all other species", kind: .pairs,
        default: "anions around the others"),
      AnalysisParameter(
        "cutoff", summary: "auto (first minimum of g(r)), a length in A, or one a pair such as P-S=2.6,Li-S=3.1", kind: .cutoffs,
        default: "auto"),
      AnalysisParameter("species", summary: "species of the centres", kind: .species, default: "all"),
    ],
    convention: "the coordination number of A-B is the number of B closer to an A than the cutoff; shares are of the A atoms, averaged "
      + "over frames; [n]A names an A with n neighbours; automatic cutoffs are first minima of g(r), see rdf; "
      + "in a region: centres in the region, neighbours everywhere; errors: standard error over blocks of frames")

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> CoordinationAccumulator {
    CoordinationAccumulator(self, context: context)
  }

  /// The elements that stand around others in glasses and electrolytes.
  static let anions: Set<String> = ["N", "O", "F", "S", "Cl", "Se", "Br", "Te", "I"]

  /// The pairs of labels to count in a configuration.
  func resolvedPairs(in configuration: Configuration) throws -> [SpeciesPair] {
    let all = try SpeciesSelection([], in: configuration, analysis: "coordination").labels
    let centers = try SpeciesSelection(species, in: configuration, analysis: "coordination").labels
    var wanted = try SpeciesPair.labelled(pairs, in: configuration, analysis: "coordination")
    if wanted.isEmpty, case .perPair(let given, _) = cutoffs { wanted = given }
    if !wanted.isEmpty { return wanted.filter { centers.contains($0.center) } }
    let anions = all.filter { label in
      configuration.speciesIndex(label).map { Self.anions.contains(configuration.species[$0].element.symbol) } ?? false
    }
    let others = all.filter { !anions.contains($0) }
    let isIonic = !anions.isEmpty && !others.isEmpty
    let chosen = centers.filter { !isIonic || others.contains($0) || !species.isEmpty }
    return chosen.flatMap { center in (isIonic ? anions : all).map { SpeciesPair(center, $0) } }
  }
}
