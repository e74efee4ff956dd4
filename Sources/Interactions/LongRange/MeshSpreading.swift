import NumericalMethods
import Structures

/// The loops between atoms and mesh: charges out, potentials and their slopes back.
struct MeshLoops<Scalar: FourierTransformScalar> {
  typealias Lanes = SIMD8<Scalar>

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
  private func spread(_ atoms: MeshAtoms<Scalar>, over planes: Range<Int>, order: Int) {
    let size = layout.size
    let pitch = size.y * layout.rowPitch
    for first in 0..<size.x {
      // Of the planes first ..< first + order, around the end, some may be ours.
      let reach = first + order
      let isNear =
        (first < planes.upperBound && reach > planes.lowerBound) || (reach > size.x && reach - size.x > planes.lowerBound)
      guard isNear else { continue }
      for place in Int(atoms.planeStarts[first])..<Int(atoms.planeStarts[first + 1]) {
        let start = atoms.starts[place]
        let weights = atoms.weights + 6 * place
        let (wx, wy, wz) = (weights[0] * atoms.charges[place], weights[1], weights[2])
        let rows = rowOffsets + Int(start.y)
        let column = mesh + Int(start.z)
        for t in 0..<order {
          let plane = first + t < size.x ? first + t : first + t - size.x
          guard planes.contains(plane) else { continue }
          let base = column + plane * pitch
          let weight = wx[t]
          for s in 0..<order {
            let row = UnsafeMutableRawPointer(base + rows[s])
            let old = row.loadUnaligned(as: Lanes.self)
            row.storeBytes(of: old.addingProduct(wz, Lanes(repeating: weight * wy[s])), as: Lanes.self)
          }
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
    _ atoms: MeshAtoms<Scalar>, at places: Range<Int>, scale: Matrix3, to forces: UnsafeMutableBufferPointer<Vector3>, order: Int
  ) -> Vector3 {
    let size = layout.size
    let pitch = size.y * layout.rowPitch
    var total = Vector3.zero
    for place in places {
      let start = atoms.starts[place]
      let weights = atoms.weights + 6 * place
      let (wx, wy, dx, dy) = (weights[0], weights[1], weights[3], weights[4])
      let rows = rowOffsets + Int(start.y)
      let column = mesh + Int(start.z)
      var (slopeX, slopeY, plain) = (Lanes.zero, Lanes.zero, Lanes.zero)
      for t in 0..<order {
        let plane = Int(start.x) + t < size.x ? Int(start.x) + t : Int(start.x) + t - size.x
        let base = column + plane * pitch
        var (a, b) = (Lanes.zero, Lanes.zero)
        for s in 0..<order {
          let value = UnsafeRawPointer(base + rows[s]).loadUnaligned(as: Lanes.self)
          a = a.addingProduct(value, Lanes(repeating: wy[s]))
          b = b.addingProduct(value, Lanes(repeating: dy[s]))
        }
        slopeX = slopeX.addingProduct(a, Lanes(repeating: dx[t]))
        slopeY = slopeY.addingProduct(b, Lanes(repeating: wx[t]))
        plain = plain.addingProduct(a, Lanes(repeating: wx[t]))
      }
      let slope = Vector3(Double((slopeX * weights[2]).sum()), Double((slopeY * weights[2]).sum()), Double((plain * weights[5]).sum()))
      let force = slope * Double(-atoms.charges[place]) * scale
      forces[Int(atoms.atoms[place])] += force
      total += force
    }
    return total
  }
}
