import NumericalMethods
import Structures

/// The bonds of one frame as a graph that repeats with the cell, laid out for ring searches.
///
/// A place in the unfolded graph is an atom in one image of the cell, written as one number, the *key*
///
///     key = node * 2³⁰ + 2²⁰ image.x + 2¹⁰ image.y + image.z
///
/// so that keys of images add up, and their order is the same seen from every image: first by node, then by image. A path is
/// followed through the edges of the cell, and closes only where it comes back to the same image: what wraps around the
/// cell is no ring, however small the cell.
///
/// Atoms that no ring can pass are left out (again and again, those with fewer than two bonds); the distances between the
/// others do not change by that. Nodes are the atoms left, in an order in which neighbours in space are close in memory.
struct RingGraph: Sendable {
  /// The first step of each node, and one past the last.
  let starts: [Int32]
  /// For each step, the key of its end as seen from image 0 of its beginning.
  let steps: [Int64]
  /// The atom of each node.
  let atoms: [Int32]

  var count: Int { atoms.count }

  static let imageBits: Int64 = 30
  private static let half: Int64 = 1 << 29

  @inline(__always)
  static func key(_ node: Int) -> Int64 { Int64(node) << imageBits }

  @inline(__always)
  static func node(_ key: Int64) -> Int { Int((key + half) >> imageBits) }

  /// What the image adds to a key.
  @inline(__always)
  static func shift(_ key: Int64) -> Int64 { key - (((key + half) >> imageBits) << imageBits) }

  static func packed(_ image: SIMD3<Int32>) -> Int64 { Int64(image.x) << 20 + Int64(image.y) << 10 + Int64(image.z) }

  /// The image of a key.
  static func image(_ key: Int64) -> SIMD3<Int32> {
    var rest = shift(key)
    let z = ((rest + 512) & 1023) - 512
    rest = (rest - z) >> 10
    let y = ((rest + 512) & 1023) - 512
    return SIMD3(Int32((rest - y) >> 10), Int32(y), Int32(z))
  }

  /// - Parameters:
  ///   - bonds: Each at both ends.
  ///   - configuration: The atoms of the bonds.
  ///   - largestSize: Of the rings to search.
  /// - Throws: ``AnalysisError`` with code `.tooManyNeighbors` where bonds reach across so many images that keys do not hold
  ///   them, or `.tooMuchMemory` for more than 2²⁵ atoms.
  init(_ bonds: BondGraph, in configuration: Configuration, largestSize: Int) throws {
    let count = configuration.count
    guard count < 1 << 25 else {
      throw AnalysisError(.tooMuchMemory, "rings: there are \(count) atoms; the search takes up to \(1 << 25)")
    }
    let degree = Self.degreesInCore(bonds, count: count)
    let wrapped = configuration.positions.map { configuration.cell.wrap($0) }
    let order = Self.order(
      (0..<count).filter { degree[$0] > 0 }, cell: configuration.cell, positions: wrapped.map(\.position))
    var nodeOf = [Int32](repeating: -1, count: count)
    for (node, atom) in order.enumerated() { nodeOf[Int(atom)] = Int32(node) }
    var starts: [Int32] = [0]
    var steps: [Int64] = []
    starts.reserveCapacity(order.count + 1)
    var reach: Int32 = 0
    for atom in order {
      for bond in bonds.bonds(of: Int(atom)) {
        let other = Int(bonds.neighbors[bond])
        guard nodeOf[other] >= 0 else { continue }
        let image = bonds.images[bond] &+ wrapped[other].image &- wrapped[Int(atom)].image
        reach = max(reach, image.max(), -image.min())
        steps.append(Self.key(Int(nodeOf[other])) + Self.packed(image))
      }
      starts.append(Int32(steps.count))
    }
    guard Int(reach) * largestSize < 512 else {
      throw AnalysisError(
        .tooManyNeighbors,
        "rings: bonds reach across \(reach) images of the cell, too many for rings of \(largestSize); give shorter cutoffs or a smaller "
          + "max-size")
    }
    self.starts = starts
    self.steps = steps
    atoms = order
  }

  /// The number of bonds of each atom to others that rings can pass; 0 for those that none can.
  private static func degreesInCore(_ bonds: BondGraph, count: Int) -> [Int] {
    var degree = (0..<count).map { bonds.degree(of: $0) }
    var loose = (0..<count).filter { degree[$0] == 1 }
    while let atom = loose.popLast() {
      guard degree[atom] == 1 else { continue }
      degree[atom] = 0
      for bond in bonds.bonds(of: atom) {
        let other = Int(bonds.neighbors[bond])
        guard degree[other] > 0 else { continue }
        degree[other] -= 1
        if degree[other] == 1 { loose.append(other) }
      }
    }
    return degree
  }

  /// Atoms along a curve through boxes of the cell (Morton's), so that those near each other follow each other.
  private static func order(_ atoms: [Int], cell: Cell, positions: [Vector3]) -> [Int32] {
    func spread(_ value: UInt64) -> UInt64 {
      var bits = value & 0x3ff
      bits = (bits | bits << 16) & 0x0300_00ff
      bits = (bits | bits << 8) & 0x0300_f00f
      bits = (bits | bits << 4) & 0x030c_30c3
      return (bits | bits << 2) & 0x0924_9249
    }
    // Boxes of about 4 Å, so that a skewed or long cell is cut evenly.
    let boxes = (cell.lengths / 4).rounded(.up)
    let codes = atoms.map { atom -> (UInt64, Int32) in
      let place = cell.fractional(positions[atom]) * boxes
      var code: UInt64 = 0
      for axis in 0..<3 {
        let index = max(0, min(1023, place[axis]))
        code |= spread(UInt64(index)) << UInt64(axis)
      }
      return (code, Int32(atom))
    }
    return codes.sorted { $0 < $1 }.map(\.1)
  }
}

/// Rings as one list of places: ring i is `keys[starts[i] ..< starts[i + 1]]`, in the order around it.
struct RingList: Sendable {
  private(set) var starts: [Int] = [0]
  private(set) var keys: [Int64] = []

  var count: Int { starts.count - 1 }

  subscript(ring: Int) -> ArraySlice<Int64> { keys[starts[ring]..<starts[ring + 1]] }

  @inline(__always)
  func size(_ ring: Int) -> Int { starts[ring + 1] - starts[ring] }

  mutating func append(_ ring: some Sequence<Int64>) {
    keys.append(contentsOf: ring)
    starts.append(keys.count)
  }

  /// Adds a ring given as its two sides: one away from its first place, the other also, and gone backwards.
  mutating func append(around left: ArraySlice<Int64>, _ right: ArraySlice<Int64>) {
    keys.append(contentsOf: left)
    keys.append(contentsOf: right.reversed())
    starts.append(keys.count)
  }

  mutating func append(contentsOf other: RingList) {
    let offset = keys.count
    keys.append(contentsOf: other.keys)
    starts.append(contentsOf: other.starts.dropFirst().map { $0 + offset })
  }

  /// The rings for which a condition holds.
  func filter(_ isIncluded: (Int) -> Bool) -> RingList {
    var result = RingList()
    for ring in 0..<count where isIncluded(ring) { result.append(self[ring]) }
    return result
  }
}
