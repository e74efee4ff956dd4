import NumericalMethods
import Structures

/// The atoms in the order in which they are spread over a mesh, with their weights.
///
/// They are sorted by the first plane and then by the first row that they touch. In this order each point of the mesh adds up its charges,
/// whichever thread owns it: the bits do not depend on how planes are shared.
final class MeshAtoms<Scalar: MeshScalar> {
  typealias Lanes = SIMD8<Scalar>

  let count: Int
  let order: Int
  /// The atom at each place.
  let atoms: UnsafeMutablePointer<Int32>
  /// The first point of each place's atom along each edge, and its number of charge.
  let starts: UnsafeMutablePointer<SIMD4<Int32>>
  /// Six vectors of eight a place: weights along x, y, z, then their slopes.
  let weights: UnsafeMutablePointer<Scalar>
  let charges: UnsafeMutablePointer<Scalar>
  /// The first place of each plane, and one past the last place.
  private(set) var planeStarts: [Int32] = []

  private let splines: MeshSplines<Scalar>
  private let memory: (AlignedMemory<Int32>, AlignedMemory<SIMD4<Int32>>, AlignedMemory<Scalar>, AlignedMemory<Scalar>)
  /// By atom: its first points and the column of rows that it falls into; how far it is beyond a point, in rows of four.
  private let unsorted: AlignedMemory<SIMD4<Int32>>
  private let remainders: AlignedMemory<Scalar>
  private var counts: [Int32] = []

  init(count: Int, order: Int) {
    self.count = count
    self.order = order
    splines = MeshSplines(order: order)
    memory = (
      AlignedMemory(count: count), AlignedMemory(count: count), AlignedMemory(count: 48 * count), AlignedMemory(count: count)
    )
    (atoms, starts, weights, charges) = (memory.0.base, memory.1.base, memory.2.base, memory.3.base)
    unsorted = AlignedMemory(count: count)
    remainders = AlignedMemory(count: 4 * count)
  }

  /// Finds the points of each atom and sorts the atoms.
  ///
  /// - Returns: Whether all positions are finite.
  func place(_ positions: [Vector3], _ atomCharges: [Double], cell: Cell, size: SIMD3<Int>, pool: WorkerPool) -> Bool {
    let limits = Vector3(Double(size.x), Double(size.y), Double(size.z))
    let middle = order % 2 == 0 ? 0.0 : 0.5
    let shift = SIMD3<Int32>(repeating: Int32(order - 1 - order / 2))
    let sizes = SIMD3<Int32>(truncatingIfNeeded: size)
    let (inverse, origin) = (cell.inverse, cell.origin)
    let points = unsorted.base
    let remainders = UnsafeMutableRawPointer(remainders.base).assumingMemoryBound(to: SIMD4<Scalar>.self)
    let rows = Int32(size.y)
    positions.withUnsafeBufferPointer { positions in
      pool.forEachRange(count, grain: 256) { range in
        for atom in range {
          let f = (positions[atom] - origin) * inverse
          let u = (f - f.rounded(.down)) * limits + middle
          let whole = u.rounded(.down)
          let w = u - whole
          remainders[atom] = SIMD4(Scalar(w.x), Scalar(w.y), Scalar(w.z), 0)
          // A position that is not finite goes anywhere; it is found below.
          guard w.x >= 0, w.y >= 0, w.z >= 0 else {
            points[atom] = SIMD4(-1, 0, 0, 0)
            continue
          }
          var start = SIMD3<Int32>(Int32(whole.x), Int32(whole.y), Int32(whole.z)) &- shift
          start.replace(with: start &+ sizes, where: start .< 0)
          start.replace(with: start &- sizes, where: start .>= sizes)
          points[atom] = SIMD4(start.x, start.y, start.z, start.x &* rows &+ start.y)
        }
      }
    }
    guard sort(size) else { return false }
    atomCharges.withUnsafeBufferPointer { atomCharges in
      pool.forEachRange(count, grain: 128) { places in
        for place in places {
          let atom = Int(atoms[place])
          let w = remainders[atom]
          charges[place] = Scalar(atomCharges[atom])
          let (x, y, z) = (splines.weights(w.x), splines.weights(w.y), splines.weights(w.z))
          let rows = UnsafeMutableRawPointer(weights + 48 * place).assumingMemoryBound(to: Lanes.self)
          (rows[0], rows[1], rows[2]) = (x.value, y.value, z.value)
          (rows[3], rows[4], rows[5]) = (x.slope, y.slope, z.slope)
        }
      }
    }
    return true
  }

  /// Sorts by counting; atoms of one row keep their order.
  private func sort(_ size: SIMD3<Int>) -> Bool {
    let points = unsorted.base
    let columns = size.x * size.y
    if counts.count != columns + 1 {
      counts = [Int32](repeating: 0, count: columns + 1)
    } else {
      counts.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }
    var isFinite = true
    let (count, atoms, starts) = (count, atoms, starts)
    counts.withUnsafeMutableBufferPointer { counts in
      for atom in 0..<count {
        if points[atom].x < 0 {
          isFinite = false
          return
        }
        counts[Int(points[atom].w) + 1] += 1
      }
      for column in 1..<columns { counts[column] += counts[column - 1] }
      for atom in 0..<count {
        let column = Int(points[atom].w)
        let place = Int(counts[column])
        counts[column] += 1
        atoms[place] = Int32(atom)
        starts[place] = points[atom]
      }
    }
    // Each column's count has moved on to the start of the next one.
    planeStarts = (0...size.x).map { plane in plane == 0 ? 0 : counts[plane * size.y - 1] }
    return isFinite
  }
}
