import NumericalMethods
import Structures

extension Packing {
  /// Random places, with as few and as small overlaps as a few attempts for each atom give.
  ///
  /// Atoms come in random order, so that no species finds the cell full.
  func place(_ types: [Int32], species: Int, distances: [Double], cell: Cell) -> [Vector3] {
    var random = RandomPurpose.placement.stream(seed: seed)
    var order = Array(types.indices)
    for i in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(i, min(i, Int(random.uniform() * Double(i + 1))))
    }
    var grid = PlacementGrid(cell: cell, count: types.count, cutoff: distances.max() ?? 0)
    var positions = [Vector3](repeating: .zero, count: types.count)
    for atom in order {
      let row = Int(types[atom]) * species
      var best = (position: Vector3.zero, fractional: Vector3.zero, ratio: -1.0)
      for _ in 0..<max(1, attempts) {
        let fractional = Vector3(random.uniform(), random.uniform(), random.uniform())
        let position = cell.cartesian(fractional)
        // The smallest squared distance in units of the least distance; above 1 all is well.
        let ratio = grid.closest(to: position, fractional: fractional) { squaredDistance, other in
          let least = distances[row + Int(types[other])]
          return least > 0 ? squaredDistance / (least * least) : .infinity
        }
        if ratio > best.ratio { best = (position, fractional, ratio) }
        if ratio >= 1 { break }
      }
      positions[atom] = best.position
      grid.insert(atom, at: best.position, fractional: best.fractional)
    }
    return positions
  }
}

/// Atoms in bins, to which atoms can be added.
struct PlacementGrid {
  private let cell: Cell
  private let bins: SIMD3<Int>
  private let reach: SIMD3<Int>
  /// The atom last added to each bin, or −1, and before it which one.
  private var heads: [Int32]
  private var next: [Int32]
  private var positions: [Vector3]

  init(cell: Cell, count: Int, cutoff: Double) {
    self.cell = cell
    let widths = cell.widths
    let most = max(1, Int(Double(count).squareRoot()) + 2)
    var bins = SIMD3<Int>(1, 1, 1)
    var reach = SIMD3<Int>(1, 1, 1)
    for axis in 0..<3 {
      bins[axis] = cutoff > 0 ? max(1, min(most, Int(widths[axis] / cutoff))) : 1
      reach[axis] = Int((cutoff * Double(bins[axis]) / widths[axis]).rounded(.up))
    }
    self.bins = bins
    self.reach = reach
    heads = [Int32](repeating: -1, count: bins.x * bins.y * bins.z)
    next = [Int32](repeating: -1, count: count)
    positions = [Vector3](repeating: .zero, count: count)
  }

  private func home(_ fractional: Vector3) -> SIMD3<Int> {
    var home = SIMD3<Int>(0, 0, 0)
    for axis in 0..<3 { home[axis] = min(bins[axis] - 1, max(0, Int(fractional[axis] * Double(bins[axis])))) }
    return home
  }

  mutating func insert(_ atom: Int, at position: Vector3, fractional: Vector3) {
    let h = home(fractional)
    let bin = (h.x * bins.y + h.y) * bins.z + h.z
    positions[atom] = position
    next[atom] = heads[bin]
    heads[bin] = Int32(atom)
  }

  /// The smallest value that a measure of squared distance and atom takes over the atoms nearby; infinite without any.
  @inline(__always)
  func closest(to position: Vector3, fractional: Vector3, _ measure: (Double, Int) -> Double) -> Double {
    let h = home(fractional)
    var smallest = Double.infinity
    for dx in -reach.x...reach.x {
      let (x, imageX) = Self.wrapped(h.x + dx, bins.x)
      for dy in -reach.y...reach.y {
        let (y, imageY) = Self.wrapped(h.y + dy, bins.y)
        for dz in -reach.z...reach.z {
          let (z, imageZ) = Self.wrapped(h.z + dz, bins.z)
          let shift = Vector3(Double(imageX), Double(imageY), Double(imageZ)) * cell.vectors - position
          var atom = heads[(x * bins.y + y) * bins.z + z]
          while atom >= 0 {
            let d = positions[Int(atom)] + shift
            smallest = min(smallest, measure(d.squaredLength, Int(atom)))
            atom = next[Int(atom)]
          }
        }
      }
    }
    return smallest
  }

  private static func wrapped(_ step: Int, _ count: Int) -> (index: Int, image: Int) {
    let image = step >= 0 ? step / count : -((count - 1 - step) / count)
    return (step - image * count, image)
  }
}
