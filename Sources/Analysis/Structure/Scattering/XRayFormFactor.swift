import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The elastic X-ray scattering factor of a free atom or ion, without dispersion corrections.
///
///     f(Q) = c + sum_i a_i exp(-b_i s²),  s = sin(theta)/lambda = Q / (4 pi),  i = 1 … 5
///
/// in electrons; f(0) is the number of electrons to within a few hundredths. Fitted up to s = 6 1/Å, Q = 75 1/Å; not to be
/// used beyond ``largestQ``. Spherical free atoms: bonding moves electrons, which shows below about 3 1/Å.
///
/// Source: D. Waasmaier and A. Kirfel, Acta Cryst. A 51, 416 (1995), doi:10.1107/S0108767394013292.
public struct XRayFormFactor: Sendable {
  /// The symbol of the element.
  public let symbol: String
  /// The charge in e; 0 for the neutral atom.
  public let charge: Int
  /// In electrons; the sixth entry is the constant c.
  private let amplitudes: SIMD8<Double>
  /// In Å²; zero for the constant.
  private let exponents: SIMD8<Double>

  init(_ symbol: String, _ charge: Int, _ a: [Double], _ b: [Double], _ c: Double) {
    self.symbol = symbol
    self.charge = charge
    var amplitudes = SIMD8<Double>.zero
    var exponents = SIMD8<Double>.zero
    for i in 0..<min(5, a.count, b.count) {
      amplitudes[i] = a[i]
      exponents[i] = b[i]
    }
    amplitudes[5] = c
    self.amplitudes = amplitudes
    self.exponents = exponents
  }

  /// The largest Q for which the parameters were fitted, 24 pi 1/Å.
  public static let largestQ = 24 * Double.pi

  /// The factor of an element in a charge state, or `nil` where the paper has none.
  ///
  /// - Parameter charge: In e, 0 for the neutral atom.
  public init?(element: Element, charge: Int = 0) {
    guard let found = Self.all.first(where: { $0.charge == charge && $0.symbol == element.symbol }) else { return nil }
    self = found
  }

  /// The charges for which an element has a factor, ascending.
  public static func charges(of element: Element) -> [Int] {
    all.filter { $0.symbol == element.symbol }.map(\.charge).sorted()
  }

  /// The factor in electrons.
  ///
  /// - Parameter q: Q in 1/Å, `0 ... largestQ`.
  public func callAsFunction(_ q: Double) -> Double {
    let s2 = q * q / (16 * Double.pi * Double.pi)
    var sum = amplitudes[5]
    for i in 0..<5 { sum += amplitudes[i] * exp(-exponents[i] * s2) }
    return sum
  }

  /// What is missing of f(Q) to f(0), without the cancellation of a difference: sum_i a_i (1 - exp(-b_i s²)).
  func deficit(_ q: Double) -> Double {
    let s2 = q * q / (16 * Double.pi * Double.pi)
    var sum = 0.0
    for i in 0..<5 { sum -= amplitudes[i] * expm1(-exponents[i] * s2) }
    return sum
  }
}
