import Structures

/// Volumes, faces and indices of Voronoi or power cells.
///
/// The coordination of an atom is the number of its faces whose area is at least a share of the surface of its cell. The index
/// <n3 n4 n5 n6> counts these faces by their number of edges.
///
/// See ``VoronoiTessellation`` for the cells.
public struct VoronoiAnalysis: AnalysisParameters {
  /// Radii of power cells, or `nil` for plain Voronoi cells.
  public var radii: AtomRadii?
  /// Labels of the species that share the space among them, the others left out; empty for all.
  public var species: [String] = []
  /// The least area of a face that counts, as a share of the cell's surface.
  public var faceThreshold = 0.0
  /// The least length of an edge that counts, in Å.
  public var edgeThreshold = 0.0
  /// Of the distribution of volumes, in Å³.
  public var binWidth = 0.25

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    if let text = settings.text("radii"), text != "none" {
      do {
        radii = try AtomRadii(text)
      } catch let error as any ExplainedError {
        throw settings.invalid("radii", error.message)
      }
    }
    species = settings.list("species") ?? []
    faceThreshold = try settings.number("face-threshold") ?? faceThreshold
    edgeThreshold = try settings.quantity("edge-threshold") ?? edgeThreshold
    binWidth = try settings.quantity("bin-width") ?? binWidth
  }

  public static let descriptor = AnalysisDescriptor(
    name: "voronoi", summary: "volumes, faces and indices of Voronoi cells, plain or with radii", group: .structure,
    parameters: [
      AnalysisParameter(
        "radii", summary: "none for plain cells; covalent, ionic, van-der-waals, or radii such as O=1.35,Si=0.26 (in A) for power cells",
        kind: .text, default: "none"),
      AnalysisParameter("species", summary: "species that share the space; the others are left out", kind: .species, default: "all"),
      AnalysisParameter(
        "face-threshold", summary: "least area of a face that counts, as a share of the surface of its cell", kind: .number, default: "0",
        bounds: 0...0.5),
      AnalysisParameter(
        "edge-threshold", summary: "least length of an edge that counts in the index", kind: .quantity(.length), default: "0 A",
        bounds: 0...10),
      AnalysisParameter(
        "bin-width", summary: "bins of the distribution of volumes", kind: .quantity(.volume), default: "0.25 A3", bounds: 1e-3...1e3),
    ],
    convention: "a cell is what is nearer to its atom than to any other, over all periodic images; with radii R, what has the least "
      + "|x - r|^2 - R^2 (power or radical cells); coordination: number of faces whose area is at least face-threshold of the cell's surface; "
      + "index <n3 n4 n5 n6>: such faces with 3, 4, 5, 6 edges longer than edge-threshold; means are over atoms, then over frames; errors: "
      + "standard error over blocks of frames",
    references: [
      "Voronoi, J. Reine Angew. Math. 134, 198 (1908), doi:10.1515/crll.1908.134.198",
      "Gellatly and Finney, J. Non-Cryst. Solids 50, 313 (1982), doi:10.1016/0022-3093(82)90093-X",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> VoronoiAccumulator {
    VoronoiAccumulator(self, context: context)
  }
}
