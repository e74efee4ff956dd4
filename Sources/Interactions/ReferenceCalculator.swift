import NumericalMethods
import Structures

/// Pair interactions computed plainly: a neighbour search at each call, analytic forms, double precision, one thread.
///
/// It is the oracle of the fast kernels and the choice for single evaluations of small systems. Cells may be smaller
/// than the cutoff; an atom then meets several images of another, and of itself.
public final class ReferenceCalculator: ForceCalculator {
  public let interactions: PairInteractions
  private let types: [Int32]
  private let counts: [Int]
  private let specialPairs: SpecialPairTerm

  /// There are no lists to rebuild.
  public var neighborReference: NeighborReference? {
    get { nil }
    set {}
  }

  /// Creates a calculator for the atoms of a configuration.
  ///
  /// - Throws: ``InteractionsError`` with code `.unknownSpecies` where the interactions were resolved for other species.
  public init(_ interactions: PairInteractions, for configuration: Configuration) throws {
    try interactions.check(speciesOf: configuration)
    self.interactions = interactions
    types = configuration.types
    counts = configuration.speciesCounts
    specialPairs = SpecialPairTerm(interactions, for: configuration, pool: WorkerPool(threads: 1))
  }

  public func evaluate(
    positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool
  ) throws -> Evaluation {
    guard positions.count == types.count else {
      throw InteractionsError(
        .lostAtoms, "the calculator was made for \(types.count) atoms, but there are \(positions.count) positions; make a new one")
    }
    forces = [Vector3](repeating: .zero, count: positions.count)
    var (pairEnergy, coulombEnergy) = (0.0, 0.0)
    var virial = Matrix3.zero
    if interactions.cutoff > 0 {
      let search = try NeighborSearch(cell: cell, positions: positions, cutoff: interactions.cutoff)
      search.forEachPair { atom, neighbor in
        guard
          !interactions.specialPairs.partners(of: atom).contains(Int32(neighbor.index))
            || neighbor.displacement != cell.minimumImage(neighbor.displacement)
        else { return }
        let (a, b) = (Int(types[atom]), Int(types[neighbor.index]))
        let r = neighbor.squaredDistance.squareRoot()
        var force = 0.0
        if let value = interactions.curve(a, b)?(r) {
          pairEnergy += value.energy
          force += value.force
        }
        if let value = interactions.coulomb?.pair(r) {
          let product = interactions.charges[a] * interactions.charges[b]
          coulombEnergy += product * value.energy
          force += product * value.force
        }
        let vector = neighbor.displacement * (force / r)
        forces[atom] -= vector
        forces[neighbor.index] += vector
        virial += Matrix3.outer(neighbor.displacement, vector)
      }
    }
    guard virial.trace.isFinite else {
      throw InteractionsError(
        .lostAtoms,
        "two atoms lie on top of each other, so that their force is not finite; minimise the configuration or remove one of them")
    }
    var result = Evaluation()
    result.virial = virial
    if energies {
      for term in interactions.energyTerms {
        result.energies[term] = term == .pair ? pairEnergy : coulombEnergy + interactions.selfEnergy(counts: counts)
      }
    }
    if !interactions.specialPairs.isEmpty {
      result += try specialPairs.add(positions: positions, cell: cell, to: &forces, energies: energies)
    }
    return result
  }
}
