import NumericalMethods
import Structures

/// Whether the mobile among some atoms are neighbours more often than atoms drawn at random.
struct MobileClusters: Sendable {
  /// How many are mobile.
  let mobile: Int
  /// Pairs of mobile atoms within the cutoff.
  let pairs: Int
  /// How many such pairs as many atoms drawn at random have on average.
  let expectedPairs: Double
  /// The largest number of mobile atoms that are connected.
  let largest: Int
  /// The same for atoms drawn at random, the mean of some draws.
  let expectedLargest: Double

  private static let draws = 20

  /// - Parameters:
  ///   - positions: Of all atoms of a kind, wrapped or not.
  ///   - isMobile: One entry an atom.
  ///   - stream: The number of the random stream.
  init(cell: Cell, positions: [Vector3], isMobile: [Bool], cutoff: Double, stream: Int) throws {
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: cutoff)
    var bonds: [(Int, Int)] = []
    search.forEachPair { first, neighbor in
      if first != neighbor.index { bonds.append((first, neighbor.index)) }
    }
    let count = isMobile.lazy.filter { $0 }.count
    mobile = count
    pairs = bonds.lazy.filter { isMobile[$0.0] && isMobile[$0.1] }.count
    let (n, all) = (Double(count), Double(positions.count))
    expectedPairs = positions.count > 1 ? Double(bonds.count) * n * (n - 1) / (all * (all - 1)) : 0
    largest = Self.largest(bonds, isMobile)
    var random = RandomStream(seed: 20_03, stream: UInt64(stream))
    var sum = 0
    for _ in 0..<Self.draws {
      // The first atoms of a shuffle.
      var order = Array(positions.indices)
      var drawn = [Bool](repeating: false, count: positions.count)
      for place in 0..<count {
        order.swapAt(place, place + Int(random.uniform() * Double(order.count - place)))
        drawn[order[place]] = true
      }
      sum += Self.largest(bonds, drawn)
    }
    expectedLargest = Double(sum) / Double(Self.draws)
  }

  /// The size of the largest connected part of the marked atoms.
  private static func largest(_ bonds: [(Int, Int)], _ marked: [Bool]) -> Int {
    var parent = Array(marked.indices)
    var size = [Int](repeating: 1, count: marked.count)
    func root(_ atom: Int) -> Int {
      var atom = atom
      while parent[atom] != atom {
        parent[atom] = parent[parent[atom]]
        atom = parent[atom]
      }
      return atom
    }
    var largest = marked.contains(true) ? 1 : 0
    for (first, second) in bonds where marked[first] && marked[second] {
      var (a, b) = (root(first), root(second))
      guard a != b else { continue }
      if size[a] < size[b] { swap(&a, &b) }
      parent[b] = a
      size[a] += size[b]
      largest = max(largest, size[a])
    }
    return largest
  }
}
