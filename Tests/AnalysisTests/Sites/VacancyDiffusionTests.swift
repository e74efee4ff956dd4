import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// One vacancy in a crystal: the correlation factors of tracers that every textbook has.
///
/// - Source: Montet, Phys. Rev. B 7, 650 (1973), doi:10.1103/PhysRevB.7.650: 0.65311 (simple cubic), 0.78146 (face-centred).
@Suite struct VacancyDiffusionTests {
  /// The places of a lattice on a grid of small cubes, by its steps.
  private func tally(steps: [SIMD3<Int>], width: Int, jumps: Int, seed: UInt64) -> [HopSums] {
    var random = RandomStream(seed: seed)
    func index(_ place: SIMD3<Int>) -> Int {
      let inside = SIMD3<Int>((place.x + width) % width, (place.y + width) % width, (place.z + width) % width)
      return (inside.x * width + inside.y) * width + inside.z
    }
    var ions = [Int](repeating: -1, count: width * width * width)
    var count = 0
    let isCubic = steps.count == 6
    for x in 0..<width {
      for y in 0..<width {
        for z in 0..<width where isCubic || (x + y + z) % 2 == 0 {
          ions[index(SIMD3(x, y, z))] = count
          count += 1
        }
      }
    }
    var vacancy = SIMD3<Int>.zero
    ions[0] = -1
    var hops = [[Hop]](repeating: [], count: count)
    for frame in 1...jumps {
      let step = steps[Int(random.uniform() * Double(steps.count))]
      let place = SIMD3<Int>(
        (vacancy.x &+ step.x &+ width) % width, (vacancy.y &+ step.y &+ width) % width, (vacancy.z &+ step.z &+ width) % width)
      let ion = ions[index(place)]
      let from = hops[ion].last?.to ?? .zero
      let way = Vector3(Double(-step.x), Double(-step.y), Double(-step.z))
      hops[ion].append(Hop(frame: frame, from: from, to: from + way, strength: 1))
      ions[index(vacancy)] = ion
      ions[index(place)] = -1
      vacancy = place
    }
    return HopTally.blocks(of: 1..<count).map { block in
      var tally = HopTally(observable: 1..<jumps + 1, interval: 1, minimumResidence: 1, returnRadius: 0.5)
      for ion in block { tally.add(hops[ion], slope: 0) }
      return tally.sums
    }
  }

  @Test(arguments: [true, false]) func correlationFactorOfATracer(isCubic: Bool) throws {
    var steps: [SIMD3<Int>] = []
    for x in -1...1 {
      for y in -1...1 { for z in -1...1 where x * x + y * y + z * z == (isCubic ? 1 : 2) { steps.append(SIMD3(x, y, z)) } }
    }
    #expect(steps.count == (isCubic ? 6 : 12))
    let expected = isCubic ? 0.65311 : 0.78146
    // Some thousand ions with three hundred jumps each.
    let blocks = tally(steps: steps, width: isCubic ? 14 : 18, jumps: 800_000, seed: 96)
    let first = HopEstimate.jackknife(blocks, \.firstOrderCorrelation)
    let chains = HopEstimate.jackknife(blocks, \.chainCorrelation)
    let error = try #require(first.error)
    // The last jump of an ion has no next: one pair in three hundred is missing, of those with a late return.
    #expect(abs(first.value - expected) < 4 * error + 0.002 && error < 0.003)
    #expect(abs(chains.value - expected) < 4 * (chains.error ?? 0) + 0.005 && (chains.error ?? 1) < 0.04)
  }
}
