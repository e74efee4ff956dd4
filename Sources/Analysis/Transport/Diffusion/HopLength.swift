import NumericalMethods
import Structures

/// How far an ion has to go to have left its place.
enum HopLength {
  /// Where atoms have no neighbours of their kind, in Å: about the distance of lithium sites in glasses and sulfides.
  static let usual = 2.5

  /// The median distance to the nearest atom of the same kind, in Å.
  ///
  /// - Returns: ``usual`` for a single atom, or where atoms of the kind lie closer than 1 Å, which no sites do.
  static func nearest(_ atoms: [Int], in configuration: Configuration) throws -> Double {
    let cell = configuration.cell
    let positions = atoms.map { configuration.positions[$0] }
    guard positions.count >= 2, cell.volume > 0 else { return usual }
    // No atom of a random set is likely to be alone within twice the mean spacing; those that are do not change the median.
    let cutoff = min(12, 2 * Self.cubeRoot(cell.volume / Double(positions.count)))
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
    var distances: [Double] = []
    for atom in positions.indices {
      var least = Double.infinity
      search.forEachNeighbor(of: atom) { least = min(least, $0.squaredDistance) }
      distances.append(least)
    }
    let median = distances.sorted()[distances.count / 2].squareRoot()
    return median.isFinite && median >= 1 ? median : usual
  }

  private static func cubeRoot(_ value: Double) -> Double { DisplacementFit.exp(DisplacementFit.log(value) / 3) }
}
