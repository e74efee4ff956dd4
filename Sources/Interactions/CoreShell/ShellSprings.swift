import NumericalMethods
import Structures

/// The springs between cores and shells: energy `spring r²/2`.
final class ShellSprings: ForceContribution {
  private let particles: ShellParticles

  init(_ particles: ShellParticles) { self.particles = particles }

  func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var result = Evaluation()
    var energy = 0.0
    let first = particles.atomCount
    for (index, atom) in particles.atoms.enumerated() {
      let (core, shell) = (Int(atom), first + index)
      // Not the minimum image: a shell follows its core over the edges, and one that has left it must be pulled back.
      let displacement = positions[shell] - positions[core]
      let force = displacement * -particles.springs[index]
      forces[shell] += force
      forces[core] -= force
      result.virial += Matrix3.outer(displacement, force)
      energy -= 0.5 * (displacement * force).sum()
    }
    if energies { result.energies[.coreShell] = energy }
    return result
  }
}
