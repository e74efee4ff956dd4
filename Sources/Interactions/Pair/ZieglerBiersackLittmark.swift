import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The universal screened repulsion of nuclei after Ziegler, Biersack and Littmark, with LAMMPS's switch.
///
///     U(r) = k Z1 Z2 / r  φ(r/a) + S(r),   a = 0.46850 / (Z1^0.23 + Z2^0.23) Å
///
/// The switch S is a constant below the inner radius and a polynomial above it, so that U and its first two derivatives
/// vanish at the outer radius.
/// Source: Ziegler, Biersack and Littmark, The Stopping and Range of Ions in Solids (1985), ISBN 0-08-021603-X.
public struct ZieglerBiersackLittmark: PairForm {
  /// In Å.
  public let inner, outer: Double
  private let strength: Double
  private let inverseLength: Double
  private let cubic, quartic, constant: Double

  /// Creates the repulsion between nuclei of two charges, switched off between two radii in Å, `0 <= inner < outer`.
  public init(atomicNumbers z1: Double, _ z2: Double, inner: Double, outer: Double) {
    self.inner = inner
    self.outer = outer
    strength = PhysicalConstants.coulomb * z1 * z2
    inverseLength = (pow(z1, 0.23) + pow(z2, 0.23)) / 0.46850
    let edge = Self.screened(outer, strength, inverseLength)
    let width = outer - inner
    cubic = (width * edge.second - 3 * edge.first) / (3 * width * width)
    quartic = (2 * edge.first - width * edge.second) / (4 * width * width * width)
    constant = -edge.value + width * edge.first / 2 - width * width * edge.second / 12
  }

  public var breakpoints: [Double] { [inner, outer] }

  public func callAsFunction(_ r: Double) -> PairValue {
    guard r < outer else { return (0, 0) }
    let (value, first, _) = Self.screened(r, strength, inverseLength)
    let x = max(0, r - inner)
    return (value + constant + x * x * x * (cubic + quartic * x), -first - x * x * (3 * cubic + 4 * quartic * x))
  }

  /// The screened Coulomb energy and its first two derivatives.
  private static func screened(
    _ r: Double, _ strength: Double, _ inverseLength: Double
  ) -> (value: Double, first: Double, second: Double) {
    let terms = [(0.18175, 3.19980), (0.50986, 0.94229), (0.28022, 0.40290), (0.02817, 0.20162)]
    var (phi, slope, curvature) = (0.0, 0.0, 0.0)
    for (weight, decay) in terms {
      let d = decay * inverseLength
      let term = weight * exp(-d * r)
      phi += term
      slope -= d * term
      curvature += d * d * term
    }
    return (
      strength * phi / r, strength * (slope - phi / r) / r,
      strength * (curvature - 2 * slope / r + 2 * phi / (r * r)) / r
    )
  }
}

extension ZieglerBiersackLittmark {
  static let descriptor = PairFormDescriptor(
    name: "zbl", equation: "k Z1 Z2/r phi(r/a) + S(r)",
    summary: "Ziegler, Biersack and Littmark: screened repulsion of nuclei, zero from the cutoff on",
    parameters: [
      ParameterDescriptor(
        "inner", .length, "where the switch to zero at the cutoff begins; 80 % of the cutoff unless given", isOptional: true, bounds: 0...)
    ],
    reference: "Ziegler, Biersack and Littmark, The Stopping and Range of Ions in Solids (1985), ISBN 0-08-021603-X",
    vanishesAtCutoff: true
  ) { input in
    let inner = input.values["inner"] ?? 0.8 * input.cutoff
    guard inner < input.cutoff else {
      throw InteractionsError(
        .invalidCutoff, "the switch of zbl begins at inner = \(inner) Å, beyond the cutoff of \(input.cutoff) Å; make inner smaller")
    }
    let (first, second) = input.elements
    return ZieglerBiersackLittmark(
      atomicNumbers: Double(first.atomicNumber), Double(second.atomicNumber), inner: inner, outer: input.cutoff)
  }
}
