#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the ε and σ of two species make those of their pair.
enum MixingRule: String, CaseIterable, Sendable {
  /// ε = √(ε1 ε2), σ = (σ1 + σ2)/2: Lorentz and Berthelot.
  case arithmetic
  /// ε = √(ε1 ε2), σ = √(σ1 σ2).
  case geometric
  /// ε = 2 √(ε1 ε2) σ1³σ2³/(σ1⁶ + σ2⁶), σ = [(σ1⁶ + σ2⁶)/2]^(1/6), for class II force fields.
  /// Source: Waldman and Hagler, J. Comput. Chem. 14, 1077 (1993), doi:10.1002/jcc.540140909.
  case sixthPower = "sixth-power"

  func mix(
    _ first: (epsilon: Double, sigma: Double), _ second: (epsilon: Double, sigma: Double)
  ) -> (epsilon: Double, sigma: Double) {
    let epsilon = (first.epsilon * second.epsilon).squareRoot()
    switch self {
    case .arithmetic: return (epsilon, (first.sigma + second.sigma) / 2)
    case .geometric: return (epsilon, (first.sigma * second.sigma).squareRoot())
    case .sixthPower:
      let (a, b) = (pow(first.sigma, 3), pow(second.sigma, 3))
      let sum = a * a + b * b
      return (sum > 0 ? 2 * epsilon * a * b / sum : 0, pow(sum / 2, 1.0 / 6))
    }
  }
}

extension PairBlock {
  /// The coefficients that the mixing rule gives a pair, or `nil` without a rule or without coefficients of both species.
  func mixed(_ pair: SpeciesPair) -> Coefficients? {
    guard let mixing, let first = speciesCoefficients[pair.first], let second = speciesCoefficients[pair.second] else { return nil }
    func numbers(_ values: [String: Double]) -> (epsilon: Double, sigma: Double) { (values["epsilon"] ?? .nan, values["sigma"] ?? .nan) }
    let value = mixing.mix(numbers(first), numbers(second))
    return Coefficients(
      values: ["epsilon": .number(value.epsilon), "sigma": .number(value.sigma)], isNone: false, place: place)
  }
}
