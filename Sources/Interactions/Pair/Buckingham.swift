#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Buckingham potential.
///
///     U(r) = A exp(-r/ρ) - C/r⁶
///
/// Where C > 0 it falls to -∞ below a maximum at short distances; melts need a repair there (``DuTeterCore``,
/// ``JoinedRepulsion``).
/// Source: Buckingham, Proc. R. Soc. A 168, 264 (1938), doi:10.1098/rspa.1938.0173.
public struct Buckingham: PairForm {
  /// A in eV.
  public let a: Double
  /// ρ in Å.
  public let rho: Double
  /// C in eV Å⁶.
  public let c: Double

  public init(a: Double, rho: Double, c: Double) {
    self.a = a
    self.rho = rho
    self.c = c
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    let repulsion = a * exp(-r / rho)
    let r2 = 1 / (r * r)
    let dispersion = c * r2 * r2 * r2
    return (repulsion - dispersion, repulsion / rho - 6 * dispersion / r)
  }

  /// d²U/dr² in eV/Å² at a distance in Å.
  public func secondDerivative(_ r: Double) -> Double {
    let r2 = 1 / (r * r)
    return a * exp(-r / rho) / (rho * rho) - 42 * c * r2 * r2 * r2 * r2
  }

  /// The smaller of the two distances in Å where d³U/dr³ = 0, or `nil` where there is none.
  ///
  /// Below it the dispersion term bends the curve down into its unphysical fall.
  public var innerZeroOfThirdDerivative: Double? {
    guard a > 0, c > 0, rho > 0 else { return nil }
    // U''' = 0 where g(r) = 0; g rises from -∞ to its maximum at 9ρ.
    func g(_ r: Double) -> Double { log(a / (336 * c * rho * rho * rho)) - r / rho + 9 * log(r) }
    var (low, high) = (1e-3 * rho, 9 * rho)
    guard g(high) > 0 else { return nil }
    while high - low > 1e-15 * high {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if g(middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

extension Buckingham {
  static let descriptor = PairFormDescriptor(
    name: "buckingham", equation: "A exp(-r/rho) - C/r^6", summary: "Buckingham: exponential repulsion with dispersion",
    parameters: [
      ParameterDescriptor("A", .energy(lengthPower: 0), "height of the repulsion", bounds: 0...),
      ParameterDescriptor("rho", .length, "decay length of the repulsion", bounds: 1e-3...),
      ParameterDescriptor("C", .energy(lengthPower: 6), "strength of the dispersion", default: 0),
    ],
    reference: "Buckingham, Proc. R. Soc. A 168, 264 (1938), doi:10.1098/rspa.1938.0173"
  ) { Buckingham(a: $0["A"], rho: $0["rho"], c: $0["C"]) }
}
