#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Morse potential.
///
///     U(r) = D0 {[1 - exp(-a (r - r0))]² - 1}
///
/// Source: Morse, Phys. Rev. 34, 57 (1929), doi:10.1103/PhysRev.34.57.
public struct Morse: PairForm {
  /// The depth D0 in eV, a in 1/Å, the position r0 of the minimum in Å.
  public let depth, a, r0: Double

  public init(depth: Double, a: Double, r0: Double) {
    (self.depth, self.a, self.r0) = (depth, a, r0)
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    let decay = exp(-a * (r - r0))
    return (depth * decay * (decay - 2), 2 * depth * a * decay * (decay - 1))
  }
}

extension Morse {
  static let parameters = [
    ParameterDescriptor("D0", .energy(lengthPower: 0), "depth of the well", bounds: 0...),
    ParameterDescriptor("a", .inverseLength, "steepness", bounds: 1e-3...),
    ParameterDescriptor("r0", .length, "position of the minimum", bounds: 0...),
  ]

  static let descriptor = PairFormDescriptor(
    name: "morse", equation: "D0 [(1 - exp(-a (r - r0)))^2 - 1]", summary: "Morse: an anharmonic bond",
    parameters: parameters, reference: "Morse, Phys. Rev. 34, 57 (1929), doi:10.1103/PhysRev.34.57"
  ) { Morse(depth: $0["D0"], a: $0["a"], r0: $0["r0"]) }
}
