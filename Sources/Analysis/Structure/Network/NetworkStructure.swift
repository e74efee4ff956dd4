import Structures

/// The network of a glass: Q^n, bridging anions, linkages, shared corners, edges and faces, connectivity.
///
///     linkages expected of random mixing:  share(X-A-X) = f_X²,  share(X-A-Y) = 2 f_X f_Y
///
/// f_X is the share of the ends of all linkages that are X, so that species with more bridging bonds count for more. Expected and
/// found shares agree where bridging bonds choose their partners at random.
public struct NetworkStructure: AnalysisParameters {
  /// Labels of the formers, or empty for the elements that form networks.
  public var formers: [String] = []
  /// Labels of the anions, or empty for the elements that are anions.
  public var anions: [String] = []
  public var cutoffs: PairCutoffs = .automatic

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    formers = settings.list("formers") ?? []
    anions = settings.list("anions") ?? []
    cutoffs = try settings.cutoffs()
  }

  public static let descriptor = AnalysisDescriptor(
    name: "network", summary: "Qn of formers, bridging anions, linkages, shared corners and edges, connectivity", group: .structure,
    parameters: NetworkRoles.parameters + [AutomaticCutoffs.parameter],
    convention:
      "an anion bonded to no, one, two, or more formers is free, non-bridging, bridging, or a tricluster; Qn of a former: n of its "
      + "anions are bonded to a further former; a linkage X-A-Y is a pair of formers at one anion; random mixing expects "
      + "f_X² and 2 f_X f_Y of the linkages, f_X the share of their ends at X; two polyhedra share a corner, an edge, or a face: one, two, or "
      + "three and more anions in common; a fragment is what bonds between formers and anions (and P-P) join, its dimension "
      + "the number of directions in which it meets its own images; errors: standard error over blocks of frames")

  public func makeAccumulator(in context: AnalysisContext) -> NetworkAccumulator {
    NetworkAccumulator(self, context: context)
  }
}
