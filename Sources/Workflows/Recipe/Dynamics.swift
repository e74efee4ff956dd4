/// Moves the atoms in time.
public struct Dynamics: Hashable, Sendable {
  public enum Ensemble: String, CaseIterable, Hashable, Sendable {
    case nve, nvt, npt
  }

  public var ensemble: Ensemble
  /// In K. The target of the thermostat; in NVE the temperature at which velocities are drawn, or `nil` to go on with
  /// those there are.
  public var temperature: Ramp?
  /// In GPa; `nil` in a fixed cell.
  public var pressure: Ramp?
  public var steps: Int
  /// In ps.
  public var timestep: Double
  /// `nil` in NVE.
  public var thermostat: Thermostat?
  /// `nil` in a fixed cell.
  public var barostat: Barostat?
  public var trajectory: TrajectoryOutput?
  /// Steps between rows of `thermo.csv`.
  public var thermoInterval: Int
  /// Steps between removals of the drift of the centre of mass.
  public var momentumRemovalInterval: Int
  /// Steps between computations of Coulomb forces in reciprocal space.
  public var longRangeInterval: Int
  /// Which values are those of a branch, in a recipe that varies something; `nil` otherwise.
  public var variation: Variation?

  public init(
    ensemble: Ensemble, temperature: Ramp?, pressure: Ramp? = nil, steps: Int, timestep: Double, thermostat: Thermostat? = nil,
    barostat: Barostat? = nil, trajectory: TrajectoryOutput? = nil, thermoInterval: Int = 100, momentumRemovalInterval: Int = 1000,
    longRangeInterval: Int = 1
  ) {
    self.ensemble = ensemble
    self.temperature = temperature
    self.pressure = pressure
    self.steps = steps
    self.timestep = timestep
    self.thermostat = thermostat
    self.barostat = barostat
    self.trajectory = trajectory
    self.thermoInterval = thermoInterval
    self.momentumRemovalInterval = momentumRemovalInterval
    self.longRangeInterval = longRangeInterval
  }

  /// The simulated time in ps.
  public var duration: Double { Double(steps) * timestep }
}
