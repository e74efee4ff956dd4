import NumericalMethods
import Structures

/// What remains between the atoms of special pairs, and what the Coulomb sum counts of them unasked.
///
/// With f the factors of the pair, U the short-range curve and V the Coulomb function of the method, the energy is
///
///     f_pair U(r) + q1 q2 [V(r) - (1 - f_coulomb) k/r]
///
/// so that an excluded pair (f = 0) loses exactly its bare Coulomb energy, whatever the method: with Ewald sums what remains
/// cancels the part of the pair in reciprocal space.
public final class SpecialPairTerm: ForceContribution {
  private let interactions: PairInteractions
  private let types: [Int32]

  public init(_ interactions: PairInteractions, for configuration: Configuration) {
    self.interactions = interactions
    types = configuration.types
  }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var (pairEnergy, coulombEnergy) = (0.0, 0.0)
    var virial = Matrix3.zero
    for pair in interactions.specialPairs.pairs {
      let (i, j) = (Int(pair.first), Int(pair.second))
      let (a, b) = (Int(types[i]), Int(types[j]))
      let displacement = cell.minimumImage(positions[j] - positions[i])
      let r = displacement.length
      var forceOverDistance = 0.0
      if pair.pairFactor != 0, let value = interactions.curve(a, b)?(r) {
        pairEnergy += pair.pairFactor * value.energy
        forceOverDistance += pair.pairFactor * value.force / r
      }
      if let coulomb = interactions.coulomb {
        let product = interactions.charges[a] * interactions.charges[b]
        let correction = coulomb.correction(r)
        coulombEnergy += product * correction.energy
        forceOverDistance += product * correction.forceOverDistance
        if pair.coulombFactor != 0 {
          let bare = pair.coulombFactor * product * PhysicalConstants.coulomb / r
          coulombEnergy += bare
          forceOverDistance += bare / (r * r)
        }
      }
      let force = displacement * forceOverDistance
      forces[i] -= force
      forces[j] += force
      virial += Matrix3.outer(displacement, force)
    }
    var result = Evaluation()
    result.virial = virial
    if energies {
      for term in interactions.energyTerms { result.energies[term] = term == .pair ? pairEnergy : coulombEnergy }
    }
    return result
  }
}
