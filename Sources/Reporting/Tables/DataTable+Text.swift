import Structures

extension DataTable {
  /// The table for a terminal: a heading with units, columns aligned, numbers to five digits.
  public var textTable: String { textTable() }

  /// The table for a terminal: a heading with units, columns aligned, numbers rounded.
  ///
  /// - Parameters:
  ///   - maximumRows: How many rows are shown at most; a last line counts the others.
  ///   - digits: The significant digits of the largest number of a column.
  public func textTable(maximumRows: Int? = nil, digits: Int = 5) -> String {
    let cells = displayed(maximumRows: maximumRows, digits: digits)
    let headings = columns.map(\.heading.plain)
    let widths = columns.indices.map { index in ([headings[index]] + cells[index]).map(\.count).max() ?? 0 }
    func line(_ entries: [String]) -> String {
      let padded = entries.enumerated().map { index, entry in
        let blanks = String(repeating: " ", count: widths[index] - entry.count)
        return columns[index].values.isText ? entry + blanks : blanks + entry
      }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
    }
    var text = line(headings) + line(widths.map { String(repeating: "─", count: $0) })
    let shown = cells.first?.count ?? 0
    for row in 0..<shown { text += line(cells.map { $0[row] }) }
    if shown < rowCount { text += "… and \(rowCount - shown) more rows\n" }
    return text
  }

  /// The entries as text, column by column, every column as long as the longest or as the limit.
  func displayed(maximumRows: Int?, digits: Int = 5) -> [[String]] {
    let shown = min(rowCount, max(0, maximumRows ?? rowCount))
    return columns.map { column in
      var cells: [String]
      switch column.values {
      case .numbers(let values):
        let format = ColumnFormat(values, digits: digits)
        cells = values.prefix(shown).map(format.string)
      case .text(let values):
        cells = values.prefix(shown).map { String($0.map { $0.isNewline ? " " : $0 }) }
      }
      cells += [String](repeating: "", count: shown - cells.count)
      return cells
    }
  }
}

extension DataTable.Column.Values {
  var isText: Bool {
    if case .text = self { true } else { false }
  }
}
