import NumericalMethods

/// All neighbours of atoms within a cutoff, in time linear in the number of atoms.
///
/// Atoms are sorted into bins about half a cutoff wide. Any cell will do: skewed, smaller than the cutoff (an atom then
/// meets several images of another, and of itself), or not periodic along some edges.
public struct NeighborSearch: Sendable {
  /// A neighbour as seen from an atom.
  public struct Neighbor: Sendable {
    /// The neighbour's index.
    public var index: Int
    /// The vector from the atom to this image of the neighbour, in Å.
    public var displacement: Vector3
    /// The squared distance in Å².
    public var squaredDistance: Double
  }

  public let cell: Cell
  public let cutoff: Double
  /// Wrapped positions, in the order of the bins.
  private let sorted: [Vector3]
  /// The atom at each place of ``sorted``, and the place of each atom.
  private let order: [Int32]
  /// The first place of each bin, and one past the last.
  private let starts: [Int32]
  private let bins: SIMD3<Int>
  private let reach: SIMD3<Int>
  private let wrapped: [Vector3]

  /// Sorts atoms into bins.
  ///
  /// - Parameters:
  ///   - positions: In Å, wrapped or not.
  ///   - cutoff: In Å, positive and finite.
  /// - Throws: ``StructuresError`` with code `.invalidCutoff`, or `.lostAtoms` where a position is not finite.
  public init(cell: Cell, positions: [Vector3], cutoff: Double) throws {
    guard cutoff > 0, cutoff.isFinite else {
      throw StructuresError(.invalidCutoff, "a neighbour search needs a positive cutoff in Å, not \(cutoff)")
    }
    self.cell = cell
    self.cutoff = cutoff
    let widths = cell.widths
    let bins = Self.binCounts(widths: widths, cutoff: cutoff, atoms: positions.count)
    var reach = SIMD3<Int>(0, 0, 0)
    var visited = 1.0
    for axis in 0..<3 {
      var steps = (cutoff * Double(bins[axis]) / widths[axis]).rounded(.up)
      if !cell.periodic[axis] { steps = min(steps, Double(bins[axis] - 1)) }
      visited *= 2 * steps + 1
      guard visited < 1e9 else {
        throw StructuresError(
          .invalidCutoff,
          "a cutoff of \(cutoff) Å reaches across so many images of the cell, which is \(widths.min()) Å wide, that no search ends; "
            + "give a cutoff of the order of the cell")
      }
      reach[axis] = Int(steps)
    }
    self.bins = bins
    self.reach = reach

    var wrapped: [Vector3] = []
    wrapped.reserveCapacity(positions.count)
    var binOfAtom: [Int32] = []
    binOfAtom.reserveCapacity(positions.count)
    var starts = [Int32](repeating: 0, count: bins.x * bins.y * bins.z + 1)
    for (atom, position) in positions.enumerated() {
      guard position.x.isFinite, position.y.isFinite, position.z.isFinite else {
        throw StructuresError(
          .lostAtoms, "the position of atom \(atom + 1) is not finite; the run that made it has failed before this point")
      }
      let (inside, image) = cell.wrap(position)
      // Farther out, a position in double precision no longer tells where in the cell the atom is.
      guard image.max() < 1_000_000_000, image.min() > -1_000_000_000 else {
        throw StructuresError(
          .lostAtoms, "atom \(atom + 1) is more than a billion cell edges away from the cell; the run that made it has failed")
      }
      let f = cell.fractional(inside)
      var bin = 0
      for axis in 0..<3 {
        let place = (f[axis] * Double(bins[axis])).rounded(.down)
        bin = bin * bins[axis] + Int(max(0, min(Double(bins[axis] - 1), place)))
      }
      wrapped.append(inside)
      binOfAtom.append(Int32(bin))
      starts[bin + 1] += 1
    }
    for bin in 1..<starts.count { starts[bin] += starts[bin - 1] }
    var next = starts
    var order = [Int32](repeating: 0, count: positions.count)
    for atom in positions.indices {
      let bin = Int(binOfAtom[atom])
      order[Int(next[bin])] = Int32(atom)
      next[bin] += 1
    }
    self.order = order
    self.starts = starts
    self.wrapped = wrapped
    sorted = order.map { wrapped[Int($0)] }
  }

  public var count: Int { order.count }

  /// Bins about half a cutoff wide, but no more than memory linear in the number of atoms holds.
  private static func binCounts(widths: Vector3, cutoff: Double, atoms: Int) -> SIMD3<Int> {
    var bins = SIMD3<Int>(1, 1, 1)
    for axis in 0..<3 { bins[axis] = Int(max(1, min(1e6, 2 * widths[axis] / cutoff))) }
    let most = 16.0 * Double(atoms) + 4096
    while Double(bins.x) * Double(bins.y) * Double(bins.z) > most {
      let widest = bins.x >= bins.y && bins.x >= bins.z ? 0 : bins.y >= bins.z ? 1 : 2
      bins[widest] = (bins[widest] + 1) / 2
    }
    return bins
  }

  /// Calls a closure with each neighbour of an atom, in an order that depends only on the input.
  @inline(__always)
  public func forEachNeighbor(of atom: Int, _ body: (Neighbor) throws -> Void) rethrows {
    try forEachNeighbor(of: wrapped[atom]) { neighbor, image in
      if neighbor.index != atom || image != .zero { try body(neighbor) }
    }
  }

  /// Calls a closure with each atom around a point, an atom at the point included.
  @inline(__always)
  public func forEachNeighbor(around point: Vector3, _ body: (Neighbor) throws -> Void) rethrows {
    try forEachNeighbor(of: cell.wrap(point).position) { neighbor, _ in try body(neighbor) }
  }

  /// Calls a closure with each pair of atoms once.
  ///
  /// An atom and its own image count once, too: of the two opposite images, the one with the positive first step.
  public func forEachPair(_ body: (_ first: Int, _ neighbor: Neighbor) throws -> Void) rethrows {
    for place in order.indices {
      let atom = Int(order[place])
      try forEachNeighbor(of: sorted[place]) { neighbor, image in
        if neighbor.index > atom || (neighbor.index == atom && Self.isPositive(image)) { try body(atom, neighbor) }
      }
    }
  }

  @inline(__always)
  private static func isPositive(_ image: SIMD3<Int>) -> Bool {
    if image.x != 0 { return image.x > 0 }
    if image.y != 0 { return image.y > 0 }
    return image.z > 0
  }

  @inline(__always)
  private func forEachNeighbor(of point: Vector3, _ body: (Neighbor, SIMD3<Int>) throws -> Void) rethrows {
    let f = cell.fractional(point)
    let limit = cutoff * cutoff
    var home = SIMD3<Int>(0, 0, 0)
    for axis in 0..<3 {
      home[axis] = Int(max(0, min(Double(bins[axis] - 1), (f[axis] * Double(bins[axis])).rounded(.down))))
    }
    for dx in -reach.x...reach.x {
      guard let x = bin(home.x + dx, axis: 0) else { continue }
      for dy in -reach.y...reach.y {
        guard let y = bin(home.y + dy, axis: 1) else { continue }
        for dz in -reach.z...reach.z {
          guard let z = bin(home.z + dz, axis: 2) else { continue }
          let image = SIMD3<Int>(x.image, y.image, z.image)
          let shift = Vector3(Double(image.x), Double(image.y), Double(image.z)) * cell.vectors
          let bin = (x.index * bins.y + y.index) * bins.z + z.index
          for place in Int(starts[bin])..<Int(starts[bin + 1]) {
            // In this order an atom sees its own image at exactly a lattice vector.
            let displacement = sorted[place] - point + shift
            let squaredDistance = displacement.squaredLength
            if squaredDistance < limit {
              try body(
                Neighbor(index: Int(order[place]), displacement: displacement, squaredDistance: squaredDistance), image)
            }
          }
        }
      }
    }
  }

  /// The bin and the image of a step along an axis, or `nil` outside a cell that is not periodic there.
  @inline(__always)
  private func bin(_ step: Int, axis: Int) -> (index: Int, image: Int)? {
    let count = bins[axis]
    if step >= 0 && step < count { return (step, 0) }
    guard cell.periodic[axis] else { return nil }
    let image = step >= 0 ? step / count : -((count - 1 - step) / count)
    return (step - image * count, image)
  }
}
