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
  private let pool: WorkerPool
  /// What each pair gives; kept from call to call.
  private var contributions: [Contribution] = []

  private struct Contribution {
    var displacement = Vector3.zero
    /// On the second atom.
    var force = Vector3.zero
    var pairEnergy = 0.0
    var coulombEnergy = 0.0
  }

  public init(_ interactions: PairInteractions, for configuration: Configuration, pool: WorkerPool) {
    self.interactions = interactions
    self.pool = pool
    types = configuration.types
  }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    let pairs = interactions.specialPairs.pairs
    if contributions.count != pairs.count { contributions = [Contribution](repeating: Contribution(), count: pairs.count) }
    contributions.withUnsafeMutableBufferPointer { contributions in
      let shared = UnsafeSendable(contributions)
      positions.withUnsafeBufferPointer { positions in
        pool.forEachRange(pairs.count, grain: 256) { range in
          for index in range { shared.value[index] = contribution(of: pairs[index], positions, cell) }
        }
      }
    }
    // In the order of the pairs, so that the bits do not depend on the threads.
    var (pairEnergy, coulombEnergy) = (0.0, 0.0)
    var virial = Matrix3.zero
    for (pair, part) in zip(pairs, contributions) {
      pairEnergy += part.pairEnergy
      coulombEnergy += part.coulombEnergy
      forces[Int(pair.first)] -= part.force
      forces[Int(pair.second)] += part.force
      virial += Matrix3.outer(part.displacement, part.force)
    }
    var result = Evaluation()
    result.virial = virial
    if energies {
      for term in interactions.energyTerms { result.energies[term] = term == .pair ? pairEnergy : coulombEnergy }
    }
    return result
  }

  private func contribution(of pair: SpecialPairs.Pair, _ positions: UnsafeBufferPointer<Vector3>, _ cell: Cell) -> Contribution {
    let (i, j) = (Int(pair.first), Int(pair.second))
    let (a, b) = (Int(types[i]), Int(types[j]))
    var result = Contribution()
    result.displacement = cell.minimumImage(positions[j] - positions[i])
    let r = result.displacement.length
    var forceOverDistance = 0.0
    if pair.pairFactor != 0, let value = interactions.curve(a, b)?(r) {
      result.pairEnergy = pair.pairFactor * value.energy
      forceOverDistance += pair.pairFactor * value.force / r
    }
    if let coulomb = interactions.coulomb {
      let product = interactions.charges[a] * interactions.charges[b]
      let correction = coulomb.correction(r)
      result.coulombEnergy = product * correction.energy
      forceOverDistance += product * correction.forceOverDistance
      if pair.coulombFactor != 0 {
        let bare = pair.coulombFactor * product * PhysicalConstants.coulomb / r
        result.coulombEnergy += bare
        forceOverDistance += bare / (r * r)
      }
    }
    result.force = result.displacement * forceOverDistance
    return result
  }
}
