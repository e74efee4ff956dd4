import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Spreads a field on the grid of any cell by a Gaussian that is the same in all directions.
///
/// Selling's reduction writes the covariance of the Gaussian, in steps of the grid, as a sum over up to six lines of grid points,
///
///     sigma² (A Aᵀ)⁻¹ = sum_i w_i e_i e_iᵀ,   w_i >= 0, e_i whole numbers,
///
/// for the steps A of the grid as rows. One pass along each line with the discrete Gaussian exp(-w) I_n(w) then has exactly this covariance, is
/// never negative, and keeps the sum, however coarse the grid.
///
/// - Source: Selling, J. Reine Angew. Math. 77, 143 (1874); Conway and Sloane, Proc. R. Soc. A 436, 55 (1992), doi:10.1098/rspa.1992.0004; Lindeberg,
///   IEEE Trans. Pattern Anal. Mach. Intell. 12, 234 (1990), doi:10.1109/34.49051 (discrete Gaussian).
struct GridSmearing: Sendable {
  /// A line of grid points and the variance along it in steps.
  struct Pass: Sendable {
    var step: SIMD3<Int>
    var variance: Double
  }

  let passes: [Pass]

  /// - Parameters:
  ///   - steps: From a grid point to the next along each edge, as rows, in Å.
  ///   - width: The standard deviation in Å; 0 gives no pass.
  init(steps: Matrix3, width: Double) {
    guard width > 0 else {
      passes = []
      return
    }
    // The covariance in steps is a metric; its obtuse superbase gives lines and weights.
    let inverse = steps.inverse
    let covariance = inverse.transposed * inverse * (width * width)
    func product(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> Double { Self.vector(a).dot(covariance * Self.vector(b)) }
    var base = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1), SIMD3(-1, -1, -1)]
    let tolerance = 1e-12 * covariance.trace
    search: for _ in 0..<1000 {
      for i in 0..<4 {
        for j in i + 1..<4 where product(base[i], base[j]) > tolerance {
          let others = (0..<4).filter { $0 != i && $0 != j }
          let old = base[i]
          base[others[0]] &+= old
          base[others[1]] &+= old
          base[i] = SIMD3(-old.x, -old.y, -old.z)
          continue search
        }
      }
      break
    }
    var found: [Pass] = []
    for i in 0..<4 {
      for j in i + 1..<4 {
        let weight = -product(base[i], base[j])
        guard weight > tolerance else { continue }
        let others = (0..<4).filter { $0 != i && $0 != j }
        // The line at right angles to the other two vectors of the superbase.
        let (u, v) = (base[others[0]], base[others[1]])
        let line = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
        found.append(Pass(step: line, variance: weight))
      }
    }
    passes = found
  }

  /// The volume over which a smeared density averages, in Å³: visits counted in it scatter as the density does.
  ///
  /// The square of a Gaussian of standard deviation σ integrates to 1 / (4 π σ²)^(3/2); points of the grid are as large as they are.
  static func sampledVolume(point: Double, width: Double) -> Double {
    let square = pow(point, 2.0 / 3) + 4 * Double.pi * width * width
    return square * square.squareRoot()
  }

  private static func vector(_ v: SIMD3<Int>) -> Vector3 { Vector3(Double(v.x), Double(v.y), Double(v.z)) }

  /// The spread field; its sum is that of the values.
  func applied(to values: [Double], size: SIMD3<Int>, pool: WorkerPool) -> [Double] {
    var values = values
    for pass in passes {
      let kernel = Self.discreteGaussian(variance: pass.variance)
      var result = [Double](repeating: 0, count: values.count)
      values.withUnsafeBufferPointer { source in
        result.withUnsafeMutableBufferPointer { target in
          nonisolated(unsafe) let (source, target) = (source, target)
          pool.forEachRange(size.x, grain: max(1, size.x / 64)) { planes in
            Self.pass(source, into: target, planes: planes, size: size, step: pass.step, kernel: kernel)
          }
        }
      }
      values = result
    }
    return values
  }

  /// Adds shifted copies of whole rows, weighed by the kernel.
  private static func pass(
    _ source: UnsafeBufferPointer<Double>, into target: UnsafeMutableBufferPointer<Double>, planes: Range<Int>, size: SIMD3<Int>,
    step: SIMD3<Int>, kernel: [Double]
  ) {
    func wrapped(_ value: Int, _ count: Int) -> Int {
      let rest = value % count
      return rest < 0 ? rest + count : rest
    }
    for i in planes {
      for j in 0..<size.y {
        let row = (i * size.y + j) * size.z
        for n in 1 - kernel.count..<kernel.count {
          let weight = kernel[abs(n)]
          let from = (wrapped(i - n * step.x, size.x) * size.y + wrapped(j - n * step.y, size.y)) * size.z
          let shift = wrapped(-n * step.z, size.z)
          for k in 0..<size.z - shift { target[row + k] += weight * source[from + k + shift] }
          for k in size.z - shift..<size.z { target[row + k] += weight * source[from + k + shift - size.z] }
        }
      }
    }
  }

  /// exp(-t) I_n(t) for n = 0, 1, …, by Miller's downward recurrence, until less than 1e-12 is left; both sides sum to 1.
  static func discreteGaussian(variance t: Double) -> [Double] {
    // Beyond 8 standard deviations less than 1e-12 is left, where the variance is large; where it is small, powers of t/2 fall faster.
    let last = Int((8 * t.squareRoot()).rounded(.up)) + 8
    var values = [Double](repeating: 0, count: last + 1)
    var (next, here) = (0.0, 1e-280)
    for n in stride(from: 2 * last + 10, through: 0, by: -1) {
      if n <= last { values[n] = here }
      guard n > 0 else { break }
      let before = next + 2 * Double(n) / t * here
      (next, here) = (here, before)
      if here > 1e200 {
        here *= 1e-250
        next *= 1e-250
        for m in values.indices { values[m] *= 1e-250 }
      }
    }
    let sum = values.reduce(0) { $0 + 2 * $1 } - values[0]
    values = values.map { $0 / sum }
    while values.count > 1, values[values.count - 1] < 1e-14 { values.removeLast() }
    let rest = values.reduce(0) { $0 + 2 * $1 } - values[0]
    return values.map { $0 / rest }
  }
}
