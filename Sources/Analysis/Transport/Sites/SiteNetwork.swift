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
  /// The other atoms of the reference, by element, along the edges of the cell, one copy of the reference after the other.
  let framework: [Element: [Vector3]]
  /// By how much the edges of the cell differ from those of the repeated reference at most, as a share.
  public let edgeMismatch: Double
  /// By how many degrees its angles differ at most.
  public let angleMismatch: Double

  /// How far edges may differ from those of the repeated reference, as a share.
  private static let tolerance = 0.15
  /// The most pairs of atoms from which an alignment begins.
  private static let mostStarts = 400
  /// The most atoms that choose among the alignments.
  private static let mostProbes = 300

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
    var (edgeMismatch, angleMismatch) = (0.0, 0.0)
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
      edgeMismatch = max(edgeMismatch, abs(ratio - 1))
      angleMismatch = max(angleMismatch, turn)
    }
    (self.edgeMismatch, self.angleMismatch) = (edgeMismatch, angleMismatch)
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
  /// Such a search ends in the nearest minimum. It begins where the reference is, and wherever an atom of the rarest element meets one of
  /// the reference; the shift that leaves the least distance is taken.
  ///
  /// - Returns: `nil` where the reference has no framework, or the frame none of its elements; with the root of the mean squared
  ///   distance that is left, in Å.
  func shift(of frame: Configuration, isMobile: [Bool]) throws -> (shift: Vector3, distance: Double)? {
    var pairs: [Pair] = []
    for (element, places) in framework.sorted(by: { $0.key.symbol < $1.key.symbol }) {
      let atoms = frame.positions.indices.filter { !isMobile[$0] && frame.species[Int(frame.types[$0])].element == element }
      guard !atoms.isEmpty else { continue }
      pairs.append(
        Pair(
          locator: try SiteLocator(places, cell: frame.cell), atoms: atoms.map { frame.cell.fractional(frame.positions[$0]) },
          reference: Array(places.prefix(max(1, places.count / supercell.reduce(1, *))))))
    }
    guard let rarest = pairs.min(by: { $0.reference.count < $1.reference.count }) else { return nil }
    let vectors = frame.cell.vectors
    // A few atoms of the frame, should one of them be out of place.
    let chosen = Self.evenly(rarest.atoms, min(4, max(1, Self.mostStarts / rarest.reference.count)))
    let starts = [Vector3.zero] + chosen.flatMap { atom in rarest.reference.prefix(Self.mostStarts).map { atom - $0 } }
    // A part of the atoms tells which start is best.
    let total = pairs.reduce(0) { $0 + $1.atoms.count }
    let probes = pairs.map { pair in
      Pair(
        locator: pair.locator, atoms: Self.evenly(pair.atoms, max(1, pair.atoms.count * min(total, Self.mostProbes) / total)),
        reference: [])
    }
    var best: (shift: Vector3, distance: Double)?
    for start in starts {
      let found = Self.settled(probes, from: start, vectors: vectors)
      // Of equal ones the first: where nothing tells, the reference stays where it is.
      if let best, found.distance > best.distance - 1e-6 { continue }
      best = found
    }
    return best.map { Self.settled(pairs, from: $0.shift, vectors: vectors) }
  }

  /// The atoms of an element in a frame and in the reference.
  private struct Pair {
    let locator: SiteLocator
    let atoms: [Vector3]
    /// In one copy of the reference.
    let reference: [Vector3]
  }

  /// At most so many of some values, in even steps.
  private static func evenly(_ values: [Vector3], _ most: Int) -> [Vector3] {
    guard values.count > most else { return values }
    return (0..<most).map { values[$0 * values.count / most] }
  }

  /// The shift in the minimum next to another, and the root of the mean squared distance from the nearest atoms there.
  private static func settled(_ pairs: [Pair], from start: Vector3, vectors: Matrix3) -> (shift: Vector3, distance: Double) {
    let count = Double(pairs.reduce(0) { $0 + $1.atoms.count })
    var shift = start
    var squares = 0.0
    // Which atom is nearest hardly changes after the first shift.
    for _ in 0..<6 {
      var sum = Vector3.zero
      squares = 0
      for pair in pairs {
        for atom in pair.atoms {
          let found = pair.locator.nearest(to: atom - shift, vectors: vectors)
          sum += found.way
          squares += found.squaredDistance
        }
      }
      shift += sum * (1 / count)
    }
    return (shift, (squares / count).squareRoot())
  }
}
