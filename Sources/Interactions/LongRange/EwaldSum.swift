import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The part of a lattice sum in reciprocal space, plane wave by plane wave, in double precision.
///
///     E = (2π k/V) Σ_{K≠0} exp(-K²/(4α²))/K² |S(K)|²,   S(K) = Σ_i q_i exp(i K·r_i)
///     W = Σ_K E_K [1 - 2 (1/K² + 1/(4α²)) K ⊗ K]
///
/// It is the oracle of ``ParticleMeshEwald`` and the choice for small cells; its time grows with N^(3/2) at best. The charges are
/// those of a neutral cell, and there is no surface term: the sample is surrounded by a conductor ("tin foil"). Where the cell changes, the
/// waves follow: all up to the wave number that the accuracy asks for in that cell.
///
/// Source: Ewald, Ann. Phys. 369, 253 (1921), doi:10.1002/andp.19213690304; Allen and Tildesley, Computer Simulation of Liquids (2017),
/// section 6.2.
public final class EwaldSum: ForceContribution {
  private let charges: [Double]
  private let density: ChargeDensity
  private let alpha: Double
  private let error: Double
  private let pool: WorkerPool

  /// Atoms are taken in tiles of this size, which the caches hold with all their phases.
  static let tile = 128
  /// The most blocks of tiles that have sums of their own; their number does not depend on the threads.
  private static let blocks = 16

  /// - Parameters:
  ///   - charges: In e, one an atom; their sum is 0.
  ///   - alpha: The splitting parameter in 1/Å.
  ///   - error: The root-mean-square error of the forces to stay below, divided by k/Å².
  public init(charges: [Double], alpha: Double, error: Double, pool: WorkerPool) {
    precondition(alpha > 0 && error > 0, "a lattice sum needs a splitting parameter and an accuracy")
    self.charges = charges
    density = ChargeDensity(charges.lazy.map { ($0, 1) }, volume: 1)
    self.alpha = alpha
    self.error = error
    self.pool = pool
  }

  public var isSlow: Bool { true }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var result = Evaluation()
    if energies { result.energies[.coulomb] = 0 }
    guard density.chargeSquares > 0 else { return result }
    let density = density.with(volume: cell.volume)
    let waves = WaveVectors(cell: cell, largest: LatticeSumError.waveNumber(density, alpha: alpha, error: error))
    guard waves.count > 0 else { return result }

    let tiles = (charges.count + Self.tile - 1) / Self.tile
    let blocks = min(tiles, Self.blocks)
    let sums = AlignedMemory<SIMD2<Double>>(count: waves.count * blocks)
    let phases = (0..<blocks).map { _ in TilePhases(waves) }
    pool.forEachBlock(blocks) { block in
      for tile in block * tiles / blocks..<(block + 1) * tiles / blocks {
        phases[block].place(charges, positions, tile: tile, cell: cell)
        phases[block].addAmplitudes(waves, to: sums.base + block * waves.count)
      }
    }
    let (energy, virial) = weigh(sums.base, blocks: blocks, waves, cell: cell)
    result.virial = virial
    if energies { result.energies[.coulomb] = energy }

    forces.withUnsafeMutableBufferPointer { forces in
      let shared = UnsafeSendable(forces)
      pool.forEachBlock(blocks) { block in
        for tile in block * tiles / blocks..<(block + 1) * tiles / blocks {
          // The phases of a block's last tile may still be there, but making them costs little beside using them.
          phases[block].place(charges, positions, tile: tile, cell: cell)
          phases[block].addForces(waves, weights: sums.base, tile: tile, to: shared.value)
        }
      }
    }
    return result
  }

  /// Adds up the blocks' amplitudes, and turns each into what forces need of it: 2 dE/d|S|² S, both of k and -k counted.
  private func weigh(
    _ sums: UnsafeMutablePointer<SIMD2<Double>>, blocks: Int, _ waves: WaveVectors, cell: Cell
  ) -> (energy: Double, virial: Matrix3) {
    // Of k and -k one is here, so that each counts twice.
    let factor = 4 * Double.pi * PhysicalConstants.coulomb / cell.volume
    let decay = 1 / (4 * alpha * alpha)
    var energy = 0.0
    var virial = Matrix3.zero
    for column in waves.columns {
      let p = Double(column.first) * waves.basis[0] + Double(column.second) * waves.basis[1]
      for third in column.third {
        let index = column.start + third - column.third.lowerBound
        var amplitude = sums[index]
        for block in 1..<max(1, blocks) { amplitude += sums[block * waves.count + index] }
        let k = p + Double(third) * waves.basis[2]
        let k2 = k.squaredLength
        let weight = factor * exp(-k2 * decay) / k2
        let part = weight * (amplitude * amplitude).sum()
        energy += part
        virial += Matrix3(diagonal: Vector3(repeating: part)) - Matrix3.outer(k, k * (2 * part * (1 / k2 + decay)))
        sums[index] = 2 * weight * amplitude
      }
    }
    return (energy, virial)
  }
}
