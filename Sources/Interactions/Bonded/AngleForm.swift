import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The energy of three bonded atoms 1-2-3 as a function of the angle at atom 2 and of the two legs.
public protocol AngleForm: Sendable {
  /// The angle without force in radians, cross terms aside.
  var restAngle: Double { get }

  /// - Parameters:
  ///   - theta: The angle in radians, 0 to π.
  ///   - r12: The leg from atom 2 to atom 1 in Å.
  ///   - r23: The leg from atom 2 to atom 3 in Å.
  /// - Returns: In eV, eV/rad and eV/Å.
  func callAsFunction(theta: Double, r12: Double, r23: Double) -> AngleValue

  /// The same for eight angles, by their cosines.
  ///
  /// - Returns: The energy, and its derivatives by cos θ and by the legs.
  func callAsFunction(cosine: SIMD8<Double>, r12: SIMD8<Double>, r23: SIMD8<Double>) -> AngleLanes
}

/// The energy of an angle and its derivatives.
public struct AngleValue: Sendable {
  public var energy, byTheta, byFirstLeg, bySecondLeg: Double
}

/// The energies of eight angles and their derivatives.
public struct AngleLanes: Sendable {
  public var energy, byCosine, byFirstLeg, bySecondLeg: SIMD8<Double>
}

/// The angle of class II force fields, with bond-bond and bond-angle cross terms; harmonic where only K2 is not zero.
///
///     U = K2 Δ² + K3 Δ³ + K4 Δ⁴ + M (r12 - b1)(r23 - b2) + N1 (r12 - a1) Δ + N2 (r23 - a2) Δ,   Δ = θ - θ0
///
/// Where the constants of the two legs differ, the order of atoms 1 and 3 matters even if they are alike.
/// Source: Sun, J. Phys. Chem. B 102, 7338 (1998), doi:10.1021/jp980939v, eq. 1; the cross terms are written as LAMMPS writes them.
public struct ClassIIAngle: AngleForm {
  /// In radians.
  public let theta0: Double
  /// In eV/rad², eV/rad³ and eV/rad⁴.
  public let k2, k3, k4: Double
  /// M in eV/Å² and the lengths in Å.
  public let bondBond: (m: Double, r1: Double, r2: Double)
  /// N1 and N2 in eV/(Å rad) and the lengths in Å.
  public let bondAngle: (n1: Double, n2: Double, r1: Double, r2: Double)

  public init(
    theta0: Double, k2: Double, k3: Double = 0, k4: Double = 0, bondBond: (m: Double, r1: Double, r2: Double) = (0, 0, 0),
    bondAngle: (n1: Double, n2: Double, r1: Double, r2: Double) = (0, 0, 0, 0)
  ) {
    (self.theta0, self.k2, self.k3, self.k4) = (theta0, k2, k3, k4)
    self.bondBond = bondBond
    self.bondAngle = bondAngle
  }

  public var restAngle: Double { theta0 }

  public func callAsFunction(theta: Double, r12: Double, r23: Double) -> AngleValue {
    let d = theta - theta0
    let (x1, x2) = (r12 - bondBond.r1, r23 - bondBond.r2)
    let (y1, y2) = (r12 - bondAngle.r1, r23 - bondAngle.r2)
    return AngleValue(
      energy: d * d * (k2 + d * (k3 + d * k4)) + bondBond.m * x1 * x2 + (bondAngle.n1 * y1 + bondAngle.n2 * y2) * d,
      byTheta: d * (2 * k2 + d * (3 * k3 + d * 4 * k4)) + bondAngle.n1 * y1 + bondAngle.n2 * y2,
      byFirstLeg: bondBond.m * x2 + bondAngle.n1 * d,
      bySecondLeg: bondBond.m * x1 + bondAngle.n2 * d)
  }

  public func callAsFunction(cosine: SIMD8<Double>, r12: SIMD8<Double>, r23: SIMD8<Double>) -> AngleLanes {
    let d = cosine.arcCosine - theta0
    let (x1, x2) = (r12 - bondBond.r1, r23 - bondBond.r2)
    let mixed = (r12 - bondAngle.r1) * bondAngle.n1 + (r23 - bondAngle.r2) * bondAngle.n2
    let byTheta = d * (2 * k2 + d * (3 * k3 + d * (4 * k4))) + mixed
    return AngleLanes(
      energy: d * d * (k2 + d * (k3 + d * k4)) + x1 * x2 * bondBond.m + mixed * d,
      byCosine: byTheta * AngleGeometry.slopeOfArcCosine(cosine),
      byFirstLeg: x2 * bondBond.m + d * bondAngle.n1,
      bySecondLeg: x1 * bondBond.m + d * bondAngle.n2)
  }
}

/// An angle by its cosine.
///
///     U = K (cos θ - cos θ0)² + L (1 + cos θ)
///
/// The first term is LAMMPS's `cosine/squared`, the second its `cosine`.
public struct CosineAngle: AngleForm {
  public let cosine0: Double
  /// K and L in eV.
  public let squared, linear: Double

  public init(squared: Double, cosine0: Double) {
    (self.squared, self.cosine0, linear) = (squared, cosine0, 0)
  }

  public init(linear: Double) {
    (squared, cosine0, self.linear) = (0, 0, linear)
  }

  public var restAngle: Double { squared != 0 ? acos(max(-1, min(1, cosine0))) : Double.pi }

  public func callAsFunction(theta: Double, r12: Double, r23: Double) -> AngleValue {
    let d = cos(theta) - cosine0
    return AngleValue(
      energy: squared * d * d + linear * (1 + cos(theta)), byTheta: -sin(theta) * (2 * squared * d + linear), byFirstLeg: 0, bySecondLeg: 0)
  }

  public func callAsFunction(cosine: SIMD8<Double>, r12: SIMD8<Double>, r23: SIMD8<Double>) -> AngleLanes {
    let d = cosine - cosine0
    return AngleLanes(
      energy: d * d * squared + (cosine + 1) * linear, byCosine: d * (2 * squared) + linear, byFirstLeg: .zero, bySecondLeg: .zero)
  }
}

/// What angles have in common.
enum AngleGeometry {
  /// Below this sine the derivative of the angle by its cosine, which grows without bound, is held: atoms in a line, 0.06° wide.
  static let leastSine = 1e-3

  /// dθ/d(cos θ) = -1/sin θ.
  @inline(__always)
  static func slopeOfArcCosine(_ cosine: EightLanes) -> EightLanes {
    let squared = 1 - cosine * cosine
    return -1 / ck_sqrt8(squared.replacing(with: leastSine * leastSine, where: squared .< leastSine * leastSine))
  }
}
