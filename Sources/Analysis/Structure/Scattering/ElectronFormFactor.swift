import Structures

/// The elastic electron scattering factor of a free atom or ion, in the first Born approximation.
///
///     f_e(Q) = (2 / a_0) (Z - f_x(Q)) / Q²
///
/// (Mott and Bethe) with the X-ray factor f_x of ``XRayFormFactor`` and the radius of Bohr a_0, in Å, for electrons at rest
/// (a relativistic mass only multiplies all factors). f_x is shifted by the few hundredths by which its fit misses the number of
/// electrons at Q = 0, so that the factor of a neutral atom stays finite there; that of an ion grows as 2 q / (a_0 Q²).
/// Good to about a percent for light elements; the Born approximation fails for slow electrons and heavy atoms.
///
/// Source: N. F. Mott, Proc. R. Soc. A 127, 658 (1930), doi:10.1098/rspa.1930.0082; H. Bethe, Ann. Phys. 397, 325 (1930),
/// doi:10.1002/andp.19303970302.
public struct ElectronFormFactor: Sendable {
  /// The factor for X-rays from which it comes.
  public let xRay: XRayFormFactor

  /// The radius of Bohr in Å (CODATA 2018).
  static let bohrRadius = 0.529_177_210_903

  /// The factor of an element in a charge state, or `nil` where ``XRayFormFactor`` has none.
  public init?(element: Element, charge: Int = 0) {
    guard let xRay = XRayFormFactor(element: element, charge: charge) else { return nil }
    self.xRay = xRay
  }

  /// The factor in Å; infinite for an ion at Q = 0.
  ///
  /// - Parameter q: Q in 1/Å, `0 ... XRayFormFactor.largestQ`.
  public func callAsFunction(_ q: Double) -> Double {
    // Below this the deficit of a neutral atom goes as Q² to all digits that the parameters have.
    let q = xRay.charge == 0 ? max(q, 1e-4) : q
    return 2 / Self.bohrRadius * (Double(xRay.charge) + xRay.deficit(q)) / (q * q)
  }
}
