import Structures

/// The pieces into which the bonds join atoms, and along how many directions each goes on for ever.
struct BondComponents: Sendable {
  /// The piece of each atom, numbered by their first atoms; -1 for atoms left out.
  let componentOf: [Int32]
  /// How many edges of the cell each atom lies away from where its piece began, so that
  /// `position + offset * cell.vectors` shows a finite piece as a whole.
  let offsets: [SIMD3<Int32>]
  /// Along how many independent directions a piece repeats: 0 for a cluster, 1 for a chain, 2 for a layer, 3 for a framework.
  let dimensions: [Int]
  /// The atoms of each piece, from `starts[c]` to `starts[c + 1]`.
  let members: [Int32]
  let starts: [Int]

  var count: Int { dimensions.count }

  /// The atoms of a piece.
  func atoms(of component: Int) -> ArraySlice<Int32> { members[starts[component]..<starts[component + 1]] }

  /// - Parameters:
  ///   - takes: Whether an atom belongs to any piece.
  ///   - joins: Whether a bond between two atoms that are taken joins them.
  init(_ graph: BondGraph, takes: (Int) -> Bool, joins: (Int, Int) -> Bool = { _, _ in true }) {
    var componentOf = [Int32](repeating: -1, count: graph.count)
    var offsets = [SIMD3<Int32>](repeating: .zero, count: graph.count)
    var dimensions: [Int] = []
    var members: [Int32] = []
    members.reserveCapacity(graph.count)
    var starts = [0]
    for first in 0..<graph.count where componentOf[first] < 0 && takes(first) {
      let component = Int32(dimensions.count)
      var lattice = IntegerLattice()
      componentOf[first] = component
      var next = members.count
      members.append(Int32(first))
      while next < members.count {
        let atom = Int(members[next])
        next += 1
        for bond in graph.bonds(of: atom) {
          let other = Int(graph.neighbors[bond])
          guard takes(other), joins(atom, other) else { continue }
          let offset = offsets[atom] &+ graph.images[bond]
          if componentOf[other] < 0 {
            componentOf[other] = component
            offsets[other] = offset
            members.append(Int32(other))
          } else if lattice.rank < 3, offset != offsets[other] {
            lattice.add(offset &- offsets[other])
          }
        }
      }
      dimensions.append(lattice.rank)
      starts.append(members.count)
    }
    (self.componentOf, self.offsets, self.dimensions, self.members, self.starts) = (componentOf, offsets, dimensions, members, starts)
  }
}

/// How many independent directions a set of lattice vectors spans.
private struct IntegerLattice {
  private(set) var rank = 0
  private var first = SIMD3<Double>.zero
  private var normal = SIMD3<Double>.zero

  /// Whole numbers in double precision: vectors are a few edges long, so products are exact.
  mutating func add(_ vector: SIMD3<Int32>) {
    let v = SIMD3<Double>(Double(vector.x), Double(vector.y), Double(vector.z))
    switch rank {
    case 0:
      first = v
      rank = 1
    case 1:
      let cross = SIMD3(first.y * v.z - first.z * v.y, first.z * v.x - first.x * v.z, first.x * v.y - first.y * v.x)
      if cross != .zero {
        normal = cross
        rank = 2
      }
    case 2: if (normal * v).sum() != 0 { rank = 3 }
    default: break
    }
  }
}
