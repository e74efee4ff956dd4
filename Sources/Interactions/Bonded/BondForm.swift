#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The energy of two bonded atoms as a function of their distance.
public protocol BondForm: Sendable {
  /// The length without force in Å.
  var restLength: Double { get }

  /// The energy in eV and its derivative in eV/Å at a distance `r > 0` in Å.
  func callAsFunction(_ r: Double) -> (energy: Double, derivative: Double)

  /// The same for eight bonds.
  func callAsFunction(_ r: SIMD8<Double>) -> (energy: SIMD8<Double>, derivative: SIMD8<Double>)
}

/// The quartic bond of class II force fields; harmonic where only the first constant is not zero.
///
///     U(r) = K2 Δ² + K3 Δ³ + K4 Δ⁴,   Δ = r - r0
///
/// Source: Sun, J. Phys. Chem. B 102, 7338 (1998), doi:10.1021/jp980939v, eq. 1.
public struct ClassIIBond: BondForm {
  /// In Å.
  public let r0: Double
  /// In eV/Å², eV/Å³ and eV/Å⁴. There is no factor ½.
  public let k2, k3, k4: Double

  public init(r0: Double, k2: Double, k3: Double = 0, k4: Double = 0) {
    (self.r0, self.k2, self.k3, self.k4) = (r0, k2, k3, k4)
  }

  public var restLength: Double { r0 }

  public func callAsFunction(_ r: Double) -> (energy: Double, derivative: Double) {
    let d = r - r0
    return (d * d * (k2 + d * (k3 + d * k4)), d * (2 * k2 + d * (3 * k3 + d * 4 * k4)))
  }

  public func callAsFunction(_ r: SIMD8<Double>) -> (energy: SIMD8<Double>, derivative: SIMD8<Double>) {
    let d = r - r0
    return (d * d * (k2 + d * (k3 + d * k4)), d * (2 * k2 + d * (3 * k3 + d * (4 * k4))))
  }
}

/// A Morse bond: zero at its minimum, D0 when broken.
///
///     U(r) = D0 {1 - exp[-a (r - r0)]}²
///
/// Source: Morse, Phys. Rev. 34, 57 (1929), doi:10.1103/PhysRev.34.57.
public struct MorseBond: BondForm {
  /// D0 in eV, a in 1/Å, r0 in Å.
  public let depth, a, r0: Double

  public init(depth: Double, a: Double, r0: Double) {
    (self.depth, self.a, self.r0) = (depth, a, r0)
  }

  public var restLength: Double { r0 }

  public func callAsFunction(_ r: Double) -> (energy: Double, derivative: Double) {
    let decay = exp(-a * (r - r0))
    return (depth * (1 - decay) * (1 - decay), 2 * depth * a * (1 - decay) * decay)
  }

  public func callAsFunction(_ r: SIMD8<Double>) -> (energy: SIMD8<Double>, derivative: SIMD8<Double>) {
    let decay = ((r - r0) * -a).exponential
    let rest = 1 - decay
    return (rest * rest * depth, rest * decay * (2 * depth * a))
  }
}
