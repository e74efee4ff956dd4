import Structures

extension DataTable {
  /// The table in Markdown, numbers to the right and rounded to the given digits.
  ///
  /// - Parameter maximumRows: How many rows are shown at most; a line below counts the others.
  public func markdown(maximumRows: Int? = nil, digits: Int = 5) -> String {
    func escaped(_ text: String) -> String {
      text.map { $0 == "|" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }
    let cells = displayed(maximumRows: maximumRows, digits: digits)
    var text = "| " + columns.map { escaped($0.heading.plain) }.joined(separator: " | ") + " |\n"
    text += "|" + columns.map { $0.values.isText ? ":---|" : "---:|" }.joined() + "\n"
    let shown = cells.first?.count ?? 0
    for row in 0..<shown { text += "| " + cells.map { escaped($0[row]) }.joined(separator: " | ") + " |\n" }
    if shown < rowCount { text += "\n… and \(rowCount - shown) more rows\n" }
    return text
  }

  /// The table as an HTML `<table>` with its title as the caption, numbers in cells of class `number`.
  ///
  /// - Parameter maximumRows: How many rows are shown at most; the caption then says how many there are.
  public func html(maximumRows: Int? = nil, digits: Int = 5) -> String {
    let cells = displayed(maximumRows: maximumRows, digits: digits)
    let shown = cells.first?.count ?? 0
    var text = "<table>\n"
    var caption = MarkedText(title).html
    if shown < rowCount {
      caption += " <span class=\"rows\">The first \(shown) of \(rowCount) rows; all are in \(Markup.escaped(name)).csv.</span>"
    }
    if !caption.isEmpty { text += "<caption>\(caption)</caption>\n" }
    func css(_ column: Column) -> String { column.values.isText ? "" : " class=\"number\"" }
    text +=
      "<thead><tr>" + columns.map { "<th scope=\"col\"\(css($0))>\($0.heading.withBondDashes.html)</th>" }.joined()
      + "</tr></thead>\n<tbody>\n"
    for row in 0..<shown {
      let entries = zip(columns, cells).map { column, cells in
        let entry = column.values.isText ? MarkedText(cells[row]).withBondDashes.html : Self.numberHTML(cells[row])
        return "<td\(css(column))>\(entry)</td>"
      }
      text += "<tr>" + entries.joined() + "</tr>\n"
    }
    return text + "</tbody>\n</table>\n"
  }

  /// A number as print has it: a true minus sign, `5.47×10⁻⁹` for `5.47e-09`.
  private static func numberHTML(_ text: String) -> String {
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
      return Markup.escaped(text.withMinusSign)
    }
    return "\(String(text[..<mark]).withMinusSign)×10<sup>\(String(exponent).withMinusSign)</sup>"
  }
}

extension String {
  /// A number with the true minus sign for the hyphen of ASCII.
  var withMinusSign: String { String(map { $0 == "-" ? "−" : $0 }) }
}
