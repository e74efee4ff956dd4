import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Configuration {
  /// How often a crystal is to be repeated along each edge for a cell about as wide as high, with about a number of atoms.
  ///
  /// - Returns: Counts for ``Configuration/replicated(_:)``, each at least 1.
  /// - Throws: ``SimulationError`` with code `.packingFailed` where there are no atoms, or fewer than one are asked for.
  public func supercellCounts(nearest atoms: Int) throws -> (Int, Int, Int) {
    guard count > 0, atoms > 0 else {
      throw SimulationError(
        .packingFailed, "a crystal of \(count) atoms cannot be repeated to \(atoms) atoms; give a crystal and a positive number")
    }
    let edge = cbrt(cell.volume * Double(atoms) / Double(count))
    let widths = cell.widths
    let middle = (0..<3).map { max(1, Int((edge / widths[$0]).rounded())) }
    var best = (middle[0], middle[1], middle[2])
    var leastCost = Double.infinity
    for i in max(1, middle[0] - 1)...middle[0] + 1 {
      for j in max(1, middle[1] - 1)...middle[1] + 1 {
        for k in max(1, middle[2] - 1)...middle[2] + 1 {
          // A cell off by a tenth in size is as bad as one off by a tenth in shape.
          let size = log(Double(i * j * k * count) / Double(atoms))
          let lengths = [Double(i) * widths[0], Double(j) * widths[1], Double(k) * widths[2]]
          let shape = log((lengths.max() ?? 1) / (lengths.min() ?? 1))
          let cost = size * size + shape * shape
          if cost < leastCost - 1e-12 { (best, leastCost) = ((i, j, k), cost) }
        }
      }
    }
    return best
  }
}
