/// A unit in the ways in which it is written: in files `1/A`, on axes `Å^{-1}`, in a terminal `Å⁻¹`.
///
/// Reads all of them. `A` is the ångström, as everywhere in this field's files; the ampere only occurs with a prefix
/// (`mA`).
struct UnitLabel: Sendable {
  /// The factors in the order in which they are written, with their exponents.
  private let factors: [(symbol: String, exponent: Int)]
  /// The unit as given, where it is not made of factors (`at.%`, `arb. units`).
  private let verbatim: String?

  init(_ text: String) {
    let trimmed = text.trimmingBlanks
    if let factors = Self.parse(trimmed) {
      self.factors = factors
      verbatim = nil
    } else {
      factors = []
      verbatim = trimmed
    }
  }

  var isEmpty: Bool { factors.isEmpty && (verbatim ?? "").isEmpty }

  /// For files: `A`, `1/A`, `g/cm3`, `A2/ps`.
  var ascii: String {
    if let verbatim { return verbatim }
    let above = factors.filter { $0.exponent > 0 }.map { Self.ascii($0.symbol) + ($0.exponent == 1 ? "" : "\($0.exponent)") }
    let below = factors.filter { $0.exponent < 0 }.map { "/" + Self.ascii($0.symbol) + ($0.exponent == -1 ? "" : "\(-$0.exponent)") }
    return (above.isEmpty && !below.isEmpty ? "1" : above.joined(separator: " ")) + below.joined()
  }

  /// For people: `Å`, `Å^{-1}`, `g/cm^{3}`, `cm^{2}/s`; one denominator keeps its stroke, as papers print it.
  var marked: String {
    if let verbatim { return verbatim }
    func power(_ symbol: String, _ exponent: Int) -> String { exponent == 1 ? symbol : "\(symbol)^{\(exponent)}" }
    let above = factors.filter { $0.exponent > 0 }.map { power($0.symbol, $0.exponent) }
    let below = factors.filter { $0.exponent < 0 }
    if !above.isEmpty, below.count == 1, let only = below.first {
      return above.joined(separator: " ") + "/" + power(only.symbol, -only.exponent)
    }
    return (above + below.map { power($0.symbol, $0.exponent) }).joined(separator: " ")
  }

  var text: MarkedText { MarkedText(marked) }

  private static func ascii(_ symbol: String) -> String {
    var result = ""
    for character in symbol {
      switch character {
      case "Å": result += "A"
      case "µ", "μ": result += "u"
      case "°": result += "deg"
      case "Ω": result += "Ohm"
      default: result.append(character)
      }
    }
    return result
  }

  /// The factors of `g/cm3`, `g cm^-3`, `Å^{-1}`, `1/A2`, `cm²/s`; `nil` where the text is something else.
  private static func parse(_ text: String) -> [(symbol: String, exponent: Int)]? {
    let raised: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-", "−": "-",
    ]
    let characters = Array(text.map { raised[$0] ?? $0 }.filter { !"^{}".contains($0) })
    var factors: [(symbol: String, exponent: Int)] = []
    var sign = 1
    var i = 0
    while i < characters.count {
      let character = characters[i]
      if character == " " || character == "·" || character == "*" {
        i += 1
      } else if character == "/" {
        guard sign == 1 || !factors.isEmpty else { return nil }
        sign = -1
        i += 1
      } else if character.isLetter || character == "°" || character == "%" {
        var symbol = ""
        while i < characters.count, characters[i].isLetter || "°%".contains(characters[i]) {
          symbol.append(characters[i])
          i += 1
        }
        var digits = ""
        if i < characters.count, characters[i] == "-" || characters[i] == "+" {
          digits.append(characters[i])
          i += 1
        }
        while i < characters.count, characters[i].isASCII, characters[i].isNumber {
          digits.append(characters[i])
          i += 1
        }
        guard let exponent = digits.isEmpty ? 1 : Int(digits), exponent != 0 else { return nil }
        factors.append((spelled(symbol), sign * exponent))
      } else if character == "1", factors.isEmpty, i + 1 < characters.count, characters[i + 1] == "/" {
        i += 1
      } else {
        return nil
      }
    }
    return factors
  }

  private static func spelled(_ symbol: String) -> String {
    switch symbol {
    case "A", "Å": "Å"
    case "deg": "°"
    case "um": "µm"
    case "us": "µs"
    case "Ohm": "Ω"
    default: symbol
    }
  }
}

extension StringProtocol {
  /// The text without blanks at its ends.
  var trimmingBlanks: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
