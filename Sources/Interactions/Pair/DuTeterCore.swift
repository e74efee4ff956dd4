#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The repulsive core that replaces a Buckingham term at short distances in the potentials of Du and coworkers.
///
///     U(r) = B/rⁿ + D r²   for r < r0
///
/// B, n and D let the energy and its first two derivatives be continuous at r0, where the third derivative of the
/// Buckingham term is zero; tables in the literature print them rounded, which leaves steps of the order of 1e-3 eV.
/// Source: Deng and Du, J. Am. Ceram. Soc. 102, 2482 (2019), doi:10.1111/jace.16082, eq. 2.
public struct DuTeterCore: PairForm {
  /// B in eV Åⁿ, D in eV/Å².
  public let b, d, n: Double

  public init(b: Double, d: Double, n: Double) {
    (self.b, self.d, self.n) = (b, d, n)
  }

  /// The core that continues a Buckingham term, and the distance r0 in Å below which it replaces it.
  ///
  /// With P = B/rⁿ and Q = D r², the three conditions at r0 are `U = P + Q`, `r U' = -n P + 2 Q` and
  /// `r² U'' = n (n + 1) P + 2 Q`, which give n, P and Q in turn.
  ///
  /// - Parameter radius: r0 in Å; the inner zero of the third derivative unless given.
  /// - Returns: `nil` where the term has no dispersion, and so no fall to be repaired.
  public static func continuing(_ buckingham: Buckingham, radius: Double? = nil) -> (core: DuTeterCore, radius: Double)? {
    guard let r0 = radius ?? buckingham.innerZeroOfThirdDerivative, r0 > 0 else { return nil }
    let (energy, force) = buckingham(r0)
    let first = -force * r0
    let second = buckingham.secondDerivative(r0) * r0 * r0
    let n = (second - first) / (2 * energy - first)
    let p = (2 * energy - first) / (n + 2)
    guard n > 0, p > 0, n.isFinite, p.isFinite else { return nil }
    return (DuTeterCore(b: p * pow(r0, n), d: (energy - p) / (r0 * r0), n: n), r0)
  }

  public func callAsFunction(_ r: Double) -> PairValue {
    let core = b * pow(r, -n)
    return (core + d * r * r, n * core / r - 2 * d * r)
  }
}
