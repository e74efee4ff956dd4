/// Makes an SVG file part of a page.
enum InlineSVG {
  /// The `<svg>` element alone, its names made unique and its size left to the page.
  ///
  /// Gnuplot gives all its drawings the same `id`s, and a reference finds the first of a page: every name gets a prefix.
  ///
  /// - Parameters:
  ///   - prefix: Letters and digits, another for each drawing of a page.
  ///   - label: What the drawing shows, for people who cannot see it.
  /// - Throws: ``ReportingError`` with code `.invalidPicture` where the text is no well-formed SVG, or holds a script.
  static func prepared(_ svg: String, prefix: String, label: String) throws -> String {
    guard let start = svg.range(of: "<svg"), let end = svg.lastRange(of: "</svg>") else {
      throw ReportingError(.invalidPicture, "a figure of the report is no SVG: it holds no <svg> element; draw it again")
    }
    var parser = TagParser(svg[start.lowerBound..<end.upperBound])
    var result = ""
    var open: [String] = []
    var skipped = 0
    while let token = try parser.next() {
      switch token {
      case .text(let text): if skipped == 0, !open.isEmpty { result += text }
      case .other: break
      case .close(let name):
        guard open.popLast() == name else {
          throw ReportingError(
            .invalidPicture, "a figure of the report is no well-formed SVG: </\(name)> closes another element; draw it again")
        }
        if skipped > 0 { skipped -= 1 } else { result += "</\(name)>" }
      case .open(let name, var attributes, let isEmpty):
        if name.lowercased() == "script" || attributes.contains(where: { $0.name.lowercased().hasPrefix("on") }) {
          throw ReportingError(.invalidPicture, "a figure of the report holds a script, which a report must not; draw it without")
        }
        // Titles become tooltips that cover the figure, and the label says more.
        let isSkipped = skipped > 0 || ["title", "desc", "metadata"].contains(name)
        if !isEmpty {
          open.append(name)
          if isSkipped { skipped += 1 }
        }
        guard !isSkipped else { continue }
        if open.count == 1, !isEmpty, name == "svg" {
          attributes.removeAll { ["width", "height", "role", "aria-label", "xmlns:xlink"].contains($0.name) }
          attributes += [("role", "img"), ("aria-label", Markup.escaped(label)), ("xmlns:xlink", "http://www.w3.org/1999/xlink")]
        }
        result += "<\(name)"
        for (key, value) in attributes { result += " \(key)=\"\(renamed(value, of: key, prefix))\"" }
        result += isEmpty ? "/>" : ">"
      }
    }
    guard open.isEmpty else {
      throw ReportingError(
        .invalidPicture, "a figure of the report is no well-formed SVG: <\(open[open.count - 1])> is not closed; draw it again")
    }
    return result
  }

  /// The value of an attribute with the names in it prefixed.
  private static func renamed(_ value: String, of key: String, _ prefix: String) -> String {
    switch key {
    case "id": return "\(prefix)-\(value)"
    case "href", "xlink:href": return value.hasPrefix("#") ? "#\(prefix)-\(value.dropFirst())" : value
    default:
      // Paths are long, and none holds this letter.
      guard value.utf8.contains(UInt8(ascii: "u")), let place = value.range(of: "url(#") else { return value }
      return value[..<place.upperBound] + "\(prefix)-" + renamed(String(value[place.upperBound...]), of: key, prefix)
    }
  }
}

/// Cuts XML into tags and text; it knows no entities and no namespaces.
struct TagParser {
  enum Token {
    case text(String)
    case open(name: String, attributes: [(name: String, value: String)], isEmpty: Bool)
    case close(name: String)
    /// A comment, declaration or instruction.
    case other
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  mutating func next() throws -> Token? {
    guard position < bytes.count else { return nil }
    let start = position
    guard bytes[position] == UInt8(ascii: "<") else {
      while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
      return .text(string(start..<position))
    }
    if matches("<!--") { return try skip(to: "-->") }
    if matches("<?") { return try skip(to: "?>") }
    if matches("<!") { return try skip(to: ">") }
    if matches("</") {
      position += 2
      let name = word()
      blanks()
      try expect(">")
      return .close(name: name)
    }
    position += 1
    let name = word()
    var attributes: [(name: String, value: String)] = []
    while true {
      blanks()
      if matches("/>") {
        position += 2
        return .open(name: name, attributes: attributes, isEmpty: true)
      }
      if matches(">") {
        position += 1
        return .open(name: name, attributes: attributes, isEmpty: false)
      }
      let key = word()
      guard !key.isEmpty else { throw broken("an attribute") }
      blanks()
      try expect("=")
      blanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") else {
        throw broken("a quoted value")
      }
      let quote = bytes[position]
      position += 1
      let first = position
      while position < bytes.count, bytes[position] != quote { position += 1 }
      guard position < bytes.count else { throw broken("a closing quote") }
      let value = string(first..<position)
      position += 1
      // Values are written between double quotes again.
      attributes.append((key, quote == UInt8(ascii: "'") ? value.map { $0 == "\"" ? "&quot;" : String($0) }.joined() : value))
    }
  }

  private mutating func word() -> String {
    let start = position
    while position < bytes.count, !" \t\r\n=/>\"'<".utf8.contains(bytes[position]) { position += 1 }
    return string(start..<position)
  }

  private mutating func blanks() {
    while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
  }

  private mutating func expect(_ text: String) throws {
    guard matches(text) else { throw broken("\"\(text)\"") }
    position += text.utf8.count
  }

  private mutating func skip(to end: String) throws -> Token {
    while position < bytes.count {
      if matches(end) {
        position += end.utf8.count
        return .other
      }
      position += 1
    }
    throw broken("\"\(end)\"")
  }

  private func matches(_ text: String) -> Bool { bytes.dropFirst(position).starts(with: text.utf8) }

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func broken(_ expected: String) -> ReportingError {
    ReportingError(
      .invalidPicture, "a figure of the report is no well-formed SVG: \(expected) is missing at byte \(position); draw it again")
  }
}

extension StringProtocol {
  /// Where a text occurs first.
  func range(of text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }

  /// Where a text occurs last.
  func lastRange(of text: String) -> Range<String.Index>? {
    var start = endIndex
    while start > startIndex {
      start = index(before: start)
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
    }
    return nil
  }
}
