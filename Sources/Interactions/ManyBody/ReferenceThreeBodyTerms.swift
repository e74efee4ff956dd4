import NumericalMethods
import Structures

/// Three-body terms computed plainly: all neighbours anew at each call, pair of legs by pair of legs. The oracle of ``ThreeBodyTerms``.
public final class ReferenceThreeBodyTerms: ForceContribution {
  private let interactions: ThreeBodyInteractions
  private let types: [Int32]

  public init(_ interactions: ThreeBodyInteractions, for configuration: Configuration) {
    self.interactions = interactions
    types = configuration.types
  }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var result = Evaluation()
    guard interactions.cutoff > 0 else { return result }
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: interactions.cutoff)
    var energy = 0.0
    for vertex in positions.indices {
      let species = Int(types[vertex])
      var legs: [(atom: Int, species: Int, vector: Vector3, length: Double, factor: Double, slope: Double)] = []
      search.forEachNeighbor(of: vertex) { neighbor in
        let other = Int(types[neighbor.index])
        let r = neighbor.squaredDistance.squareRoot()
        guard let leg = interactions.leg(species, other), r < leg.cutoff else { return }
        let (factor, slope) = leg(r)
        legs.append((neighbor.index, other, neighbor.displacement, r, factor, slope))
      }
      for (number, first) in legs.enumerated() {
        for second in legs[(number + 1)...] {
          guard let triplet = interactions.triplet(species, first.species, second.species) else { continue }
          let (u1, u2) = (first.vector / first.length, second.vector / second.length)
          let cosine = u1.dot(u2)
          let (value, slope) = interactions.angular(cosine, triplet)
          let scale = first.factor * second.factor
          energy += value * scale
          let g1 = scale * (value * first.slope * u1 + slope * (u2 - cosine * u1) / first.length)
          let g2 = scale * (value * second.slope * u2 + slope * (u1 - cosine * u2) / second.length)
          forces[first.atom] -= g1
          forces[second.atom] -= g2
          forces[vertex] += g1 + g2
          result.virial += Matrix3.outer(first.vector, -g1)
          result.virial += Matrix3.outer(second.vector, -g2)
        }
      }
    }
    if energies { result.energies[.threeBody] = energy }
    return result
  }
}
