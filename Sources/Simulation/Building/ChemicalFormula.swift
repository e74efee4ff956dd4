import Structures

/// A chemical formula, read from text such as `Li2O`, `Li1.3Al0.3Ti1.7(PO4)3` or `[Li2S]0.75[P2S5]0.25`.
public struct ChemicalFormula: Hashable, Sendable, CustomStringConvertible {
  /// The text as it was written.
  public let text: String
  /// How many atoms of each element a formula unit has, in the order in which they first appear; all positive.
  public let amounts: [Amount]

  /// An element and how often it occurs.
  public struct Amount: Hashable, Sendable {
    public var element: Element
    public var count: Double
  }

  /// Reads a formula: element symbols with their capital letters, decimal amounts, nested round, square and curly brackets.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidFormula` that names the place in the text.
  public init(_ text: String) throws {
    var parser = FormulaParser(text)
    amounts = try parser.parse()
    self.text = text
  }

  public var description: String { text }

  /// The number of atoms in a formula unit.
  public var atoms: Double { amounts.reduce(0) { $0 + $1.count } }

  /// The molar mass in g/mol.
  public var mass: Double { amounts.reduce(0) { $0 + $1.count * $1.element.mass } }

  /// The smallest number of formula units in which every element has a whole number of atoms, or `nil` above 1000.
  public var smallestWholeMultiple: Int? {
    (1...1000).first { multiple in
      amounts.allSatisfy { amount in
        let count = amount.count * Double(multiple)
        // Written decimals such as 1.333 are meant as they stand; the tolerance only takes up binary rounding.
        return abs(count - count.rounded()) < 1e-6 && count.rounded() >= 1
      }
    }
  }
}

/// Reads a formula from left to right.
private struct FormulaParser {
  private let text: String
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    self.text = text
    let subscripts: [Character] = ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"]
    characters = text.map { character in
      subscripts.firstIndex(of: character).map { Character("\($0)") } ?? character
    }
  }

  mutating func parse() throws -> [ChemicalFormula.Amount] {
    let amounts = try parseGroup(closing: nil, openedAt: 0)
    guard !amounts.isEmpty else {
      throw fail("is empty", hint: "write element symbols and amounts, such as Li2O", at: nil)
    }
    return amounts
  }

  private mutating func parseGroup(closing: Character?, openedAt start: Int) throws -> [ChemicalFormula.Amount] {
    var amounts: [ChemicalFormula.Amount] = []
    func add(_ element: Element, _ count: Double) {
      if let known = amounts.firstIndex(where: { $0.element == element }) {
        amounts[known].count += count
      } else {
        amounts.append(.init(element: element, count: count))
      }
    }
    while position < characters.count {
      let character = characters[position]
      if let index = Self.opening.firstIndex(of: character) {
        let opened = position
        position += 1
        let inner = try parseGroup(closing: Self.closing[index], openedAt: opened)
        guard !inner.isEmpty else { throw fail("has empty brackets", hint: "put elements between them", at: opened) }
        let factor = try parseAmount()
        for amount in inner { add(amount.element, amount.count * factor) }
      } else if Self.closing.contains(character) {
        guard character == closing else {
          throw fail("closes a bracket with \"\(character)\" that was not opened so", hint: "pair the brackets", at: position)
        }
        position += 1
        return amounts
      } else if character == " " {
        position += 1
      } else {
        let element = try parseElement()
        add(element, try parseAmount())
      }
    }
    if closing != nil { throw fail("does not close a bracket", hint: "close it", at: start) }
    return amounts
  }

  private mutating func parseElement() throws -> Element {
    let start = position
    guard Self.isUppercase(characters[start]) else {
      throw fail(
        "has \"\(characters[start])\" where an element is expected", hint: "symbols begin with a capital letter, such as Li", at: start)
    }
    position += 1
    while position < characters.count, Self.isLowercase(characters[position]) { position += 1 }
    let symbol = String(characters[start..<position])
    guard let element = Element(symbol: symbol) else {
      throw fail(
        "has the unknown element \"\(symbol)\"" + didYouMean(symbol, among: Element.all.map(\.symbol)),
        hint: "use the symbols of the periodic table", at: start)
    }
    return element
  }

  private mutating func parseAmount() throws -> Double {
    let start = position
    while position < characters.count, Self.isDigit(characters[position]) || characters[position] == "." { position += 1 }
    if start == position { return 1 }
    let digits = String(characters[start..<position])
    guard let amount = Double(digits), amount > 0, amount <= 1e6 else {
      throw fail("has the amount \"\(digits)\"", hint: "amounts are positive numbers", at: start)
    }
    return amount
  }

  private func fail(_ what: String, hint: String, at place: Int?) -> SimulationError {
    let place = place.map { ", character \($0 + 1)" } ?? ""
    return SimulationError(.invalidFormula, "the formula \"\(text)\"\(place) \(what); \(hint)")
  }

  private static let opening: [Character] = ["(", "[", "{"]
  private static let closing: [Character] = [")", "]", "}"]
  private static func isUppercase(_ c: Character) -> Bool { c.isASCII && c.isUppercase }
  private static func isLowercase(_ c: Character) -> Bool { c.isASCII && c.isLowercase }
  private static func isDigit(_ c: Character) -> Bool { c.isASCII && c.isNumber }
}
