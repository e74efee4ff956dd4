import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the spectrum of the charges is multiplied with, in the order in which the lines of the mesh are worked off.
///
///     G(K) = (4π k/V) exp(-K²/(4α²))/K² / Π_d |b_d|²,   H(K) = G (1/K² + 1/(4α²))
///
/// G turns charges into potentials; H is the weight of K ⊗ K in the virial. Both are 0 for K = 0, and for waves that the mesh cannot tell from
/// their opposites. Each stands twice, for the real and the imaginary part.
final class MeshInfluence<Scalar: FourierTransformScalar> {
  private let layout: FourierMeshLayout
  private let moduli: (x: [Double], y: [Double], z: [Double])
  /// What a charge has with itself in each direction: Σ_m U_m²/(Σ_m U_m)² over the zones of the mesh.
  private let overlaps: (x: [Double], y: [Double], z: [Double])
  /// The energy of a unit charge with itself that the mesh adds to what it should be, in eV on average over places, and its virial.
  private(set) var selfInteraction: (energy: Double, virial: Matrix3) = (0, .zero)
  /// G and H of each line: `2 * size.x * width` values each, for all chunks of all rows.
  private let storage: AlignedMemory<Scalar>
  private let half: Int
  private var vectors: Matrix3?

  init(layout: FourierMeshLayout, order: Int) {
    self.layout = layout
    moduli = (
      MeshSplines<Double>.moduli(order: order, count: layout.size.x), MeshSplines<Double>.moduli(order: order, count: layout.size.y),
      MeshSplines<Double>.moduli(order: order, count: layout.size.z)
    )
    let size = layout.size
    overlaps = (
      MeshSplines<Double>.overlaps(order: order, count: size.x), MeshSplines<Double>.overlaps(order: order, count: size.y),
      MeshSplines<Double>.overlaps(order: order, count: size.z)
    )
    half = 2 * layout.size.x * layout.size.y * layout.columns
    storage = AlignedMemory(count: 2 * half)
  }

  /// G of the lines of a chunk, and H.
  @inline(__always)
  func lines(y: Int, chunk: Int) -> (potential: UnsafeMutablePointer<Scalar>, virial: UnsafeMutablePointer<Scalar>) {
    let start = 2 * layout.size.x * (y * layout.columns + layout.chunk * chunk)
    return (storage.base + start, storage.base + half + start)
  }

  /// The number n of a wave with index m, -count/2 < n < count/2; `nil` where n and -n are the same wave.
  static func wave(_ m: Int, of count: Int) -> Int? {
    2 * m == count ? nil : 2 * m < count ? m : m - count
  }

  /// Computes the tables for a cell, where they are not yet those of it.
  func prepare(cell: Cell, alpha: Double, pool: WorkerPool) {
    guard vectors != cell.vectors else { return }
    vectors = cell.vectors
    let size = layout.size
    let factor = 4 * Double.pi * PhysicalConstants.coulomb / cell.volume
    let decay = 1 / (4 * alpha * alpha)
    let basis = cell.inverse.transposed * (2 * Double.pi)
    var rows = [(energy: Double, virial: Matrix3)](repeating: (0, .zero), count: size.y)
    rows.withUnsafeMutableBufferPointer { fill(UnsafeSendable($0), cell: cell, factor: factor, decay: decay, basis: basis, pool: pool) }
    selfInteraction = rows.reduce((0, .zero)) { ($0.energy + $1.energy, $0.virial + $1.virial) }
  }

  private func fill(
    _ rows: UnsafeSendable<UnsafeMutableBufferPointer<(energy: Double, virial: Matrix3)>>, cell: Cell, factor: Double, decay: Double,
    basis: Matrix3, pool: WorkerPool
  ) {
    let size = layout.size
    pool.forEachBlock(size.y) { y in
      var row = (energy: 0.0, virial: Matrix3.zero)
      for chunk in 0..<layout.chunks {
        let columns = layout.columns(ofChunk: chunk)
        let (potential, virial) = lines(y: y, chunk: chunk)
        for x in 0..<size.x {
          for z in columns {
            let place = 2 * (x * columns.count + z - columns.lowerBound)
            var (g, h) = (Scalar(0), Scalar(0))
            if z <= size.z / 2, x + y + z > 0, let n1 = Self.wave(x, of: size.x), let n2 = Self.wave(y, of: size.y),
              let n3 = Self.wave(z, of: size.z)
            {
              let k = Double(n1) * basis[0] + Double(n2) * basis[1] + Double(n3) * basis[2]
              let k2 = k.squaredLength
              let plain = factor * exp(-k2 * decay) / k2
              let value = plain * (moduli.x[x] * moduli.y[y] * moduli.z[z])
              // Waves beyond the first column stand for their opposites, too.
              let energy = (z == 0 ? 0.5 : 1) * plain * (overlaps.x[x] * overlaps.y[y] * overlaps.z[z] - 1)
              row.energy += energy
              row.virial += Matrix3(diagonal: Vector3(repeating: energy)) - Matrix3.outer(k, k * (2 * energy * (1 / k2 + decay)))
              (g, h) = (Scalar(value), Scalar(value * (1 / k2 + decay)))
            }
            (potential[place], potential[place + 1]) = (g, g)
            (virial[place], virial[place + 1]) = (h, h)
          }
        }
      }
      rows.value[y] = row
    }
  }
}
