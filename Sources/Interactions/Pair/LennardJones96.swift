/// The 9-6 potential of class II force fields.
///
///     U(r) = ε [2 (σ/r)⁹ - 3 (σ/r)⁶]
///
/// Source: Sun, J. Phys. Chem. B 102, 7338 (1998), doi:10.1021/jp980939v.
public struct LennardJones96: PairForm {
  /// The depth ε in eV and the position σ of the minimum in Å.
  public let epsilon, sigma: Double

  public init(epsilon: Double, sigma: Double) {
    (self.epsilon, self.sigma) = (epsilon, sigma)
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    let s = sigma / r
    let s3 = s * s * s
    let s6 = s3 * s3
    return (epsilon * s6 * (2 * s3 - 3), 18 * epsilon * s6 * (s3 - 1) / r)
  }
}

extension LennardJones96 {
  static let descriptor = PairFormDescriptor(
    name: "lennard-jones-9-6", equation: "epsilon [2 (sigma/r)^9 - 3 (sigma/r)^6]", summary: "Lennard-Jones 9-6 of class II force fields",
    parameters: [
      ParameterDescriptor("epsilon", .energy(lengthPower: 0), "depth of the well", bounds: 0...),
      ParameterDescriptor("sigma", .length, "position of the minimum", bounds: 0...),
    ],
    reference: "Sun, J. Phys. Chem. B 102, 7338 (1998), doi:10.1021/jp980939v"
  ) { LennardJones96(epsilon: $0["epsilon"], sigma: $0["sigma"]) }
}
