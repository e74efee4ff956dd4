import NumericalMethods
import Structures

/// The structural units that were found in a configuration.
public struct FoundUnits: Sendable {
  /// A unit and its atoms.
  public struct Member: Sendable, Hashable {
    /// The index of the unit among ``StructuralUnits/units``.
    public var unit: Int
    /// The atoms of the configuration, in the order of the unit's own.
    public var atoms: [Int32]
  }

  public let units: StructuralUnits
  /// By the lowest atom.
  public let members: [Member]

  /// How many there are of each unit, in the order of the units.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: units.units.count)
    for member in members { counts[member.unit] += 1 }
    return counts
  }

  /// How many there are of each unit by name; units that do not occur are left out.
  public var countsByName: [String: Int] {
    Dictionary(uniqueKeysWithValues: zip(units.units.map(\.name), counts).filter { $0.1 > 0 })
  }
}

extension StructuralUnits {
  /// Finds the units of a configuration by the distances of its atoms.
  ///
  /// Two atoms are bonded where they are closer than ``bondLengths`` says for their elements; what is bonded together must be one of
  /// ``units``. Labels and bonds that the configuration may have are not looked at, so that this also tells whether a melt has kept its units.
  ///
  /// - Throws: ``InteractionsError`` with code `.brokenUnit` that lists the atoms of the first group that is none of the units.
  public func find(in configuration: Configuration) throws -> FoundUnits {
    let graph = try BondGraph(configuration, bondLengths: bondLengths)
    let elements = configuration.species.map(\.element)
    let patterns = try units.map { try UnitPattern($0, elements: elements, species: speciesElements) }
    var members: [FoundUnits.Member] = []
    var broken: [[Int32]] = []
    for group in graph.groups() {
      let kinds = group.map { elements[Int(configuration.types[Int($0)])].atomicNumber }
      let match = patterns.enumerated().lazy.compactMap { index, pattern in
        pattern.match(group, kinds: kinds, neighbors: graph.neighbors).map { FoundUnits.Member(unit: index, atoms: $0) }
      }.first
      if let match { members.append(match) } else { broken.append(group) }
    }
    guard let first = broken.first else { return FoundUnits(units: self, members: members) }
    let atoms = first.prefix(20).map { "\(elements[Int(configuration.types[Int($0)])].symbol) \($0 + 1)" }.joined(separator: ", ")
    throw InteractionsError(
      .brokenUnit,
      "\(broken.count) \(broken.count == 1 ? "group" : "groups") of bonded atoms \(broken.count == 1 ? "is" : "are") none of the units "
        + "\(units.map(\.name).joined(separator: ", ")); the first has \(first.count) atoms: \(atoms)\(first.count > 20 ? ", …" : ""). Atoms closer than "
        + bondLengths.sorted { ($0.key.x, $0.key.y) < ($1.key.x, $1.key.y) }.map { "\(Self.name($0.key)) \($0.value) Å" }.joined(
          separator: ", ")
        + " count as bonded: correct the positions, or the bond-lengths of structural-units")
  }

  private static func name(_ pair: SIMD2<Int>) -> String {
    [pair.x, pair.y].compactMap { Element(atomicNumber: $0)?.symbol }.joined(separator: "-")
  }
}

/// Who is bonded to whom.
struct BondGraph {
  /// The bonded atoms of each atom, ascending.
  private(set) var neighbors: [[Int32]]

  init(_ configuration: Configuration, bondLengths: [SIMD2<Int>: Double]) throws {
    neighbors = [[Int32]](repeating: [], count: configuration.count)
    guard let longest = bondLengths.values.max(), configuration.count > 0 else { return }
    let numbers = configuration.species.map(\.element)
    var limits = [Double](repeating: 0, count: numbers.count * numbers.count)
    for a in numbers.indices {
      for b in numbers.indices {
        let length = bondLengths[StructuralUnits.key(numbers[a], numbers[b])] ?? 0
        limits[a * numbers.count + b] = length * length
      }
    }
    let types = configuration.types
    let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: longest)
    var found = neighbors
    search.forEachPair { atom, neighbor in
      let limit = limits[Int(types[atom]) * numbers.count + Int(types[neighbor.index])]
      guard neighbor.squaredDistance < limit else { return }
      found[atom].append(Int32(neighbor.index))
      found[neighbor.index].append(Int32(atom))
    }
    neighbors = found.map { $0.sorted() }
  }

  /// Atoms that are joined, directly or through others; each group ascending, and the groups by their first atoms.
  func groups() -> [[Int32]] {
    var seen = [Bool](repeating: false, count: neighbors.count)
    var result: [[Int32]] = []
    for start in neighbors.indices where !seen[start] {
      seen[start] = true
      var group = [Int32(start)]
      var next = 0
      while next < group.count {
        for other in neighbors[Int(group[next])] where !seen[Int(other)] {
          seen[Int(other)] = true
          group.append(other)
        }
        next += 1
      }
      result.append(group.sorted())
    }
    return result
  }
}

/// A unit as a graph of elements, for comparison with groups of atoms.
private struct UnitPattern {
  let kinds: [Int]
  let neighbors: [[Int]]
  /// The atoms of the unit, each but the first bonded to an earlier one.
  let order: [Int]

  init(_ unit: StructuralUnit, elements: [Element], species: [String: Int]) throws {
    kinds = unit.labels.map { species[$0] ?? 0 }
    neighbors = unit.neighbors
    var order = [0]
    var next = 0
    while next < order.count {
      for other in neighbors[order[next]] where !order.contains(other) { order.append(other) }
      next += 1
    }
    self.order = order
  }

  /// The atoms of a group in the order of the unit's, or `nil` where the group is another.
  ///
  /// Of several ways the one with the lowest atoms in the order of the unit is taken, so that the result does not depend on chance.
  func match(_ group: [Int32], kinds groupKinds: [Int], neighbors graph: [[Int32]]) -> [Int32]? {
    guard group.count == kinds.count, groupKinds.sorted() == kinds.sorted() else { return nil }
    let kindOf = Dictionary(uniqueKeysWithValues: zip(group, groupKinds))
    var assigned = [Int32?](repeating: nil, count: kinds.count)
    var used: Set<Int32> = []

    func assign(_ step: Int) -> Bool {
      guard step < order.count else { return true }
      let slot = order[step]
      let placed = neighbors[slot].compactMap { assigned[$0] }
      let candidates = step == 0 ? group : placed.first.map { graph[Int($0)] } ?? []
      for atom in candidates where !used.contains(atom) && kindOf[atom] == kinds[slot] {
        let bonded = graph[Int(atom)]
        guard bonded.count == neighbors[slot].count, placed.allSatisfy(bonded.contains) else { continue }
        assigned[slot] = atom
        used.insert(atom)
        if assign(step + 1) { return true }
        assigned[slot] = nil
        used.remove(atom)
      }
      return false
    }
    guard assign(0) else { return nil }
    return assigned.compactMap(\.self)
  }
}
