import NumericalMethods
import Structures

/// The loops over atoms of the integrators.
///
/// Work is cut into blocks whose number depends on the number of atoms alone, and sums go block by block in order, so that
/// results do not depend on the number of threads.
struct ParticleLoops: Sendable {
  let pool: WorkerPool
  let count: Int
  /// The number of blocks.
  let blocks: Int
  /// m · (eV per amu Å²/ps²): twice the kinetic energy in eV is this times v².
  let kineticFactors: [Double]
  /// Acceleration in Å/ps² per force in eV/Å.
  let accelerationFactors: [Double]
  /// The total mass in amu.
  let totalMass: Double

  /// Atoms in a block: about half a microsecond of work, so that few threads share a few thousand atoms evenly.
  static let blockSize = 256
  /// With fewer blocks one thread is done before others are awake, and need not wait for cores that are busy elsewhere.
  static let leastBlocksToShare = 8

  init(masses: [Double], pool: WorkerPool) {
    self.pool = pool
    count = masses.count
    blocks = max(1, (masses.count + Self.blockSize - 1) / Self.blockSize)
    kineticFactors = masses.map { $0 * PhysicalConstants.massVelocitySquared }
    accelerationFactors = masses.map { 1 / ($0 * PhysicalConstants.massVelocitySquared) }
    totalMass = masses.reduce(0, +)
  }

  /// The atoms of a block.
  @inline(__always)
  func range(_ block: Int) -> Range<Int> {
    block * count / blocks..<(block + 1) * count / blocks
  }

  /// Runs a closure for each block, on several threads where that pays.
  @inline(__always)
  func forEachBlock(_ body: (Int) -> Void) {
    if blocks < Self.leastBlocksToShare {
      for block in 0..<blocks { body(block) }
    } else {
      pool.forEachBlock(blocks, body)
    }
  }

  /// Runs a closure for each block and adds up what the closures return, in the order of the blocks.
  @inline(__always)
  func sum(_ body: (Range<Int>) -> ThreeVectors) -> ThreeVectors {
    if blocks == 1 { return body(0..<count) }
    return withUnsafeTemporaryAllocation(of: ThreeVectors.self, capacity: blocks) { partial in
      let storage = partial
      forEachBlock { block in
        storage.initializeElement(at: block, to: body(range(block)))
      }
      var total = ThreeVectors()
      for part in storage { total.add(part) }
      return total
    }
  }

  /// Three vectors summed together.
  struct ThreeVectors {
    var x = Vector3.zero
    var y = Vector3.zero
    var z = Vector3.zero

    @inline(__always)
    mutating func add(_ other: ThreeVectors) {
      x += other.x
      y += other.y
      z += other.z
    }

    /// Adds `factor v ⊗ v`.
    @inline(__always)
    mutating func add(_ v: Vector3, factor: Double) {
      let weighted = v * factor
      x += weighted.x * v
      y += weighted.y * v
      z += weighted.z * v
    }

    var matrix: Matrix3 { Matrix3(x, y, z) }
  }

  /// Twice the kinetic energy, Σ m v², in eV.
  func twiceKineticEnergy(_ velocities: [Vector3]) -> Double {
    velocities.withUnsafeBufferPointer { v in
      kineticFactors.withUnsafeBufferPointer { m in
        sum { range in
          var total = ThreeVectors()
          for i in range { total.x += m[i] * (v[i] * v[i]) }
          return total
        }
      }
    }.x.sum()
  }

  /// Σ m v ⊗ v in eV; its trace is twice the kinetic energy.
  func kineticTensor(_ velocities: [Vector3]) -> Matrix3 {
    velocities.withUnsafeBufferPointer { v in
      kineticFactors.withUnsafeBufferPointer { m in
        sum { range in
          var total = ThreeVectors()
          for i in range { total.add(v[i], factor: m[i]) }
          return total
        }
      }
    }.matrix
  }

  /// The velocity of the centre of mass in Å/ps.
  func centerOfMassVelocity(_ velocities: [Vector3]) -> Vector3 {
    let momentum = velocities.withUnsafeBufferPointer { v in
      kineticFactors.withUnsafeBufferPointer { m in
        sum { range in
          var total = ThreeVectors()
          for i in range { total.x += m[i] * v[i] }
          return total
        }
      }
    }
    return momentum.x / (totalMass * PhysicalConstants.massVelocitySquared)
  }

  /// v ← v − shift.
  func subtract(_ shift: Vector3, from velocities: inout [Vector3]) {
    velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      forEachBlock { block in
        for i in range(block) { v[i] -= shift }
      }
    }
  }

  /// v ← factor v.
  func scale(_ velocities: inout [Vector3], by factor: Double) {
    if factor == 1 { return }
    velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      forEachBlock { block in
        for i in range(block) { v[i] *= factor }
      }
    }
  }
}
