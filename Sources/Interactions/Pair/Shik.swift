#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The short-range term of the SHIK potentials.
///
///     U(r) = [A exp(-B r) - C/r⁶ + D/r²⁴ - V(R)] G(r),   G = exp(-γ²/(r - R)²)
///
/// V(R) is the bracket's first part at the cutoff R; all derivatives vanish there.
/// Source: Sundararaman et al., J. Chem. Phys. 148, 194504 (2018), doi:10.1063/1.5023707, eqs. 1 and 4.
public struct Shik: PairForm {
  /// A in eV, B in 1/Å, C in eV Å⁶, D in eV Å²⁴.
  public let a, b, c, d: Double
  /// R and γ in Å.
  public let cutoff, gamma: Double
  private let edge: Double

  public init(a: Double, b: Double, c: Double, d: Double, cutoff: Double = 8, gamma: Double = 0.2) {
    (self.a, self.b, self.c, self.d, self.cutoff, self.gamma) = (a, b, c, d, cutoff, gamma)
    edge = Self.bare(cutoff, a, b, c, d).energy
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    guard r < cutoff else { return (0, 0) }
    var value = Self.bare(r, a, b, c, d)
    value.energy -= edge
    return Self.smooth(value, at: r, cutoff: cutoff, gamma: gamma)
  }

  /// The product of a function and G, and minus its derivative.
  static func smooth(_ value: PairValue, at r: Double, cutoff: Double, gamma: Double) -> PairValue {
    let distance = r - cutoff
    let ratio = gamma * gamma / (distance * distance)
    let scale = exp(-ratio)
    guard scale > 0 else { return (0, 0) }
    // G' = 2 γ²/(r - R)³ G
    return (value.energy * scale, scale * (value.force - value.energy * 2 * ratio / distance))
  }

  private static func bare(_ r: Double, _ a: Double, _ b: Double, _ c: Double, _ d: Double) -> PairValue {
    let repulsion = a * exp(-b * r)
    let r2 = 1 / (r * r)
    let r6 = c * r2 * r2 * r2
    let r8 = r2 * r2 * r2 * r2
    let r24 = d * r8 * r8 * r8
    return (repulsion - r6 + r24, b * repulsion + (-6 * r6 + 24 * r24) / r)
  }
}

extension Shik {
  static let descriptor = PairFormDescriptor(
    name: "shik", equation: "[A exp(-B r) - C/r^6 + D/r^24 - V(cutoff)] exp(-gamma^2/(r - cutoff)^2)",
    summary: "SHIK: Buckingham with a steep core, smooth at the cutoff",
    parameters: [
      ParameterDescriptor("A", .energy(lengthPower: 0), "height of the repulsion", bounds: 0...),
      ParameterDescriptor("B", .inverseLength, "inverse decay length of the repulsion", bounds: 1e-3...),
      ParameterDescriptor("C", .energy(lengthPower: 6), "strength of the dispersion", default: 0),
      ParameterDescriptor("D", .energy(lengthPower: 24), "strength of the core", default: 0, bounds: 0...),
      ParameterDescriptor("gamma", .length, "how far before the cutoff the term fades", default: 0.2, bounds: 0...),
    ],
    reference: "Sundararaman et al., J. Chem. Phys. 148, 194504 (2018), doi:10.1063/1.5023707",
    vanishesAtCutoff: true
  ) { Shik(a: $0["A"], b: $0["B"], c: $0["C"], d: $0["D"], cutoff: $0.cutoff, gamma: $0["gamma"]) }
}
