import NumericalMethods
import Structures

/// What surrounds an atom, by common neighbours; the raw values are those of OVITO.
public enum LocalStructure: Int, CaseIterable, Sendable {
  case other = 0
  case fcc, hcp, bcc, icosahedral

  /// As in tables and summaries.
  public var name: String {
    switch self {
    case .other: "other"
    case .fcc: "fcc"
    case .hcp: "hcp"
    case .bcc: "bcc"
    case .icosahedral: "ico"
    }
  }
}

/// Adaptive common-neighbour analysis.
///
/// A neighbour's signature is three numbers: neighbours that it has in common with the atom, bonds among these, and the longest chain of
/// such bonds. Of twelve neighbours, fcc has twelve 421, hcp six 421 and six 422, an icosahedron twelve 555; of fourteen, bcc has eight 666 and
/// six 444. Atoms closer than a local cutoff are bonded:
///
///     12: (1 + √2)/2 · mean(r_1 … r_12)      14: (1 + √2)/2 · [sum(2/√3 r_1 … r_8) + sum(r_9 … r_14)] / 14
///
/// Sources: Honeycutt and Andersen, J. Phys. Chem. 91, 4950 (1987), doi:10.1021/j100303a014; Stukowski (adaptive), Modelling Simul. Mater. Sci. Eng. 20,
/// 045021 (2012), doi:10.1088/0965-0393/20/4/045021.
enum CommonNeighbors {
  /// - Parameter table: The fourteen nearest of each atom, or more, in order.
  static func structures(_ table: NeighborTable, pool: WorkerPool) -> [LocalStructure] {
    let count = table.starts.count - 1
    var result = [LocalStructure](repeating: .other, count: count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      pool.forEachRange(count, grain: 128) { range in
        for atom in range { buffer[atom] = structure(table.displacements[table.range(atom)]) }
      }
    }
    return result
  }

  private static func structure(_ vectors: ArraySlice<Vector3>) -> LocalStructure {
    guard vectors.count >= 12 else { return .other }
    let lengths = vectors.map(\.length)
    let scale = (1 + 2.0.squareRoot()) / 2
    let close = signatures(vectors.prefix(12), cutoff: scale * lengths[..<12].reduce(0, +) / 12)
    let counts = (close.count { $0 == 421 }, close.count { $0 == 422 }, close.count { $0 == 555 })
    if counts.0 == 12 { return .fcc }
    if counts.0 == 6 && counts.1 == 6 { return .hcp }
    if counts.2 == 12 { return .icosahedral }
    guard vectors.count >= 14 else { return .other }
    let near = lengths[..<8].reduce(0, +) * 2 / 3.0.squareRoot()
    let wide = signatures(vectors.prefix(14), cutoff: scale * (near + lengths[8..<14].reduce(0, +)) / 14)
    return wide.count { $0 == 666 } == 8 && wide.count { $0 == 444 } == 6 ? .bcc : .other
  }

  /// The three numbers of each neighbour as digits, 0 where it cannot be one of interest.
  ///
  /// The cutoff says which neighbours are bonded to each other; all are bonded to the atom itself, as in OVITO.
  private static func signatures(_ vectors: ArraySlice<Vector3>, cutoff: Double) -> [Int] {
    let points = Array(vectors)
    var bonds = [UInt32](repeating: 0, count: points.count)
    for first in points.indices {
      for second in 0..<first where (points[first] - points[second]).squaredLength < cutoff * cutoff {
        bonds[first] |= 1 << second
        bonds[second] |= 1 << first
      }
    }
    return bonds.indices.map { neighbor in
      let common = bonds[neighbor]
      let number = common.nonzeroBitCount
      guard number == 4 || number == 5 || number == 6 else { return 0 }
      let members = points.indices.filter { common >> $0 & 1 == 1 }
      let twice = members.reduce(0) { $0 + (bonds[$1] & common).nonzeroBitCount }
      return 100 * number + 10 * (twice / 2) + longestChain(members, bonds, common)
    }
  }

  /// The most bonds in one connected part of the bonds among common neighbours.
  private static func longestChain(_ members: [Int], _ bonds: [UInt32], _ common: UInt32) -> Int {
    var left = common
    var longest = 0
    for member in members where left >> member & 1 == 1 {
      var part: UInt32 = 1 << member
      var front = part
      while front != 0 {
        let next = front.trailingZeroBitCount
        front &= front - 1
        let new = bonds[next] & common & ~part
        part |= new
        front |= new
      }
      left &= ~part
      let twice = members.filter { part >> $0 & 1 == 1 }.reduce(0) { $0 + (bonds[$1] & part).nonzeroBitCount }
      longest = max(longest, twice / 2)
    }
    return longest
  }
}
