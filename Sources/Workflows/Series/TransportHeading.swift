import Analysis
import Structures

/// What the heading of a column says that the column is.
///
/// A unit ends the heading: `glass_cm2_per_s`, `glass (cm2/s)`, `glass [cm²/s]`, `glass / cm^2 s^-1`; temperatures are `temperature_K`,
/// `Temperature (K)`, `T / °C`.
struct TransportHeading {
  /// A unit of a transport coefficient.
  struct Unit {
    var quantity: TransportQuantity
    /// To cm²/s or S/cm.
    var factor: Double
  }

  /// What stands beside values.
  enum Beside: String {
    case error, low, high
    case degrees = "degrees_of_freedom"
  }

  enum Kind {
    /// With what is added for K.
    case temperature(offset: Double)
    case values(name: String, Unit)
    /// The unit is `nil` for that of the values.
    case beside(Beside, Unit?)
    case other
  }

  let kind: Kind

  private static let units: [(text: String, quantity: TransportQuantity, factor: Double)] = [
    ("cm2/s", .diffusion, 1), ("m2/s", .diffusion, 1e4), ("A2/ps", .diffusion, 1e-4), ("S/cm", .conductivity, 1),
    ("S/m", .conductivity, 0.01), ("mS/cm", .conductivity, 1e-3),
  ]

  /// - Throws: ``WorkflowsError`` for a column with the name of an error that is none of its values, and for one with an unknown unit.
  init(_ column: DataTable.Column) throws {
    let heading = column.unit.isEmpty ? column.name : "\(column.name) (\(column.unit))"
    let (name, unitText) = Self.parts(heading)
    let unit = Self.unit(unitText)
    if ["temperature", "temp", "t"].contains(name.lowercased()), let offset = Self.temperatureOffset(unitText) {
      kind = .temperature(offset: offset)
      return
    }
    for what in [Beside.error, .low, .high, .degrees] {
      let lower = name.lowercased()
      guard lower == what.rawValue || (lower.hasPrefix(what.rawValue) && !(lower.dropFirst(what.rawValue.count).first?.isLetter ?? true))
      else { continue }
      // What is left of the name, such as percent, would be a unit that is not known.
      guard lower == what.rawValue, unit != nil || unitText.isEmpty else {
        throw WorkflowsError(
          .file,
          "the column \(heading) has no known unit; give \(what.rawValue) in the unit of the values, as in \(what.rawValue)_cm2_per_s")
      }
      kind = .beside(what, unit)
      return
    }
    guard let unit else {
      let isOfValues = name.lowercased().split { !$0.isLetter }.first.map { ["d", "sigma", "σ"].contains($0) } ?? false
      if unitText.isEmpty, isOfValues, Self.looksLikeError(String(name.drop { $0.isLetter }), .conductivity) {
        throw WorkflowsError(
          .file,
          "the column \(heading) looks like an error or a bound and has no unit; name it error_cm2_per_s, low_cm2_per_s or high_cm2_per_s "
            + "(with its unit), and put it right of its values")
      }
      kind = .other
      return
    }
    guard !Self.looksLikeError(name, unit.quantity) else {
      throw WorkflowsError(
        .file,
        "the column \(heading) looks like an error or a bound and not like values; name it error_cm2_per_s, low_cm2_per_s or high_cm2_per_s "
          + "(with its unit), and put it right of its values")
    }
    kind = .values(name: name.isEmpty ? unit.quantity.symbol : name, unit)
  }

  private static func temperatureOffset(_ unit: String) -> Double? {
    switch unit {
    case "K", "kelvin": 0
    case "°C", "C", "degC", "celsius": 273.15
    default: nil
    }
  }

  private static func looksLikeError(_ name: String, _ quantity: TransportQuantity) -> Bool {
    let parts = name.lowercased().split { !$0.isLetter }.map(String.init)
    let words: Set<String> = [
      "error", "errors", "err", "std", "stdev", "stderr", "sd", "se", "sem", "unc", "uncertainty", "delta", "low", "lower", "high", "upper",
      "min", "max", "ci", "dev", "percent",
    ]
    if parts.contains(where: { words.contains($0) }) { return true }
    // sigma_D and dD are errors of diffusion coefficients, dsigma those of conductivities.
    if quantity == .diffusion, parts.contains("sigma") || parts.contains("σ") { return true }
    return parts.contains("dd") || parts.contains("dsigma") || name.contains("Δ") || name.contains("δ") || name.contains("±")
  }

  /// The name and the text of the unit, which is empty where there is none.
  private static func parts(_ heading: String) -> (name: String, unit: String) {
    func trimmed(_ text: Substring) -> String {
      String(text.drop { $0 == " " }.reversed().drop { $0 == " " || $0 == "_" }.reversed())
    }
    for (open, close) in [("(", ")"), ("[", "]")] where heading.hasSuffix(close) {
      if let place = heading.lastIndex(of: Character(open)) {
        return (trimmed(heading[..<place]), plain(String(heading[heading.index(after: place)...].dropLast())))
      }
    }
    let characters = Array(heading)
    if let place = characters.indices.dropFirst().first(where: {
      characters[$0] == "/" && characters[$0 - 1] == " " && $0 + 1 < characters.count && characters[$0 + 1] == " "
    }) {
      return (trimmed(String(characters[..<place])[...]), plain(String(characters[(place + 1)...])))
    }
    // The longest suffix first: "cm2_per_s" ends with "m2_per_s".
    let suffixes = units.map { ($0.text.split(separator: "/").joined(separator: "_per_"), $0.text) } + [("K", "K"), ("C", "°C")]
    for (suffix, unit) in suffixes where heading.hasSuffix("_" + suffix) || heading == suffix {
      let isTemperature = unit == "K" || unit == "°C"
      let name = trimmed(heading.dropLast(suffix.count)[...])
      if isTemperature, !["temperature", "temp", "t"].contains(name.lowercased()) { continue }
      return (name, unit)
    }
    return (trimmed(heading[...]), "")
  }

  private static func unit(_ text: String) -> Unit? {
    units.first { $0.text == text }.map { Unit(quantity: $0.quantity, factor: $0.factor) }
  }

  /// A unit in the form of ``units``: `cm² s⁻¹`, `cm^2/s` and `cm2 s-1` are `cm2/s`.
  private static func plain(_ unit: String) -> String {
    var text = ""
    for character in unit {
      switch character {
      case "²": text += "2"
      case "⁻", "−": text += "-"
      case "¹": text += "1"
      case "Å", "\u{212B}": text += "A"
      case "^", "{", "}": continue
      case "·", "*", "_": text += " "
      default: text.append(character)
      }
    }
    let words = text.split(separator: " ").map(String.init)
    if words.count == 2, words[1].hasSuffix("-1") { return "\(words[0])/\(words[1].dropLast(2))" }
    return words.joined()
  }
}

/// Tables as spreadsheets and people write them.
enum TableText {
  /// The table with commas between fields and points in numbers, without comments.
  ///
  /// Where the heading has no comma, a semicolon or a tab in it separates fields, and commas in numbers are decimal ones.
  static func commaSeparated(_ text: String) -> String {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
    var kept = lines.filter { !$0.drop { $0 == " " }.hasPrefix("#") }
    // The mark that some programs put before UTF-8.
    if let first = kept.first, first.unicodeScalars.first == "\u{FEFF}" {
      kept[0] = String(String.UnicodeScalarView(first.unicodeScalars.dropFirst()))
    }
    kept.removeAll { $0.allSatisfy { ",; \t".contains($0) } }
    guard let heading = kept.first, !heading.contains(","), let separator = [Character(";"), "\t"].first(where: { heading.contains($0) })
    else { return kept.joined(separator: "\n") + "\n" }
    return kept.map { line in
      line.split(separator: separator, omittingEmptySubsequences: false).map { field in
        String(field.filter { $0 != "\"" }.map { $0 == "," ? "." : $0 })
      }.joined(separator: ",")
    }.joined(separator: "\n") + "\n"
  }
}
