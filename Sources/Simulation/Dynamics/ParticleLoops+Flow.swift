import NumericalMethods
import Structures

extension ParticleLoops {
  /// What a flow of the cell does to velocities and positions: matrices that act on columns.
  struct Flow {
    /// v ← decay v + gain (F/m).
    var decay: Matrix3
    var gain: Matrix3
    /// r − origin ← motion (r − origin) + path v.
    var motion: Matrix3
    var path: Matrix3
    var origin: Vector3

    /// Whether all matrices are diagonal, so that components do not mix.
    var isDiagonal: Bool { [decay, gain, motion, path].allSatisfy { $0 == Matrix3(diagonal: $0.diagonal) } }
  }

  /// A step of velocities and positions in a flow on the way to new forces.
  ///
  /// - Returns: Whether every displacement relative to the flow is a number within the limit.
  func kickAndFlow(
    velocities: inout [Vector3], positions: inout [Vector3], forces: [Vector3], flow: Flow, limit: Double
  ) -> Bool {
    let isDiagonal = flow.isDiagonal
    let (decay, gain) = (flow.decay.diagonal, flow.gain.diagonal)
    let (motion, path) = (flow.motion.diagonal, flow.path.diagonal)
    // Columns of matrices multiply with three broadcasts, rows would need sums across lanes.
    let (decayColumns, gainColumns) = (flow.decay.transposed, flow.gain.transposed)
    let (motionColumns, pathColumns) = (flow.motion.transposed, flow.path.transposed)
    let origin = flow.origin
    let sums = velocities.withUnsafeMutableBufferPointer { velocityBuffer in
      positions.withUnsafeMutableBufferPointer { positionBuffer in
        let (v, r) = (velocityBuffer, positionBuffer)
        return forces.withUnsafeBufferPointer { f in
          accelerationFactors.withUnsafeBufferPointer { a in
            sum { range in
              var displacements = DisplacementGuard()
              if isDiagonal {
                for i in range {
                  let velocity = v[i] * decay + a[i] * (f[i] * gain)
                  let step = velocity * path
                  v[i] = velocity
                  r[i] = origin + (r[i] - origin) * motion + step
                  displacements.add(step)
                }
              } else {
                for i in range {
                  let velocity = v[i] * decayColumns + a[i] * (f[i] * gainColumns)
                  let step = velocity * pathColumns
                  v[i] = velocity
                  r[i] = origin + (r[i] - origin) * motionColumns + step
                  displacements.add(step)
                }
              }
              return displacements.sums
            }
          }
        }
      }
    }
    if DisplacementGuard.isClear(sums, limit: limit) { return true }
    let squaredLimit = limit * limit
    return velocities.allSatisfy { ($0 * pathColumns).squaredLength <= squaredLimit }
  }

  /// v ← decay v + gain (F/m) with matrices that act on columns.
  ///
  /// - Returns: Σ m v ⊗ v in eV afterwards.
  func kick(velocities: inout [Vector3], forces: [Vector3], decay: Matrix3, gain: Matrix3) -> Matrix3 {
    let (decay, gain) = (decay.transposed, gain.transposed)
    return velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      return forces.withUnsafeBufferPointer { f in
        accelerationFactors.withUnsafeBufferPointer { a in
          kineticFactors.withUnsafeBufferPointer { m in
            sum { range in
              var total = ThreeVectors()
              for i in range {
                let velocity = v[i] * decay + a[i] * (f[i] * gain)
                v[i] = velocity
                total.add(velocity, factor: m[i])
              }
              return total
            }
          }
        }
      }
    }.matrix
  }
}

extension Matrix3 {
  /// The diagonal elements.
  var diagonal: Vector3 { Vector3(self[0].x, self[1].y, self[2].z) }
}
