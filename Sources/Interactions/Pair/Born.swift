#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The potential of Born, Mayer and Huggins.
///
///     U(r) = A exp((σ - r)/ρ) - C/r⁶ + D/r⁸
///
/// The signs are those of LAMMPS's `born`: C and D as printed, so that a dispersion of the eighth order has D < 0.
/// Source: Fumi and Tosi, J. Phys. Chem. Solids 25, 31 (1964), doi:10.1016/0022-3697(64)90159-3.
public struct Born: PairForm {
  /// A in eV, ρ and σ in Å, C in eV Å⁶, D in eV Å⁸.
  public let a, rho, sigma, c, d: Double

  public init(a: Double, rho: Double, sigma: Double = 0, c: Double = 0, d: Double = 0) {
    (self.a, self.rho, self.sigma, self.c, self.d) = (a, rho, sigma, c, d)
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    let repulsion = a * exp((sigma - r) / rho)
    let r2 = 1 / (r * r)
    let sixth = c * r2 * r2 * r2
    let eighth = d * r2 * r2 * r2 * r2
    return (repulsion - sixth + eighth, repulsion / rho + (-6 * sixth + 8 * eighth) / r)
  }
}

extension Born {
  static let descriptor = PairFormDescriptor(
    name: "born", equation: "A exp((sigma - r)/rho) - C/r^6 + D/r^8",
    summary: "Born, Mayer and Huggins: exponential repulsion with two dispersion terms",
    parameters: [
      ParameterDescriptor("A", .energy(lengthPower: 0), "height of the repulsion", bounds: 0...),
      ParameterDescriptor("rho", .length, "decay length of the repulsion", bounds: 1e-3...),
      ParameterDescriptor("sigma", .length, "sum of the ions' sizes", default: 0),
      ParameterDescriptor("C", .energy(lengthPower: 6), "strength of the dispersion", default: 0),
      ParameterDescriptor("D", .energy(lengthPower: 8), "strength of the term in 1/r^8", default: 0),
    ],
    reference: "Fumi and Tosi, J. Phys. Chem. Solids 25, 31 (1964), doi:10.1016/0022-3697(64)90159-3"
  ) { Born(a: $0["A"], rho: $0["rho"], sigma: $0["sigma"], c: $0["C"], d: $0["D"]) }
}
