import Structures

/// How close two atoms must be to count as neighbours.
public enum PairCutoffs: Sendable, Hashable {
  /// The first minimum of the g(r) of the pair.
  case automatic
  /// One length in Å for all pairs.
  case single(Double)
  /// A length in Å for each pair, in the order given.
  case perPair([SpeciesPair], [Double])

  /// Reads `auto`, `2.6` or `P-S=2.6,Li-S=3.1`; a length may carry a unit, otherwise it counts in Å.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting`.
  public init(_ text: String) throws {
    if text == "auto" {
      self = .automatic
      return
    }
    func length(_ text: Substring) throws -> Double {
      let trimmed = text.drop { $0 == " " }
      let value = try Double(trimmed) ?? Quantity.parse(String(trimmed), as: .length)
      guard value > 0, value.isFinite else {
        throw AnalysisError(.invalidSetting, "\"\(text)\" is no positive length; write a cutoff in Å, such as 2.6")
      }
      return value
    }
    guard text.contains("=") else {
      self = .single(try length(text[...]))
      return
    }
    var pairs: [SpeciesPair] = []
    var lengths: [Double] = []
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let pair = SpeciesPair(String(sides[0].filter { $0 != " " })) else {
        throw AnalysisError(
          .invalidSetting, "\"\(part)\" is no cutoff of a pair; write cutoffs as auto, 2.6, or P-S=2.6,Li-S=3.1 (in Å)")
      }
      pairs.append(pair)
      lengths.append(try length(sides[1]))
    }
    self = .perPair(pairs, lengths)
  }

  /// The cutoff given for a pair, in either order; `nil` where it is to be found or missing.
  func given(for pair: SpeciesPair) -> Double? {
    switch self {
    case .automatic: return nil
    case .single(let length): return length
    case .perPair(let pairs, let lengths):
      let index = pairs.firstIndex(of: pair) ?? pairs.firstIndex(of: SpeciesPair(pair.neighbor, pair.center))
      return index.map { lengths[$0] }
    }
  }
}
