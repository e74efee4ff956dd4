import Structures

/// How much of the pair terms remains between atoms that a few bonds join.
///
/// The shortest path of bonds counts, as in LAMMPS's `special_bonds`.
public struct BondExclusions: Sendable, Hashable {
  /// What remains of the pair terms and of Coulomb, 0 to 1.
  public struct Factors: Sendable, Hashable {
    public var pair, coulomb: Double

    public init(pair: Double, coulomb: Double) {
      (self.pair, self.coulomb) = (pair, coulomb)
    }

    public static let whole = Factors(pair: 1, coulomb: 1)
  }

  /// By the number of bonds less one: 1-2, 1-3 and 1-4 neighbours.
  public var factors: [Factors]

  public init(_ factors: [Factors]) {
    precondition(factors.count == 3, "one pair of factors each for 1-2, 1-3 and 1-4 neighbours")
    self.factors = factors
  }

  /// The pairs that interact by less than their species would.
  ///
  /// - Parameter atoms: The number of atoms of the configuration.
  public func specialPairs(of topology: Topology, atoms: Int) -> SpecialPairs {
    let reach = (factors.lastIndex { $0 != .whole } ?? -1) + 1
    guard reach > 0, !topology.bonds.isEmpty else { return .none }
    var neighbors = [[Int32]](repeating: [], count: atoms)
    for bond in topology.bonds {
      neighbors[Int(bond.atoms.x)].append(bond.atoms.y)
      neighbors[Int(bond.atoms.y)].append(bond.atoms.x)
    }
    var pairs: [SpecialPairs.Pair] = []
    for atom in neighbors.indices where !neighbors[atom].isEmpty {
      var seen: Set<Int32> = [Int32(atom)]
      var shell = [Int32(atom)]
      for step in 0..<reach {
        shell = shell.flatMap { neighbors[Int($0)] }.filter { seen.insert($0).inserted }
        let remaining = factors[step]
        // Whole pairs are ordinary ones, but farther paths between them no longer count.
        guard remaining != .whole else { continue }
        for other in shell where Int(other) > atom {
          pairs.append(.init(Int32(atom), other, pairFactor: remaining.pair, coulombFactor: remaining.coulomb))
        }
      }
    }
    return SpecialPairs(pairs, atoms: atoms)
  }
}
