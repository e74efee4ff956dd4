import Structures

/// What a glass is made of: compounds in mol%, or one formula.
public struct Composition: Hashable, Sendable, CustomStringConvertible {
  /// A compound and its share.
  public struct Component: Hashable, Sendable {
    public var formula: ChemicalFormula
    /// In mol% of formula units; all components together have 100.
    public var molePercent: Double
  }

  public let components: [Component]

  /// A composition in mol% of compounds, such as `[("Li2O", 40), ("B2O3", 30), ("P2O5", 30)]`.
  ///
  /// - Parameter molePercent: Shares that add up to 100 within 0.5, which takes up rounding such as 33.3 + 66.6; they are
  ///   scaled to exactly 100. Compounds with 0 are left out.
  /// - Throws: ``SimulationError`` with code `.invalidComposition` or `.invalidFormula`.
  public init(molePercent: [(compound: String, percent: Double)]) throws {
    let written = molePercent.map { "\($0.percent) \($0.compound)" }.joined(separator: ", ")
    func fail(_ message: String) -> SimulationError {
      SimulationError(.invalidComposition, "the composition {\(written)} \(message)")
    }
    for (compound, percent) in molePercent where !(percent >= 0 && percent.isFinite) {
      throw fail("has \(percent) mol% of \(compound); shares are numbers from 0 to 100")
    }
    let total = molePercent.reduce(0) { $0 + $1.percent }
    guard !molePercent.isEmpty, total > 0 else { throw fail("holds nothing; give compounds and mol%, such as Li2O: 40") }
    guard abs(total - 100) <= 0.5 else { throw fail("adds up to \(total) mol%; give shares that add up to 100") }
    var components: [Component] = []
    for (compound, percent) in molePercent where percent > 0 {
      let formula = try ChemicalFormula(compound)
      guard !components.contains(where: { $0.formula.amounts == formula.amounts }) else {
        throw fail("has \(compound) twice; add the shares up")
      }
      components.append(Component(formula: formula, molePercent: percent * 100 / total))
    }
    self.components = components
  }

  /// The composition of one compound, such as `Li3PS4`.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidFormula`.
  public init(formula: String) throws {
    components = [Component(formula: try ChemicalFormula(formula), molePercent: 100)]
  }

  public var description: String {
    if components.count == 1 { return components[0].formula.text }
    return components.map { "\(Self.trimmed($0.molePercent))\($0.formula.text)" }.joined(separator: "-")
  }

  /// The elements: cations in the order of the compounds, then anions.
  public var elements: [Element] {
    var seen: [Element] = []
    for component in components {
      for amount in component.formula.amounts where !seen.contains(amount.element) { seen.append(amount.element) }
    }
    return seen.filter { !$0.isAnionFormer } + seen.filter(\.isAnionFormer)
  }

  /// The mean number of atoms of each element in a formula unit of the mixture, in the order of ``elements``.
  public var meanAmounts: [ChemicalFormula.Amount] {
    elements.map { element in
      var count = 0.0
      for component in components {
        for amount in component.formula.amounts where amount.element == element {
          count += amount.count * component.molePercent / 100
        }
      }
      return ChemicalFormula.Amount(element: element, count: count)
    }
  }

  /// A number with at most two decimals.
  static func trimmed(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}

extension Element {
  /// Whether the element is the negative partner in most inorganic compounds: the halogens, chalcogens and nitrogen.
  var isAnionFormer: Bool { [7, 8, 9, 16, 17, 34, 35, 52, 53].contains(atomicNumber) }
}
