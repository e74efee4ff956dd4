import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether a melt has forgotten the packing that it began as: how far each species has moved over a stage, against the
/// distance to the nearest neighbour.
public struct MeltCheck: Sendable {
  /// What the displacements say.
  public enum Verdict: String, Sendable, CaseIterable {
    /// Every species has moved twice the distance to its nearest neighbour, or farther.
    case forgotten
    /// Some species has moved between once and twice that far.
    case doubtful
    /// Some species has moved less than that: it still sits where it was put.
    case remembered
  }

  /// The displacement of one species.
  public struct Entry: Sendable {
    public var species: Species
    public var atoms: Int
    /// The mean distance between the places at the beginning and at the end, without the motion of the centre of mass, in Å.
    public var meanDisplacement: Double
    /// The mean distance to the nearest atom of any species at the end, in Å.
    public var nearestNeighborDistance: Double

    /// The displacement in units of the neighbour distance.
    public var ratio: Double { nearestNeighborDistance > 0 ? meanDisplacement / nearestNeighborDistance : .infinity }
  }

  /// One entry for each species that has atoms.
  public let entries: [Entry]

  /// Compares positions at the beginning and at the end of a stage.
  ///
  /// Displacements are measured between fractional coordinates in the cell at the end, so that a change of the cell is no motion.
  ///
  /// - Parameters:
  ///   - configuration: Species and types of the atoms.
  ///   - start: Unwrapped positions in Å and the cell at the beginning.
  ///   - end: The same at the end.
  /// - Throws: ``SimulationError`` with code `.inconsistentState` where the numbers of atoms differ; ``StructuresError`` where a
  ///   position is not finite.
  public init(
    _ configuration: Configuration, start: (positions: [Vector3], cell: Cell), end: (positions: [Vector3], cell: Cell)
  ) throws {
    let count = configuration.count
    guard start.positions.count == count, end.positions.count == count, count > 0 else {
      throw SimulationError(
        .inconsistentState,
        "melt check: \(count) atoms have \(start.positions.count) positions at the beginning and \(end.positions.count) at the end")
    }
    let masses = configuration.masses
    var displacements: [Vector3] = []
    displacements.reserveCapacity(count)
    var drift = Vector3.zero
    for i in 0..<count {
      let moved = (end.cell.fractional(end.positions[i]) - start.cell.fractional(start.positions[i])) * end.cell.vectors
      displacements.append(moved)
      drift += masses[i] * moved
    }
    drift /= masses.reduce(0, +)
    let nearest = try Self.nearestNeighborDistances(end.positions, end.cell)
    entries = configuration.species.indices.compactMap { kind in
      let atoms = configuration.types.indices.filter { Int(configuration.types[$0]) == kind }
      guard !atoms.isEmpty else { return nil }
      let known = atoms.compactMap { nearest[$0] }
      return Entry(
        species: configuration.species[kind], atoms: atoms.count,
        meanDisplacement: atoms.reduce(0) { $0 + (displacements[$1] - drift).length } / Double(atoms.count),
        nearestNeighborDistance: known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count))
    }
  }

  public var verdict: Verdict {
    let least = entries.map(\.ratio).min() ?? 0
    return least >= 2 ? .forgotten : least >= 1 ? .doubtful : .remembered
  }

  /// One or two sentences for a person.
  public var summary: String {
    let parts = entries.map { entry in
      "\(entry.species.label) \(Self.tenths(entry.meanDisplacement)) Å (\(Self.tenths(entry.ratio)) neighbour distances)"
    }.joined(separator: ", ")
    let words =
      switch verdict {
      case .forgotten: "The melt has forgotten its packing"
      case .doubtful: "The melt may remember its packing; hold it longer or hotter to be sure"
      case .remembered: "The melt remembers its packing; hold it longer or hotter"
      }
    return "\(words). Mean displacement: \(parts)."
  }

  private static func tenths(_ value: Double) -> String {
    value.isFinite ? "\((value * 10).rounded() / 10)" : "many"
  }

  /// The distance of each atom to its nearest neighbour, `nil` for an atom alone.
  private static func nearestNeighborDistances(_ positions: [Vector3], _ cell: Cell) throws -> [Double?] {
    var result = [Double?](repeating: nil, count: positions.count)
    var open = Array(positions.indices)
    var cutoff = 1.3 * cbrt(cell.volume / Double(positions.count))
    // Widening until every atom has a neighbour; an atom alone meets its own image in a periodic cell.
    let farthest = 2 * (cell.vectors[0].length + cell.vectors[1].length + cell.vectors[2].length)
    while !open.isEmpty, cutoff <= farthest {
      let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
      for atom in open {
        var nearest = Double.infinity
        search.forEachNeighbor(of: atom) { nearest = min(nearest, $0.squaredDistance) }
        if nearest.isFinite { result[atom] = nearest.squareRoot() }
      }
      open = open.filter { result[$0] == nil }
      cutoff *= 1.7
    }
    return result
  }
}
