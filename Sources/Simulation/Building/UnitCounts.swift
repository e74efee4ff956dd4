import Interactions
import Structures

/// Whole numbers of structural units and of the cation that balances them.
public struct UnitCounts: Sendable, Hashable, CustomStringConvertible {
  /// A unit and how many there are of it.
  public struct Item: Sendable, Hashable {
    public let unit: StructuralUnit
    public let count: Int
    /// The atoms of the network former in one unit.
    let formers: Int
  }

  /// The units in the order asked for, without the cation.
  public let items: [Item]
  public let cation: Item
  /// The element that shares are counted by.
  public let former: Element

  /// The number of atoms.
  public var atoms: Int { (items + [cation]).reduce(0) { $0 + $1.unit.count * $1.count } }

  /// The share of the former's atoms in each of ``items``, 0 to 1.
  public var shares: [Double] {
    let total = Double(items.reduce(0) { $0 + $1.formers * $1.count })
    return items.map { total > 0 ? Double($0.formers * $0.count) / total : 0 }
  }

  /// The number of atoms of each element, in the order of the units.
  public func elements(in forceField: ForceField) -> [(element: Element, count: Int)] {
    var result: [(element: Element, count: Int)] = []
    for item in [cation] + items {
      for label in item.unit.labels {
        guard let element = forceField.species.first(where: { $0.label == label })?.element else { continue }
        if let place = result.firstIndex(where: { $0.element == element }) {
          result[place].count += item.count
        } else {
          result.append((element, item.count))
        }
      }
    }
    return result
  }

  /// What is there, for a person, with what the shares are shares of.
  public var description: String {
    let parts = (items + [cation]).map { "\($0.count) \($0.unit.name)" }.joined(separator: " + ")
    let percent = zip(items, shares).filter { $0.0.formers > 0 }
      .map { "\($0.0.unit.name) \(Composition.trimmed(100 * $0.1)) %" }.joined(separator: ", ")
    return "\(atoms) atoms: \(parts); share of \(former.symbol): \(percent)"
  }
}

extension UnitCounts {
  /// The counts that come nearest to shares of the former's atoms.
  ///
  /// - Parameters:
  ///   - shares: Units by name, and the share of the former's atoms in each; 1 in all.
  ///   - atoms: About how many atoms, cations included.
  /// - Throws: ``SimulationError`` with code `.invalidComposition`.
  public init(shares: [(name: String, share: Double)], atoms: Int, forceField: ForceField) throws {
    let parts = try UnitParts(forceField)
    let units = try shares.map { try parts.unit($0.name) }
    for (share, unit) in zip(shares, units) {
      guard share.share >= 0, share.share <= 1 else {
        throw SimulationError(
          .invalidComposition, "the share of \(share.name) is \(share.share); shares of \(parts.former.symbol) are numbers from 0 to 1")
      }
      guard parts.formers(unit) > 0 else {
        throw SimulationError(
          .invalidComposition,
          "\(share.name) holds no \(parts.former.symbol), and units are given by their share of it; give numbers of units (unit-counts) instead"
        )
      }
    }
    let sum = shares.reduce(0) { $0 + $1.share }
    guard !shares.isEmpty, abs(sum - 1) < 0.005 else {
      throw SimulationError(
        .invalidComposition, "the shares of \(parts.former.symbol) add up to \(sum); they are shares of its atoms and add up to 1")
    }
    // Atoms for each atom of the former, cations included.
    var size = 0.0
    for (share, unit) in zip(shares, units) {
      size += share.share / sum / Double(parts.formers(unit)) * (Double(unit.count) + (try parts.cations(for: unit)))
    }
    let formers = Double(atoms) / size
    let counts = zip(shares, units).map { Int(($0.share / sum * formers / Double(parts.formers($1))).rounded()) }
    try self.init(units, counts, parts)
  }

  /// Given counts, with the cations that balance them.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidComposition`.
  public init(counts: [(name: String, count: Int)], forceField: ForceField) throws {
    let parts = try UnitParts(forceField)
    if let bad = counts.first(where: { $0.count < 0 }) {
      throw SimulationError(.invalidComposition, "there cannot be \(bad.count) \(bad.name); give numbers from 0 on")
    }
    try self.init(try counts.map { try parts.unit($0.name) }, counts.map(\.count), parts)
  }

  private init(_ units: [StructuralUnit], _ counts: [Int], _ parts: UnitParts) throws {
    if let twice = units.indices.first(where: { units[..<$0].contains(units[$0]) }) {
      throw SimulationError(.invalidComposition, "\(units[twice].name) is given twice; add the two up")
    }
    var cations = 0.0
    for (unit, count) in zip(units, counts) { cations += Double(count) * (try parts.cations(for: unit)) }
    guard cations.rounded() >= 1, abs(cations - cations.rounded()) < 1e-4 else {
      throw SimulationError(
        .invalidComposition,
        "\(counts.reduce(0, +)) units need \(cations) \(parts.cation.name) to be neutral, which is no positive whole number; change the numbers of units"
      )
    }
    items = zip(units, counts).map { Item(unit: $0, count: $1, formers: parts.formers($0)) }
    cation = Item(unit: parts.cation, count: Int(cations.rounded()), formers: 0)
    former = parts.former
  }
}

/// The units of a force field in their roles.
private struct UnitParts {
  let forceField: ForceField
  let units: StructuralUnits
  let former: Element
  let cation: StructuralUnit
  private let cationCharge: Double

  init(_ forceField: ForceField) throws {
    guard let units = forceField.structuralUnits, let former = Element(atomicNumber: units.former) else {
      throw SimulationError(
        .invalidComposition,
        "\(forceField.name) describes no structural units to build from; choose a force field that does, such as lps-ariga")
    }
    let positive = try units.units.filter { try $0.count == 1 && forceField.charge(of: $0) > 0 }
    guard positive.count == 1, let cation = positive.first else {
      throw SimulationError(
        .invalidComposition,
        "\(forceField.name) has \(positive.count) units of one positive atom (\(positive.map(\.name).joined(separator: ", "))); exactly one can balance the others"
      )
    }
    self.forceField = forceField
    self.units = units
    self.former = former
    self.cation = cation
    cationCharge = try forceField.charge(of: cation)
  }

  func unit(_ name: String) throws -> StructuralUnit {
    let names = units.units.map(\.name).filter { $0 != cation.name }
    guard let unit = units.unit(name), name != cation.name else {
      let reason =
        name == cation.name ? "\(name) is what balances the charge of the other units, and cannot be given" : "there is no unit \"\(name)\""
      throw SimulationError(
        .invalidComposition, "\(reason)\(didYouMean(name, among: names)); \(forceField.name) has the units \(names.joined(separator: ", "))"
      )
    }
    return unit
  }

  func formers(_ unit: StructuralUnit) -> Int {
    unit.labels.filter { label in forceField.species.first { $0.label == label }?.element == former }.count
  }

  /// The cations that balance one unit.
  func cations(for unit: StructuralUnit) throws -> Double {
    -(try forceField.charge(of: unit)) / cationCharge
  }
}
