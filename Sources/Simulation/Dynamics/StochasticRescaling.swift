import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The velocity rescaling of Bussi, Donadio and Parrinello over one time step, exact for any step.
///
///     K' = c K + (1 − c) (K̄/N) Σ Rᵢ² + 2 R₁ √(c (1 − c) K K̄/N),   c = exp(−Δt/τ),   i = 1 … N
///
/// with N degrees of freedom, K̄ = N k T/2 and normal random numbers R.
///
/// Source: J. Chem. Phys. 126, 014101 (2007), doi:10.1063/1.2408420, eq. A7; the sign of the factor is that of
/// Bussi, Parrinello, Comput. Phys. Commun. 179, 26 (2008), doi:10.1016/j.cpc.2008.01.006, eq. 21.
enum StochasticRescaling {
  /// - Returns: The factor by which all velocities are to be scaled.
  static func factor(
    twiceKinetic: Double, thermalEnergy: Double, degreesOfFreedom: Int, time: Double, damping: Double, random: inout RandomStream
  ) -> Double {
    let first = random.normal()
    let others = degreesOfFreedom > 1 ? 2 * random.gamma(shape: Double(degreesOfFreedom - 1) / 2) : 0
    // Atoms at rest have no direction to scale along; forces will move them.
    guard twiceKinetic > 0 else { return 1 }
    let c = exp(-time / damping)
    let ratio = thermalEnergy / twiceKinetic
    let cross = (c * (1 - c) * ratio).squareRoot()
    let squared = c + (1 - c) * ratio * (first * first + others) + 2 * first * cross
    let sign = first + (c / ((1 - c) * ratio)).squareRoot() < 0 ? -1.0 : 1.0
    return sign * max(0, squared).squareRoot()
  }
}
