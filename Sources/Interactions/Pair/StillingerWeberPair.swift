#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two-body part of Stillinger and Weber.
///
///     U(r) = A [B (σ/r)^p - (σ/r)^q] exp[σ/(r - R)]
///
/// All derivatives vanish at the cutoff R, which is a σ in the usual notation; A holds the energy ε.
/// The three-body part is the form `stillinger-weber` of three-body terms.
/// Source: Stillinger and Weber, Phys. Rev. B 31, 5262 (1985), doi:10.1103/PhysRevB.31.5262, eq. 2.3.
public struct StillingerWeberPair: PairForm {
  /// A in eV; B, p and q without unit; σ and R in Å.
  public let a, b, p, q, sigma, cutoff: Double

  public init(a: Double, b: Double, p: Double = 4, q: Double = 0, sigma: Double, cutoff: Double) {
    (self.a, self.b, self.p, self.q, self.sigma, self.cutoff) = (a, b, p, q, sigma, cutoff)
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    guard r < cutoff else { return (0, 0) }
    let toEdge = r - cutoff
    let fade = exp(sigma / toEdge)
    guard fade > 0 else { return (0, 0) }
    let repulsion = b * pow(sigma / r, p)
    let attraction = pow(sigma / r, q)
    let bracket = repulsion - attraction
    let slope = -(p * repulsion - q * attraction) / r - bracket * sigma / (toEdge * toEdge)
    return (a * fade * bracket, -a * fade * slope)
  }
}

extension StillingerWeberPair {
  static let descriptor = PairFormDescriptor(
    name: "stillinger-weber", equation: "A [B (sigma/r)^p - (sigma/r)^q] exp[sigma/(r - cutoff)]",
    summary: "the two-body part of Stillinger and Weber; smooth at its cutoff",
    parameters: [
      ParameterDescriptor("A", .energy(lengthPower: 0), "strength, with epsilon in it", bounds: 0...),
      ParameterDescriptor("B", .none, "repulsion against attraction"),
      ParameterDescriptor("sigma", .length, "size", bounds: 1e-3...),
      ParameterDescriptor("p", .none, "exponent of the repulsion", default: 4, bounds: 0...),
      ParameterDescriptor("q", .none, "exponent of the attraction", default: 0, bounds: 0...),
    ],
    reference: "Stillinger and Weber, Phys. Rev. B 31, 5262 (1985), doi:10.1103/PhysRevB.31.5262",
    vanishesAtCutoff: true
  ) { StillingerWeberPair(a: $0["A"], b: $0["B"], p: $0["p"], q: $0["q"], sigma: $0["sigma"], cutoff: $0.cutoff) }
}
