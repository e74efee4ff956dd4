import Interactions
import NumericalMethods
import Structures

/// Lennard-Jones atoms with a neighbour list: the plain calculator of these tests.
final class LennardJones: ForceCalculator {
  enum Ending {
    /// The energy is shifted to zero at the cutoff; forces jump.
    case shifted
    /// The energy goes to zero with two continuous derivatives over the last tenth of the cutoff.
    case smooth
  }

  let epsilon: Double
  let sigma: Double
  let cutoff: Double
  let ending: Ending
  let skin: Double
  private var list: (reference: NeighborReference, pairs: [Pair])?
  private(set) var builds = 0
  private(set) var evaluations = 0
  private(set) var evaluationsWithEnergies = 0

  private struct Pair {
    var i: Int32
    var j: Int32
    var steps: SIMD3<Double>
  }

  init(epsilon: Double = 0.0104, sigma: Double = 3.4, cutoff: Double = 8.5, ending: Ending = .smooth, skin: Double = 1) {
    self.epsilon = epsilon
    self.sigma = sigma
    self.cutoff = cutoff
    self.ending = ending
    self.skin = skin
  }

  var neighborReference: NeighborReference? {
    get { list?.reference }
    set { list = newValue.flatMap { try? build($0) } }
  }

  func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    evaluations += 1
    if energies { evaluationsWithEnergies += 1 }
    let pairs = try currentPairs(positions, cell)
    for i in forces.indices { forces[i] = .zero }
    var evaluation = Evaluation()
    var total = 0.0
    let (s2, c2) = (sigma * sigma, cutoff * cutoff)
    let sc6 = (s2 / c2) * (s2 / c2) * (s2 / c2)
    let atCutoff = 4 * epsilon * (sc6 * sc6 - sc6)
    let begin = 0.9 * cutoff
    forces.withUnsafeMutableBufferPointer { f in
      for pair in pairs {
        let (i, j) = (Int(pair.i), Int(pair.j))
        let d = positions[j] - positions[i] + pair.steps * cell.vectors
        let r2 = d.squaredLength
        if r2 >= c2 { continue }
        let i6 = (s2 / r2) * (s2 / r2) * (s2 / r2)
        var energy = 4 * epsilon * (i6 * i6 - i6)
        // −dU/dr · 1/r
        var push = 24 * epsilon * (2 * i6 * i6 - i6) / r2
        if ending == .shifted {
          energy -= atCutoff
        } else if r2 > begin * begin {
          let r = r2.squareRoot()
          let x = (r - begin) / (cutoff - begin)
          let switching = 1 + x * x * x * (-10 + x * (15 - 6 * x))
          let slope = -30 * x * x * (1 - x) * (1 - x) / (cutoff - begin)
          push = push * switching - energy * slope / r
          energy *= switching
        }
        total += energy
        let force = push * d
        f[j] += force
        f[i] -= force
        evaluation.virial += Matrix3.outer(d, force)
      }
    }
    if energies { evaluation.energies[.pair] = total }
    return evaluation
  }

  private func currentPairs(_ positions: [Vector3], _ cell: Cell) throws -> [Pair] {
    if let list, list.reference.cell.periodic == cell.periodic, list.reference.positions.count == positions.count {
      // Positions are compared after the change of the cell is taken out, and that change shrinks the skin.
      let map = list.reference.cell.inverse * cell.vectors
      let change = map - Matrix3.identity
      let strain = (change[0].squaredLength + change[1].squaredLength + change[2].squaredLength).squareRoot()
      let margin = (skin - strain * (cutoff + skin)) / 2
      let origin = cell.origin
      let reference = list.reference.positions
      let isValid =
        margin > 0
        && positions.indices.allSatisfy { (positions[$0] - origin - (reference[$0] - origin) * map).squaredLength < margin * margin }
      if isValid { return list.pairs }
    }
    let built = try build(NeighborReference(positions: positions, cell: cell))
    list = built
    return built.pairs
  }

  private func build(_ reference: NeighborReference) throws -> (reference: NeighborReference, pairs: [Pair]) {
    builds += 1
    var pairs: [Pair] = []
    let search = try NeighborSearch(cell: reference.cell, positions: reference.positions, cutoff: cutoff + skin)
    search.forEachPair { first, neighbor in
      let offset = neighbor.displacement - (reference.positions[neighbor.index] - reference.positions[first])
      let steps = (offset * reference.cell.inverse).rounded(.toNearestOrEven)
      pairs.append(Pair(i: Int32(first), j: Int32(neighbor.index), steps: steps))
    }
    return (reference, pairs)
  }
}
