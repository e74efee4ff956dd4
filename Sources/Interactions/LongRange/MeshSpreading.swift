import NumericalMethods
import Structures

/// The loops between atoms and mesh: charges out, potentials and their slopes back.
struct MeshLoops<Scalar: MeshScalar> {
  let layout: FourierMeshLayout
  let order: Int
  let mesh: UnsafeMutablePointer<Scalar>
  /// Where row y of a plane begins, also for y somewhat beyond the last one.
  let rowOffsets: UnsafePointer<Int>

  /// Spreads the charges over a range of planes, and folds what went beyond the last column back.
  func spread(_ atoms: MeshAtoms<Scalar>, over planes: Range<Int>) {
    let size = layout.size
    let pitch = size.y * layout.rowPitch
    (mesh + planes.lowerBound * pitch).update(repeating: 0, count: planes.count * pitch)
    // Known orders, so that the loops over points are unrolled.
    switch order {
    case 4: spread(atoms, over: planes, order: 4)
    case 5: spread(atoms, over: planes, order: 5)
    case 6: spread(atoms, over: planes, order: 6)
    case 7: spread(atoms, over: planes, order: 7)
    default: spread(atoms, over: planes, order: 8)
    }
    for row in planes.lowerBound * size.y..<planes.upperBound * size.y {
      let base = mesh + row * layout.rowPitch
      for z in 0..<order - 1 { base[z] += base[size.z + z] }
    }
  }

  @inline(__always)
  private func spread(_ atoms: MeshAtoms<Scalar>, over planes: Range<Int>, order: Int32) {
    let size = layout.size
    let pitch = size.y * layout.rowPitch
    for first in 0..<size.x {
      // Of the planes first ..< first + order, around the end, some may be ours.
      let reach = first + Int(order)
      let isNear =
        (first < planes.upperBound && reach > planes.lowerBound) || (reach > size.x && reach - size.x > planes.lowerBound)
      guard isNear else { continue }
      for place in Int(atoms.planeStarts[first])..<Int(atoms.planeStarts[first + 1]) {
        let start = atoms.starts[place]
        let weights = atoms.weights + 48 * place
        let charge = atoms.charges[place]
        let rows = rowOffsets + Int(start.y)
        let column = mesh + Int(start.z)
        for t in 0..<Int(order) {
          let plane = first + t < size.x ? first + t : first + t - size.x
          guard planes.contains(plane) else { continue }
          Scalar.spread(order: order, column + plane * pitch, rows: rows, x: charge * weights[t], y: weights + 8, z: weights + 16)
        }
      }
    }
  }

  /// Repeats the first columns of some planes beyond the last one.
  func extend(_ planes: Range<Int>) {
    let size = layout.size
    for row in planes.lowerBound * size.y..<planes.upperBound * size.y {
      let base = mesh + row * layout.rowPitch
      for z in 0..<8 { base[size.z + z] = base[z] }
    }
  }

  /// Adds the forces on the atoms at some places, and gives their sum.
  ///
  /// - Parameter scale: Takes slopes along the mesh to the forces along the edges' reciprocal vectors, in rows.
  func addForces(
    _ atoms: MeshAtoms<Scalar>, at places: Range<Int>, scale: Matrix3, to forces: UnsafeMutableBufferPointer<Vector3>
  ) -> Vector3 {
    switch order {
    case 4: addForces(atoms, at: places, scale: scale, to: forces, order: 4)
    case 5: addForces(atoms, at: places, scale: scale, to: forces, order: 5)
    case 6: addForces(atoms, at: places, scale: scale, to: forces, order: 6)
    case 7: addForces(atoms, at: places, scale: scale, to: forces, order: 7)
    default: addForces(atoms, at: places, scale: scale, to: forces, order: 8)
    }
  }

  @inline(__always)
  private func addForces(
    _ atoms: MeshAtoms<Scalar>, at places: Range<Int>, scale: Matrix3, to forces: UnsafeMutableBufferPointer<Vector3>, order: Int32
  ) -> Vector3 {
    let size = layout.size
    let pitch = size.y * layout.rowPitch
    var total = Vector3.zero
    for place in places {
      let start = atoms.starts[place]
      let weights = atoms.weights + 48 * place
      let slope = Scalar.slopes(
        order: order, mesh + Int(start.z), rows: rowOffsets + Int(start.y), first: Int(start.x), planes: size.x, pitch: pitch,
        weights: weights)
      let force = slope * Double(-atoms.charges[place]) * scale
      forces[Int(atoms.atoms[place])] += force
      total += force
    }
    return total
  }
}
