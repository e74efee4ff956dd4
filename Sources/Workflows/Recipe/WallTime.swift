import Structures

/// Time on the clock, which no one measures in picoseconds.
enum WallTime {
  private static let units: [(symbol: String, seconds: Double)] = [("s", 1), ("min", 60), ("h", 3600), ("days", 86_400), ("day", 86_400)]

  /// Seconds from a text such as `5 min`.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidRecipe`.
  static func parse(_ text: String, _ bounds: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude) throws -> Double {
    let number = text.prefix { "0123456789.+-".contains($0) }
    let unit = text.dropFirst(number.count).drop { $0 == " " }
    guard let value = Double(number), let factor = units.first(where: { $0.symbol == unit })?.seconds else {
      throw WorkflowsError(.invalidRecipe, "\"\(text)\" is no time on the clock; write a number and one of s, min, h, days, as in 5 min")
    }
    guard bounds.contains(value * factor) else {
      throw WorkflowsError(
        .invalidRecipe,
        "\(text) is outside the bounds, \(NumberText.duration(bounds.lowerBound)) to \(NumberText.duration(bounds.upperBound))")
    }
    return value * factor
  }
}
