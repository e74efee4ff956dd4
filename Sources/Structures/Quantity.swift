/// Numbers with units, as people write them: `2.31 g/cm3`, `10 K/ps`, `0.5 eV/A`.
public enum Quantity {
  /// Reads a number with its unit.
  ///
  /// - Parameters:
  ///   - text: A number, then a unit of the dimension; blanks between them are optional.
  ///   - dimension: What the number must be.
  /// - Returns: The value in the internal unit of the dimension.
  /// - Throws: ``StructuresError`` with code `.invalidQuantity` where there is no finite number, and `.wrongDimension`
  ///   where the unit is missing or of another dimension; the message names the right units.
  public static func parse(_ text: String, as dimension: Dimension) throws -> Double {
    let trimmed = text.drop { $0 == " " }
    let (number, unit) = split(trimmed)
    guard let value = number, value.isFinite else {
      throw StructuresError(.invalidQuantity, "\"\(text)\" does not begin with a number; \(example(dimension))")
    }
    guard !unit.isEmpty else {
      throw StructuresError(.wrongDimension, "\"\(text)\" has no unit; \(example(dimension))")
    }
    if let factor = dimension.units.first(where: { $0.symbol == unit })?.factor {
      guard (value * factor).isFinite else {
        throw StructuresError(.invalidQuantity, "\"\(text)\" is larger than any number the program holds; \(example(dimension))")
      }
      return value * factor
    }
    if let other = Dimension.allCases.first(where: { $0.units.contains { $0.symbol == unit } }) {
      throw StructuresError(
        .wrongDimension, "\"\(text)\" is a \(other.rawValue), where a \(dimension.rawValue) is needed; \(example(dimension))")
    }
    let known = dimension.units.map(\.symbol)
    throw StructuresError(
      .wrongDimension,
      "\"\(unit)\" in \"\(text)\" is no unit of \(dimension.rawValue)\(didYouMean(unit, among: known)); \(example(dimension))")
  }

  private static func example(_ dimension: Dimension) -> String {
    let symbols = dimension.units.map(\.symbol).filter { $0.utf8.allSatisfy { $0 < 128 } }
    return "write a \(dimension.rawValue) as a number and one of \(symbols.joined(separator: ", "))"
  }

  /// The longest leading number and what follows it, without blanks around.
  private static func split(_ text: Substring) -> (Double?, String) {
    let numberCharacters = text.prefix { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
    var end = numberCharacters.endIndex
    // "5 eV" stops at the blank, but "5eV" reads "5e" first: give characters back until a number is left.
    while end > text.startIndex {
      if let value = Double(text[..<end]) {
        let rest = text[end...].drop { $0 == " " }
        return (value, String(rest.reversed().drop { $0 == " " }.reversed()))
      }
      end = text.index(before: end)
    }
    return (nil, String(text))
  }
}
