import Structures

extension DataTable {
  /// The table as comma-separated values (RFC 4180): a header that names columns and units, `r (A)`, then the rows.
  ///
  /// Numbers have the shortest digits that read back to the same value; one that is missing is `nan`. Columns shorter
  /// than the longest end in empty fields. Lines end in a line feed, the last one too.
  public var csv: String {
    var text = columns.map { Self.csvField($0.csvHeader) }.joined(separator: ",") + "\n"
    for row in 0..<rowCount {
      for (index, column) in columns.enumerated() {
        if index > 0 { text += "," }
        switch column.values {
        case .numbers(let values) where row < values.count: text += NumberFormat.shortest(values[row])
        case .text(let values) where row < values.count: text += Self.csvField(values[row], isText: true)
        default: break
        }
      }
      text += "\n"
    }
    return text
  }

  /// The number of rows of the longest column.
  public var rowCount: Int { columns.map(\.values.count).max() ?? 0 }

  /// Writes ``csv`` to a file; the file is complete or untouched.
  ///
  /// - Throws: ``ReportingError`` with code `.cannotWrite`.
  public func writeCSV(to path: String) throws {
    try ReportFiles.write(csv, to: path)
  }

  private static func csvField(_ text: String, isText: Bool = false) -> String {
    let needsQuotes =
      text.contains { $0 == "," || $0 == "\"" || $0.isNewline } || text.first == " " || text.last == " "
      // Quotes keep a text that looks like a number, or an empty one, a text when it is read back.
      || (isText && (text.isEmpty || Double(text) != nil))
    return needsQuotes ? "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\"" : text
  }
}

extension DataTable.Column {
  /// The heading in a file: the name, then the unit in ASCII between parentheses.
  var csvHeader: String {
    let unit = UnitLabel(self.unit)
    if !unit.isEmpty { return "\(name) (\(unit.ascii))" }
    // A name that ends as a unit does would read back as one; the unit 1 keeps them apart.
    return name.hasSuffix(")") && name.contains(" (") ? "\(name) (1)" : name
  }

  /// The heading for people, `r (Å)`.
  var heading: MarkedText {
    let unit = UnitLabel(self.unit)
    return MarkedText(unit.isEmpty ? name : "\(name) (\(unit.marked))")
  }
}

extension DataTable.Column.Values {
  /// The number of entries.
  var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .text(let values): values.count
    }
  }
}
