import Structures

/// A label with parts below and above the line: `g_{Li-O}(r)`, `Å^{-1}`, `Å^2`.
///
/// `_{…}` and `^{…}` set what is between the braces below and above the line; so does `^` before a signed whole number.
/// Every other character stands for itself, so that `trajectory_1` keeps its underscore.
public struct MarkedText: Hashable, Sendable {
  /// Where a part stands.
  public enum Level: Hashable, Sendable {
    case base, below, above
  }

  /// A stretch of text at one level.
  public struct Part: Hashable, Sendable {
    public var text: String
    public var level: Level
    /// Whether the text is the symbol of a quantity, which print sets in italics.
    public var isSymbol = false
  }

  public private(set) var parts: [Part]

  /// Reads a label; control characters become blanks.
  public init(_ text: String) {
    parts = []
    let characters = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }.filter { !Self.isControl($0) }
    var base = ""
    var i = 0
    while i < characters.count {
      if let (level, content, end) = Self.marked(characters, at: i) {
        append(base, .base)
        base = ""
        append(content, level)
        i = end
      } else {
        base.append(characters[i])
        i += 1
      }
    }
    append(base, .base)
  }

  private init(parts: [Part]) { self.parts = parts }

  /// The label with the symbols of quantities in italics, where it is one: `r`, `Q`, `g_{Li-O}(r)`, `F_s(Q,t)`.
  public var withSymbols: MarkedText {
    let shape = parts.map { $0.level == .base ? $0.text : "" }.joined()
    let outside = shape.prefix { $0 != "(" }
    let inside = shape.dropFirst(outside.count)
    let arguments = inside.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    func isSymbol(_ text: some StringProtocol) -> Bool {
      let letters = text.filter { $0 != " " }
      return letters.count == 1 && letters.allSatisfy(\.isLetter)
    }
    guard isSymbol(outside), inside.isEmpty || (inside.last == ")" && arguments.allSatisfy(isSymbol)) else { return self }
    var result: [Part] = []
    for part in parts {
      guard part.level == .base else {
        result.append(part)
        continue
      }
      for character in part.text {
        if let last = result.last, last.level == .base, last.isSymbol == character.isLetter {
          result[result.count - 1].text.append(character)
        } else {
          result.append(Part(text: String(character), level: .base, isSymbol: character.isLetter))
        }
      }
    }
    return MarkedText(parts: result)
  }

  /// The label followed by another.
  func appending(_ other: MarkedText) -> MarkedText { MarkedText(parts: parts + other.parts) }

  /// The label with the dash of print in the names of pairs and angles: `Li–O` and `O–P–O`, but `X-ray`.
  var withBondDashes: MarkedText {
    MarkedText(
      parts: parts.map { part in
        let words = part.text.split(separator: " ", omittingEmptySubsequences: false).map { word in
          let atoms = word.split(separator: "-", omittingEmptySubsequences: false)
          let areElements = atoms.count > 1 && atoms.allSatisfy { Element(symbol: $0)?.symbol == String($0) }
          return areElements ? atoms.joined(separator: "–") : String(word)
        }
        return Part(text: words.joined(separator: " "), level: part.level, isSymbol: part.isSymbol)
      })
  }

  /// Text without marks: `Å⁻¹` and `Li₂O` where Unicode has the characters, `g_Li-O(r)` where it has not.
  public var plain: String {
    parts.map { part in
      switch part.level {
      case .base: part.text
      case .above: Self.raised(part.text) ?? "^\(part.text)"
      case .below: Self.lowered(part.text) ?? "_\(part.text)"
      }
    }.joined()
  }

  /// HTML with `<sub>`, `<sup>` and `<i>`, all else escaped.
  public var html: String {
    parts.map { part in
      let text = Markup.escaped(part.text)
      switch part.level {
      case .base: return part.isSymbol ? "<i>\(text)</i>" : text
      case .above: return "<sup>\(text.withMinusSign)</sup>"
      case .below: return "<sub>\(text)</sub>"
      }
    }.joined()
  }

  /// Gnuplot's enhanced text, every character with a meaning there escaped; to be put between single quotes.
  public var gnuplot: String {
    parts.map { part in
      let text = Self.escapedForGnuplot(part.text)
      switch part.level {
      case .base: return part.isSymbol ? "{/:Italic \(text)}" : text
      case .above: return "^{\(text.withMinusSign)}"
      case .below: return "_{\(text)}"
      }
    }.joined()
  }

  /// How many characters wide the label is, those off the line counting for two thirds.
  public var width: Double {
    parts.reduce(0) { $0 + Double($1.text.count) * ($1.level == .base ? 1 : 2.0 / 3.0) }
  }

  private mutating func append(_ text: String, _ level: Level) {
    if !text.isEmpty { parts.append(Part(text: text, level: level)) }
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
  }

  /// The marked part that starts at a place, and the place after it.
  private static func marked(_ characters: [Character], at start: Int) -> (Level, String, Int)? {
    guard characters[start] == "^" || characters[start] == "_", start + 1 < characters.count else { return nil }
    let level: Level = characters[start] == "^" ? .above : .below
    if characters[start + 1] == "{" {
      guard let end = characters[(start + 2)...].firstIndex(of: "}"), end > start + 2 else { return nil }
      return (level, String(characters[(start + 2)..<end]), end + 1)
    }
    guard level == .above else { return nil }
    var end = start + 1
    if "+-−".contains(characters[end]) { end += 1 }
    let digits = end
    while end < characters.count, characters[end].isASCII, characters[end].isNumber { end += 1 }
    return end > digits ? (level, String(characters[(start + 1)..<end]), end) : nil
  }

  private static func raised(_ text: String) -> String? {
    let table: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "+": "⁺", "-": "⁻", "−": "⁻",
    ]
    return mapped(text, table)
  }

  private static func lowered(_ text: String) -> String? {
    let table: [Character: Character] = [
      "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉",
    ]
    return mapped(text, table)
  }

  /// The text with each character replaced; `nil` where one has no replacement.
  private static func mapped(_ text: String, _ table: [Character: Character]) -> String? {
    let characters = text.compactMap { table[$0] }
    return characters.count == text.count ? String(characters) : nil
  }

  private static func escapedForGnuplot(_ text: String) -> String {
    var result = ""
    for character in text {
      if "{}^_@&~\\".contains(character) { result.append("\\") }
      result.append(character)
      // Between single quotes a quote is written twice.
      if character == "'" { result.append("'") }
    }
    return result
  }
}
