/// The short-range term of the PMMCS potential: Morse with a repulsive core.
///
///     U(r) = D0 {[1 - exp(-a (r - r0))]² - 1} + C/r¹²
///
/// Source: Pedone et al., J. Phys. Chem. B 110, 11780 (2006), doi:10.1021/jp0611018, eq. 1.
public struct Pedone: PairForm {
  public let morse: Morse
  /// In eV Å¹².
  public let c: Double

  public init(depth: Double, a: Double, r0: Double, c: Double) {
    morse = Morse(depth: depth, a: a, r0: r0)
    self.c = c
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    let (energy, force) = morse(r)
    let r2 = 1 / (r * r)
    let r6 = r2 * r2 * r2
    let core = c * r6 * r6
    return (energy + core, force + 12 * core / r)
  }
}

extension Pedone {
  static let descriptor = PairFormDescriptor(
    name: "pedone", equation: "D0 [(1 - exp(-a (r - r0)))^2 - 1] + C/r^12", summary: "PMMCS: Morse with a repulsive core",
    parameters: Morse.parameters + [ParameterDescriptor("C", .energy(lengthPower: 12), "strength of the core", bounds: 0...)],
    reference: "Pedone et al., J. Phys. Chem. B 110, 11780 (2006), doi:10.1021/jp0611018"
  ) { Pedone(depth: $0["D0"], a: $0["a"], r0: $0["r0"], c: $0["C"]) }
}
