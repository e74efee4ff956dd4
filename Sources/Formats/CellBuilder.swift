import NumericalMethods
import Structures

/// Cells from the edges that files give, with what a file can get wrong made good or refused.
enum CellBuilder {
  /// A cell from edge vectors as rows, in Å.
  ///
  /// A left-handed set is made right-handed by exchange of b and c, which leaves the lattice as it is.
  /// - Throws: ``FormatsError`` with code `.malformed` where there is no sensible cell: edges beyond 10^9 Å or below 10^-3 Å,
  ///   flat, or so skewed that the neighbouring images are not next to it.
  static func cell(
    vectors: Matrix3, origin: Vector3 = .zero, periodic: Periodicity = Periodicity(repeating: true), at position: FilePosition
  ) throws -> (cell: Cell, isExchanged: Bool) {
    var vectors = vectors
    var periodic = periodic
    for axis in 0..<3 {
      let length = vectors[axis].length
      guard length > 1e-3, length < 1e9, origin[axis].magnitude < 1e9 else {
        throw FormatsError(
          .malformed, at: position, "the cell's edge \(["a", "b", "c"][axis]) is \(length) Å long; expected 0.001 to 10^9 Å")
      }
    }
    let isExchanged = vectors.determinant < 0
    if isExchanged {
      (vectors[1], vectors[2]) = (vectors[2], vectors[1])
      (periodic[1], periodic[2]) = (periodic[2], periodic[1])
    }
    try check(vectors, at: position)
    do {
      return (try Cell(vectors: vectors, origin: origin, periodic: periodic), isExchanged)
    } catch {
      throw FormatsError(.malformed, at: position, "the cell is not usable", cause: error)
    }
  }

  static let exchangeWarning = "the cell is left-handed; its edges b and c were exchanged, which leaves the lattice as it is"

  /// A search for the shortest image goes through all cells that the longest diagonal reaches; their number must stay small.
  private static func check(_ vectors: Matrix3, at position: FilePosition) throws {
    let (a, b, c) = vectors.rows
    // Right-angled cells need no search, however long they are.
    if abs(a.dot(b)) + abs(a.dot(c)) + abs(b.dot(c)) < 1e-12 * a.squaredLength { return }
    let columns = vectors.inverse.transposed
    let diagonal = a.length + b.length + c.length
    var cells = 1.0
    for axis in 0..<3 { cells *= 2 * diagonal * columns[axis].length + 1 }
    // A compact cell counts some 300, a hexagonal one 50 times as long as wide some 10^5. NaN compares false.
    guard cells < 2e6 else {
      throw FormatsError(
        .malformed, at: position,
        "the cell is flat or extremely skewed; give a compact cell of the same lattice (LAMMPS: box tilt within half an edge)")
    }
  }

  /// Whether every position lies within so many edges of the cell that counting them cannot overflow.
  static func isWithinReach(_ positions: [Vector3], of cell: Cell) -> Bool {
    var low = Vector3.zero
    var high = Vector3.zero
    for position in positions {
      low.replace(with: position, where: position .< low)
      high.replace(with: position, where: position .> high)
    }
    let widths = cell.widths
    let width = Swift.min(widths.x, Swift.min(widths.y, widths.z))
    let farthest = Swift.max(high.x, high.y, high.z, -low.x, -low.y, -low.z) + cell.origin.length
    // NaN compares false.
    return farthest / width < 1e9 && farthest < 1e12
  }

  /// A region around atoms that no cell holds, periodic along no edge, with a margin of 1 Å on every side.
  static func boundingCell(_ positions: [Vector3], at position: FilePosition) throws -> Cell {
    guard var low = positions.first else { return try cell(vectors: .identity, at: position).cell }
    var high = low
    for position in positions {
      low.replace(with: position, where: position .< low)
      high.replace(with: position, where: position .> high)
    }
    let margin = Vector3(1, 1, 1)
    return try cell(
      vectors: Matrix3(diagonal: high - low + 2 * margin), origin: low - margin, periodic: Periodicity(repeating: false), at: position
    ).cell
  }
}
