import Structures

/// A stage and what it leaves behind, in the language of LAMMPS.
///
/// Steps are counted from the beginning of the stage, so that output falls on the same steps as with the native engine.
public struct LAMMPSStage: Sendable {
  public enum Action: Sendable {
    case minimize(Minimizer)
    /// - Parameters:
    ///   - initialTemperature: Where the atoms are at rest, velocities are drawn at this temperature in K; `nil` leaves them at rest.
    ///   - frameInterval: Steps between frames of the trajectory, or `nil` for none.
    case dynamics(DynamicsStage, initialTemperature: Double?, frameInterval: Int?)
  }

  /// Letters, digits, `-`, `_` and `.`.
  public var name: String
  public var action: Action

  public init(name: String, action: Action) {
    self.name = name
    self.action = action
  }

  /// What precedes the numbers of the stages in the log.
  static func beginning(_ number: Int) -> String { "vitrolyte: stage \(number) begins" }
  static func ending(_ number: Int) -> String { "vitrolyte: stage \(number) ends" }
}

/// Writes the commands of one stage.
struct LAMMPSStageWriter {
  /// Counted from 1.
  let number: Int
  /// The beginning of the names of the stage's files.
  let fileStem: String
  let stage: LAMMPSStage
  /// The temperature at which velocities are drawn first, in K, or `nil` where atoms move already or stay at rest.
  let initialTemperature: Double?
  /// Whether atoms may move before the stage.
  let atomsMove: Bool
  let terms: [String]
  let degreesOfFreedom: Int
  let seed: UInt64

  /// The commands.
  ///
  /// - Throws: ``SimulationError`` with code `.inexpressible`.
  func text() throws -> String {
    let body =
      switch stage.action {
      case .minimize(let minimizer): try minimization(minimizer)
      case .dynamics(let stage, _, let interval): try dynamics(stage, frameInterval: interval)
      }
    return body.heading + """
      print "\(LAMMPSStage.beginning(number))"
      reset_timestep 0
      \(body.commands)
      write_data \(fileStem).data nocoeff
      print "\(LAMMPSStage.ending(number))"

      """
  }

  private typealias Body = (heading: String, commands: String)

  // MARK: Minimisation

  private func minimization(_ minimizer: Minimizer) throws -> Body {
    guard minimizer.cellRelaxation == .none else {
      throw SimulationError(
        .inexpressible,
        "engine lammps: stage \(stage.name): LAMMPS's FIRE cannot relax the cell; relax it in an npt stage, or use the engine native")
    }
    let heading =
      "# Stage \(number), \(stage.name): FIRE until no force is above \(minimizer.maximumForce) eV/A, at most \(minimizer.maximumSteps) steps\n"
    var lines: [String] = []
    // The minimiser stops all atoms, but a minimisation between two stages of dynamics is no new start.
    if atomsMove { lines.append("fix velocities all store/state 0 vx vy vz") }
    lines += [
      "timestep 0.001",
      "variable force_squared atom fx^2+fy^2+fz^2",
      "compute force_squared all reduce max v_force_squared",
      "variable largest_force equal sqrt(c_force_squared)",
      "thermo_style custom \(LAMMPSThermoColumns.minimization.joined(separator: " "))",
      "thermo_modify line one format float %.15g flush yes",
      "thermo 10",
      "min_style fire",
      "min_modify dmax \(minimizer.maximumDisplacement) norm max",
      // The third number counts evaluations of forces, of which a step may take more than one.
      "minimize 0.0 \(minimizer.maximumForce) \(minimizer.maximumSteps) \(10 * minimizer.maximumSteps)",
      "uncompute force_squared",
    ]
    if atomsMove {
      lines += ["x", "y", "z"].enumerated().map { "variable v\($0.element) atom f_velocities[\($0.offset + 1)]" }
      lines += ["velocity all set v_vx v_vy v_vz", "unfix velocities"]
    }
    return (heading, lines.joined(separator: "\n"))
  }

  // MARK: Dynamics

  private func dynamics(_ dynamics: DynamicsStage, frameInterval: Int?) throws -> Body {
    guard dynamics.longRangeInterval == 1 else {
      throw SimulationError(
        .inexpressible,
        "engine lammps: stage \(stage.name): long-range forces every \(dynamics.longRangeInterval) steps are not translated; leave long-range out, or "
          + "use the engine native")
    }
    var heading = "# Stage \(number), \(stage.name): \(dynamics.ensemble.name)"
    if let temperature = dynamics.ensemble.temperature { heading += ", \(words(temperature)) K" }
    if let pressure = dynamics.ensemble.pressure { heading += ", \(words(pressure)) GPa" }
    heading += ", \(dynamics.steps) steps of \(dynamics.timestep) ps\n"
    var lines = ["timestep \(dynamics.timestep)"]
    if let initialTemperature {
      lines.append("velocity all create \(initialTemperature) \(seed(for: 1)) mom yes rot no dist gaussian")
    }
    if dynamics.fixesCenterOfMass {
      lines.append("fix momentum all momentum \(dynamics.momentumRemovalInterval) linear 1 1 1")
      if atomsMove { lines.append("velocity all zero linear") }
    }
    lines.append("compute_modify thermo_temp extra/dof \(dynamics.fixesCenterOfMass ? 3 : 0)")
    let motion = motion(dynamics)
    lines += motion.commands
    lines += [
      "thermo_style custom \((LAMMPSThermoColumns.dynamics + terms.map { "v_\($0)" }).joined(separator: " "))",
      "thermo_modify line one format float %.15g flush yes",
      "thermo \(dynamics.energyInterval)",
    ]
    if let frameInterval {
      lines += [
        "dump trajectory all custom \(frameInterval) \(fileStem).lammpstrj id type x y z ix iy iz",
        "dump_modify trajectory sort id format float %.10g",
      ]
    }
    lines.append("run \(dynamics.steps)")
    if frameInterval != nil { lines.append("undump trajectory") }
    lines += motion.fixes.reversed().map { "unfix \($0)" }
    if dynamics.fixesCenterOfMass { lines.append("unfix momentum") }
    return (heading, lines.joined(separator: "\n"))
  }

  /// What moves the atoms, and the names of its fixes.
  private func motion(_ dynamics: DynamicsStage) -> (commands: [String], fixes: [String]) {
    switch dynamics.ensemble {
    case .nve: return (["fix motion all nve"], ["motion"])
    case .nvt(let temperature, .noseHooverChain(let damping, let length)):
      return (["fix motion all nvt temp \(temperature.start) \(temperature.end) \(damping) tchain \(length)"], ["motion"])
    case .nvt(let temperature, .langevin(let damping)):
      return (
        [
          "fix motion all nve",
          "fix friction all langevin \(temperature.start) \(temperature.end) \(damping) \(seed(for: 2)) tally yes",
        ], ["motion", "friction"]
      )
    case .nvt(let temperature, .bussi(let damping)):
      return (rescaling(temperature, damping: damping, dynamics), ["motion", "thermostat"])
    case .npt(let temperature, let pressure, let barostat, let damping, let chainLength):
      let coupling =
        switch barostat.coupling {
        case .isotropic: "iso"
        case .anisotropic: "aniso"
        case .triclinic: "tri"
        }
      let bars = (pressure.start * Self.barPerGigapascal, pressure.end * Self.barPerGigapascal)
      let fix =
        "fix motion all npt temp \(temperature.start) \(temperature.end) \(damping) \(coupling) \(bars.0) \(bars.1) \(barostat.damping) "
        + "tchain \(chainLength) pchain \(barostat.chainLength) mtk yes"
      return (barostat.coupling == .triclinic ? ["change_box all triclinic", fix] : [fix], ["motion"])
    }
  }

  private static let barPerGigapascal = 1e4

  /// Stochastic velocity rescaling: every n steps the temperature T becomes
  ///
  ///     (√(c T) + R √((1-c) T₀/N_f))² + (1-c) T₀/N_f S,   c = exp(-n Δt/τ)
  ///
  /// with R normal and S the sum of N_f − 1 squares of such numbers, which is the exact solution for the kinetic energy (eq. A7 of the paper).
  /// `fix temp/csvr` would do the same, but is not in every build of LAMMPS; `fix temp/rescale` to a variable is. S comes from the cube of one
  /// normal number, which has the mean and the variance of S to the third power of 2/(9 N_f) and 0.02 % of its skewness wrong at N_f = 100.
  ///
  /// The solution is exact for any n, and a fix that is asked each step would make LAMMPS compute energies each step; n is τ/20, at most 10.
  ///
  /// Source: Bussi, Donadio, Parrinello, J. Chem. Phys. 126, 014101 (2007), doi:10.1063/1.2408420; Wilson, Hilferty, Proc. Natl. Acad. Sci.
  /// 17, 684 (1931), doi:10.1073/pnas.17.12.684.
  private func rescaling(_ temperature: Ramp, damping: Double, _ dynamics: DynamicsStage) -> [String] {
    let change = temperature.isConstant ? "" : "+(\(temperature.end - temperature.start))*step/\(dynamics.steps)"
    let squares = Double(max(1, degreesOfFreedom - 1))
    let interval = max(1, min(10, Int(damping / (20 * dynamics.timestep))))
    let a = 2 / (9 * squares)
    return [
      "# Stochastic velocity rescaling: R and S of the paper are a normal number and (Wilson and Hilferty) the cube of one",
      "variable target_temperature equal \(temperature.start)\(change)",
      "variable kept equal exp(-\(interval)*dt/\(damping))",
      "variable noise equal (1-v_kept)*v_target_temperature/\(max(1, degreesOfFreedom))",
      "variable squares equal \(squares)*(\(1 - a)+normal(0,1,\(seed(for: 3)))*\(a.squareRoot()))^3",
      "variable next_temperature equal (sqrt(v_kept*temp)+normal(0,1,\(seed(for: 3)))*sqrt(v_noise))^2+v_noise*v_squares",
      "fix motion all nve",
      "fix thermostat all temp/rescale \(interval) v_next_temperature 1.0 0.0 1.0",
    ]
  }

  private func words(_ ramp: Ramp) -> String { ramp.isConstant ? "\(ramp.start)" : "\(ramp.start) to \(ramp.end)" }

  /// A seed for LAMMPS, which takes 1 to 900 million, for one purpose in this stage.
  private func seed(for purpose: UInt64) -> UInt64 {
    (seed % 899_999_963 &* 31_337 &+ UInt64(number) &* 7_919 &+ purpose &* 104_729) % 899_999_963 + 1
  }
}

/// The columns of LAMMPS's output, which ``LAMMPSLog`` reads; variables may only use what stands among them.
enum LAMMPSThermoColumns {
  static let minimization = ["step", "pe", "v_potential", "v_largest_force"]
  /// The variables of the terms of the energy follow.
  static let dynamics = ["step", "temp", "pe", "v_potential", "ke", "v_conserved", "press", "lx", "ly", "lz", "xy", "xz", "yz"]
}
