import NumericalMethods
import Structures

extension MolecularDynamics {
  /// One step of Martyna, Tobias and Klein's equations: half steps of both chains, of the barostat and of the velocities
  /// around the propagation of positions and cell.
  ///
  /// Source of the splitting: Tuckerman et al., J. Phys. A 39, 5629 (2006), doi:10.1088/0305-4470/39/19/S18.
  mutating func advanceConstantPressure(temperature: Ramp, pressure: Ramp, barostat: Barostat, damping: Double) throws {
    let time = stage.timestep
    let half = time / 2
    let dof = Double(degreesOfFreedom)
    let atomChain = ThermostatChain(degreesOfFreedom: dof, damping: damping)
    let cellChain = ThermostatChain(
      degreesOfFreedom: Double(barostat.coupling.degreesOfFreedom), damping: barostat.damping)
    let before = thermalEnergy(temperature, stepsAhead: 0)
    let after = thermalEnergy(temperature, stepsAhead: 1)
    let middle = thermalEnergy(temperature, stepsAhead: 0.5)
    let target =
      pressure.value(at: (Double(state.stageStep) + 0.5) / Double(max(1, stage.steps)))
      / PhysicalConstants.gigapascalPerElectronvoltPerCubicAngstrom

    // First half: chains, barostat, velocities.
    var mass = strainMass(barostat, thermalEnergy: before)
    let cellScale = cellChain.propagate(
      &state.barostatVelocities, twiceKinetic: mass * state.strainRate.squaredNorm, thermalEnergy: before, time: half,
      bathEnergy: &state.bathEnergy)
    state.strainRate = state.strainRate * cellScale
    let kinetic = loops.kineticTensor(state.velocities)
    let scale = atomChain.propagate(
      &state.thermostatVelocities, twiceKinetic: thermal(kinetic.trace), thermalEnergy: before, time: half,
      bathEnergy: &state.bathEnergy)
    if shells != nil { rescale(by: scale) }
    pushStrainRate(
      kinetic: shells == nil ? kinetic * (scale * scale) : loops.kineticTensor(state.velocities), target: target, thermalEnergy: middle,
      mass: mass, time: half, coupling: barostat.coupling)
    let rate = state.strainRate
    let damp = MatrixExponential((rate + Matrix3.identity * (rate.trace / dof)) * -half)
    let gain = damp.phi * half
    try flow(
      decay: shells == nil ? damp.exponential * scale : damp.exponential, gain: gain, time: time, target: target, thermalEnergy: middle,
      coupling: barostat.coupling)
    try evaluateNextStep()

    // Second half, in the opposite order.
    let moved = loops.kick(
      velocities: &state.velocities, forces: state.forces, decay: damp.exponential, gain: gain)
    retarget(atomChain, \.thermostatVelocities, from: before, to: after)
    retarget(cellChain, \.barostatVelocities, from: before, to: after)
    let newMass = strainMass(barostat, thermalEnergy: after)
    state.bathEnergy -= 0.5 * (newMass - mass) * state.strainRate.squaredNorm
    mass = newMass
    pushStrainRate(
      kinetic: moved, target: target, thermalEnergy: middle, mass: mass, time: half, coupling: barostat.coupling)
    let secondScale = atomChain.propagate(
      &state.thermostatVelocities, twiceKinetic: thermal(moved.trace), thermalEnergy: after, time: half, bathEnergy: &state.bathEnergy)
    rescale(by: secondScale)
    let secondCellScale = cellChain.propagate(
      &state.barostatVelocities, twiceKinetic: mass * state.strainRate.squaredNorm, thermalEnergy: after, time: half,
      bathEnergy: &state.bathEnergy)
    state.strainRate = state.strainRate * secondCellScale
  }

  /// The mass of one strain in eV ps².
  func strainMass(_ barostat: Barostat, thermalEnergy: Double) -> Double {
    Double(degreesOfFreedom + 3) / 3 * thermalEnergy * barostat.damping * barostat.damping
  }

  /// dg/dt = [V (P − P₀) + (2K/N_f) 1]/W on the free strains.
  private mutating func pushStrainRate(
    kinetic: Matrix3, target: Double, thermalEnergy: Double, mass: Double, time: Double, coupling: Barostat.Coupling
  ) {
    let virial = state.evaluation?.virial ?? .zero
    let stress = kinetic + (virial + virial.transposed) * 0.5
    let uniform = kinetic.trace / Double(degreesOfFreedom) - target * state.cell.volume
    var drive = coupling.projected(stress + Matrix3.identity * uniform)
    if coupling == .triclinic {
      // Keeping a on x and b in the xy plane weighs shapes by (a_x/c_z)^-2; this takes the weight back.
      drive[0].x += 2 * thermalEnergy
      drive[2].z -= 2 * thermalEnergy
    }
    state.strainRate += drive * (time / mass)
  }

  /// Moves velocities over half a step, then positions and cell over a whole one with the strain rate.
  private mutating func flow(
    decay: Matrix3, gain: Matrix3, time: Double, target: Double, thermalEnergy: Double, coupling: Barostat.Coupling
  ) throws {
    let rate = state.strainRate
    let strain = rate * time
    // Cells that change by a twentieth in one step are falling or exploding.
    guard strain.squaredNorm <= 2.5e-3 else { throw collapsed() }
    let motion = MatrixExponential(strain)
    let flow = ParticleLoops.Flow(
      decay: decay, gain: gain, motion: motion.exponential, path: motion.phi * time, origin: state.cell.origin)
    if !loops.kickAndFlow(
      velocities: &state.velocities, positions: &state.positions, forces: state.forces, flow: flow, limit: stage.maximumDisplacement)
    {
      throw unstable(timeStep: time)
    }
    let volume = state.cell.volume
    do {
      state.cell = try Cell(
        vectors: state.cell.vectors * motion.exponential.transposed, origin: state.cell.origin, periodic: state.cell.periodic)
    } catch {
      throw collapsed(cause: error)
    }
    let lengths = state.cell.lengths
    guard state.cell.volume >= 0.2 * lengths.x * lengths.y * lengths.z else { throw sheared() }
    state.bathEnergy += target * (state.cell.volume - volume)
    if coupling == .triclinic {
      state.bathEnergy += 2 * thermalEnergy * (strain[2].z - strain[0].x)
    }
  }

  /// A fluid does not resist shear, so that a free cell wanders into ever flatter shapes.
  private func sheared() -> SimulationError {
    let angles = state.cell.angles
    return SimulationError(
      .unstable,
      "step \(state.step + 1) (\(stage.ensemble.name), \(time) ps): the cell has sheared to angles of \(angles.x), \(angles.y) and "
        + "\(angles.z)°, as liquids do in triclinic cells; couple the pressure isotropic or anisotropic until the system is solid")
  }

  private func collapsed(cause: (any Error)? = nil) -> SimulationError {
    SimulationError(
      .unstable,
      "step \(state.step + 1) (\(stage.ensemble.name), \(time) ps): the cell of \(state.cell.volume) Å³ changes by more than "
        + "a twentieth in one step; relax the cell or run nvt first, or give the barostat a longer damping time",
      cause: cause)
  }
}

extension Matrix3 {
  /// The sum of the squares of all elements.
  var squaredNorm: Double { self[0].squaredLength + self[1].squaredLength + self[2].squaredLength }
}
