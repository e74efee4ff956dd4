/// The 12-6 potential of Lennard-Jones.
///
///     U(r) = 4 ε [(σ/r)¹² - (σ/r)⁶]
///
/// Source: Jones, Proc. R. Soc. A 106, 463 (1924), doi:10.1098/rspa.1924.0082.
public struct LennardJones: PairForm {
  /// The depth ε in eV and the zero σ in Å.
  public let epsilon, sigma: Double

  public init(epsilon: Double, sigma: Double) {
    (self.epsilon, self.sigma) = (epsilon, sigma)
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    let s2 = sigma * sigma / (r * r)
    let s6 = s2 * s2 * s2
    return (4 * epsilon * s6 * (s6 - 1), 24 * epsilon * s6 * (2 * s6 - 1) / r)
  }
}

extension LennardJones {
  static let descriptor = PairFormDescriptor(
    name: "lennard-jones", equation: "4 epsilon [(sigma/r)^12 - (sigma/r)^6]", summary: "Lennard-Jones 12-6",
    parameters: [
      ParameterDescriptor("epsilon", .energy(lengthPower: 0), "depth of the well", bounds: 0...),
      ParameterDescriptor("sigma", .length, "distance where the energy is zero", bounds: 0...),
    ],
    reference: "Jones, Proc. R. Soc. A 106, 463 (1924), doi:10.1098/rspa.1924.0082"
  ) { LennardJones(epsilon: $0["epsilon"], sigma: $0["sigma"]) }
}
