import NumericalMethods
import Structures

/// The local order of all atoms of one configuration, for ``OrderAnalysis``.
struct LocalOrder: Sendable {
  /// For the degrees asked for, and for 6 behind them where it was not.
  let bondOrder: BondOrder
  let structures: [LocalStructure]
  /// Neighbours with surroundings that are oriented alike.
  let connections: [Int32]
  let isCrystalline: [Bool]
  /// Atoms of the largest cluster of crystalline atoms.
  let largestCluster: Int

  init(_ configuration: Configuration, _ parameters: OrderAnalysis, pool: WorkerPool) throws {
    let count = configuration.count
    let table = try NeighborTable(configuration, parameters.choice, pool: pool)
    let degree = OrderAnalysis.bondDegree
    let degrees = parameters.degrees.contains(degree) ? parameters.degrees : parameters.degrees + [degree]
    bondOrder = BondOrder(table, degrees: degrees, pool: pool)
    let close: NeighborTable
    if case .nearest(let number) = parameters.choice, number >= 14 {
      close = table
    } else {
      close = try NeighborTable(configuration, .nearest(14), pool: pool)
    }
    structures = CommonNeighbors.structures(close, pool: pool)
    let (numbers, isConnected) = bondOrder.connections(table, degree: degree, threshold: parameters.bondThreshold, pool: pool)
    connections = numbers
    let isCrystalline = numbers.map { Int($0) >= parameters.connections }
    self.isCrystalline = isCrystalline
    largestCluster = Self.largestCluster(table, isCrystalline, isConnected, count: count)
  }

  private static func largestCluster(_ table: NeighborTable, _ isCrystalline: [Bool], _ isConnected: [Bool], count: Int) -> Int {
    var parents = Array(0..<count)
    func root(_ atom: Int) -> Int {
      var atom = atom
      while parents[atom] != atom {
        parents[atom] = parents[parents[atom]]
        atom = parents[atom]
      }
      return atom
    }
    for atom in 0..<count where isCrystalline[atom] {
      for place in table.range(atom) where isConnected[place] && isCrystalline[Int(table.indices[place])] {
        let (a, b) = (root(atom), root(Int(table.indices[place])))
        parents[max(a, b)] = min(a, b)
      }
    }
    var sizes = [Int](repeating: 0, count: count)
    for atom in 0..<count where isCrystalline[atom] { sizes[root(atom)] += 1 }
    return sizes.max() ?? 0
  }
}
