import Structures

/// Where the counts of a frame stand in an entry of a ``UnitAccumulator``: a head, then as many numbers for each type of unit.
struct UnitLayout: Sendable {
  /// Symbols of elements.
  let formers: [String]
  let anions: [String]
  let modifiers: [String]
  let bins: Int
  let binWidth: Double

  /// The head: charges of units and of modifiers, in e.
  let unitCharge = 0
  let modifierCharge = 1
  let head = 2

  /// The numbers of a type.
  var stride: Int { 1 + formers.count + anions.count + 2 * modifiers.count }
  func units(_ type: Int) -> Int { head + type * stride }
  func former(_ type: Int, _ former: Int) -> Int { units(type) + 1 + former }
  func anion(_ type: Int, _ anion: Int) -> Int { units(type) + 1 + formers.count + anion }
  /// Bonds of a modifier to anions of the type, and units of the type that its atoms touch.
  func contacts(_ type: Int, _ modifier: Int) -> Int { units(type) + 1 + formers.count + anions.count + 2 * modifier }
  func touched(_ type: Int, _ modifier: Int) -> Int { contacts(type, modifier) + 1 }
  func width(types: Int) -> Int { head + types * stride }

  // Curves have entries of their own: a histogram and its norm for each pair of modifier and anion, and one within units.
  /// The first types seen have curves; glasses have a few kinds of units that matter.
  static let mostCurves = 24
  var curveStride: Int { (modifiers.count * anions.count + 1) * (bins + 1) }
  func curve(_ type: Int, modifier: Int, anion: Int) -> Int { type * curveStride + (modifier * anions.count + anion) * (bins + 1) }
  func curveWithin(_ type: Int) -> Int { type * curveStride + modifiers.count * anions.count * (bins + 1) }
  func curveWidth(types: Int) -> Int { min(types, Self.mostCurves) * curveStride }

  var radii: [Double] { (0..<bins).map { (Double($0) + 0.5) * binWidth } }
  /// g(r) from an average entry: the norm of a curve stands behind its bins.
  func normalized(_ entry: [Double], at place: Int) -> [Double] {
    let norm = entry[place + bins]
    return (0..<bins).map { bin in
      let (inner, outer) = (Double(bin) * binWidth, Double(bin + 1) * binWidth)
      return entry[place + bin] / (norm * 4 / 3 * Double.pi * (outer * outer * outer - inner * inner * inner))
    }
  }
}
