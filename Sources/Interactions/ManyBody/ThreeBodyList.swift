import NumericalMethods
import Structures

/// The atoms that may become legs of each vertex while no atom moves farther than half a buffer.
///
/// Those of one vertex stand in an order that depends on species, atoms and images alone, not on when the list was built.
struct ThreeBodyList {
  /// A possible leg.
  struct Entry {
    var atom: Int32
    var species: Int32
    /// Which of ``images`` to add to `r[atom] - r[vertex]`.
    var image: Int32
  }

  let reference: NeighborReference
  /// The first entry of each vertex, and one past the last.
  private(set) var starts: [Int32] = [0]
  private(set) var entries: [Entry] = []
  /// Lattice vectors by number, in units of the edges.
  private(set) var images: [SIMD3<Int32>] = [.zero]
  private(set) var longest = 0
  /// For each atom, the entries where it is a leg, ascending.
  private(set) var atomSlots: BondedLayout.Lists

  private static let grain = 128

  private struct Found {
    var entry: Entry
    var image: SIMD3<Int32>
  }

  /// - Parameters:
  ///   - vertices: The atoms that can be vertices, ascending.
  ///   - buffer: How far beyond its cutoff a leg is listed, in Å.
  init(
    _ interactions: ThreeBodyInteractions, types: [Int32], vertices: [Int32], legs: [Int32], buffer: Double,
    reference: NeighborReference, pool: WorkerPool
  ) throws {
    self.reference = reference
    let (positions, cell) = (reference.positions, reference.cell)
    let search = try NeighborSearch(
      cell: cell, positions: legs.map { positions[Int($0)] }, cutoff: interactions.cutoff + buffer)
    let species = interactions.species
    let reach: [Double] = (0..<species * species).map { index in
      interactions.leg(index / species, index % species).map { ($0.cutoff + buffer) * ($0.cutoff + buffer) } ?? 0
    }
    let blocks = (vertices.count + Self.grain - 1) / Self.grain
    var parts = [(sizes: [Int32], found: [Found])](repeating: ([], []), count: blocks)
    parts.withUnsafeMutableBufferPointer { parts in
      let parts = parts
      pool.forEachBlock(blocks) { block in
        var part: (sizes: [Int32], found: [Found]) = ([], [])
        for vertex in vertices[block * Self.grain..<min(vertices.count, (block + 1) * Self.grain)] {
          let row = Int(types[Int(vertex)]) * species
          let center = positions[Int(vertex)]
          let start = part.found.count
          search.forEachNeighbor(around: center) { neighbor in
            let atom = legs[neighbor.index]
            let type = types[Int(atom)]
            guard neighbor.squaredDistance < reach[row + Int(type)] else { return }
            // Wrapping has moved both atoms by whole edges; these are how many lie between their unwrapped positions.
            let edges = ((neighbor.displacement - (positions[Int(atom)] - center)) * cell.inverse).rounded(.toNearestOrEven)
            let image = SIMD3<Int32>(Int32(edges.x), Int32(edges.y), Int32(edges.z))
            if atom == vertex, image == .zero { return }
            part.found.append(Found(entry: Entry(atom: atom, species: type, image: 0), image: image))
          }
          part.found[start...].sort { Self.precedes($0, $1) }
          part.sizes.append(Int32(part.found.count - start))
        }
        parts[block] = part
      }
    }
    var numbers: [SIMD3<Int32>: Int32] = [.zero: 0]
    entries.reserveCapacity(parts.reduce(0) { $0 + $1.found.count })
    for part in parts {
      for size in part.sizes {
        starts.append((starts.last ?? 0) + size)
        longest = max(longest, Int(size))
      }
      for found in part.found {
        var entry = found.entry
        if let number = numbers[found.image] {
          entry.image = number
        } else {
          entry.image = Int32(images.count)
          numbers[found.image] = entry.image
          images.append(found.image)
        }
        entries.append(entry)
      }
    }
    atomSlots = BondedLayout.Lists([], count: 0)
    atomSlots = BondedLayout.Lists(entries.enumerated().map { (Int($0.element.atom), Int32($0.offset)) }, count: positions.count)
  }

  private static func precedes(_ a: Found, _ b: Found) -> Bool {
    if a.entry.species != b.entry.species { return a.entry.species < b.entry.species }
    if a.entry.atom != b.entry.atom { return a.entry.atom < b.entry.atom }
    return (a.image.x, a.image.y, a.image.z) < (b.image.x, b.image.y, b.image.z)
  }

  /// Whether every leg shorter than its cutoff is in the list, given positions and cell now.
  func isValid(_ positions: [Vector3], _ cell: Cell, cutoff: Double, buffer: Double, atoms: [Int32]) -> Bool {
    let map = reference.cell.inverse * cell.vectors
    let strain = map - .identity
    let stretch = (strain[0].squaredLength + strain[1].squaredLength + strain[2].squaredLength).squareRoot()
    let slack = (cutoff + buffer) * (1 - stretch) - cutoff
    guard slack >= 0 else { return false }
    let limit = slack * slack / 4
    let isSameCell = strain == .zero && cell.origin == reference.cell.origin
    return reference.positions.withUnsafeBufferPointer { old in
      positions.withUnsafeBufferPointer { new in
        for atom in atoms {
          let before = isSameCell ? old[Int(atom)] : (old[Int(atom)] - reference.cell.origin) * map + cell.origin
          // Not a comparison with >, which a number that is not finite would pass.
          if !((new[Int(atom)] - before).squaredLength <= limit) { return false }
        }
        return true
      }
    }
  }
}
