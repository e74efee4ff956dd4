import NumericalMethods
import Structures

/// Special pairs by the places of their atoms in a spatial order.
struct PlacedSpecialPairs: Sendable {
  let isEmpty: Bool
  private let pairs: SpecialPairs
  private let atoms: [Int32]
  private let placeOfAtom: [Int32]

  init(_ pairs: SpecialPairs, order: SpatialOrder) {
    self.pairs = pairs
    isEmpty = pairs.isEmpty
    guard !pairs.isEmpty else {
      atoms = []
      placeOfAtom = []
      return
    }
    atoms = order.atoms
    var placeOfAtom = [Int32](repeating: 0, count: order.atoms.count)
    for (place, atom) in order.atoms.enumerated() { placeOfAtom[Int(atom)] = Int32(place) }
    self.placeOfAtom = placeOfAtom
  }

  /// Finds the places that form special pairs with those of a cluster.
  func collect(_ home: Range<Int>, into places: inout Set<Int32>) {
    guard !pairs.isEmpty else { return }
    places.removeAll(keepingCapacity: true)
    for place in home {
      for partner in pairs.partners(of: Int(atoms[place])) { places.insert(placeOfAtom[Int(partner)]) }
    }
  }

  /// A bit for each atom of a cluster with which the atom at a place, moved by a shift, forms a special pair.
  ///
  /// Only the nearest image of an atom is a partner; it is told by what the list was built for, and bonded atoms do not move
  /// half a cell apart before the next list.
  func homes(of place: Int, _ home: Range<Int>, shift: Vector3, order: SpatialOrder, cell: Cell) -> UInt8 {
    var bits: UInt8 = 0
    for partner in pairs.partners(of: Int(atoms[place])) {
      let other = Int(placeOfAtom[Int(partner)])
      guard home.contains(other) else { continue }
      let displacement = order.positions[place] + shift - order.positions[other]
      if (displacement - cell.minimumImage(displacement)).squaredLength < 1e-6 { bits |= 1 << UInt8(other - home.lowerBound) }
    }
    return bits
  }
}
