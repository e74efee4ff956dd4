import Structures

/// Up to which distance two species count as bonded, pair by pair; pairs that are not listed are not bonded.
public struct BondCutoffs: Sendable, Hashable {
  /// Pairs in either order, each once.
  public private(set) var pairs: [SpeciesPair] = []
  /// The cutoff of each pair in Å.
  public private(set) var lengths: [Double] = []

  public init() {}

  /// - Parameter cutoffs: Pairs with their lengths in Å; of several lengths for a pair, the last counts.
  public init(_ cutoffs: [(pair: SpeciesPair, length: Double)]) {
    for entry in cutoffs { self[entry.pair.center, entry.pair.neighbor] = entry.length }
  }

  /// The cutoff of two species in Å, in either order; `nil` where they are not bonded.
  public subscript(first: String, second: String) -> Double? {
    get { place(first, second).map { lengths[$0] } }
    set {
      if let place = place(first, second) {
        if let newValue {
          lengths[place] = newValue
        } else {
          pairs.remove(at: place)
          lengths.remove(at: place)
        }
      } else if let newValue {
        pairs.append(SpeciesPair(first, second))
        lengths.append(newValue)
      }
    }
  }

  private func place(_ first: String, _ second: String) -> Int? {
    pairs.firstIndex(of: SpeciesPair(first, second)) ?? pairs.firstIndex(of: SpeciesPair(second, first))
  }

  /// The squared cutoffs of all pairs of species, `species × species`, 0 where there is no bond.
  func squaredLimits(_ species: [Species]) -> [Double] {
    species.flatMap { a in species.map { b in self[a.label, b.label].map { $0 * $0 } ?? 0 } }
  }

  /// As `P-S=2.6,Li-S=3.1`, rounded to 0.0001 Å.
  public var text: String {
    zip(pairs, lengths).map { "\($0)=\(brief(($1 * 1e4).rounded() / 1e4))" }.joined(separator: ",")
  }
}
