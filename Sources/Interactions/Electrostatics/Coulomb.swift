import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How charges interact.
///
/// With k = e²/(4π ε0), each pair within the cutoff has the energy `q1 q2 pair(r)`, each atom `q² selfEnergy`. That is all for the
/// methods that sum over pairs; lattice sums have a part in reciprocal space beside it, see ``EwaldSum`` and ``ParticleMeshEwald``.
public enum Coulomb: Sendable, Hashable {
  /// Damped shifted force.
  ///
  ///     U(r) = k [erfc(αr)/r - erfc(αR)/R + f (r - R)],   f = erfc(αR)/R² + 2α/√π exp(-α²R²)/R
  ///
  /// Energy and force vanish at the cutoff R.
  /// Source: Fennell and Gezelter, J. Chem. Phys. 124, 234104 (2006), doi:10.1063/1.2206581, eq. 18.
  case dsf(cutoff: Double, alpha: Double, smoothing: Double = 0)

  /// The sum of Wolf et al.
  ///
  ///     U(r) = k [erfc(αr)/r - erfc(αR)/R]
  ///
  /// The forces are shifted to vanish at the cutoff (as in the paper and in LAMMPS) while the energy is not, so that the
  /// force is not the derivative of the energy and a constant-energy run drifts: ``dsf(cutoff:alpha:smoothing:)`` has
  /// the same forces and the energy that belongs to them. With a smoothing width the forces are the derivative of the
  /// smoothed energy.
  /// Source: Wolf et al., J. Chem. Phys. 110, 8254 (1999), doi:10.1063/1.478738, eqs. 5.13 and 5.19.
  case wolf(cutoff: Double, alpha: Double, smoothing: Double = 0)

  /// The truncated Coulomb term of the SHIK potentials.
  ///
  ///     U(r) = k [1/r - 1/R + (r - R)/R²] G(r),   G = exp(-γ²/(r - R)²)
  ///
  /// All derivatives vanish at the cutoff R. The potential is defined by pairs alone: there is no self energy.
  /// Source: Sundararaman et al., J. Chem. Phys. 148, 194504 (2018), doi:10.1063/1.5023707, eqs. 2 to 4.
  case shik(cutoff: Double, gamma: Double)

  /// The sum over all periodic images, its smooth part over plane waves one by one.
  ///
  ///     U(r) = k erfc(αr)/r within the cutoff, and the rest in reciprocal space
  ///
  /// Source: Ewald, Ann. Phys. 369, 253 (1921), doi:10.1002/andp.19213690304.
  case ewald(LatticeSum)

  /// The same sum, its smooth part on a mesh: smooth particle-mesh Ewald.
  ///
  /// Source: Essmann et al., J. Chem. Phys. 103, 8577 (1995), doi:10.1063/1.470117.
  case spme(LatticeSum)

  /// The settings of a lattice sum; `nil` for the other methods.
  public var latticeSum: LatticeSum? {
    switch self {
    case .ewald(let sum), .spme(let sum): sum
    case .dsf, .wolf, .shik: nil
    }
  }

  /// Whether the cutoff and the splitting parameter are known: they are, but for lattice sums that were not resolved for atoms yet.
  public var isResolved: Bool { latticeSum.map { $0.cutoff != nil && $0.alpha != nil } ?? true }

  /// In Å; 0 where it is yet to be chosen.
  public var cutoff: Double {
    switch self {
    case .dsf(let cutoff, _, _), .wolf(let cutoff, _, _), .shik(let cutoff, _): cutoff
    case .ewald(let sum), .spme(let sum): sum.cutoff ?? 0
    }
  }

  /// The distances in Å, ascending, where one piece of the function meets the next.
  public var breakpoints: [Double] { smoothCutoff.breakpoints }

  private var smoothCutoff: SmoothCutoff {
    switch self {
    case .dsf(let cutoff, _, let width), .wolf(let cutoff, _, let width): SmoothCutoff(cutoff: cutoff, width: width)
    case .shik(let cutoff, _): SmoothCutoff(cutoff: cutoff, width: 0)
    case .ewald, .spme: SmoothCutoff(cutoff: cutoff, width: 0)
    }
  }

  /// The same method with another width in Å of the switch before its cutoff; methods that vanish there by themselves, or go on in
  /// reciprocal space, stay as they are.
  public func smoothed(over width: Double) -> Coulomb {
    switch self {
    case .dsf(let cutoff, let alpha, _): .dsf(cutoff: cutoff, alpha: alpha, smoothing: width)
    case .wolf(let cutoff, let alpha, _): .wolf(cutoff: cutoff, alpha: alpha, smoothing: width)
    case .shik, .ewald, .spme: self
    }
  }

  /// The energy in eV and the force in eV/Å of two unit charges at a distance `r > 0` in Å; 0 from the cutoff on.
  public func pair(_ r: Double) -> PairValue {
    guard r < cutoff else { return (0, 0) }
    let k = PhysicalConstants.coulomb
    switch self {
    case .dsf(let cutoff, let alpha, _):
      let (energy, force) = Self.damped(r, alpha)
      let (edge, slope) = Self.damped(cutoff, alpha)
      return smoothCutoff.apply(to: (k * (energy - edge + slope * (r - cutoff)), k * (force - slope)), at: r)
    case .wolf(let cutoff, let alpha, let width):
      let (energy, force) = Self.damped(r, alpha)
      let (edge, slope) = Self.damped(cutoff, alpha)
      guard width > 0 else { return (k * (energy - edge), k * (force - slope)) }
      return smoothCutoff.apply(to: (k * (energy - edge), k * force), at: r)
    case .shik(let cutoff, let gamma):
      let energy = k * (1 / r - 1 / cutoff + (r - cutoff) / (cutoff * cutoff))
      let force = k * (1 / (r * r) - 1 / (cutoff * cutoff))
      return Shik.smooth((energy, force), at: r, cutoff: cutoff, gamma: gamma)
    case .ewald(let sum), .spme(let sum):
      let (energy, force) = Self.damped(r, sum.alpha ?? .nan)
      return (k * energy, k * force)
    }
  }

  /// ``pair(_:)`` less the bare k/r of two unit charges: energy in eV, and force over distance in eV/Å², both smooth down to r = 0.
  ///
  /// It is what a method counts of a pair that should not interact at all. For lattice sums it is -k erf(αr)/r at any distance: they
  /// count that pair in reciprocal space.
  public func correction(_ r: Double) -> (energy: Double, forceOverDistance: Double) {
    let k = PhysicalConstants.coulomb
    switch self {
    case .dsf(let cutoff, let alpha, let width) where r < cutoff - width:
      let (edge, slope) = Self.damped(cutoff, alpha)
      let (energy, force) = Self.screened(r, alpha)
      return (k * (-energy - edge + slope * (r - cutoff)), k * (-force - (r > 0 ? slope / r : 0)))
    case .wolf(let cutoff, let alpha, let width) where r < cutoff - width:
      let (edge, slope) = Self.damped(cutoff, alpha)
      let (energy, force) = Self.screened(r, alpha)
      return (k * (-energy - edge), k * (-force - (width == 0 && r > 0 ? slope / r : 0)))
    case .ewald(let sum), .spme(let sum):
      let (energy, force) = Self.screened(r, sum.alpha ?? .nan)
      return (-k * energy, -k * force)
    case .dsf, .wolf, .shik:
      let value = pair(r)
      return (value.energy - k / r, (value.force - k / (r * r)) / r)
    }
  }

  /// The energy of a unit charge with itself (times q²) in eV: what a charge-neutral sphere around it adds, or what the sum in
  /// reciprocal space counts too much.
  public var selfEnergy: Double {
    let k = PhysicalConstants.coulomb
    switch self {
    case .dsf(let cutoff, let alpha, _):
      let (edge, slope) = Self.damped(cutoff, alpha)
      return -k * ((edge + slope * cutoff) / 2 + alpha / Double.pi.squareRoot())
    case .wolf(let cutoff, let alpha, _):
      return -k * (Self.damped(cutoff, alpha).energy / 2 + alpha / Double.pi.squareRoot())
    case .shik:
      return 0
    case .ewald(let sum), .spme(let sum):
      return -k * (sum.alpha ?? .nan) / Double.pi.squareRoot()
    }
  }

  /// erf(αr)/r, and minus its derivative over r.
  private static func screened(_ r: Double, _ alpha: Double) -> (energy: Double, forceOverDistance: Double) {
    let x = alpha * r
    let top = 2 * alpha / Double.pi.squareRoot()
    // Below, the difference of two nearly equal numbers; the series is exact to 1e-12 there.
    guard x > 0.05 else {
      let u = x * x
      return (
        top * (1 - u / 3 + u * u / 10 - u * u * u / 42),
        top * alpha * alpha * (2.0 / 3 - 2 * u / 5 + u * u / 7 - u * u * u / 27)
      )
    }
    let energy = erf(x) / r
    return (energy, (energy - top * exp(-x * x)) / (r * r))
  }

  /// erfc(αr)/r and minus its derivative.
  private static func damped(_ r: Double, _ alpha: Double) -> PairValue {
    let energy = erfc(alpha * r) / r
    return (energy, energy / r + 2 * alpha / Double.pi.squareRoot() * exp(-alpha * alpha * r * r) / r)
  }
}
