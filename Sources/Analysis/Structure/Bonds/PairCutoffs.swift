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

  /// The same with labels in place of elements: `P-S=2.6` for all labels of phosphorus and sulfur.
  ///
  /// What is given of a pair of labels goes before what is given of its elements.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies`.
  func labelled(in configuration: Configuration, analysis: String) throws -> PairCutoffs {
    guard case .perPair(let named, let lengths) = self else { return self }
    let labelled = try named.map { try SpeciesPair.labelled([$0], in: configuration, analysis: analysis) }
    let exact = named.indices.filter { labelled[$0] == [named[$0]] }
    var (pairs, values) = (exact.map { named[$0] }, exact.map { lengths[$0] })
    let given = Set(pairs + pairs.map(\.reversed))
    for index in named.indices where !exact.contains(index) {
      for pair in labelled[index] where !given.contains(pair) && !pairs.contains(pair) {
        pairs.append(pair)
        values.append(lengths[index])
      }
    }
    return .perPair(pairs, values)
  }

  /// The cutoff given for a pair, in either order; `nil` where it is to be found or missing.
  func given(for pair: SpeciesPair) -> Double? {
    switch self {
    case .automatic: return nil
    case .single(let length): return length
    case .perPair(let pairs, let lengths):
      let index = pairs.firstIndex(of: pair) ?? pairs.firstIndex(of: pair.reversed)
      return index.map { lengths[$0] }
    }
  }
}

extension SpeciesPair {
  /// The same pair from the other side.
  var reversed: SpeciesPair { SpeciesPair(neighbor, center) }

  /// Pairs of labels in place of pairs of elements, each once.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies`.
  static func labelled(_ pairs: [SpeciesPair], in configuration: Configuration, analysis: String) throws -> [SpeciesPair] {
    var result: [SpeciesPair] = []
    for pair in pairs {
      for labels in try SpeciesSelection.labels(ofEach: [pair.center, pair.neighbor], in: configuration, analysis: analysis) {
        let labelled = SpeciesPair(labels[0], labels[1])
        if !result.contains(labelled) { result.append(labelled) }
      }
    }
    return result
  }
}
