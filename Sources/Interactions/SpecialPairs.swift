import Structures

/// Pairs of atoms that interact by less than their species would: atoms joined by a few bonds, the core and the shell of an ion.
///
/// They concern the nearest images of the two atoms only. Calculators of pairs leave them out; ``SpecialPairTerm`` adds what
/// remains of them.
public struct SpecialPairs: Sendable, Equatable {
  /// What remains between two atoms.
  public struct Pair: Sendable, Equatable {
    /// The atoms, counted from 0, the lower one first.
    public var first, second: Int32
    /// The share of the short-range terms that remains, 0 to 1.
    public var pairFactor: Double
    /// The share of k q1 q2/r that remains, 0 to 1.
    public var coulombFactor: Double

    public init(_ a: Int32, _ b: Int32, pairFactor: Double, coulombFactor: Double) {
      (first, second) = (min(a, b), max(a, b))
      self.pairFactor = pairFactor
      self.coulombFactor = coulombFactor
    }
  }

  /// By the first atom, then by the second; each pair once.
  public let pairs: [Pair]
  /// For each atom, the first of its partners in ``partners``, and one past the last.
  private let starts: [Int32]
  private let partners: [Int32]

  public static let none = SpecialPairs([], atoms: 0)

  /// - Parameters:
  ///   - pairs: Of pairs that are given twice the first one counts.
  ///   - atoms: The number of atoms of the configuration.
  public init(_ pairs: [Pair], atoms: Int) {
    var unique: [Pair] = []
    let sorted = pairs.enumerated().sorted {
      ($0.element.first, $0.element.second, Int32($0.offset)) < ($1.element.first, $1.element.second, Int32($1.offset))
    }
    for (_, pair) in sorted where unique.last.map({ ($0.first, $0.second) != (pair.first, pair.second) }) ?? true {
      unique.append(pair)
    }
    self.pairs = unique
    var starts = [Int32](repeating: 0, count: atoms + 1)
    for pair in unique {
      starts[Int(pair.first) + 1] += 1
      starts[Int(pair.second) + 1] += 1
    }
    for atom in 0..<atoms { starts[atom + 1] += starts[atom] }
    var next = starts
    var partners = [Int32](repeating: 0, count: 2 * unique.count)
    for pair in unique {
      for (atom, partner) in [(pair.first, pair.second), (pair.second, pair.first)] {
        partners[Int(next[Int(atom)])] = partner
        next[Int(atom)] += 1
      }
    }
    self.starts = starts
    self.partners = partners
  }

  public var isEmpty: Bool { pairs.isEmpty }

  /// The atoms with which an atom forms special pairs.
  public func partners(of atom: Int) -> ArraySlice<Int32> {
    isEmpty ? [] : partners[Int(starts[atom])..<Int(starts[atom + 1])]
  }
}
