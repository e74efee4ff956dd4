import Structures

/// A group of bonded atoms that a force field knows: which species, joined how.
public struct StructuralUnit: Sendable, Hashable {
  public let name: String
  /// The labels of the species of its atoms.
  public let labels: [String]
  /// Pairs of atoms by index, the lower one first.
  public let bonds: [SIMD2<Int>]

  public init(name: String, labels: [String], bonds: [SIMD2<Int>]) {
    self.name = name
    self.labels = labels
    self.bonds = bonds
  }

  public var count: Int { labels.count }

  /// The bonded atoms of each atom, ascending.
  public var neighbors: [[Int]] {
    var result = [[Int]](repeating: [], count: labels.count)
    for bond in bonds {
      result[bond.x].append(bond.y)
      result[bond.y].append(bond.x)
    }
    return result.map { $0.sorted() }
  }
}

/// The structural units of a force field, and when two atoms count as bonded.
public struct StructuralUnits: Sendable, Hashable {
  /// In the order of the file.
  public let units: [StructuralUnit]
  /// The element whose atoms shares of units are counted by.
  public let former: Int
  /// The distance in Å below which atoms of two elements are bonded, by the numbers of the elements, the lower one first.
  public let bondLengths: [SIMD2<Int>: Double]
  /// The number of the element of each label.
  let speciesElements: [String: Int]

  /// The distance in Å below which atoms of two elements are bonded, or `nil` where they never are.
  public func bondLength(_ first: Element, _ second: Element) -> Double? { bondLengths[Self.key(first, second)] }

  public func unit(_ name: String) -> StructuralUnit? { units.first { $0.name == name } }
}
