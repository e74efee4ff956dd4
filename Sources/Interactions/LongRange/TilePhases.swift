import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The phases exp(2πi n s) of a tile of atoms, for each coordinate s along an edge and each n that the waves need.
struct TilePhases {
  private typealias Lanes = SIMD8<Double>
  private static let vectors = EwaldSum.tile / 8

  /// For each axis, from n = 0 on, real parts and then imaginary parts of the tile's atoms.
  private let storage: AlignedMemory<Double>
  private let offsets: SIMD3<Int>
  private let reach: SIMD3<Int>
  /// Charges; then real and imaginary parts at hand.
  private let scratch: AlignedMemory<Double>

  init(_ waves: WaveVectors) {
    reach = waves.reach
    let size = 2 * EwaldSum.tile
    offsets = SIMD3(0, (reach.x + 1) * size, (reach.x + reach.y + 2) * size)
    storage = AlignedMemory(count: (reach.x + reach.y + reach.z + 3) * size)
    scratch = AlignedMemory(count: 7 * EwaldSum.tile)
  }

  @inline(__always)
  private func phases(_ axis: Int, _ n: Int) -> UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(storage.base + offsets[axis] + 2 * n * EwaldSum.tile).assumingMemoryBound(to: Lanes.self)
  }

  @inline(__always)
  private func row(_ number: Int) -> UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(scratch.base + number * EwaldSum.tile).assumingMemoryBound(to: Lanes.self)
  }

  /// Computes the phases of a tile; beyond the last atom, charges are 0.
  func place(_ charges: [Double], _ positions: [Vector3], tile: Int, cell: Cell) {
    let first = tile * EwaldSum.tile
    for lane in 0..<EwaldSum.tile {
      let atom = first + lane
      guard atom < charges.count else {
        scratch.base[lane] = 0
        continue
      }
      scratch.base[lane] = charges[atom]
      let f = cell.fractional(positions[atom])
      let inside = f - f.rounded(.down)
      for axis in 0..<3 where reach[axis] > 0 {
        let one = storage.base + offsets[axis] + 2 * EwaldSum.tile
        one[lane] = cos(2 * Double.pi * inside[axis])
        one[EwaldSum.tile + lane] = sin(2 * Double.pi * inside[axis])
      }
    }
    for axis in 0..<3 {
      let (zero, one) = (phases(axis, 0), phases(axis, min(1, reach[axis])))
      for v in 0..<Self.vectors { (zero[v], zero[Self.vectors + v]) = (Lanes(repeating: 1), .zero) }
      guard reach[axis] > 1 else { continue }
      for n in 2...reach[axis] {
        let (last, next) = (phases(axis, n - 1), phases(axis, n))
        for v in 0..<Self.vectors {
          let (a, b) = (last[v], last[Self.vectors + v])
          let (c, d) = (one[v], one[Self.vectors + v])
          next[v] = (a * c).addingProduct(-b, d)
          next[Self.vectors + v] = (a * d).addingProduct(b, c)
        }
      }
    }
  }

  /// Writes q exp(i (n1 s1 + n2 s2)) of a column into the rows 1 and 2.
  @inline(__always)
  private func prepare(_ column: WaveVectors.Column) {
    let (first, second) = (phases(0, column.first), phases(1, abs(column.second)))
    let sign = column.second < 0 ? -1.0 : 1.0
    let (charge, real, imaginary) = (row(0), row(1), row(2))
    for v in 0..<Self.vectors {
      let (a, b) = (first[v], first[Self.vectors + v])
      let (c, d) = (second[v], second[Self.vectors + v] * sign)
      real[v] = charge[v] * (a * c).addingProduct(-b, d)
      imaginary[v] = charge[v] * (a * d).addingProduct(b, c)
    }
  }

  /// Adds Σ q exp(i k·r) over the tile for each wave.
  func addAmplitudes(_ waves: WaveVectors, to sums: UnsafeMutablePointer<SIMD2<Double>>) {
    let (real, imaginary) = (row(1), row(2))
    for column in waves.columns {
      prepare(column)
      for third in column.third {
        let phase = phases(2, abs(third))
        let sign = third < 0 ? -1.0 : 1.0
        var (x, y) = (Lanes.zero, Lanes.zero)
        for v in 0..<Self.vectors {
          let (c, d) = (phase[v], phase[Self.vectors + v] * sign)
          x = x.addingProduct(real[v], c).addingProduct(-imaginary[v], d)
          y = y.addingProduct(real[v], d).addingProduct(imaginary[v], c)
        }
        sums[column.start + third - column.third.lowerBound] += SIMD2(x.sum(), y.sum())
      }
    }
  }

  /// Adds the forces Σ_k k Im[conj(w(k)) q exp(i k·r)] on the atoms of the tile.
  func addForces(
    _ waves: WaveVectors, weights: UnsafePointer<SIMD2<Double>>, tile: Int, to forces: UnsafeMutableBufferPointer<Vector3>
  ) {
    let (real, imaginary) = (row(1), row(2))
    // The forces along the reciprocal axes, in units of their vectors.
    let along = (row(3), row(4), row(5))
    for v in 0..<Self.vectors { (along.0[v], along.1[v], along.2[v]) = (.zero, .zero, .zero) }
    for column in waves.columns {
      prepare(column)
      let (n1, n2) = (Double(column.first), Double(column.second))
      for v in 0..<Self.vectors {
        // Σ over n3 of conj(w) exp(i n3 s3), and the same times n3.
        var (a, b, c, d) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        for third in column.third {
          let phase = phases(2, abs(third))
          let (x, y) = (phase[v], third < 0 ? -phase[Self.vectors + v] : phase[Self.vectors + v])
          let w = weights[column.start + third - column.third.lowerBound]
          let re = (x * w.x).addingProduct(y, w.y)
          let im = (y * w.x).addingProduct(-x, w.y)
          a += re
          b += im
          c = c.addingProduct(re, Double(third))
          d = d.addingProduct(im, Double(third))
        }
        let plain = (real[v] * b).addingProduct(imaginary[v], a)
        along.0[v] = along.0[v].addingProduct(plain, n1)
        along.1[v] = along.1[v].addingProduct(plain, n2)
        along.2[v] += (real[v] * d).addingProduct(imaginary[v], c)
      }
    }
    let first = tile * EwaldSum.tile
    for atom in first..<min(first + EwaldSum.tile, forces.count) {
      let (v, lane) = ((atom - first) / 8, (atom - first) % 8)
      forces[atom] += Vector3(along.0[v][lane], along.1[v][lane], along.2[v][lane]) * waves.basis
    }
  }
}
