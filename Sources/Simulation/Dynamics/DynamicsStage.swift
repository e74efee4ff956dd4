import Structures

/// One stage of molecular dynamics: an ensemble, a time step, a number of steps.
public struct DynamicsStage: Hashable, Sendable {
  public var ensemble: Ensemble
  /// The time step in ps.
  public var timestep: Double
  /// The number of steps.
  public var steps: Int
  /// Energies are evaluated on steps of the stage that are multiples of this, and on the last one; at least 1.
  ///
  /// Forces alone are faster, and which steps have energies must not depend on where a run was interrupted.
  public var energyInterval = 100
  /// Whether the centre of mass is kept at rest: then there are 3N − 3 degrees of freedom, otherwise 3N.
  ///
  /// Turn it off only where something outside holds the atoms, such as springs to fixed sites.
  public var fixesCenterOfMass = true
  /// The momentum is removed at the beginning and each time this many steps are done; forces in mixed precision do not
  /// add up to zero exactly. At least 1.
  public var momentumRemovalInterval = 1000
  /// The part of Coulomb forces in reciprocal space is computed each time this many steps are done (r-RESPA); 1 for every step.
  ///
  /// It then counts as many times over. ``steps`` and ``energyInterval`` are multiples of it, so that energies and the end of the stage fall on
  /// steps with all forces. See docs/dynamics.md.
  public var longRangeInterval = 1
  /// A run in which an atom moves farther than this in one step, in Å, is stopped.
  public var maximumDisplacement = 1.0

  /// Creates a stage of a number of steps.
  public init(_ ensemble: Ensemble, timestep: Double, steps: Int) {
    self.ensemble = ensemble
    self.timestep = timestep
    self.steps = steps
  }

  /// Creates a stage of a duration.
  ///
  /// - Parameters:
  ///   - timestep: In ps, positive.
  ///   - duration: In ps; rounded to whole steps, at least one.
  /// - Throws: ``SimulationError`` with code `.invalidStage`.
  public init(_ ensemble: Ensemble, timestep: Double, duration: Double) throws {
    guard timestep > 0, timestep.isFinite else {
      throw SimulationError(.invalidStage, "a time step of \(timestep) ps is none; give a positive one, such as 0.001 ps")
    }
    let steps = (duration / timestep).rounded()
    guard duration > 0, steps < 1e15 else {
      throw SimulationError(
        .invalidStage, "a stage of \(duration) ps in steps of \(timestep) ps has no sensible number of steps; give a positive duration")
    }
    self.init(ensemble, timestep: timestep, steps: max(1, Int(steps)))
  }

  /// Creates a stage that is as long as the ramp of its temperature takes at a rate.
  ///
  /// - Parameter temperatureRate: In K/ps; the sign does not matter.
  /// - Throws: ``SimulationError`` with code `.invalidStage` where the temperature does not change.
  public init(_ ensemble: Ensemble, timestep: Double, temperatureRate: Double) throws {
    guard let temperature = ensemble.temperature else {
      throw SimulationError(.invalidStage, "an \(ensemble.name) stage imposes no temperature that a rate could change; give a duration")
    }
    try self.init(ensemble, timestep: timestep, duration: temperature.duration(rate: temperatureRate))
  }

  /// Creates a stage that is as long as the ramp of its pressure takes at a rate.
  ///
  /// - Parameter pressureRate: In GPa/ps; the sign does not matter.
  /// - Throws: ``SimulationError`` with code `.invalidStage` where the pressure does not change.
  public init(_ ensemble: Ensemble, timestep: Double, pressureRate: Double) throws {
    guard let pressure = ensemble.pressure else {
      throw SimulationError(.invalidStage, "an \(ensemble.name) stage imposes no pressure that a rate could change; give a duration")
    }
    try self.init(ensemble, timestep: timestep, duration: pressure.duration(rate: pressureRate))
  }

  /// The duration in ps.
  public var duration: Double { Double(steps) * timestep }

  /// Whether energies are evaluated at a step of the stage.
  public func evaluatesEnergies(at stageStep: Int) -> Bool {
    stageStep % energyInterval == 0 || stageStep == steps
  }

  /// The part of the stage that is done after a number of its steps, 0 to 1.
  public func fraction(at stageStep: Int) -> Double {
    steps > 0 ? Double(stageStep) / Double(steps) : 0
  }

  /// The number of degrees of freedom of a number of atoms.
  public func degreesOfFreedom(atoms: Int) -> Int {
    max(0, 3 * atoms - (fixesCenterOfMass ? 3 : 0))
  }
}
