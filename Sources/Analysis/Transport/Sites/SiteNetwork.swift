import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The sites of a crystal, in the cell of a trajectory.
public struct SiteNetwork: Sendable {
  /// Where the sites are along the edges of the cell, each in [0, 1).
  public let fractions: [Vector3]
  /// What sites of one kind are called.
  public let labels: [String]
  /// The kind of each site, an index into ``labels``.
  public let kinds: [Int]
  /// How often the reference is repeated along each edge.
  public let supercell: [Int]
  /// The other atoms of the reference, by element, along the edges of the cell.
  let framework: [Element: [Vector3]]

  /// How far edges may differ from those of the repeated reference, as a share.
  private static let tolerance = 0.15

  /// Takes sites from a reference crystal.
  ///
  /// - Parameters:
  ///   - reference: Its atoms at the sites, and any others.
  ///   - wanted: The labels of the species that are sites, or empty for those of the elements.
  ///   - elements: Of the mobile ions.
  ///   - column: A column of the reference whose values part sites of a label, or `nil`.
  ///   - supercell: How often to repeat the reference along each edge, or `nil` to take the whole numbers nearest to the cell.
  ///   - cell: Of the trajectory.
  /// - Throws: ``AnalysisError`` with code `.notCommensurate`, `.unknownSpecies` or `.unknownRegion`.
  init(
    reference: Frame, wanted: [String], elements: Set<Element>, column: String?, supercell: [Int]?, cell: Cell, place: String
  ) throws {
    let configuration = reference.configuration
    let unit = configuration.cell.lengths
    let counts = supercell ?? (0..<3).map { max(1, Int((cell.lengths[$0] / unit[$0]).rounded())) }
    self.supercell = counts
    for axis in 0..<3 {
      let ratio = cell.lengths[axis] / (unit[axis] * Double(counts[axis]))
      let turn = abs(cell.angles[axis] - configuration.cell.angles[axis])
      guard abs(ratio - 1) < Self.tolerance, turn < 15 else {
        throw AnalysisError(
          .notCommensurate,
          "sites: edge \(axis + 1) of the trajectory is \(brief(cell.lengths[axis])) Å at \(brief(cell.angles[axis]))°, \(counts[axis]) times "
            + "that of \(place) \(brief(unit[axis] * Double(counts[axis]))) Å at \(brief(configuration.cell.angles[axis]))°; give supercell, or a "
            + "reference with the same edges")
      }
    }
    let values = try column.map { try AnalysisRegion.values(of: $0, in: reference, place: place) }
    let present = configuration.species.map(\.label)
    for label in wanted where !present.contains(label) {
      throw AnalysisError(
        .unknownSpecies, "site-species of sites: there is no \"\(label)\" in \(place); it has \(present.joined(separator: ", "))")
    }
    let isSite = configuration.species.map { wanted.isEmpty ? elements.contains($0.element) : wanted.contains($0.label) }
    let repeated = try configuration.replicated((counts[0], counts[1], counts[2]))
    var (fractions, kinds, labels): ([Vector3], [Int], [String]) = ([], [], [])
    var framework: [Element: [Vector3]] = [:]
    for (atom, position) in repeated.positions.enumerated() {
      let fraction = repeated.cell.fractional(position)
      let species = repeated.species[Int(repeated.types[atom])]
      guard isSite[Int(repeated.types[atom])] else {
        framework[species.element, default: []].append(fraction)
        continue
      }
      let label = species.label + (values.map { "[\(brief($0[atom % configuration.count]))]" } ?? "")
      let kind = labels.firstIndex(of: label) ?? labels.count
      if kind == labels.count { labels.append(label) }
      fractions.append(fraction - fraction.rounded(.down))
      kinds.append(kind)
    }
    guard !fractions.isEmpty else {
      throw AnalysisError(
        .unknownSpecies,
        "sites: \(place) has no \(elements.map(\.symbol).sorted().joined(separator: " or ")) whose positions could be sites; name the species "
          + "that are with site-species")
    }
    self.fractions = fractions
    self.kinds = kinds
    self.labels = labels
    self.framework = framework
  }

  public var count: Int { fractions.count }

  /// How many sites of each kind there are.
  public var kindCounts: [Int] { labels.indices.map { kind in kinds.count { $0 == kind } } }

  /// The shortest distance between two sites in Å; infinite for one site that meets itself nowhere near.
  func shortestDistance(in cell: Cell) throws -> Double {
    let positions = fractions.map { cell.cartesian($0) }
    var cutoff = 1.5 * cbrt(cell.volume / Double(count))
    while true {
      var shortest = Double.infinity
      try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff).forEachPair { shortest = min(shortest, $1.squaredDistance) }
      if shortest.isFinite { return shortest.squareRoot() }
      cutoff *= 2
    }
  }

  /// By how much, along the edges, the framework of a frame is shifted against that of the reference, from the nearest atoms of the
  /// same element.
  ///
  /// - Returns: `nil` where the reference has no framework, or the frame none of its elements; with the root of the mean squared
  ///   distance that is left, in Å.
  func shift(of frame: Configuration, isMobile: [Bool]) throws -> (shift: Vector3, distance: Double)? {
    var pairs: [(SiteLocator, [Vector3])] = []
    for (element, places) in framework.sorted(by: { $0.key.symbol < $1.key.symbol }) {
      let atoms = frame.positions.indices.filter { !isMobile[$0] && frame.species[Int(frame.types[$0])].element == element }
      guard !atoms.isEmpty else { continue }
      pairs.append((try SiteLocator(places, cell: frame.cell), atoms.map { frame.cell.fractional(frame.positions[$0]) }))
    }
    let count = Double(pairs.reduce(0) { $0 + $1.1.count })
    guard count > 0 else { return nil }
    var shift = Vector3.zero
    var squares = 0.0
    // Which atom is nearest hardly changes after the first shift.
    for _ in 0..<6 {
      var sum = Vector3.zero
      squares = 0
      for (locator, atoms) in pairs {
        for atom in atoms {
          let found = locator.nearest(to: atom - shift, vectors: frame.cell.vectors)
          sum += found.way
          squares += found.squaredDistance
        }
      }
      shift += sum * (1 / count)
    }
    return (shift, (squares / count).squareRoot())
  }
}
