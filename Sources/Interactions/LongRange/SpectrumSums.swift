import NumericalMethods
import Structures

/// Energy and virial of waves of the mesh.
struct SpectrumSums {
  /// In eV.
  var energy = 0.0
  /// Σ H |S|² n ⊗ n with the numbers n of the waves: xx, yy, zz, yz, xz, xy.
  private var diagonal = Vector3.zero
  private var offDiagonal = Vector3.zero

  init() {}

  /// Multiplies the spectrum of the charges in some lines with the influence function, and sums what they hold.
  ///
  /// - Parameters:
  ///   - lines: For each x the columns, real and imaginary parts; overwritten with the potentials.
  ///   - potential: G, as `lines` lies.
  ///   - virial: H.
  init<Scalar: FourierTransformScalar>(
    layout: FourierMeshLayout, y: Int, columns: Range<Int>, _ lines: UnsafeMutablePointer<Scalar>, potential: UnsafePointer<Scalar>,
    virial: UnsafePointer<Scalar>
  ) {
    typealias Lanes = SIMD8<Scalar>
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
        energy = energy.addingProduct(square, g)
        let weighted = square * h
        let moment = weighted * n
        plain += weighted
        once += moment
        twice = twice.addingProduct(moment, Lanes(repeating: n))
        offset += 8 * vectors
      }
      for lane in 0..<8 {
        let z = columns.lowerBound + 4 * vector + lane / 2
        // The waves k and -k are one number, but in the first column.
        let count = z == 0 ? 0.5 : 1.0
        let third = Double(z)
        let (f, fx, fxx) = (count * Double(plain[lane]), count * Double(once[lane]), count * Double(twice[lane]))
        self.energy += count * Double(energy[lane])
        diagonal += Vector3(fxx, f * second * second, f * third * third)
        offDiagonal += Vector3(f * second * third, fx * third, fx * second)
      }
    }
  }

  static func += (total: inout SpectrumSums, part: SpectrumSums) {
    total.energy += part.energy
    total.diagonal += part.diagonal
    total.offDiagonal += part.offDiagonal
  }

  /// E 1 - 2 Σ H/2 |S|² K ⊗ K in eV.
  func virial(cell: Cell) -> Matrix3 {
    let basis = cell.inverse.transposed * (2 * Double.pi)
    let (d, o) = (diagonal, offDiagonal)
    let moments = Matrix3(Vector3(d.x, o.z, o.y), Vector3(o.z, d.y, o.x), Vector3(o.y, o.x, d.z))
    return Matrix3(diagonal: Vector3(repeating: energy)) - basis.transposed * moments * basis * 2
  }
}
