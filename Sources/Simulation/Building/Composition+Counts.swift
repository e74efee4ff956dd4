import Structures

/// Whole numbers of formula units and atoms that stand for a composition.
public struct AtomCounts: Hashable, Sendable, CustomStringConvertible {
  /// The composition that was asked for.
  public let composition: Composition
  /// The number of atoms that was asked for.
  public let requestedAtoms: Int
  /// The number of formula units of each component.
  public let units: [Int]
  /// The number of atoms of each element, in the order of ``Composition/elements``.
  public let elements: [Element]
  public let counts: [Int]

  /// The true number of atoms.
  public var atoms: Int { counts.reduce(0, +) }

  /// The true composition in mol%, one number a component.
  public var molePercent: [Double] {
    let total = Double(units.reduce(0, +))
    return units.map { 100 * Double($0) / total }
  }

  /// The largest difference between the true and the requested composition in mol%.
  public var deviation: Double {
    zip(molePercent, composition.components).map { abs($0 - $1.molePercent) }.max() ?? 0
  }

  /// The true composition and its rounding for a person.
  public var description: String {
    let parts = zip(units, composition.components).map { "\($0) \($1.formula.text)" }.joined(separator: " + ")
    let percent = zip(molePercent, composition.components).map { "\(Composition.trimmed($0))\($1.formula.text)" }.joined(separator: "-")
    var text = "\(atoms) atoms: \(parts)"
    if atoms != requestedAtoms { text += "; \(requestedAtoms) were asked for" }
    if units.count > 1 {
      text += "; true composition \(percent)"
      if deviation > 1e-9 { text += ", off by at most \(Composition.trimmed(max(0.01, deviation))) mol%" }
    }
    return text
  }
}

extension Composition {
  /// The deviation in mol% that is accepted in order to come nearer to the number of atoms.
  private static let acceptedDeviation = 0.5

  /// Whole formula units for about a number of atoms.
  ///
  /// Compounds are never broken up, so that a neutral composition stays neutral. Among the numbers of units near the ideal
  /// ones, those off by at most 0.5 mol% are preferred (or the nearest in composition where there is none), and of these the ones
  /// that come nearest to the number of atoms, then nearest to the composition.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidComposition` where a formula needs more than 1000 units for whole atoms, or
  ///   the number of atoms is too small for the composition.
  public func atomCounts(nearest atoms: Int) throws -> AtomCounts {
    let shares = components.map { $0.molePercent / 100 }
    var quanta: [Int] = []
    for component in components {
      guard let quantum = component.formula.smallestWholeMultiple else {
        throw SimulationError(
          .invalidComposition,
          "no thousand units of \(component.formula) have whole numbers of atoms; round its amounts to two or three decimals")
      }
      quanta.append(quantum)
    }
    let sizes = components.map(\.formula.atoms)
    let ideal = Double(max(0, atoms)) / zip(shares, sizes).reduce(0) { $0 + $1.0 * $1.1 }
    let candidates = candidates(ideal: shares.map { $0 * ideal }, quanta: quanta)
    var best: (units: [Int], off: Int, deviation: Double)?
    for units in candidates {
      let total = Double(units.reduce(0, +))
      let deviation = zip(units, shares).map { abs(100 * Double($0) / total - 100 * $1) }.max() ?? 0
      let count = Int(zip(units, sizes).reduce(0) { $0 + Double($1.0) * $1.1 }.rounded())
      let off = abs(count - atoms)
      if let known = best, !Self.isBetter((off, deviation), than: (known.off, known.deviation)) { continue }
      best = (units, off, deviation)
    }
    guard let best, atoms > 0, Double(best.off) <= 0.5 * Double(atoms) else {
      let least = zip(quanta, sizes).reduce(0) { $0 + Double($1.0) * $1.1 }
      throw SimulationError(
        .invalidComposition,
        "\(atoms) atoms are too few for \(self) with whole formula units of each compound; ask for \(Int(least.rounded()) * 2) or more")
    }
    let elements = elements
    var counts = [Int](repeating: 0, count: elements.count)
    for (component, units) in zip(components, best.units) {
      for amount in component.formula.amounts {
        guard let index = elements.firstIndex(of: amount.element) else { continue }
        counts[index] += Int((amount.count * Double(units)).rounded())
      }
    }
    return AtomCounts(composition: self, requestedAtoms: atoms, units: best.units, elements: elements, counts: counts)
  }

  private static func isBetter(_ a: (off: Int, deviation: Double), than b: (off: Int, deviation: Double)) -> Bool {
    let accepted = (a: a.deviation <= acceptedDeviation, b: b.deviation <= acceptedDeviation)
    if accepted.a != accepted.b { return accepted.a }
    if !accepted.a, abs(a.deviation - b.deviation) > 1e-9 { return a.deviation < b.deviation }
    if a.off != b.off { return a.off < b.off }
    return a.deviation < b.deviation - 1e-9
  }

  /// All combinations of whole units a few steps around the ideal ones; fewer steps for more components.
  private func candidates(ideal: [Double], quanta: [Int]) -> [[Int]] {
    let reach = ideal.count <= 4 ? 2 : ideal.count <= 8 ? 1 : 0
    var result: [[Int]] = [[]]
    for (value, quantum) in zip(ideal, quanta) {
      let middle = Int((value / Double(quantum)).rounded())
      let choices = Set((-reach...reach).map { max(1, middle + $0) * quantum }).sorted()
      result = result.flatMap { head in choices.map { head + [$0] } }
    }
    return result
  }
}
