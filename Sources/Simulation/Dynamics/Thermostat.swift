/// What keeps the temperature.
public enum Thermostat: Hashable, Sendable {
  /// A chain of Nosé–Hoover thermostats: deterministic, time-reversible, the usual choice in LAMMPS.
  ///
  /// `damping` is τ in ps, with Q1 = N_f k T τ² and Qj = k T τ² for the other members of the chain.
  ///
  /// Source: Martyna, Klein, Tuckerman, J. Chem. Phys. 97, 2635 (1992), doi:10.1063/1.463940.
  case noseHooverChain(damping: Double = 0.1, length: Int = 3)
  /// Stochastic velocity rescaling: one random number scales all velocities, so that momentum and diffusion stay almost
  /// as without a thermostat. Robust far from equilibrium.
  ///
  /// `damping` is τ in ps, the relaxation time of the kinetic energy.
  ///
  /// Source: Bussi, Donadio, Parrinello, J. Chem. Phys. 126, 014101 (2007), doi:10.1063/1.2408420.
  case bussi(damping: Double = 0.1)
  /// Langevin dynamics in the splitting BAOAB: each atom feels friction and noise. Diffusion is slowed down.
  ///
  /// `damping` is 1/γ in ps, the relaxation time of the velocities.
  ///
  /// Source: Leimkuhler, Matthews, Appl. Math. Res. Express 2013, 34, doi:10.1093/amrx/abs010.
  case langevin(damping: Double = 1)

  /// The damping time in ps.
  public var damping: Double {
    switch self {
    case .noseHooverChain(let damping, _), .bussi(let damping), .langevin(let damping): damping
    }
  }

  /// The name in recipes.
  public var name: String {
    switch self {
    case .noseHooverChain: "nose-hoover-chain"
    case .bussi: "bussi"
    case .langevin: "langevin"
    }
  }

  /// The names in recipes, the default first.
  public static let names = ["nose-hoover-chain", "bussi", "langevin"]
}
