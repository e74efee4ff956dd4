import Interactions
import Structures

extension DynamicsStage {
  /// Checks everything that can be checked before the first step.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidStage`.
  public func check(atoms: Int, cell: Cell) throws {
    func fail(_ message: String) -> SimulationError { SimulationError(.invalidStage, "\(ensemble.name) stage: " + message) }
    guard timestep > 0, timestep.isFinite else {
      throw fail("a time step of \(timestep) ps is none; give a positive one, such as 0.001 ps")
    }
    guard steps >= 0 else { throw fail("\(steps) steps cannot be done; give a number from 0 on") }
    guard energyInterval > 0, momentumRemovalInterval > 0 else {
      throw fail("the intervals of energies (\(energyInterval)) and momentum removal (\(momentumRemovalInterval)) are at least 1 step")
    }
    guard longRangeInterval > 0, steps % longRangeInterval == 0, energyInterval % longRangeInterval == 0 else {
      throw fail(
        "long-range forces every \(longRangeInterval) steps need a number of steps (\(steps)) and an interval of energies (\(energyInterval)) "
          + "that are multiples of it")
    }
    guard maximumDisplacement > 0 else {
      throw fail("the largest displacement in a step, \(maximumDisplacement) Å, leaves no room to move; give a positive one")
    }
    guard atoms > 0 else { throw fail("there are no atoms to move") }
    if let temperature = ensemble.temperature {
      for value in [temperature.start, temperature.end] where !(value > 0 && value.isFinite) {
        throw fail("a temperature of \(value) K cannot be held; give positive temperatures in K")
      }
      guard degreesOfFreedom(atoms: atoms) > 0 else {
        throw fail("one atom whose centre of mass is fixed has no temperature; take more atoms, or leave the centre of mass free")
      }
    }
    switch ensemble {
    case .nve: break
    case .nvt(_, let thermostat):
      try check(damping: thermostat.damping, of: "thermostat", least: thermostat.isDeterministic ? 4 : 0)
      if case .noseHooverChain(_, let length) = thermostat { try check(chainLength: length) }
    case .npt(_, let pressure, let barostat, let damping, let chainLength):
      try check(damping: damping, of: "thermostat", least: 4)
      try check(damping: barostat.damping, of: "barostat", least: 10)
      try check(chainLength: chainLength)
      try check(chainLength: barostat.chainLength)
      guard pressure.start.isFinite, pressure.end.isFinite else { throw fail("the pressure is not finite; give it in GPa") }
      guard cell.isPeriodic else {
        throw fail("pressure needs a cell that repeats along all three edges; make it periodic, or use nvt")
      }
    }
  }

  /// Checks that a stage can keep shells that move by themselves cold.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidStage` or `.inconsistentState`.
  func check(shells: ShellParticles?, particles: Int) throws {
    guard let shells else { return }
    guard particles == shells.configuration.count else {
      throw SimulationError(
        .inconsistentState, "the state has \(particles) particles, cores and shells are \(shells.configuration.count); add shells first")
    }
    if case .nvt(_, .langevin) = ensemble {
      throw SimulationError(
        .invalidStage,
        "nvt stage: a Langevin thermostat would heat each shell to the temperature of the atoms; take nose-hoover or bussi, or relaxed shells"
      )
    }
  }

  private func check(damping: Double, of part: String, least factor: Double) throws {
    guard damping > 0, damping.isFinite, damping >= factor * timestep else {
      throw SimulationError(
        .invalidStage,
        "\(ensemble.name) stage: a damping time of \(damping) ps of the \(part) is too short for steps of \(timestep) ps; "
          + "give at least \(factor * timestep) ps, usually 100 (thermostat) or 1000 (barostat) time steps")
    }
  }

  private func check(chainLength: Int) throws {
    guard (1...64).contains(chainLength) else {
      throw SimulationError(
        .invalidStage, "\(ensemble.name) stage: a chain of \(chainLength) thermostats cannot be made; give 1 to 64, usually 3")
    }
  }
}

extension Thermostat {
  fileprivate var isDeterministic: Bool {
    if case .noseHooverChain = self { true } else { false }
  }
}
