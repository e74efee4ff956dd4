import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension MolecularDynamics {
  /// Velocity Verlet.
  mutating func advanceConstantEnergy() throws {
    try kickAndDrift(scale: 1, drift: stage.timestep)
    try evaluateNextStep()
    loops.kick(velocities: &state.velocities, forces: state.forces, time: stage.timestep / 2)
  }

  /// Velocity Verlet between two half steps of the thermostat chain.
  mutating func advanceNoseHoover(temperature: Ramp, damping: Double) throws {
    let half = stage.timestep / 2
    let chain = ThermostatChain(degreesOfFreedom: Double(degreesOfFreedom), damping: damping)
    let before = thermalEnergy(temperature, stepsAhead: 0)
    let after = thermalEnergy(temperature, stepsAhead: 1)
    let scale = chain.propagate(
      &state.thermostatVelocities, twiceKinetic: thermal(loops.twiceKineticEnergy(state.velocities)), thermalEnergy: before,
      time: half, bathEnergy: &state.bathEnergy)
    if shells != nil { rescale(by: scale) }
    try kickAndDrift(scale: shells == nil ? scale : 1, drift: stage.timestep)
    try evaluateNextStep()
    let twiceKinetic = thermal(loops.kickAndMeasure(velocities: &state.velocities, forces: state.forces, time: half))
    retarget(chain, \.thermostatVelocities, from: before, to: after)
    let secondScale = chain.propagate(
      &state.thermostatVelocities, twiceKinetic: twiceKinetic, thermalEnergy: after, time: half, bathEnergy: &state.bathEnergy)
    rescale(by: secondScale)
  }

  /// Velocity Verlet, then stochastic rescaling.
  mutating func advanceBussi(temperature: Ramp, damping: Double) throws {
    try kickAndDrift(scale: 1, drift: stage.timestep)
    try evaluateNextStep()
    let twiceKinetic = thermal(
      loops.kickAndMeasure(velocities: &state.velocities, forces: state.forces, time: stage.timestep / 2))
    let factor = StochasticRescaling.factor(
      twiceKinetic: twiceKinetic, thermalEnergy: thermalEnergy(temperature, stepsAhead: 1), degreesOfFreedom: degreesOfFreedom,
      time: stage.timestep, damping: damping, random: &state.random)
    rescale(by: factor)
    state.bathEnergy -= 0.5 * (factor * factor - 1) * twiceKinetic
  }

  /// Langevin dynamics, BAOAB: kick, half drift, friction and noise, half drift, kick.
  mutating func advanceLangevin(temperature: Ramp, damping: Double) throws {
    let half = stage.timestep / 2
    try kickAndDrift(scale: 1, drift: half)
    let decay = exp(-stage.timestep / damping)
    let change = loops.addFrictionAndNoise(
      &state.velocities, decay: decay, thermalEnergy: thermalEnergy(temperature, stepsAhead: 0.5), seed: state.seed,
      step: state.step)
    state.bathEnergy -= change.kineticEnergy
    if stage.fixesCenterOfMass {
      // Taking the common part out of the noise samples the canonical distribution of the 3N − 3 other momenta exactly.
      loops.subtract(change.centerOfMassVelocity, from: &state.velocities)
      state.bathEnergy +=
        0.5 * loops.totalMass * PhysicalConstants.massVelocitySquared * change.centerOfMassVelocity.squaredLength
    }
    if !loops.drift(
      positions: &state.positions, velocities: state.velocities, time: half, limit: stage.maximumDisplacement)
    {
      throw unstable(timeStep: half)
    }
    try evaluateNextStep()
    loops.kick(velocities: &state.velocities, forces: state.forces, time: half)
  }

  /// The part of twice a kinetic energy that thermostats see: the centres of mass of cores and shells.
  func thermal(_ twiceKinetic: Double) -> Double {
    twiceKinetic - loops.twiceKineticEnergy(ofShells: shells, state.velocities)
  }

  /// Scales the velocities that thermostats see.
  mutating func rescale(by factor: Double) {
    loops.scale(&state.velocities, ofAtomsBy: factor, shells: shells)
  }

  private mutating func kickAndDrift(scale: Double, drift: Double) throws {
    if !loops.kickAndDrift(
      velocities: &state.velocities, positions: &state.positions, forces: state.forces, scale: scale, time: stage.timestep / 2,
      drift: drift, limit: stage.maximumDisplacement)
    {
      throw unstable(timeStep: drift)
    }
  }

  /// Books the energy that a chain takes up because its masses follow the temperature.
  mutating func retarget(
    _ chain: ThermostatChain, _ velocities: KeyPath<SimulationState, [Double]>, from before: Double, to after: Double
  ) {
    if before == after { return }
    let values = state[keyPath: velocities]
    state.bathEnergy -= chain.energy(values, thermalEnergy: after) - chain.energy(values, thermalEnergy: before)
  }

  /// The error for atoms that move too far.
  func unstable(timeStep: Double) -> SimulationError {
    var worst = 0
    for i in state.velocities.indices {
      let speed = state.velocities[i].squaredLength
      if !speed.isFinite {
        worst = i
        break
      }
      if speed > state.velocities[worst].squaredLength { worst = i }
    }
    let distance = state.velocities[worst].length * timeStep
    let what =
      distance.isFinite
      ? "would move \(distance) Å at once, more than the \(stage.maximumDisplacement) Å allowed"
      : "has a velocity that is not a number"
    return SimulationError(
      .unstable,
      "step \(state.step + 1) (\(stage.ensemble.name), \(time) ps): atom \(worst + 1) \(what); "
        + "use a smaller time step than \(stage.timestep) ps, minimise first, or check the potential at short distances")
  }
}

extension ParticleLoops {
  /// v ← decay v + √((1 − decay²) k T/m) R with normal random numbers R.
  ///
  /// The numbers are a function of seed, step and atom.
  ///
  /// - Returns: The change of the kinetic energy in eV and the velocity of the centre of mass afterwards.
  func addFrictionAndNoise(
    _ velocities: inout [Vector3], decay: Double, thermalEnergy: Double, seed: UInt64, step: Int
  ) -> (kineticEnergy: Double, centerOfMassVelocity: Vector3) {
    let noise = ((1 - decay * decay) * thermalEnergy).squareRoot()
    let total = velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      return kineticFactors.withUnsafeBufferPointer { m in
        sum { range in
          var total = ThreeVectors()
          // A stream for each block of each step: 2^32 steps of 2^28 atoms before numbers come again.
          let number = UInt64(step) << 28 | UInt64(range.lowerBound)
          var random = RandomPurpose.friction.stream(seed: seed, number: number)
          for i in range {
            let (x, y, z) = (random.normal(), random.normal(), random.normal())
            let old = v[i]
            let velocity = decay * old + (noise / m[i].squareRoot()) * Vector3(x, y, z)
            v[i] = velocity
            total.x += m[i] * velocity
            total.y.x += 0.5 * m[i] * (velocity.squaredLength - old.squaredLength)
          }
          return total
        }
      }
    }
    return (total.y.x, total.x / (totalMass * PhysicalConstants.massVelocitySquared))
  }
}
