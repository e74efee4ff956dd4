import NumericalMethods
import Structures

/// The waves K = 2π (n1 a* + n2 b* + n3 c*) of a cell in terms of their numbers.
struct WaveMetric {
  /// The scalar products of 2π a*, 2π b* and 2π c*: K² = n · metric · n.
  let metric: Matrix3
  /// 1/(4α²).
  let decay: Double
  /// 4π k/V.
  let factor: Double
  private let basis: Matrix3

  init(cell: Cell, alpha: Double) {
    basis = cell.inverse.transposed * (2 * Double.pi)
    metric = basis * basis.transposed
    decay = 1 / (4 * alpha * alpha)
    factor = 4 * Double.pi * PhysicalConstants.coulomb / cell.volume
  }

  /// Sums over waves of energies E, and of E (1/K² + 1/(4α²)) n ⊗ n.
  struct Sums {
    /// In eV.
    var energy = 0.0
    /// xx, yy, zz and yz, xz, xy.
    private var diagonal = Vector3.zero
    private var offDiagonal = Vector3.zero

    /// Adds waves with the same first two numbers, from their sums without, with, and with the square of the third.
    @inline(__always)
    mutating func add(_ first: Double, _ second: Double, energy: Double, plain: Double, once: Double, twice: Double) {
      self.energy += energy
      diagonal += Vector3(first * first * plain, second * second * plain, twice)
      offDiagonal += Vector3(second * once, first * once, first * second * plain)
    }

    /// Adds waves with the same last two numbers, from their sums without, with, and with the square of the first.
    @inline(__always)
    mutating func add(second: Double, third: Double, energy: Double, plain: Double, once: Double, twice: Double) {
      self.energy += energy
      diagonal += Vector3(twice, second * second * plain, third * third * plain)
      offDiagonal += Vector3(second * third * plain, third * once, second * once)
    }

    static func += (total: inout Sums, part: Sums) {
      total.energy += part.energy
      total.diagonal += part.diagonal
      total.offDiagonal += part.offDiagonal
    }

    fileprivate var moments: Matrix3 {
      let (d, o) = (diagonal, offDiagonal)
      return Matrix3(Vector3(d.x, o.z, o.y), Vector3(o.z, d.y, o.x), Vector3(o.y, o.x, d.z))
    }
  }

  /// The energy, and the virial Σ E [1 - 2 (1/K² + 1/(4α²)) K ⊗ K], in eV.
  func energyAndVirial(_ sums: Sums) -> (energy: Double, virial: Matrix3) {
    (sums.energy, Matrix3(diagonal: Vector3(repeating: sums.energy)) - basis.transposed * sums.moments * basis * 2)
  }
}

extension WaveMetric.Sums {
  /// Multiplies the spectrum of the charges in some lines with the influence function, and sums what they hold.
  ///
  /// - Parameters:
  ///   - lines: For each x the columns, real and imaginary parts; overwritten with the potentials.
  ///   - potential: G, as `lines` lies.
  ///   - virial: H.
  init<Scalar: MeshScalar>(
    layout: FourierMeshLayout, y: Int, columns: Range<Int>, _ lines: UnsafeMutablePointer<Scalar>, potential: UnsafePointer<Scalar>,
    virial: UnsafePointer<Scalar>
  ) {
    typealias Lanes = SIMD8<Scalar>
    self.init()
    let size = layout.size
    let second = Double(MeshInfluence<Scalar>.wave(y, of: size.y) ?? 0)
    // Four complex numbers in a vector.
    let vectors = columns.count / 4
    for vector in 0..<vectors {
      var (energy, plain, once, twice) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      var offset = 8 * vector
      for x in 0..<size.x {
        let n = Scalar(2 * x < size.x ? x : x - size.x)
        let amplitude = UnsafeRawPointer(lines + offset).loadUnaligned(as: Lanes.self)
        let g = UnsafeRawPointer(potential + offset).loadUnaligned(as: Lanes.self)
        let h = UnsafeRawPointer(virial + offset).loadUnaligned(as: Lanes.self)
        let square = amplitude * amplitude
        UnsafeMutableRawPointer(lines + offset).storeBytes(of: amplitude * g, as: Lanes.self)
        energy += square * g
        let weighted = square * h
        let moment = weighted * n
        plain += weighted
        once += moment
        twice += moment * n
        offset += 8 * vectors
      }
      for lane in 0..<8 {
        let z = columns.lowerBound + 4 * vector + lane / 2
        // The waves K and -K are one number, but in the first column.
        let count = z == 0 ? 0.5 : 1.0
        add(
          second: second, third: Double(z), energy: count * Double(energy[lane]), plain: count * Double(plain[lane]),
          once: count * Double(once[lane]), twice: count * Double(twice[lane]))
      }
    }
  }
}
