import NumericalMethods
import Structures

/// What the frames of a trajectory give of pairs of atoms, before anything is derived from it.
///
/// One entry a frame: g of all pairs of species and of all atoms alike, then the counts of all ordered pairs (centre, neighbour), then the number of
/// centres of each species, then the number density. Whatever
/// is a function of the mean of these gets its error from blocks of frames (``BlockAverage/standardError(of:)``).
struct PairCurves: Sendable {
  let labels: [String]
  let elements: [Element]
  /// The number of atoms of each species.
  let atoms: [Int]
  /// The middles of the bins in Å.
  let radii: [Double]
  let cutoff: Double
  let average: BlockAverage
  let frameCount: Int
  let warnings: [String]

  var bins: Int { radii.count }
  var binWidth: Double { cutoff / Double(radii.count) }
  var pairs: Int { labels.count * (labels.count + 1) / 2 }
  var concentrations: [Double] {
    let all = Double(atoms.reduce(0, +))
    return atoms.map { Double($0) / all }
  }
  var mean: [Double] { average.mean }
  /// The number of blocks behind errors and the frames in each, or `nil` where there are no errors.
  var blocks: (count: Int, length: Int)? { average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil }

  /// The pairs of species a <= b, in their order.
  var pairsOfSpecies: [(a: Int, b: Int)] { labels.indices.flatMap { a in (a..<labels.count).map { (a, $0) } } }

  /// g(r) of each pair.
  func partials(_ entry: [Double]) -> [[Double]] {
    (0..<pairs).map { Array(entry[$0 * bins..<($0 + 1) * bins]) }
  }

  func total(_ entry: [Double]) -> [Double] { Array(entry[pairs * bins..<(pairs + 1) * bins]) }

  /// How many neighbours the centres of a species have in each bin, all together, in a frame.
  private func counts(_ entry: [Double], center: Int, neighbor: Int) -> ArraySlice<Double> {
    let place = pairs + 1 + center * labels.count + neighbor
    return entry[place * bins..<(place + 1) * bins]
  }

  /// How many pairs of two species were counted a frame in each bin; in a region, the mean of those around either species.
  func counts(_ entry: [Double], _ a: Int, _ b: Int) -> [Double] {
    zip(counts(entry, center: a, neighbor: b), counts(entry, center: b, neighbor: a)).map { ($0 + $1) / (a == b ? 4 : 2) }
  }

  /// Atoms per Å³.
  func density(_ entry: [Double]) -> Double { entry.last ?? 0 }

  /// g(r) of all atoms, weighted by their scattering amplitudes at Q = 0: sum_ab w_ab g_ab / sum_ab w_ab.
  func weighted(_ entry: [Double], by weights: ScatteringWeights) -> [Double] {
    let (weights, norm, _) = weights.pairs(0, concentrations: concentrations)
    var result = [Double](repeating: 0, count: bins)
    for pair in 0..<pairs {
      for bin in 0..<bins { result[bin] += weights[pair] / norm * entry[pair * bins + bin] }
    }
    return result
  }

  /// The mean number of neighbours closer than the outer border of each bin.
  func running(_ entry: [Double], center: Int, neighbor: Int) -> [Double] {
    let centers = entry[entry.count - 1 - labels.count + center]
    var sum = 0.0
    return counts(entry, center: center, neighbor: neighbor).map {
      sum += $0
      return sum / centers
    }
  }

  /// Running numbers with their errors, of both directions where the species differ.
  func runningNumbers(_ a: Int, _ b: Int) -> [RadialDistributionResult.Running] {
    (a == b ? [(a, b)] : [(a, b), (b, a)]).map { center, neighbor in
      RadialDistributionResult.Running(
        pair: SpeciesPair(labels[center], labels[neighbor]), numbers: running(mean, center: center, neighbor: neighbor),
        error: average.standardError { running($0, center: center, neighbor: neighbor) })
    }
  }
}
