import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Spherical harmonics of several degrees, eight directions at a time.
///
/// Orthonormal, with the phase of Condon and Shortley; orders below zero follow from Y_l,-m = (-1)^m conj(Y_lm). Along a fixed order,
///
///     P_lm = a_lm (z P_l-1,m - a_l-1,m^-1 P_l-2,m),  a_lm = sqrt((4 l² - 1) / (l² - m²)),
///
/// with P_mm = (-1)^m sqrt((2m+1)!! / (2m)!! / 4π), and Y_lm = P_lm (x + iy)^m for a vector of length one: no angle is needed, and
/// the poles are like any other direction.
///
/// Source of the recursion: Press et al., Numerical Recipes, 3rd ed. (2007), section 6.7.
struct SphericalHarmonics: Sendable {
  /// The degrees, each at least 1.
  let degrees: [Int]
  /// The first of the l + 1 values of each degree in an array of sums, and one past the last.
  let offsets: [Int]
  private let highest: Int
  /// a_lm at `l * (highest + 1) + m`, and where the value of (l, m) goes, -1 for a degree that is not wanted.
  private let factors: [Double]
  private let places: [Int]
  private let diagonal: [Double]

  init(degrees: [Int]) {
    self.degrees = degrees
    var offsets = [0]
    for degree in degrees { offsets.append(offsets[offsets.count - 1] + degree + 1) }
    self.offsets = offsets
    let highest = degrees.max() ?? 0
    self.highest = highest
    var factors = [Double](repeating: 0, count: (highest + 1) * (highest + 1))
    var places = [Int](repeating: -1, count: factors.count)
    var diagonal = [(1 / (4 * Double.pi)).squareRoot()]
    for m in 1..<(highest + 1) { diagonal.append(-diagonal[m - 1] * (Double(2 * m + 1) / Double(2 * m)).squareRoot()) }
    for l in 1..<(highest + 1) {
      for m in 0..<l { factors[l * (highest + 1) + m] = (Double(4 * l * l - 1) / Double(l * l - m * m)).squareRoot() }
      if let place = degrees.firstIndex(of: l) {
        for m in 0...l { places[l * (highest + 1) + m] = offsets[place] + m }
      }
    }
    self.factors = factors
    self.places = places
    self.diagonal = diagonal
  }

  /// How many complex values there are for all degrees, orders from 0 on.
  var count: Int { offsets[degrees.count] }

  /// Adds weighted values of eight directions to sums.
  ///
  /// - Parameters:
  ///   - x, y, z: Components of vectors of length one.
  ///   - real, imaginary: ``count`` sums, a lane a direction.
  @inline(__always)
  func add(
    _ x: SIMD8<Double>, _ y: SIMD8<Double>, _ z: SIMD8<Double>, weights: SIMD8<Double>,
    real: UnsafeMutablePointer<SIMD8<Double>>, imaginary: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    let stride = highest + 1
    var powerReal = weights
    var powerImaginary = SIMD8<Double>(repeating: 0)
    factors.withUnsafeBufferPointer { factors in
      places.withUnsafeBufferPointer { places in
        for m in 0...highest {
          var below = SIMD8<Double>(repeating: 0)
          var here = SIMD8<Double>(repeating: diagonal[m])
          var last = 0.0
          for l in m...highest {
            if l > m {
              let factor = factors[l * stride + m]
              let next = (z * here - below * last) * factor
              below = here
              here = next
              last = 1 / factor
            }
            let place = places[l * stride + m]
            if place >= 0 {
              real[place] += here * powerReal
              imaginary[place] += here * powerImaginary
            }
          }
          (powerReal, powerImaginary) = (powerReal * x - powerImaginary * y, powerReal * y + powerImaginary * x)
        }
      }
    }
  }

  /// The 3j symbols (l l l; m1 m2 m3) that are not zero.
  ///
  /// Racah's sum; exact to 1e-11 up to the degrees that are allowed here.
  static func wigner3j(_ l: Int) -> [(m1: Int, m2: Int, m3: Int, value: Double)] {
    var factorials = [1.0]
    for n in 1...(3 * l + 1) { factorials.append(factorials[n - 1] * Double(n)) }
    let triangle = (factorials[l] * factorials[l] * factorials[l] / factorials[3 * l + 1]).squareRoot()
    var result: [(m1: Int, m2: Int, m3: Int, value: Double)] = []
    for m1 in -l...l {
      for m2 in -l...l where abs(m1 + m2) <= l {
        let m3 = -m1 - m2
        let head = [l + m1, l - m1, l + m2, l - m2, l + m3, l - m3].reduce(1.0) { $0 * factorials[$1].squareRoot() }
        var sum = 0.0
        for k in max(0, -m1, m2)...min(l, l - m1, l + m2) {
          let lower = [k, l - k, l - m1 - k, l + m2 - k, m1 + k, k - m2].reduce(1.0) { $0 * factorials[$1] }
          sum += (k % 2 == 0 ? 1 : -1) / lower
        }
        // (-1)^(j1 - j2 - m3) with equal j.
        let value = (m3 % 2 == 0 ? 1.0 : -1) * triangle * head * sum
        if value != 0 { result.append((m1, m2, m3, value)) }
      }
    }
    return result
  }
}
