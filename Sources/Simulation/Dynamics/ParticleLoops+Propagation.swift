import NumericalMethods
import Structures

extension ParticleLoops {
  /// A step of velocities and positions on the way to new forces.
  ///
  ///     v ← scale v + time (F/m),   r ← r + drift v
  ///
  /// - Parameter limit: The largest displacement allowed, in Å.
  /// - Returns: Whether every displacement is a number within the limit; positions are moved in any case.
  func kickAndDrift(
    velocities: inout [Vector3], positions: inout [Vector3], forces: [Vector3], scale: Double, time: Double, drift: Double,
    limit: Double
  ) -> Bool {
    let squaredLimit = limit * limit
    let bad = velocities.withUnsafeMutableBufferPointer { velocityBuffer in
      positions.withUnsafeMutableBufferPointer { positionBuffer in
        let (v, r) = (velocityBuffer, positionBuffer)
        return forces.withUnsafeBufferPointer { f in
          accelerationFactors.withUnsafeBufferPointer { a in
            sum { range in
              var bad = 0.0
              for i in range {
                let velocity = scale * v[i] + (time * a[i]) * f[i]
                let step = drift * velocity
                v[i] = velocity
                r[i] += step
                if !(step.squaredLength <= squaredLimit) { bad = 1 }
              }
              return ThreeVectors(x: Vector3(bad, 0, 0))
            }
          }
        }
      }
    }
    return bad.x.x == 0
  }

  /// v ← v + time (F/m).
  ///
  /// - Returns: Σ m v ⊗ v in eV afterwards.
  func kick(velocities: inout [Vector3], forces: [Vector3], time: Double) -> Matrix3 {
    velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      return forces.withUnsafeBufferPointer { f in
        accelerationFactors.withUnsafeBufferPointer { a in
          kineticFactors.withUnsafeBufferPointer { m in
            sum { range in
              var total = ThreeVectors()
              for i in range {
                let velocity = v[i] + (time * a[i]) * f[i]
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

  /// The same under a flow: v ← decay v + time gain (F/m) with matrices that act on columns.
  ///
  /// - Returns: Σ m v ⊗ v in eV afterwards.
  func kick(velocities: inout [Vector3], forces: [Vector3], time: Double, decay: Matrix3, gain: Matrix3) -> Matrix3 {
    // Columns of matrices multiply with three broadcasts, rows would need sums across lanes.
    let (decay, gain) = (decay.transposed, gain.transposed)
    return velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      return forces.withUnsafeBufferPointer { f in
        accelerationFactors.withUnsafeBufferPointer { a in
          kineticFactors.withUnsafeBufferPointer { m in
            sum { range in
              var total = ThreeVectors()
              for i in range {
                let velocity = v[i] * decay + (time * a[i]) * (f[i] * gain)
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

  /// Moves atoms with the flow of the cell: r ← origin + flow (r − origin) + drift path v with matrices that act on columns.
  ///
  /// - Returns: Whether every displacement relative to the flow is a number within the limit.
  func drift(
    positions: inout [Vector3], velocities: [Vector3], time: Double, flow: Matrix3, path: Matrix3, origin: Vector3, limit: Double
  ) -> Bool {
    let (flow, path) = (flow.transposed, path.transposed)
    let squaredLimit = limit * limit
    let bad = positions.withUnsafeMutableBufferPointer { buffer in
      let r = buffer
      return velocities.withUnsafeBufferPointer { v in
        sum { range in
          var bad = 0.0
          for i in range {
            let step = time * (v[i] * path)
            r[i] = origin + (r[i] - origin) * flow + step
            if !(step.squaredLength <= squaredLimit) { bad = 1 }
          }
          return ThreeVectors(x: Vector3(bad, 0, 0))
        }
      }
    }
    return bad.x.x == 0
  }

  /// r ← r + time v.
  ///
  /// - Returns: Whether every displacement is a number within the limit.
  func drift(positions: inout [Vector3], velocities: [Vector3], time: Double, limit: Double) -> Bool {
    let squaredLimit = limit * limit
    let bad = positions.withUnsafeMutableBufferPointer { buffer in
      let r = buffer
      return velocities.withUnsafeBufferPointer { v in
        sum { range in
          var bad = 0.0
          for i in range {
            let step = time * v[i]
            r[i] += step
            if !(step.squaredLength <= squaredLimit) { bad = 1 }
          }
          return ThreeVectors(x: Vector3(bad, 0, 0))
        }
      }
    }
    return bad.x.x == 0
  }
}
