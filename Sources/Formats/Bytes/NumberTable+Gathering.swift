import NumericalMethods
import Structures

/// The order in which the rows of a table become atoms.
struct RowOrder {
  /// The row of each atom, or `nil` where rows are in order already.
  var rows: [Int32]?
  /// The number of each atom, or empty for 1, 2, 3 …
  var identifiers: [Int] = []

  @inline(__always)
  func row(_ atom: Int) -> Int { rows.map { Int($0[atom]) } ?? atom }
}

extension NumberTable {
  /// The order of rows by the whole numbers of a column.
  ///
  /// - Throws: ``FormatsError`` with code `.inconsistent` where a number comes twice.
  func order(byIdentifier column: Int) throws -> RowOrder {
    var isSequence = true
    var isAscending = true
    var last = Int.min
    var (least, most) = (Int.max, Int.min)
    for row in 0..<rows {
      let identifier = integer(row, column)
      isSequence = isSequence && identifier == row + 1
      isAscending = isAscending && identifier > last
      last = identifier
      least = min(least, identifier)
      most = max(most, identifier)
    }
    if isSequence { return RowOrder() }
    if isAscending { return RowOrder(rows: nil, identifiers: (0..<rows).map { integer($0, column) }) }
    if least == 1 && most == rows, let order = placedRows(column) { return RowOrder(rows: order) }
    let order = (0..<Int32(rows)).sorted { integer(Int($0), column) < integer(Int($1), column) }
    let identifiers = order.map { integer(Int($0), column) }
    if let twice = identifiers.indices.dropFirst().first(where: { identifiers[$0] == identifiers[$0 - 1] }) {
      throw FormatsError(
        .inconsistent, at: position(row: max(Int(order[twice]), Int(order[twice - 1]))),
        "atom \(identifiers[twice]) comes twice; the first time in line \(position(row: Int(min(order[twice], order[twice - 1]))).line)")
    }
    return RowOrder(rows: order, identifiers: identifiers)
  }

  /// The row of each identifier 1 … n, or `nil` where one comes twice.
  private func placedRows(_ column: Int) -> [Int32]? {
    var order = [Int32](repeating: -1, count: rows)
    for row in 0..<rows {
      let place = integer(row, column) - 1
      guard order[place] < 0 else { return nil }
      order[place] = Int32(row)
    }
    return order
  }

  /// One number an atom.
  func gather(_ column: Int, _ order: RowOrder, factor: Double = 1) -> [Double] {
    (0..<rows).map { real(order.row($0), column) * factor }
  }

  /// One vector an atom, from three columns.
  func gather(_ columns: SIMD3<Int>, _ order: RowOrder, factor: Double = 1) -> [Vector3] {
    [Vector3](unsafeUninitializedCapacity: rows) { output, count in
      count = rows
      if let rows = order.rows {
        for atom in 0..<count { output.initializeElement(at: atom, to: vector(Int(rows[atom]), columns) * factor) }
      } else {
        for atom in 0..<count { output.initializeElement(at: atom, to: vector(atom, columns) * factor) }
      }
    }
  }

  /// Three image flags an atom.
  ///
  /// - Throws: ``FormatsError`` where one does not fit 30 bits.
  func gatherImages(_ columns: SIMD3<Int>, _ order: RowOrder) throws -> [SIMD3<Int32>] {
    var images: [SIMD3<Int32>] = []
    images.reserveCapacity(rows)
    for atom in 0..<rows {
      let row = order.row(atom)
      let image = SIMD3(integer(row, columns.x), integer(row, columns.y), integer(row, columns.z))
      let limit = 1 << 30
      guard max(image.x.magnitude, image.y.magnitude, image.z.magnitude) < limit else {
        throw FormatsError(
          .malformed, at: position(row: row), "the image flags \(image.x) \(image.y) \(image.z) are beyond \(limit)")
      }
      images.append(SIMD3<Int32>(truncatingIfNeeded: image))
    }
    return images
  }

  /// One whole number of 32 bits an atom.
  func gatherIntegers(_ column: Int, _ order: RowOrder, name: String) throws -> [Int32] {
    try (0..<rows).map { atom in
      let row = order.row(atom)
      guard let value = Int32(exactly: integer(row, column)) else {
        throw FormatsError(.malformed, at: position(row: row), "the \(name) \(integer(row, column)) does not fit 32 bits")
      }
      return value
    }
  }

  @inline(__always)
  private func vector(_ row: Int, _ columns: SIMD3<Int>) -> Vector3 {
    Vector3(real(row, columns.x), real(row, columns.y), real(row, columns.z))
  }
}

extension Configuration {
  /// Moves atoms that are outside the cell into it, where images are counted.
  ///
  /// Positions must be within reach (``CellBuilder/isWithinReach(_:of:)``).
  mutating func wrapWhereImagesCount() {
    guard !images.isEmpty else { return }
    for i in positions.indices {
      let (wrapped, image) = cell.wrap(positions[i])
      if image != .zero {
        positions[i] = wrapped
        images[i] &+= image
      }
    }
  }
}
