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
final class MeshInfluence<Scalar: MeshScalar> {
  private let layout: FourierMeshLayout
  private let axes: [Axis]
  /// G and H of each line: `2 * size.x * width` values each, for all chunks of all rows.
  private let storage: AlignedMemory<Scalar>
  private let half: Int
  private var vectors: Matrix3?
  /// The energy of a unit charge with itself that the mesh adds to what it should be, in eV on average over places, and its virial.
  private(set) var selfInteraction: (energy: Double, virial: Matrix3) = (0, .zero)

  /// The waves along one edge, in the order of the spectrum.
  private struct Axis {
    /// Their numbers n; 0 where n and -n are the same wave.
    var numbers: [Double]
    /// 1/|b|², and 0 where n and -n are the same wave.
    var moduli: [Double]
    /// What a charge has with itself: Σ_m U_m²/(Σ_m U_m)² over the zones of the mesh.
    var overlaps: [Double]

    init(order: Int, count: Int) {
      let waves = (0..<count).map { MeshInfluence.wave($0, of: count) }
      numbers = waves.map { Double($0 ?? 0) }
      moduli = zip(waves, MeshSplines<Double>.moduli(order: order, count: count)).map { $0 == nil ? 0 : $1 }
      overlaps = MeshSplines<Double>.overlaps(order: order, count: count)
    }
  }

  init(layout: FourierMeshLayout, order: Int) {
    self.layout = layout
    axes = (0..<3).map { Axis(order: order, count: layout.size[$0]) }
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
    let waves = WaveMetric(cell: cell, alpha: alpha)
    // exp(-K²/(4α²)) is a product of functions of two numbers each, so that there are few exponentials.
    let decays = (decays(waves, 0, 1), decays(waves, 0, 2), decays(waves, 1, 2))
    var sums = [WaveMetric.Sums](repeating: .init(), count: layout.size.y)
    sums.withUnsafeMutableBufferPointer { sums in
      let shared = UnsafeSendable(sums)
      decays.0.withUnsafeBufferPointer { xy in
        decays.1.withUnsafeBufferPointer { xz in
          decays.2.withUnsafeBufferPointer { yz in
            pool.forEachBlock(layout.size.y) { y in
              shared.value[y] = fill(y, waves, xy: xy, xz: xz, yz: yz)
            }
          }
        }
      }
    }
    var total = WaveMetric.Sums()
    for sum in sums { total += sum }
    selfInteraction = waves.energyAndVirial(total)
  }

  /// exp of the part of -K²/(4α²) that two axes have, with half of what each has alone.
  private func decays(_ waves: WaveMetric, _ a: Int, _ b: Int) -> [Double] {
    axes[a].numbers.flatMap { n in
      axes[b].numbers.map { m in
        exp(-waves.decay * (waves.metric[a, a] * n * n / 2 + waves.metric[b, b] * m * m / 2 + 2 * waves.metric[a, b] * n * m))
      }
    }
  }

  /// Fills the lines of one row.
  ///
  /// - Returns: The energy and the moments of a unit charge with itself, beyond what they should be.
  private func fill(
    _ y: Int, _ waves: WaveMetric, xy: UnsafeBufferPointer<Double>, xz: UnsafeBufferPointer<Double>, yz: UnsafeBufferPointer<Double>
  ) -> WaveMetric.Sums {
    let size = layout.size
    let g = waves.metric
    let second = axes[1].numbers[y]
    var sums = WaveMetric.Sums()
    axes[2].numbers.withUnsafeBufferPointer { numbers in
      axes[2].moduli.withUnsafeBufferPointer { moduli in
        axes[2].overlaps.withUnsafeBufferPointer { overlaps in
          for chunk in 0..<layout.chunks {
            let columns = layout.columns(ofChunk: chunk)
            let (potential, virial) = lines(y: y, chunk: chunk)
            for x in 0..<size.x {
              let first = axes[0].numbers[x]
              // K² as a quadratic function of the third number.
              let constant = g[0, 0] * first * first + g[1, 1] * second * second + 2 * g[0, 1] * first * second
              let linear = 2 * (g[0, 2] * first + g[1, 2] * second)
              let factor = waves.factor * xy[x * size.y + y]
              let modulus = axes[0].moduli[x] * axes[1].moduli[y]
              let overlap = axes[0].overlaps[x] * axes[1].overlaps[y]
              var (energy, plain, once, twice) = (0.0, 0.0, 0.0, 0.0)
              var place = 2 * x * columns.count
              for z in columns {
                var (a, b) = (0.0, 0.0)
                let n = numbers[z]
                let square = constant + n * (linear + g[2, 2] * n)
                // Waves that are their own opposites have numbers of 0, too.
                if z <= size.z / 2, square > 0 {
                  let inverse = 1 / square
                  let value = factor * xz[x * size.z + z] * yz[y * size.z + z] * inverse
                  a = value * modulus * moduli[z]
                  b = a * (inverse + waves.decay)
                  if a != 0 {
                    // Waves beyond the first column stand for their opposites, too.
                    let itself = (z == 0 ? 0.5 : 1) * value * (overlap * overlaps[z] - 1)
                    let moment = itself * (inverse + waves.decay)
                    energy += itself
                    plain += moment
                    once += moment * n
                    twice += moment * n * n
                  }
                }
                let (real, imaginary) = (Scalar(a), Scalar(b))
                (potential[place], potential[place + 1]) = (real, real)
                (virial[place], virial[place + 1]) = (imaginary, imaginary)
                place += 2
              }
              sums.add(first, second, energy: energy, plain: plain, once: once, twice: twice)
            }
          }
        }
      }
    }
    return sums
  }
}
