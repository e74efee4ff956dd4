import Interactions
import NumericalMethods
import Structures

extension ParticleLoops {
  /// Twice the kinetic energy in eV of shells against their cores: Σ μ (v_shell - v_core)².
  func twiceKineticEnergy(ofShells shells: ShellParticles?, _ velocities: [Vector3]) -> Double {
    guard let shells else { return 0 }
    var total = 0.0
    for (index, atom) in shells.atoms.enumerated() {
      let (core, shell) = (Int(atom), shells.atomCount + index)
      let reduced = kineticFactors[core] * kineticFactors[shell] / (kineticFactors[core] + kineticFactors[shell])
      total += reduced * (velocities[shell] - velocities[core]).squaredLength
    }
    return total
  }

  /// Scales the velocities of atoms, and leaves those of shells against their cores as they are.
  func scale(_ velocities: inout [Vector3], ofAtomsBy factor: Double, shells: ShellParticles?) {
    if factor == 1 { return }
    guard let shells else { return scale(&velocities, by: factor) }
    var relative: [Vector3] = []
    relative.reserveCapacity(shells.atoms.count)
    for (index, atom) in shells.atoms.enumerated() { relative.append(velocities[shells.atomCount + index] - velocities[Int(atom)]) }
    scale(&velocities, by: factor)
    for (index, atom) in shells.atoms.enumerated() {
      let (core, shell) = (Int(atom), shells.atomCount + index)
      let missing = relative[index] * (1 - factor)
      let share = kineticFactors[shell] / (kineticFactors[core] + kineticFactors[shell])
      velocities[core] -= share * missing
      velocities[shell] += (1 - share) * missing
    }
  }
}

extension SimulationState {
  /// The state of cores and shells from that of whole atoms: shells displaced as given, at rest against their cores.
  ///
  /// - Parameter displacements: In Å, one a shell.
  public func addingShells(_ shells: ShellParticles, displacements: [Vector3]) -> SimulationState {
    var result = self
    for (displacement, atom) in zip(displacements, shells.atoms) {
      result.positions.append(positions[Int(atom)] + displacement)
      result.velocities.append(velocities[Int(atom)])
      result.forces.append(.zero)
    }
    result.evaluation = nil
    return result
  }

  /// The state of whole atoms: positions of the cores, velocities of the centres of mass.
  ///
  /// - Parameter masses: Of the particles, in amu.
  public func removingShells(_ shells: ShellParticles, masses: [Double]) -> SimulationState {
    var result = self
    for (index, atom) in shells.atoms.enumerated() {
      let (core, shell) = (Int(atom), shells.atomCount + index)
      let share = masses[shell] / (masses[core] + masses[shell])
      result.velocities[core] += share * (velocities[shell] - velocities[core])
    }
    result.positions.removeLast(shells.atoms.count)
    result.velocities.removeLast(shells.atoms.count)
    result.forces.removeLast(shells.atoms.count)
    result.evaluation = nil
    return result
  }
}
