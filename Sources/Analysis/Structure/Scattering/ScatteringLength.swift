import Structures

/// The bound coherent neutron scattering length of a natural element or an isotope.
///
/// A complex number where a nucleus absorbs (6Li, 10B, Cd, Gd …), for neutrons of 2200 m/s; near a resonance (Cd, Sm, Eu, Gd …) it
/// depends on the energy and these values do not hold. Products of two lengths are Re(b_a b_b*), so that absorption enters where it
/// is interference; the absorption of a beam does not.
///
/// Source: V. F. Sears, Neutron News 3 (3), 26 (1992), doi:10.1080/10448639208218770.
public struct ScatteringLength: Hashable, Sendable {
  /// In fm.
  public let real: Double
  /// In fm; 0 or negative.
  public let imaginary: Double

  public init(real: Double, imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The length of an element, or `nil` where the table has none (Po, At, Rn, Fr, Ac, natural Pu, and isotopes not measured).
  ///
  /// - Parameter massNumber: 6 for 6Li; `nil` for the natural mixture.
  public init?(element: Element, massNumber: Int? = nil) {
    guard let entry = Self.table.first(where: { $0.massNumber == massNumber ?? 0 && $0.symbol == element.symbol }) else { return nil }
    self.init(real: entry.real, imaginary: entry.imaginary)
  }

  /// The mass numbers of the isotopes of an element that have a length, ascending.
  public static func massNumbers(of element: Element) -> [Int] {
    table.filter { $0.symbol == element.symbol && $0.massNumber > 0 }.map(\.massNumber)
  }

  /// Re(b_a b_b*) in fm².
  public func product(_ other: ScatteringLength) -> Double { real * other.real + imaginary * other.imaginary }

  /// A row of ``table``.
  struct Entry: Sendable {
    let symbol: String
    /// 0 for the natural mixture.
    let massNumber: Int
    let real: Double
    let imaginary: Double

    init(_ symbol: String, _ massNumber: Int, _ real: Double, _ imaginary: Double) {
      self.symbol = symbol
      self.massNumber = massNumber
      self.real = real
      self.imaginary = imaginary
    }
  }
}
