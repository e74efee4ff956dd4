import NumericalMethods
import Structures

/// The atoms that may have bonds, sorted into bins at least as wide as the longest cutoff, with the images around the cell.
///
/// Bins along the last edge lie behind each other in memory, images included, so that the surroundings of an atom are a few
/// runs of positions.
struct BondGrid {
  private let atoms: Int
  private let species: Int
  private let limits: [Double]
  private let cell: Cell
  private let types: [Int32]
  private let wrapped: [Vector3]
  private let cellImages: [SIMD3<Int32>]
  /// The bins of the cell along each edge, and how many more of them stand on both sides.
  private let bins: SIMD3<Int>
  private let reach: SIMD3<Int>
  private let padded: SIMD3<Int>
  /// For the padded bins: where their atoms start.
  private let starts: [Int32]
  /// For each place: the atom, its image, and its position in that image.
  private let members: [Int32]
  private let memberImages: [SIMD3<Int32>]
  private let places: [Vector3]

  /// - Returns: `nil` where no pair of atoms can be bonded.
  init?(_ configuration: Configuration, limits: [Double]) throws {
    let species = configuration.species.count
    let isActive = (0..<species).map { type in (0..<species).contains { limits[type * species + $0] > 0 } }
    let active = configuration.types.indices.filter { isActive[Int(configuration.types[$0])] }
    guard let longest = limits.max(), longest > 0, !active.isEmpty else { return nil }
    let cell = configuration.cell
    let cutoff = longest.squareRoot()
    (self.species, self.limits, self.cell, types, atoms) = (species, limits, cell, configuration.types, configuration.count)

    var wrapped = [Vector3](repeating: .zero, count: configuration.count)
    var cellImages = [SIMD3<Int32>](repeating: .zero, count: configuration.count)
    let widths = cell.widths
    var bins = SIMD3<Int>(1, 1, 1)
    for axis in 0..<3 { bins[axis] = Int(max(1, min(1e6, widths[axis] / cutoff))) }
    // Memory stays linear in the number of atoms in a cell that is mostly empty.
    while Double(bins.x) * Double(bins.y) * Double(bins.z) > 4 * Double(active.count) + 64 {
      let widest = bins.x >= bins.y && bins.x >= bins.z ? 0 : bins.y >= bins.z ? 1 : 2
      bins[widest] = (bins[widest] + 1) / 2
    }
    var reach = SIMD3<Int>(0, 0, 0)
    var copies = 1.0
    for axis in 0..<3 {
      // Slightly more, so that rounding of fractional coordinates hides no neighbour.
      let steps = (cutoff * (1 + 1e-9) * Double(bins[axis]) / widths[axis]).rounded(.up)
      copies *= cell.periodic[axis] ? 1 + 2 * steps / Double(bins[axis]) : 1
      guard copies * Double(active.count) < 2e9, steps < 1e6 else {
        throw AnalysisError(
          .tooManyNeighbors,
          "a bond cutoff of \(brief(cutoff)) Å reaches across so many images of the cell, which is \(brief(widths.min())) Å wide, that no "
            + "search ends; give a cutoff of the order of the cell")
      }
      reach[axis] = cell.periodic[axis] ? Int(steps) : min(Int(steps), bins[axis] - 1)
    }
    (self.bins, self.reach) = (bins, reach)

    var binOf = [Int32](repeating: 0, count: active.count)
    var counts = [Int32](repeating: 0, count: bins.x * bins.y * bins.z + 1)
    for (place, atom) in active.enumerated() {
      let position = configuration.positions[atom]
      guard position.x.isFinite, position.y.isFinite, position.z.isFinite else {
        throw AnalysisError(
          .lostAtoms, "the position of atom \(atom + 1) is not finite; the run that made it has failed before this point")
      }
      let (inside, image) = cell.wrap(position)
      guard image.max() < 1_000_000_000, image.min() > -1_000_000_000 else {
        throw AnalysisError(
          .lostAtoms, "atom \(atom + 1) is more than a billion cell edges away from the cell; the run that made it has failed")
      }
      wrapped[atom] = inside
      cellImages[atom] = image
      let f = cell.fractional(inside)
      var bin = 0
      for axis in 0..<3 {
        let step = (f[axis] * Double(bins[axis])).rounded(.down)
        bin = bin * bins[axis] + Int(max(0, min(Double(bins[axis] - 1), step)))
      }
      binOf[place] = Int32(bin)
      counts[bin + 1] += 1
    }
    for bin in 1..<counts.count { counts[bin] += counts[bin - 1] }
    var next = counts
    var order = [Int32](repeating: 0, count: active.count)
    for (place, atom) in active.enumerated() {
      let bin = Int(binOf[place])
      order[Int(next[bin])] = Int32(atom)
      next[bin] += 1
    }
    (self.wrapped, self.cellImages) = (wrapped, cellImages)

    var pad = SIMD3<Int>(0, 0, 0)
    for axis in 0..<3 where cell.periodic[axis] { pad[axis] = reach[axis] }
    padded = SIMD3(bins.x + 2 * pad.x, bins.y + 2 * pad.y, bins.z + 2 * pad.z)
    var starts = [Int32](repeating: 0, count: padded.x * padded.y * padded.z + 1)
    var members: [Int32] = []
    var images: [SIMD3<Int32>] = []
    var places: [Vector3] = []
    let expected = Int(copies * Double(active.count)) + 16
    members.reserveCapacity(expected)
    images.reserveCapacity(expected)
    places.reserveCapacity(expected)
    var index = 0
    for x in -pad.x..<bins.x + pad.x {
      let (bx, ix) = Self.split(x, bins.x)
      for y in -pad.y..<bins.y + pad.y {
        let (by, iy) = Self.split(y, bins.y)
        for z in -pad.z..<bins.z + pad.z {
          let (bz, iz) = Self.split(z, bins.z)
          let image = SIMD3<Int32>(Int32(ix), Int32(iy), Int32(iz))
          let shift = Vector3(Double(ix), Double(iy), Double(iz)) * cell.vectors
          let bin = (bx * bins.y + by) * bins.z + bz
          for place in Int(counts[bin])..<Int(counts[bin + 1]) {
            let atom = order[place]
            members.append(atom)
            images.append(image)
            places.append(wrapped[Int(atom)] + shift)
          }
          index += 1
          starts[index] = Int32(members.count)
        }
      }
    }
    self.starts = starts
    self.members = members
    memberImages = images
    self.places = places
  }

  /// The bin inside the cell and the image of a bin beside it.
  private static func split(_ step: Int, _ count: Int) -> (bin: Int, image: Int) {
    let image = step >= 0 ? step / count : -((count - 1 - step) / count)
    return (step - image * count, image)
  }

  /// A bond of an atom, before the bonds are put in the order of the atoms.
  private struct Found {
    var neighbor: Int32
    var image: SIMD3<Int32>
    var displacement: Vector3
    var squaredDistance: Double

    @inline(__always)
    func precedes(_ other: Found) -> Bool {
      if neighbor != other.neighbor { return neighbor < other.neighbor }
      if image.x != other.image.x { return image.x < other.image.x }
      if image.y != other.image.y { return image.y < other.image.y }
      return image.z < other.image.z
    }
  }

  /// What a block of bins found.
  private struct Part {
    var atoms: [Int32] = []
    var ends: [Int32] = []
    var found: [Found] = []
  }

  /// All bonds, sorted.
  func graph(pool: WorkerPool) -> BondGraph {
    let columns = bins.x * bins.y
    let blocks = max(1, min(columns, 64, members.count / 512))
    var parts = [Part](repeating: Part(), count: blocks)
    var starts = [Int32](repeating: 0, count: atoms + 1)
    parts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      pool.forEachBlock(blocks) { block in
        buffer[block] = search(columns: block * columns / blocks..<(block + 1) * columns / blocks)
      }
    }
    for part in parts {
      var begin: Int32 = 0
      for (atom, end) in zip(part.atoms, part.ends) {
        starts[Int(atom) + 1] = end - begin
        begin = end
      }
    }
    for atom in 0..<atoms { starts[atom + 1] += starts[atom] }
    let total = Int(starts[atoms])
    var neighbors = [Int32](repeating: 0, count: total)
    var images = [SIMD3<Int32>](repeating: .zero, count: total)
    var displacements = [Vector3](repeating: .zero, count: total)
    var squares = [Double](repeating: 0, count: total)
    neighbors.withUnsafeMutableBufferPointer { neighbors in
      images.withUnsafeMutableBufferPointer { images in
        displacements.withUnsafeMutableBufferPointer { displacements in
          squares.withUnsafeMutableBufferPointer { squares in
            nonisolated(unsafe) let (neighbors, images, displacements, squares) = (neighbors, images, displacements, squares)
            pool.forEachBlock(blocks) { block in
              let part = parts[block]
              var source = 0
              for (atom, end) in zip(part.atoms, part.ends) {
                var target = Int(starts[Int(atom)])
                while source < Int(end) {
                  let bond = part.found[source]
                  neighbors[target] = bond.neighbor
                  images[target] = bond.image
                  displacements[target] = bond.displacement
                  squares[target] = bond.squaredDistance
                  source += 1
                  target += 1
                }
              }
            }
          }
        }
      }
    }
    return BondGraph(
      starts: starts, neighbors: neighbors, images: images, displacements: displacements, squaredDistances: squares)
  }

  /// The bonds of the atoms in some columns of bins of the cell.
  private func search(columns: Range<Int>) -> Part {
    var part = Part()
    let pad = SIMD3((padded.x - bins.x) / 2, (padded.y - bins.y) / 2, (padded.z - bins.z) / 2)
    // A first test on positions that were moved by a lattice vector; those near the limit are decided by the second.
    let loose = limits.map { $0 * (1 + 1e-9) }
    let widest = loose.max() ?? 0
    starts.withUnsafeBufferPointer { starts in
      places.withUnsafeBufferPointer { places in
        for column in columns {
          let (x, y) = (column / bins.y + pad.x, column % bins.y + pad.y)
          for z in pad.z..<pad.z + bins.z {
            let home = (x * padded.y + y) * padded.z + z
            for own in Int(starts[home])..<Int(starts[home + 1]) {
              let point = places[own]
              let atom = Int(members[own])
              let row = Int(types[atom]) * species
              let first = part.found.count
              for nx in max(0, x - reach.x)...min(padded.x - 1, x + reach.x) {
                for ny in max(0, y - reach.y)...min(padded.y - 1, y + reach.y) {
                  let base = (nx * padded.y + ny) * padded.z
                  let low = Int(starts[base + max(0, z - reach.z)])
                  let high = Int(starts[base + min(padded.z - 1, z + reach.z) + 1])
                  for place in low..<high {
                    let squared = (places[place] - point).squaredLength
                    if squared < widest, place != own { add(place, to: atom, row: row, roughly: squared, loose: loose, into: &part) }
                  }
                }
              }
              guard part.found.count > first else { continue }
              Self.sort(&part.found, from: first)
              part.atoms.append(Int32(atom))
              part.ends.append(Int32(part.found.count))
            }
          }
        }
      }
    }
    return part
  }

  @inline(__always)
  private func add(_ place: Int, to atom: Int, row: Int, roughly: Double, loose: [Double], into part: inout Part) {
    let other = Int(members[place])
    let kind = row + Int(types[other])
    guard roughly < loose[kind] else { return }
    let image = memberImages[place]
    // In this order both ends of a bond see the same vector to the last bit, but for its sign.
    let displacement =
      (wrapped[other] - wrapped[atom]) + Vector3(Double(image.x), Double(image.y), Double(image.z)) * cell.vectors
    let squared = displacement.squaredLength
    guard squared < limits[kind] else { return }
    part.found.append(
      Found(
        neighbor: Int32(other), image: image &- cellImages[other] &+ cellImages[atom], displacement: displacement,
        squaredDistance: squared))
  }

  /// Sorts the bonds of one atom: few, so that insertion is fastest.
  private static func sort(_ found: inout [Found], from first: Int) {
    guard found.count - first > 1 else { return }
    for i in first + 1..<found.count {
      let bond = found[i]
      var place = i
      while place > first, bond.precedes(found[place - 1]) {
        found[place] = found[place - 1]
        place -= 1
      }
      found[place] = bond
    }
  }
}
