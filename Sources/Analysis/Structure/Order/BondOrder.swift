import NumericalMethods
import Structures

/// Steinhardt's bond-order parameters of all atoms, for one degree each.
///
///     q_lm(i) = sum_j w_ij Y_lm(r_ij) / sum_j w_ij
///     q_l(i)  = sqrt(4π / (2l + 1) sum_m |q_lm(i)|²)
///     w_l(i)  = sum_{m1 + m2 + m3 = 0} (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3 / (sum_m |q_lm|²)^(3/2)
///
/// Averaged ones take the mean of q_lm over the atom and its neighbours, all weighted alike, before anything else.
///
/// Sources: Steinhardt, Nelson and Ronchetti, Phys. Rev. B 28, 784 (1983), doi:10.1103/PhysRevB.28.784; Lechner and Dellago, J. Chem. Phys. 129,
/// 114707 (2008), doi:10.1063/1.2977970; Mickel et al. (areas as weights), J. Chem. Phys. 138, 044501 (2013), doi:10.1063/1.4774084.
struct BondOrder: Sendable {
  let degrees: [Int]
  /// One array a degree, one value an atom; zero for an atom without neighbours.
  let q: [[Double]]
  let averagedQ: [[Double]]
  let w: [[Double]]
  let averagedW: [[Double]]
  /// q_lm of each atom: real and imaginary parts of the orders from 0 on, degree by degree.
  private let moments: [Double]
  private let harmonics: SphericalHarmonics

  init(_ table: NeighborTable, degrees: [Int], pool: WorkerPool) {
    self.degrees = degrees
    let harmonics = SphericalHarmonics(degrees: degrees)
    self.harmonics = harmonics
    let count = table.starts.count - 1
    let width = 2 * harmonics.count
    let moments = [Double](unsafeUninitializedCapacity: count * width) { buffer, filled in
      buffer.initialize(repeating: 0)
      filled = count * width
      nonisolated(unsafe) let buffer = buffer
      pool.forEachRange(count, grain: 128) { range in Self.sum(table, harmonics, range, into: buffer) }
    }
    let averaged = [Double](unsafeUninitializedCapacity: count * width) { buffer, filled in
      buffer.initialize(repeating: 0)
      filled = count * width
      nonisolated(unsafe) let buffer = buffer
      moments.withUnsafeBufferPointer { moments in
        nonisolated(unsafe) let moments = moments
        pool.forEachRange(count, grain: 256) { range in
          for atom in range {
            let neighbors = table.range(atom)
            let factor = 1 / Double(neighbors.count + 1)
            for place in 0..<width { buffer[atom * width + place] = moments[atom * width + place] }
            for neighbor in neighbors {
              let other = Int(table.indices[neighbor]) * width
              for place in 0..<width { buffer[atom * width + place] += moments[other + place] }
            }
            for place in 0..<width { buffer[atom * width + place] *= factor }
          }
        }
      }
    }
    self.moments = moments
    (q, w) = Self.invariants(moments, harmonics, count, pool: pool)
    (averagedQ, averagedW) = Self.invariants(averaged, harmonics, count, pool: pool)
  }

  private static func sum(
    _ table: NeighborTable, _ harmonics: SphericalHarmonics, _ atoms: Range<Int>, into moments: UnsafeMutableBufferPointer<Double>
  ) {
    let values = harmonics.count
    withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: 2 * values) { sums in
      guard let real = sums.baseAddress else { return }
      let imaginary = real + values
      for atom in atoms {
        sums.update(repeating: SIMD8(repeating: 0))
        let range = table.range(atom)
        var total = 0.0
        var first = range.lowerBound
        while first < range.upperBound {
          var (x, y, z, weights) = (
            SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0)
          )
          for lane in 0..<min(8, range.upperBound - first) {
            let vector = table.displacements[first + lane]
            let unit = vector * (1 / vector.length)
            (x[lane], y[lane], z[lane]) = (unit.x, unit.y, unit.z)
            weights[lane] = table.weights[first + lane]
            total += weights[lane]
          }
          harmonics.add(x, y, z, weights: weights, real: real, imaginary: imaginary)
          first += 8
        }
        guard total > 0 else { continue }
        let start = atom * 2 * values
        for place in 0..<values {
          moments[start + 2 * place] = real[place].sum() / total
          moments[start + 2 * place + 1] = imaginary[place].sum() / total
        }
      }
    }
  }

  /// The squared norm sum_m |q_lm|² of one atom, orders below zero included.
  @inline(__always)
  private static func norm(_ moments: UnsafeBufferPointer<Double>, _ start: Int, _ degree: Int) -> Double {
    var sum = 0.0
    for m in 0...degree {
      let (re, im) = (moments[start + 2 * m], moments[start + 2 * m + 1])
      sum += (m == 0 ? 1 : 2) * (re * re + im * im)
    }
    return sum
  }

  private static func invariants(
    _ moments: [Double], _ harmonics: SphericalHarmonics, _ count: Int, pool: WorkerPool
  ) -> (q: [[Double]], w: [[Double]]) {
    var q: [[Double]] = []
    var w: [[Double]] = []
    let width = 2 * harmonics.count
    for (number, degree) in harmonics.degrees.enumerated() {
      let symbols = SphericalHarmonics.wigner3j(degree)
      var both = [Double](repeating: 0, count: 2 * count)
      both.withUnsafeMutableBufferPointer { both in
        nonisolated(unsafe) let both = both
        moments.withUnsafeBufferPointer { moments in
          nonisolated(unsafe) let moments = moments
          pool.forEachRange(count, grain: 128) { range in
            for atom in range {
              let start = atom * width + 2 * harmonics.offsets[number]
              let norm = Self.norm(moments, start, degree)
              both[2 * atom] = (4 * Double.pi / Double(2 * degree + 1) * norm).squareRoot()
              // Odd degrees have no third-order invariant; a norm of rounding has no direction.
              guard degree % 2 == 0, norm > 1e-20 else { continue }
              both[2 * atom + 1] = Self.third(moments, start, symbols) / (norm * norm.squareRoot())
            }
          }
        }
      }
      q.append((0..<count).map { both[2 * $0] })
      w.append((0..<count).map { both[2 * $0 + 1] })
    }
    return (q, w)
  }

  /// The real part of the sum over products of three, the only one that does not cancel.
  @inline(__always)
  private static func third(
    _ moments: UnsafeBufferPointer<Double>, _ start: Int, _ symbols: [(m1: Int, m2: Int, m3: Int, value: Double)]
  ) -> Double {
    func moment(_ m: Int) -> (Double, Double) {
      let (re, im) = (moments[start + 2 * abs(m)], moments[start + 2 * abs(m) + 1])
      if m >= 0 { return (re, im) }
      return m % 2 == 0 ? (re, -im) : (-re, im)
    }
    var sum = 0.0
    for symbol in symbols {
      let (a, b, c) = (moment(symbol.m1), moment(symbol.m2), moment(symbol.m3))
      let real = a.0 * b.0 - a.1 * b.1
      let imaginary = a.0 * b.1 + a.1 * b.0
      sum += symbol.value * (real * c.0 - imaginary * c.1)
    }
    return sum
  }

  /// How alike the surroundings of two atoms are oriented, from -1 to 1.
  ///
  ///     s_ij = Re sum_m q_lm(i) conj(q_lm(j)) / (|q_l(i)| |q_l(j)|)
  ///
  /// Source: ten Wolde, Ruiz-Montero and Frenkel, J. Chem. Phys. 104, 9932 (1996), doi:10.1063/1.471721.
  private static func correlation(_ moments: UnsafeBufferPointer<Double>, _ first: Int, _ second: Int, _ degree: Int) -> Double {
    var sum = 0.0
    for m in 0...degree {
      sum +=
        (m == 0 ? 1 : 2)
        * (moments[first + 2 * m] * moments[second + 2 * m] + moments[first + 2 * m + 1] * moments[second + 2 * m + 1])
    }
    let norms = norm(moments, first, degree) * norm(moments, second, degree)
    return norms > 0 ? sum / norms.squareRoot() : 0
  }

  /// The number of neighbours of each atom whose surroundings are oriented alike, `s_ij > threshold`, and those pairs.
  ///
  /// - Parameter degree: One of ``degrees``.
  func connections(_ table: NeighborTable, degree: Int, threshold: Double, pool: WorkerPool) -> (numbers: [Int32], isConnected: [Bool]) {
    guard let number = degrees.firstIndex(of: degree) else { return ([], []) }
    let count = table.starts.count - 1
    let width = 2 * harmonics.count
    let offset = 2 * harmonics.offsets[number]
    var isConnected = [Bool](repeating: false, count: table.indices.count)
    var numbers = [Int32](repeating: 0, count: count)
    isConnected.withUnsafeMutableBufferPointer { isConnected in
      nonisolated(unsafe) let isConnected = isConnected
      numbers.withUnsafeMutableBufferPointer { numbers in
        nonisolated(unsafe) let numbers = numbers
        moments.withUnsafeBufferPointer { moments in
          nonisolated(unsafe) let moments = moments
          pool.forEachRange(count, grain: 256) { range in
            for atom in range {
              for place in table.range(atom) {
                let other = Int(table.indices[place])
                guard Self.correlation(moments, atom * width + offset, other * width + offset, degree) > threshold else { continue }
                isConnected[place] = true
                numbers[atom] += 1
              }
            }
          }
        }
      }
    }
    return (numbers, isConnected)
  }
}
