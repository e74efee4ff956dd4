import Structures

/// Species from the labels and masses that files give.
enum SpeciesResolver {
  /// The element that a label names: `Si`, `SI`, `Li1+`, `O_br`, `S4` (sulfur); `nil` where it names none.
  static func element(label: some StringProtocol) -> Element? {
    let letters = label.prefix { $0.isASCII && $0.isLetter }
    guard (1...2).contains(letters.count) else { return nil }
    return Element(symbol: letters)
  }

  /// A species by its label, optionally with its mass in amu, which decides where the label is ambiguous.
  ///
  /// - Returns: The species, and a warning where the label reads as another element than the mass (`Sc` for a kind of
  ///   sulfur).
  /// - Throws: ``FormatsError`` with code `.inconsistent` where label and mass disagree, `.missingElements` where neither
  ///   names an element.
  static func species(label: String?, mass: Double?, context: String, at position: FilePosition) throws -> (Species, warning: String?) {
    let named = label.flatMap { element(label: $0) }
    guard let mass else {
      guard let named else {
        throw FormatsError(
          .missingElements, at: position, "\(context) is labelled \"\(label ?? "")\", which names no element; \(mend)")
      }
      return (Species(named, label: label), nil)
    }
    guard let named else {
      guard let element = Element(mass: mass) else {
        throw FormatsError(.missingElements, at: position, "no element has the mass \(mass) amu of \(context); \(mend)")
      }
      return (Species(element, label: label, mass: mass), nil)
    }
    if agrees(named, mass) { return (Species(named, label: label, mass: mass), nil) }
    // Force fields call kinds of one element Sc or Pa; the first letter then is the element.
    if let label, label.prefix(while: \.isLetter).count == 2, let first = Element(symbol: label.prefix(1)),
      abs(first.mass - mass) < 0.1
    {
      return (
        Species(first, label: label, mass: mass),
        "\(context) is labelled \(label) but has the mass of \(first.name.lowercased()) (\(mass) amu); it is taken as \(first.symbol)"
      )
    }
    let nearest = Element(mass: mass, tolerance: 1).map { ", which is that of \($0.symbol)" } ?? ""
    throw FormatsError(
      .inconsistent, at: position,
      "\(context) is labelled \(label ?? "") (\(named.mass) amu) but has the mass \(mass) amu\(nearest); correct one of them")
  }

  static let mend = "name the elements in the order of the types, for example --elements Si,O"

  /// Whether a mass can be that of an element: no other element is nearer, or it is within 0.5 amu; isotopes pass.
  private static func agrees(_ element: Element, _ mass: Double) -> Bool {
    let difference = abs(element.mass - mass)
    if difference < 0.5 { return true }
    return difference < 3 && Element(mass: mass, tolerance: 3) == element
  }

  /// Labels that several species share get the number of their type, so that none hides another.
  ///
  /// - Returns: A warning that names them, if there are any.
  static func makeLabelsUnique(_ species: inout [Species]) -> String? {
    var counts: [String: Int] = [:]
    for one in species { counts[one.label, default: 0] += 1 }
    let shared = counts.filter { $0.value > 1 }.keys.sorted()
    guard !shared.isEmpty else { return nil }
    for index in species.indices where counts[species[index].label, default: 0] > 1 {
      species[index].label += "\(index + 1)"
    }
    return "several types are \(shared.joined(separator: ", ")); they are told apart by the number of the type: "
      + species.map(\.label).joined(separator: ", ")
  }
}

extension Species {
  /// The species of a list as people write it: `Si,O`, or `S4,P4` where kinds of one element are told apart by a number.
  ///
  /// A label that reads as another element is written with its element, `Sc=S`.
  /// - Throws: ``FormatsError`` with code `.missingElements` where a label names no element.
  public static func list(_ text: String) throws -> [Species] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let words = part.split(separator: " ").joined(separator: " ")
      let sides = words.split(separator: "=", maxSplits: 1)
      guard let label = sides.first, let element = SpeciesResolver.element(label: sides.last ?? label) else {
        throw FormatsError(
          .missingElements, "\"\(part)\" in \"\(text)\" names no element; write symbols with commas, for example Si,O or S4,Sc=S")
      }
      return Species(element, label: String(label))
    }
  }
}
