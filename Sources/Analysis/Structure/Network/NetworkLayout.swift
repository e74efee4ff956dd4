/// Where the counts of a frame stand in an entry of a ``NetworkAccumulator``.
struct NetworkLayout: Sendable {
  /// Coordination numbers and n of Q^n beyond this count as this.
  static let largest = 8
  /// Fragments with more formers than this count as larger.
  static let largestFragment = 20

  let formers: Int
  let anions: Int

  /// Pairs of formers, (0, 0), (0, 1) … (1, 1) ….
  var pairs: Int { formers * (formers + 1) / 2 }
  func pair(_ a: Int, _ b: Int) -> Int { PairHistogram.pairIndex(a, b, classes: formers) }

  /// Anions of a kind with 0, 1, 2, 3 or more bonds to formers.
  func anion(_ kind: Int, bonds: Int) -> Int { 4 * kind + min(3, bonds) }
  /// Formers of a kind with a coordination number, n of them bridging.
  func former(_ kind: Int, coordination: Int, bridging: Int) -> Int {
    4 * anions + (kind * (Self.largest + 1) + min(Self.largest, coordination)) * (Self.largest + 1) + min(Self.largest, bridging)
  }
  private var linkageStart: Int { 4 * anions + formers * (Self.largest + 1) * (Self.largest + 1) }
  /// Linkages of a pair of formers.
  func linkage(_ pair: Int) -> Int { linkageStart + pair }
  /// Bonds between formers.
  func bond(_ pair: Int) -> Int { linkageStart + pairs + pair }
  /// Pairs of polyhedra that share 1, 2, or 3 and more anions.
  func shared(_ pair: Int, _ anions: Int) -> Int { linkageStart + 2 * pairs + 3 * pair + min(3, anions) - 1 }
  private var scalarStart: Int { linkageStart + 5 * pairs }
  /// Bonds of formers to bridging anions.
  var bridgingBonds: Int { scalarStart }
  var formerCount: Int { scalarStart + 1 }
  var fragmentCount: Int { scalarStart + 2 }
  /// The sum of the squared numbers of formers of fragments.
  var squaredSizes: Int { scalarStart + 3 }
  /// The formers of the largest fragment.
  var largestSize: Int { scalarStart + 4 }
  /// Formers in fragments that repeat in so many directions.
  func dimension(_ directions: Int) -> Int { scalarStart + 5 + directions }
  /// Fragments of so many formers, 1 to ``largestFragment``, and one more for larger ones.
  func fragments(of formers: Int) -> Int { scalarStart + 9 + min(Self.largestFragment + 1, formers) - 1 }
  var width: Int { scalarStart + 9 + Self.largestFragment + 1 }
}
