import NumericalMethods
import Structures

/// The largest squares of displacements along each axis, and a sum that is not a number where one of them is not.
///
/// Comparing whole vectors keeps the loops in vector registers; only where an axis comes near the limit are lengths looked at.
struct DisplacementGuard {
  private var largest = Vector3.zero
  private var total = Vector3.zero

  @inline(__always)
  mutating func add(_ step: Vector3) {
    let squared = step * step
    largest.replace(with: squared, where: squared .> largest)
    total += squared
  }

  @inline(__always)
  var sums: ParticleLoops.ThreeVectors {
    // 0 · x is 0 for numbers and not a number otherwise.
    ParticleLoops.ThreeVectors(x: largest.sum() * Vector3(repeating: 1) + 0 * total)
  }

  /// Whether the sum over blocks proves that no displacement is longer than a limit.
  static func isClear(_ sums: ParticleLoops.ThreeVectors, limit: Double) -> Bool {
    sums.x.x <= limit * limit && sums.x.y <= limit * limit && sums.x.z <= limit * limit
  }
}

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
    let sums = velocities.withUnsafeMutableBufferPointer { velocityBuffer in
      positions.withUnsafeMutableBufferPointer { positionBuffer in
        let (v, r) = (velocityBuffer, positionBuffer)
        return forces.withUnsafeBufferPointer { f in
          accelerationFactors.withUnsafeBufferPointer { a in
            sum { range in
              var displacements = DisplacementGuard()
              for i in range {
                let velocity = scale * v[i] + (time * a[i]) * f[i]
                let step = drift * velocity
                v[i] = velocity
                r[i] += step
                displacements.add(step)
              }
              return displacements.sums
            }
          }
        }
      }
    }
    return DisplacementGuard.isClear(sums, limit: limit) || isWithin(velocities, limit: limit, time: drift)
  }

  /// v ← v + time (F/m).
  func kick(velocities: inout [Vector3], forces: [Vector3], time: Double) {
    velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      forces.withUnsafeBufferPointer { f in
        accelerationFactors.withUnsafeBufferPointer { a in
          forEachBlock { block in
            for i in range(block) { v[i] += (time * a[i]) * f[i] }
          }
        }
      }
    }
  }

  /// v ← v + time (F/m).
  ///
  /// - Returns: Twice the kinetic energy, Σ m v², in eV afterwards.
  func kickAndMeasure(velocities: inout [Vector3], forces: [Vector3], time: Double) -> Double {
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
                total.x += m[i] * (velocity * velocity)
              }
              return total
            }
          }
        }
      }
    }.x.sum()
  }

  /// r ← r + time v.
  ///
  /// - Returns: Whether every displacement is a number within the limit.
  func drift(positions: inout [Vector3], velocities: [Vector3], time: Double, limit: Double) -> Bool {
    let sums = positions.withUnsafeMutableBufferPointer { buffer in
      let r = buffer
      return velocities.withUnsafeBufferPointer { v in
        sum { range in
          var displacements = DisplacementGuard()
          for i in range {
            let step = time * v[i]
            r[i] += step
            displacements.add(step)
          }
          return displacements.sums
        }
      }
    }
    return DisplacementGuard.isClear(sums, limit: limit) || isWithin(velocities, limit: limit, time: time)
  }

  /// Whether no atom moves farther than a limit in a time.
  func isWithin(_ velocities: [Vector3], limit: Double, time: Double) -> Bool {
    let squaredLimit = limit * limit
    return velocities.allSatisfy { ($0 * time).squaredLength <= squaredLimit }
  }
}
