import Interactions
import NumericalMethods
import Structures

/// Soft spheres that push apart where they overlap:
///
///     U = k/2 Σ (σ − r)²  for r < σ
///
/// with a diameter σ for each pair of species. It has no wall: atoms that coincide can still be drawn apart.
final class SoftRepulsion: ForceCalculator {
  private let types: [Int32]
  private let species: Int
  /// σ of each pair of species in Å.
  private let diameters: [Double]
  private let stiffness: Double
  /// Atoms of one molecule do not push each other; empty where all do.
  private let molecules: [Int32]
  private let pool: WorkerPool
  private let skin = 0.6
  private var list: Neighbors?

  /// - Parameters:
  ///   - diameters: In Å, `species × species`, symmetric.
  ///   - stiffness: k in eV/Å².
  ///   - molecules: The molecule of each atom, whose atoms do not push each other; empty for none.
  init(types: [Int32], species: Int, diameters: [Double], stiffness: Double = 1, molecules: [Int32] = [], pool: WorkerPool) {
    self.molecules = molecules
    self.types = types
    self.species = species
    self.diameters = diameters
    self.stiffness = stiffness
    self.pool = pool
  }

  /// Every atom's neighbours, so that each atom adds up its own force.
  private struct Neighbors {
    let reference: NeighborReference
    /// The first neighbour of each atom, and one past the last.
    var starts: [Int] = [0]
    var indices: [Int32] = []
    /// What is added to `r[j] − r[i]` to reach the image.
    var shifts: [Vector3] = []
  }

  var neighborReference: NeighborReference? {
    get { list?.reference }
    set { list = newValue.flatMap { try? build($0) } }
  }

  func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    let list = try currentList(positions, cell)
    let grain = 512
    let blocks = (positions.count + grain - 1) / grain
    var partial = [Double](repeating: 0, count: blocks)
    var virials = [Matrix3](repeating: .zero, count: blocks)
    positions.withUnsafeBufferPointer { r in
      forces.withUnsafeMutableBufferPointer { forceBuffer in
        partial.withUnsafeMutableBufferPointer { partialBuffer in
          virials.withUnsafeMutableBufferPointer { virialBuffer in
            let (f, sums, tensors) = (forceBuffer, partialBuffer, virialBuffer)
            pool.forEachBlock(blocks) { block in
              let range = block * grain..<min(positions.count, (block + 1) * grain)
              (sums[block], tensors[block]) = push(range, r, list, f)
            }
          }
        }
      }
    }
    var evaluation = Evaluation()
    // Both atoms of a pair count it.
    if energies { evaluation.energies[.pair] = partial.reduce(0, +) / 2 }
    for virial in virials { evaluation.virial += virial * 0.5 }
    return evaluation
  }

  /// The largest overlap of any pair, as the smallest distance in units of its diameter; infinite without overlaps.
  func closestContact(positions: [Vector3], cell: Cell) throws -> (ratio: Double, pair: (Int, Int)) {
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: max(1e-3, diameters.max() ?? 1))
    var closest = (ratio: Double.infinity, pair: (0, 0))
    search.forEachPair { first, neighbor in
      if isOneMolecule(first, neighbor.index) { return }
      let diameter = diameters[Int(types[first]) * species + Int(types[neighbor.index])]
      let distance = neighbor.squaredDistance.squareRoot()
      if distance < closest.ratio * diameter { closest = (distance / diameter, (first, neighbor.index)) }
    }
    return closest
  }

  /// Whether two atoms are of one molecule.
  @inline(__always)
  private func isOneMolecule(_ first: Int, _ second: Int) -> Bool {
    !molecules.isEmpty && molecules[first] == molecules[second]
  }

  private func push(
    _ range: Range<Int>, _ r: UnsafeBufferPointer<Vector3>, _ list: Neighbors, _ f: UnsafeMutableBufferPointer<Vector3>
  ) -> (Double, Matrix3) {
    var total = 0.0
    var virial = Matrix3.zero
    list.starts.withUnsafeBufferPointer { starts in
      list.indices.withUnsafeBufferPointer { indices in
        list.shifts.withUnsafeBufferPointer { shifts in
          diameters.withUnsafeBufferPointer { diameters in
            types.withUnsafeBufferPointer { types in
              for i in range {
                var force = Vector3.zero
                let row = Int(types[i]) * species
                for place in starts[i]..<starts[i + 1] {
                  let j = Int(indices[place])
                  let d = r[j] - r[i] + shifts[place]
                  let diameter = diameters[row + Int(types[j])]
                  let r2 = d.squaredLength
                  if r2 >= diameter * diameter { continue }
                  let distance = r2.squareRoot()
                  let overlap = diameter - distance
                  total += 0.5 * stiffness * overlap * overlap
                  // Atoms that coincide are pushed along an axis, the one with the lower index down.
                  let direction = distance > 1e-9 ? d / distance : Vector3(i < j ? 1 : -1, 0, 0)
                  let pull = -stiffness * overlap * direction
                  force += pull
                  virial += Matrix3.outer(d, -pull)
                }
                f[i] = force
              }
            }
          }
        }
      }
    }
    return (total, virial)
  }

  private func currentList(_ positions: [Vector3], _ cell: Cell) throws -> Neighbors {
    if let list, list.reference.cell == cell, list.reference.positions.count == positions.count {
      let limit = skin * skin / 4
      let reference = list.reference.positions
      let isValid = positions.indices.allSatisfy { (positions[$0] - reference[$0]).squaredLength < limit }
      if isValid { return list }
    }
    let built = try build(NeighborReference(positions: positions, cell: cell))
    list = built
    return built
  }

  private func build(_ reference: NeighborReference) throws -> Neighbors {
    let positions = reference.positions
    let search = try NeighborSearch(
      cell: reference.cell, positions: positions, cutoff: max(1e-3, diameters.max() ?? 1) + skin)
    let grain = 512
    let blocks = (positions.count + grain - 1) / grain
    var parts = [(counts: [Int], indices: [Int32], shifts: [Vector3])](repeating: ([], [], []), count: blocks)
    parts.withUnsafeMutableBufferPointer { buffer in
      let slots = buffer
      pool.forEachBlock(blocks) { block in
        var part: (counts: [Int], indices: [Int32], shifts: [Vector3]) = ([], [], [])
        for i in block * grain..<min(positions.count, (block + 1) * grain) {
          let row = Int(types[i]) * species
          let before = part.indices.count
          search.forEachNeighbor(of: i) { neighbor in
            if isOneMolecule(i, neighbor.index) { return }
            let reach = diameters[row + Int(types[neighbor.index])] + skin
            if neighbor.squaredDistance < reach * reach {
              part.indices.append(Int32(neighbor.index))
              part.shifts.append(neighbor.displacement - (positions[neighbor.index] - positions[i]))
            }
          }
          part.counts.append(part.indices.count - before)
        }
        slots[block] = part
      }
    }
    var list = Neighbors(reference: reference)
    list.starts.reserveCapacity(positions.count + 1)
    let total = parts.reduce(0) { $0 + $1.indices.count }
    list.indices.reserveCapacity(total)
    list.shifts.reserveCapacity(total)
    for part in parts {
      for count in part.counts { list.starts.append((list.starts.last ?? 0) + count) }
      list.indices += part.indices
      list.shifts += part.shifts
    }
    return list
  }
}
