import Interactions
import NumericalMethods
import Structures

extension SimulationState {
  /// Draws velocities from the distribution of Maxwell and Boltzmann and scales them to exactly a temperature.
  ///
  /// The numbers depend on the seed and on ``step``, so that drawing again later in a run gives others.
  ///
  /// - Parameters:
  ///   - temperature: In K, not negative.
  ///   - masses: In amu, one an atom, positive.
  ///   - fixesCenterOfMass: Whether the total momentum is made zero; the temperature is then that of 3N − 3 degrees of
  ///     freedom.
  /// - Throws: ``SimulationError`` with code `.inconsistentState`.
  public mutating func assignVelocities(temperature: Double, masses: [Double], fixesCenterOfMass: Bool = true) throws {
    try checkMasses(masses)
    guard temperature >= 0, temperature.isFinite else {
      throw SimulationError(.invalidStage, "velocities for a temperature of \(temperature) K cannot be drawn; give it in K, from 0 on")
    }
    var random = RandomPurpose.velocities.stream(seed: seed, number: UInt64(step))
    for (i, mass) in masses.enumerated() {
      let width = (PhysicalConstants.boltzmann * temperature / (mass * PhysicalConstants.massVelocitySquared)).squareRoot()
      let (x, y, z) = (random.normal(), random.normal(), random.normal())
      velocities[i] = Vector3(x, y, z) * width
    }
    if fixesCenterOfMass { removeMomentum(masses: masses) }
    let degreesOfFreedom = 3 * count - (fixesCenterOfMass ? 3 : 0)
    var twiceKinetic = 0.0
    for (i, mass) in masses.enumerated() {
      twiceKinetic += mass * PhysicalConstants.massVelocitySquared * velocities[i].squaredLength
    }
    guard twiceKinetic > 0 else { return }
    let target = Double(degreesOfFreedom) * PhysicalConstants.boltzmann * temperature
    let factor = (target / twiceKinetic).squareRoot()
    for i in velocities.indices { velocities[i] *= factor }
  }

  /// Draws the velocities of whole atoms, with shells at rest against their cores.
  ///
  /// - Parameter masses: Of the particles, in amu.
  public mutating func assignVelocities(temperature: Double, masses: [Double], shells: ShellParticles) throws {
    try checkMasses(masses)
    var atomMasses = Array(masses[..<shells.atomCount])
    for (index, atom) in shells.atoms.enumerated() { atomMasses[Int(atom)] += masses[shells.atomCount + index] }
    var atoms = removingShells(shells, masses: masses)
    try atoms.assignVelocities(temperature: temperature, masses: atomMasses)
    velocities = atoms.velocities + shells.atoms.map { atoms.velocities[Int($0)] }
  }

  /// Subtracts the velocity of the centre of mass from all atoms.
  public mutating func removeMomentum(masses: [Double]) {
    var momentum = Vector3.zero
    var mass = 0.0
    for i in velocities.indices {
      momentum += masses[i] * velocities[i]
      mass += masses[i]
    }
    guard mass > 0 else { return }
    let drift = momentum / mass
    for i in velocities.indices { velocities[i] -= drift }
  }

  /// - Throws: ``SimulationError`` with code `.inconsistentState` where masses do not fit the atoms.
  func checkMasses(_ masses: [Double]) throws {
    guard masses.count == count, velocities.count == count, forces.count == count else {
      throw SimulationError(
        .inconsistentState,
        "there are \(count) positions, \(velocities.count) velocities, \(forces.count) forces and \(masses.count) masses; "
          + "give one of each an atom")
    }
    if let bad = masses.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw SimulationError(
        .inconsistentState, "atom \(bad + 1) has a mass of \(masses[bad]) amu; dynamics needs positive masses, check the species")
    }
  }
}
