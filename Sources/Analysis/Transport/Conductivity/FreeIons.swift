import Structures

/// Which species are ions by themselves, and which are parts of a network or of larger ions.
///
/// The sum of Nernst and Einstein takes each particle with its own charge. Phosphorus in PS4³⁻ is no ion of charge 5: network formers are
/// left out, and anions most of which have a bond to one.
enum FreeIons {
  /// By how much a bond may be longer than the sum of the covalent radii.
  private static let tolerance = 1.25
  /// Elements that bind what is negative about them, beside network formers, where they are positive themselves.
  private static let centers: Set<String> = ["C", "N", "S", "Se", "Te", "Cl", "Br", "I"]

  /// - Parameters:
  ///   - groups: The atoms of each species.
  ///   - charges: By atom in e.
  /// - Returns: One flag a group.
  /// - Throws: As ``NeighborSearch``.
  static func flags(_ groups: [[Int]], charges: [Double], in configuration: Configuration) throws -> [Bool] {
    let elements = configuration.types.map { configuration.species[Int($0)].element }
    let isCenter = elements.indices.map { atom in
      charges[atom] > 0 && (OxidationStates.formers[elements[atom].symbol] != nil || centers.contains(elements[atom].symbol))
    }
    let formers = elements.indices.filter { isCenter[$0] }
    guard let widest = formers.map({ elements[$0].covalentRadius }).max() else { return groups.map { _ in true } }
    let reach = configuration.species.map(\.element.covalentRadius).max() ?? widest
    let search = try NeighborSearch(
      cell: configuration.cell, positions: formers.map { configuration.positions[$0] }, cutoff: tolerance * (widest + reach))
    func isBound(_ atom: Int) -> Bool {
      var bound = false
      search.forEachNeighbor(around: configuration.positions[atom]) { neighbor in
        let length = tolerance * (elements[atom].covalentRadius + elements[formers[neighbor.index]].covalentRadius)
        if neighbor.squaredDistance < length * length { bound = true }
      }
      return bound
    }
    return groups.map { atoms in
      guard let first = atoms.first else { return true }
      if isCenter[first] { return false }
      guard charges[first] < 0 else { return true }
      return 2 * atoms.filter(isBound).count <= atoms.count
    }
  }
}
