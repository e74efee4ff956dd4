import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two-body part of Vashishta: steric repulsion, screened charges, charge and dipole, dispersion.
///
///     V(r) = H/r^η + k Z₁Z₂ exp(-r/λ₁)/r - D exp(-r/λ₄)/r⁴ - W/r⁶,   k = 14.3996 eV Å
///     U(r) = V(r) - V(R) - (r - R) V'(R)
///
/// Energy and force vanish at the cutoff R. The three-body part is the form `vashishta` of three-body terms.
/// Source: Vashishta et al., Phys. Rev. B 41, 12197 (1990), doi:10.1103/PhysRevB.41.12197; with the shift at R as in
/// Branicio et al., J. Mech. Phys. Solids 56, 1955 (2008), doi:10.1016/j.jmps.2007.11.004.
public struct VashishtaPair: PairForm {
  /// H in eV Å^η, Z₁Z₂ in e², D in eV Å⁴, W in eV Å⁶.
  public let h, eta, chargeProduct, d, w: Double
  /// λ₁, λ₄ and R in Å.
  public let lambda1, lambda4, cutoff: Double
  private let edge: PairValue

  public init(
    h: Double, eta: Double, chargeProduct: Double, lambda1: Double, d: Double, lambda4: Double, w: Double, cutoff: Double
  ) {
    (self.h, self.eta, self.chargeProduct, self.d, self.w) = (h, eta, chargeProduct, d, w)
    (self.lambda1, self.lambda4, self.cutoff) = (lambda1, lambda4, cutoff)
    edge = Self.bare(cutoff, h, eta, chargeProduct, lambda1, d, lambda4, w)
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    guard r < cutoff else { return (0, 0) }
    let value = Self.bare(r, h, eta, chargeProduct, lambda1, d, lambda4, w)
    return (value.energy - edge.energy + (r - cutoff) * edge.force, value.force - edge.force)
  }

  private static func bare(
    _ r: Double, _ h: Double, _ eta: Double, _ charges: Double, _ lambda1: Double, _ d: Double, _ lambda4: Double, _ w: Double
  ) -> PairValue {
    let steric = h * pow(r, -eta)
    let coulomb = PhysicalConstants.coulomb * charges * exp(-r / lambda1) / r
    let r2 = 1 / (r * r)
    let dipole = d * exp(-r / lambda4) * r2 * r2
    let dispersion = w * r2 * r2 * r2
    return (
      steric + coulomb - dipole - dispersion,
      (eta * steric + coulomb - 4 * dipole - 6 * dispersion) / r + coulomb / lambda1 - dipole / lambda4
    )
  }
}

extension VashishtaPair {
  static let descriptor = PairFormDescriptor(
    name: "vashishta",
    equation: "H/r^eta + k ZZ exp(-r/lambda1)/r - D exp(-r/lambda4)/r^4 - W/r^6, energy and force shifted to 0 at the cutoff",
    summary: "the two-body part of Vashishta; energy and force vanish at its cutoff",
    parameters: [
      ParameterDescriptor("H", .energy(lengthPower: 0), "steric repulsion, times A^eta", bounds: 0...),
      ParameterDescriptor("eta", .none, "exponent of the steric repulsion", bounds: 1...),
      ParameterDescriptor("ZZ", .none, "product of the effective charges in e^2", default: 0),
      ParameterDescriptor("lambda1", .length, "screening length of the charges", default: 4.43, bounds: 1e-3...),
      ParameterDescriptor("D", .energy(lengthPower: 4), "charge and dipole", default: 0),
      ParameterDescriptor("lambda4", .length, "screening length of charge and dipole", default: 2.5, bounds: 1e-3...),
      ParameterDescriptor("W", .energy(lengthPower: 6), "dispersion", default: 0),
    ],
    reference: "Vashishta et al., Phys. Rev. B 41, 12197 (1990), doi:10.1103/PhysRevB.41.12197",
    vanishesAtCutoff: true
  ) {
    VashishtaPair(
      h: $0["H"], eta: $0["eta"], chargeProduct: $0["ZZ"], lambda1: $0["lambda1"], d: $0["D"], lambda4: $0["lambda4"], w: $0["W"],
      cutoff: $0.cutoff)
  }
}
