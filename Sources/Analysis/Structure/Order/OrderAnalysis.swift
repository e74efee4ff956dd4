import Structures

/// Local order: bond-order parameters, common neighbours, and which atoms are crystal.
///
/// An atom is crystalline where at least ``connections`` of its neighbours have surroundings that are oriented like its own (``BondOrder``,
/// degree 6, s_ij above ``bondThreshold``). In a compound, take one sublattice with ``species``, such as S: only those atoms are looked at.
public struct OrderAnalysis: AnalysisParameters {
  /// What makes an atom a neighbour.
  public enum Neighbors: String, CaseIterable, Sendable {
    case nearest, cutoff, voronoi
  }

  /// The degrees of the bond-order parameters.
  public var degrees = [4, 6]
  public var neighbors = Neighbors.nearest
  /// How many neighbours count where they are the nearest.
  public var number = 12
  /// In Å, where neighbours are those within a cutoff.
  public var cutoff: Double?
  /// Whether neighbours of Voronoi cells are weighted by the area of the face.
  public var areaWeights = true
  /// Labels of the species of the sublattice; empty for all atoms.
  public var species: [String] = []
  /// The least s_ij of a bond between crystalline surroundings.
  public var bondThreshold = 0.7
  /// The least number of such bonds of a crystalline atom.
  public var connections = 7
  /// Of the distributions.
  public var binWidth = 0.01

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    degrees = try settings.integers("l") ?? degrees
    if let word = try settings.choice("neighbors") { neighbors = Neighbors(rawValue: word) ?? neighbors }
    number = try settings.integer("number") ?? number
    if let text = settings.text("cutoff") {
      guard case .single(let length)? = try? PairCutoffs(text) else {
        throw settings.invalid("cutoff", "\"\(text)\" is no length; write one in Å for all pairs, such as 3.4")
      }
      cutoff = length
      if settings.text("neighbors") == nil { neighbors = .cutoff }
    }
    if neighbors == .cutoff && cutoff == nil {
      throw settings.invalid("neighbors", "neighbours within a cutoff need one: add cutoff, such as 3.4 (first minimum of g(r), see rdf)")
    }
    areaWeights = try settings.flag("area-weights") ?? areaWeights
    species = settings.list("species") ?? []
    bondThreshold = try settings.number("bond-threshold") ?? bondThreshold
    connections = try settings.integer("connections") ?? connections
    binWidth = try settings.number("bin-width") ?? binWidth
  }

  /// The neighbours as settings say.
  var choice: NeighborTable.Choice {
    switch neighbors {
    case .nearest: .nearest(number)
    case .cutoff: .cutoff(cutoff ?? 0)
    case .voronoi: .voronoi(weighted: areaWeights)
    }
  }

  /// The degree by which crystalline surroundings are told.
  static let bondDegree = 6

  public static let descriptor = AnalysisDescriptor(
    name: "order", summary: "bond-order parameters q_l and w_l, common neighbours, and which atoms are crystal", group: .structure,
    parameters: [
      AnalysisParameter("l", summary: "degrees of the bond-order parameters", kind: .integers, default: "4,6", bounds: 1...12),
      AnalysisParameter(
        "neighbors", summary: "nearest (as many as number), cutoff, or voronoi (faces in common)",
        kind: .choice(Neighbors.allCases.map(\.rawValue)), default: "nearest"),
      AnalysisParameter("number", summary: "how many nearest neighbours count", kind: .integer, default: "12", bounds: 1...100),
      AnalysisParameter("cutoff", summary: "a length in A; neighbours are then those closer", kind: .cutoffs, default: "none"),
      AnalysisParameter(
        "area-weights", summary: "whether neighbours of Voronoi cells count by the area of the face", kind: .flag, default: "true"),
      AnalysisParameter("species", summary: "species of the sublattice; other atoms are not looked at", kind: .species, default: "all"),
      AnalysisParameter(
        "bond-threshold", summary: "least correlation s_ij of a bond between alike surroundings", kind: .number, default: "0.7",
        bounds: -1...1),
      AnalysisParameter(
        "connections", summary: "least number of such bonds of a crystalline atom", kind: .integer, default: "7", bounds: 0...100),
      AnalysisParameter("bin-width", summary: "bins of the distributions", kind: .number, default: "0.01", bounds: 1e-4...0.5),
    ],
    convention:
      "q_l and w_l: Steinhardt et al., w_l divided by (sum_m |q_lm|^2)^(3/2); averaged ones: Lechner and Dellago, mean of q_lm over an "
      + "atom and its neighbours; fcc, hcp, bcc, ico, other: adaptive common-neighbour analysis of the 12 or 14 nearest; crystalline: at least "
      + "connections neighbours with s_ij = q_6(i).q_6(j) / (|q_6(i)| |q_6(j)|) above bond-threshold; cluster: crystalline atoms joined by "
      + "such bonds; all within the sublattice of species; shares are of atoms, averaged over frames; errors: standard error over blocks of frames",
    references: [
      "Steinhardt, Nelson and Ronchetti, Phys. Rev. B 28, 784 (1983), doi:10.1103/PhysRevB.28.784",
      "Lechner and Dellago, J. Chem. Phys. 129, 114707 (2008), doi:10.1063/1.2977970",
      "ten Wolde, Ruiz-Montero and Frenkel, J. Chem. Phys. 104, 9932 (1996), doi:10.1063/1.471721",
      "Stukowski, Modelling Simul. Mater. Sci. Eng. 20, 045021 (2012), doi:10.1088/0965-0393/20/4/045021",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> OrderAccumulator {
    OrderAccumulator(self, context: context)
  }
}
