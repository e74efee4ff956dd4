import Simulation

extension DynamicsStage {
  /// The stage of a recipe in the terms of the engine.
  init(_ dynamics: Dynamics) {
    let temperature = dynamics.temperature.map { Ramp(from: $0.start, to: $0.end) } ?? .constant(0)
    let ensemble: Ensemble =
      switch dynamics.ensemble {
      case .nve: .nve
      case .nvt: .nvt(temperature: temperature, thermostat: Thermostat(dynamics.thermostat))
      case .npt:
        .npt(
          temperature: temperature, pressure: dynamics.pressure.map { Ramp(from: $0.start, to: $0.end) } ?? .constant(0),
          barostat: Barostat(dynamics.barostat), damping: dynamics.thermostat?.damping ?? 0.1)
      }
    self.init(ensemble, timestep: dynamics.timestep, steps: dynamics.steps)
    energyInterval = dynamics.thermoInterval
    momentumRemovalInterval = dynamics.momentumRemovalInterval
    longRangeInterval = dynamics.longRangeInterval
    if case .nvt(_, .langevin) = ensemble { fixesCenterOfMass = false }
  }
}

extension Thermostat {
  fileprivate init(_ thermostat: Dynamics.Thermostat?) {
    guard let thermostat else {
      self = .noseHooverChain()
      return
    }
    self =
      switch thermostat.form {
      case .noseHooverChain: .noseHooverChain(damping: thermostat.damping)
      case .bussi: .bussi(damping: thermostat.damping)
      case .langevin: .langevin(damping: thermostat.damping)
      }
  }
}

extension Barostat {
  fileprivate init(_ barostat: Dynamics.Barostat?) {
    guard let barostat else {
      self.init()
      return
    }
    let coupling: Coupling =
      switch barostat.coupling {
      case .isotropic: .isotropic
      case .anisotropic: .anisotropic
      case .triclinic: .triclinic
      }
    self.init(coupling, damping: barostat.damping)
  }
}
