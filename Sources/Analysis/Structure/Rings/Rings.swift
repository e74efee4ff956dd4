import NumericalMethods
import Structures

/// Ring statistics of the network of bonds.
///
/// Rings are closed paths of bonds that come back to the same image of the cell: what only wraps around a small cell is no
/// ring, and a cell repeated N times has N times the rings. Each ring counts once, however many of its nodes it can be found from.
///
/// Sources: Le Roux and Jund, Comput. Mater. Sci. 49, 70 (2010), doi:10.1016/j.commatsci.2010.04.023; those of ``RingDefinition``.
public struct Rings: AnalysisParameters {
  public var definition = RingDefinition.shortestPath
  /// The most atoms of a ring, 3 to 64. All atoms count here, whatever ``countNodes`` says.
  public var largestSize = 16
  public var cutoffs: PairCutoffs = .automatic
  /// Labels of the species that belong to the network, or empty for all.
  public var species: [String] = []
  /// Labels of the species that make the size of a ring and that the statistics of nodes are about; empty for all.
  public var countNodes: [String] = []
  /// How many rings of the last frame to list.
  public var memberRows = 1000

  /// Keys and paths are sized for this.
  static let sizes = 3...64

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    if let name = try settings.choice("definition"), let definition = RingDefinition(rawValue: name) { self.definition = definition }
    largestSize = try settings.integer("max-size") ?? largestSize
    cutoffs = try settings.cutoffs()
    species = settings.list("species") ?? []
    countNodes = settings.list("count-nodes").map { $0 == ["all"] ? [] : $0 } ?? []
    memberRows = try settings.integer("members") ?? memberRows
  }

  public static let descriptor = AnalysisDescriptor(
    name: "rings", summary: "ring statistics of the network by King, Guttman, primitive or shortest-path rings", group: .structure,
    parameters: [
      AnalysisParameter(
        "definition", summary: "what counts as a ring", kind: .choice(RingDefinition.allCases.map(\.rawValue)),
        default: RingDefinition.shortestPath.rawValue),
      AnalysisParameter(
        "max-size", summary: "the most atoms of a ring, all species counted", kind: .integer, default: "16",
        bounds: Double(sizes.lowerBound)...Double(sizes.upperBound)),
      AutomaticCutoffs.parameter,
      AnalysisParameter(
        "species", summary: "species of the network", kind: .species, default: "network formers and anions; all where there are not both"),
      AnalysisParameter(
        "count-nodes", summary: "species that make the size of a ring; Si in silica gives the usual n-membered rings", kind: .species,
        default: "all"),
      AnalysisParameter("members", summary: "how many rings of the last frame to list", kind: .integer, default: "1000", bounds: 0...1e9),
    ],
    convention: "rings per cell, each ring once; king: the shortest ways between two neighbours of a node past that node; guttman: the "
      + "shortest ways back to a node from a neighbour past their bond; shortest-path and primitive: rings without shortcuts, which are "
      + "those that cannot be split into two smaller ones; closed in space, not around the cell; size: atoms of the species in "
      + "count-nodes; R_C: rings per node; P_N: share of nodes that belong to a ring of this size; P_max and P_min: share of those for which "
      + "it is the largest or the smallest; errors: standard error over blocks of frames",
    references: [
      "King, Nature 213, 1112 (1967), doi:10.1038/2131112a0",
      "Guttman, J. Non-Cryst. Solids 116, 145 (1990), doi:10.1016/0022-3093(90)90686-G",
      "Franzblau, Phys. Rev. B 44, 4925 (1991), doi:10.1103/PhysRevB.44.4925",
      "Yuan and Cormack, Comput. Mater. Sci. 24, 343 (2002), doi:10.1016/S0927-0256(01)00256-7",
      "Le Roux and Jund, Comput. Mater. Sci. 49, 70 (2010), doi:10.1016/j.commatsci.2010.04.023",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> RingAccumulator {
    RingAccumulator(self, context: context)
  }

  /// The pairs of species that may be bonded, and those that rarely are, such as P-P in sulfides.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies`.
  func bondedPairs(in configuration: Configuration) throws -> (usual: [SpeciesPair], rare: [SpeciesPair]) {
    var labels = try SpeciesSelection(species, in: configuration, analysis: "rings").labels
    if species.isEmpty {
      let symbols = Dictionary(configuration.species.map { ($0.label, $0.element.symbol) }) { first, _ in first }
      func areThere(_ elements: Set<String>) -> [String] { labels.filter { elements.contains(symbols[$0] ?? "") } }
      let formers = areThere(NetworkRoles.formerElements)
      // Modifiers bridge nothing.
      if !formers.isEmpty, !areThere(NetworkRoles.anionElements).isEmpty {
        let roles = try NetworkRoles(formers: [], anions: [], in: configuration, analysis: "rings")
        return (roles.networkPairs, roles.homopolarPairs.filter { formers.contains($0.center) && formers.contains($0.neighbor) })
      }
      if !formers.isEmpty { labels = formers }
    }
    return (Self.among(labels), [])
  }

  private static func among(_ labels: [String]) -> [SpeciesPair] {
    labels.indices.flatMap { a in (a..<labels.count).map { SpeciesPair(labels[a], labels[$0]) } }
  }
}

/// Finds the rings of one configuration.
///
/// - Parameters:
///   - bonds: The network; cells smaller than a ring are right.
///   - largestSize: In atoms, 3 to 64.
/// - Returns: The atoms of each ring in their order around it, beginning with the lowest; sorted by size, then by atoms. An atom
///   stands twice in a ring that passes two of its images.
/// - Throws: ``AnalysisError`` with code `.invalidSetting`, `.tooManyNeighbors` or `.tooMuchMemory`.
public func findRings(
  of configuration: Configuration, bonds: BondGraph, definition: RingDefinition = .shortestPath, largestSize: Int = 16,
  pool: WorkerPool = WorkerPool(threads: 1)
) throws -> [[Int]] {
  guard Rings.sizes.contains(largestSize) else {
    throw AnalysisError(
      .invalidSetting, "rings have from \(Rings.sizes.lowerBound) up to \(Rings.sizes.upperBound) atoms; \(largestSize) is out of bounds")
  }
  let graph = try RingGraph(bonds, in: configuration, largestSize: largestSize)
  let rings = definition.find(graph, largestSize: largestSize, pool: pool)
  return graph.members(of: rings)
}

extension RingGraph {
  /// The atoms of rings: each from its lowest atom on to the lower of its neighbours, sorted by size, then by atoms.
  func members(of rings: RingList) -> [[Int]] {
    let lists = (0..<rings.count).map { ring -> [Int] in
      let members = rings[ring].map { Int(atoms[Self.node($0)]) }
      let count = members.count
      // Where the lowest atom is there in several images, the lowest reading counts.
      let lowest = members.min() ?? 0
      var best: [Int] = []
      for begin in members.indices where members[begin] == lowest {
        for direction in [1, count - 1] {
          let reading = (0..<count).map { members[(begin + direction * $0) % count] }
          if best.isEmpty || reading.lexicographicallyPrecedes(best) { best = reading }
        }
      }
      return best
    }
    return lists.sorted { $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1) }
  }
}
