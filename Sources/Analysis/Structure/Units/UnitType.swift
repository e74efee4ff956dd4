/// What tells one kind of anion unit from another: formula, formal charge, and how its polyhedra hang together.
public struct UnitType: Hashable, Sendable {
  /// The name, `PS4(3-)`, `P2S6(2-)`, `P3O9(3-) ring`, `(PO3(-))n chain`.
  public let name: String
  /// How formers are joined, in words: `isolated`, `corner-sharing`, `edge-sharing`, `P-P bond`, `chain`, `ring` ….
  public let graph: String
  /// The elements and their numbers, `P2S6`; of the repeated part for a unit without end, empty where units of many formulas
  /// share a name.
  public let formula: String
  /// The formal charge in e of a unit or of the repeated part, `nil` where units of many charges share a name.
  public let charge: Int?

  /// Finite units with many formers, whatever their formula.
  static func larger(than formers: Int) -> UnitType {
    UnitType(name: "larger than \(formers) formers", graph: "cluster", formula: "", charge: nil)
  }

  /// Networks whose formula does not reduce to a small one, as those of glasses.
  static func network(dimension: Int) -> UnitType {
    UnitType(name: "network in \(dimension) direction\(dimension == 1 ? "" : "s")", graph: "network", formula: "", charge: nil)
  }
}

/// What is counted of a unit to name it.
struct UnitCensus: Sendable {
  /// How two formers touch.
  enum Link: Hashable, Sendable { case bond, corner, edge, face }

  /// Atoms by element symbol.
  var formers: [String: Int] = [:]
  var anions: [String: Int] = [:]
  /// Bonds among formers, and among anions.
  var formerBonds = 0
  var anionBonds = 0
  /// Pairs of formers that touch, by how they do.
  var links: [Link: Int] = [:]
  /// The largest and the smallest number of formers that a former touches.
  var mostPartners = 0
  var fewestPartners = 0
  /// Whether each former has four neighbours; boron may have three.
  var isFullyCoordinated = true
  /// The number of directions in which the unit repeats.
  var dimension = 0

  var formerCount: Int { formers.values.reduce(0, +) }

  /// The sum of the formal charges: formers give the number of their group, anions take theirs; each former-former bond keeps two
  /// electrons with the formers, each anion-anion bond is two that the anions do not need.
  var charge: Int {
    formers.reduce(0) { $0 + $1.value * (OxidationStates.formers[$1.key] ?? 0) }
      - anions.reduce(0) { $0 + $1.value * (OxidationStates.anions[$1.key] ?? 0) } - 2 * formerBonds + 2 * anionBonds
  }

  /// Names the unit.
  ///
  /// - Parameter largest: Finite units with more formers share one name.
  func type(largest: Int) -> UnitType {
    if dimension > 0 { return endless(largest: largest) }
    guard formerCount <= largest else { return .larger(than: largest) }
    let formula = Self.formula(formers) + Self.formula(anions)
    var name = formula + ChargeText.text(charge)
    let (graph, word) = shape
    if formerCount > 2 { name += " \(word)" }
    // What the formula does not tell: with four neighbours each, P2S7, P2S6(4-), P2S6(2-) and P2S5 can be joined in one way only.
    let isPlain = isFullyCoordinated && (links.keys.first == .corner || formers["B"] == nil) && links.count == 1
    if formerCount == 2, !isPlain { name += " \(word)" }
    if anionBonds > 0, formerCount > 0 { name += " with \(Self.bonded(anions))" }
    return UnitType(name: name, graph: graph, formula: formula, charge: charge)
  }

  /// How the formers are joined, in full and in one word.
  private var shape: (graph: String, word: String) {
    let count = formerCount
    if count == 0 { return anionBonds > 0 ? ("\(Self.bonded(anions)) bond", "") : ("free anion", "") }
    let suffix = anionBonds > 0 ? ", \(Self.bonded(anions)) bond" : ""
    if count == 1 { return ("isolated" + suffix, "") }
    let total = links.values.reduce(0, +)
    let words: [(Link, String)] = [
      (.bond, "\(Self.bonded(formers)) bond"), (.corner, "corner-sharing"), (.edge, "edge-sharing"), (.face, "face-sharing"),
    ]
    let kinds = words.filter { links[$0.0, default: 0] > 0 }.map(\.1)
    if count == 2 {
      let text = (kinds.isEmpty ? ["joined"] : kinds).joined(separator: ", ")
      return (text + suffix, text)
    }
    let word = Self.word(formers: count, links: total, most: mostPartners, fewest: fewestPartners)
    let unusual = kinds == ["corner-sharing"] ? [] : kinds
    return (([word] + kinds).joined(separator: ", ") + suffix, ([word] + unusual).joined(separator: ", "))
  }

  private static func word(formers: Int, links: Int, most: Int, fewest: Int) -> String {
    if links < formers - 1 { return "joined" }
    if links == formers - 1 { return most <= 2 ? "chain" : "branched" }
    return links == formers && most == 2 && fewest == 2 ? "ring" : "cage"
  }

  /// A chain, layer or framework, by its smallest formula.
  private func endless(largest: Int) -> UnitType {
    var divisor = 0
    for number in Array(formers.values) + Array(anions.values) + [abs(charge)] { divisor = Self.greatestDivisor(divisor, number) }
    guard divisor > 0, formerCount / divisor <= largest else { return .network(dimension: dimension) }
    func reduced(_ counts: [String: Int]) -> String { Self.formula(counts.mapValues { $0 / divisor }) }
    let word = ["", "chain", "layer", "framework"][dimension]
    let formula = reduced(formers) + reduced(anions)
    return UnitType(
      name: "(\(formula)\(ChargeText.text(charge / divisor)))n \(word)", graph: "endless \(word)", formula: formula,
      charge: charge / divisor)
  }

  private static func greatestDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestDivisor(b, a % b) }

  static func formula(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.filter { $0.value > 0 }.map { $0.value == 1 ? $0.key : "\($0.key)\($0.value)" }.joined()
  }

  /// `P-P`, `S-S`, or the elements that may be bonded.
  private static func bonded(_ counts: [String: Int]) -> String {
    let elements = counts.keys.sorted()
    return elements.count == 1 ? "\(elements[0])-\(elements[0])" : elements.joined(separator: "-")
  }
}
