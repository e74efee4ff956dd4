import Structures

/// The numbers of a pair of ions: `s(R) = exp((r0 - R) / b)`.
public struct BondValencePair: Sendable, Hashable {
  /// The length of a bond of valence 1, in Å.
  public var length: Double
  /// b, in Å.
  public var softness: Double
  /// The depth D0 of the Morse potential in eV; 0 where the set has none.
  public var depth: Double
  /// The distance of its minimum, in Å.
  public var minimum: Double
}

/// A published set of bond-valence parameters.
public enum BondValenceSet: String, CaseIterable, Sendable {
  /// Cation and anion by charge, bonds beyond the first shell included, with energies.
  case softBV = "softbv"
  /// Any two elements, from a size and an electronegativity of each; b = 0.37 Å; no energies.
  case okeeffeBrese = "okeeffe-brese"

  /// The parameters of a cation with an anion, or `nil` where the set has none.
  ///
  /// - Parameters:
  ///   - cation: Its element and charge, positive.
  ///   - anion: Its element and charge, negative.
  public func pair(cation: (element: String, charge: Int), anion: (element: String, charge: Int)) -> BondValencePair? {
    switch self {
    case .softBV:
      return Self.softPairs["\(cation.element)\(cation.charge) \(anion.element)\(-anion.charge)"]
    case .okeeffeBrese:
      guard let first = Self.sizes[cation.element], let second = Self.sizes[anion.element] else { return nil }
      let difference = first.negativity.squareRoot() - second.negativity.squareRoot()
      let (r, s) = (first.size, second.size)
      let length = r + s - r * s * difference * difference / (first.negativity * r + second.negativity * s)
      return BondValencePair(length: length, softness: 0.37, depth: 0, minimum: 0)
    }
  }

  /// The radius of an ion for the screening of like charges, in Å.
  static func radius(_ element: String, charge: Int) -> Double? { radii["\(element)\(charge > 0 ? "+" : "-")"] }

  private static func numbers(_ words: ArraySlice<Substring>) -> [Double] { words.compactMap { Double($0) } }

  /// Tables as words: entries stand between bars or line ends.
  private static func entries(_ text: String) -> [[Substring]] {
    text.split { $0 == "\n" || $0 == "|" }.map { $0.split(separator: " ") }
  }

  private static let softPairs: [String: BondValencePair] = {
    var pairs: [String: BondValencePair] = [:]
    for line in BondValenceTables.softBV.split(separator: "\n") {
      let parts = entries(String(line))
      guard let cation = parts.first?.first else { continue }
      for words in parts.dropFirst() {
        let values = numbers(words.dropFirst())
        guard values.count == 4 else { continue }
        pairs["\(cation) \(words[0])"] = BondValencePair(length: values[0], softness: values[2], depth: values[3], minimum: values[1])
      }
    }
    return pairs
  }()

  private static let radii: [String: Double] = {
    var radii: [String: Double] = [:]
    for words in entries(BondValenceTables.softBVRadii) { radii[String(words[0])] = numbers(words.dropFirst()).first }
    return radii
  }()

  private static let sizes: [String: (size: Double, negativity: Double)] = {
    var sizes: [String: (size: Double, negativity: Double)] = [:]
    for words in entries(BondValenceTables.okeeffeBrese) {
      let values = numbers(words.dropFirst())
      if values.count == 2 { sizes[String(words[0])] = (values[0], values[1]) }
    }
    return sizes
  }()
}

extension Element {
  /// The period, which is the principal quantum number of the valence shell.
  var period: Int {
    let ends = [2, 10, 18, 36, 54, 86]
    return 1 + ends.count { $0 < atomicNumber }
  }
}
