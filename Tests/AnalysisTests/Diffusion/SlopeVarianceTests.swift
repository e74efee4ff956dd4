import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct SlopeVarianceTests {
  /// Values of variance `width²`, sum of squares by construction.
  static func samples(_ count: Int, width: Double) -> [Double] {
    let scale = (Double(count - 1) / Double(count)).squareRoot() * width
    return (0..<count).map { 1 + ($0 % 2 == 0 ? scale : -scale) }
  }

  @Test func rowsAlikeAreAveragedWithTheory() {
    let variance = SlopeVariance(theory: 1, samples: Self.samples(10, width: 1.1), collectivity: TrackScatter.Collectivity(lasting: 2))
    // Theory counts as twenty rows beside nine degrees; all by two for pairs, and over ten rows.
    #expect(abs(variance.variance - 0.2 * (20 + 9 * 1.21) / 29) < 1e-12)
    #expect(variance.degrees == 29 && abs(variance.ratio - 1.21) < 1e-12 && !variance.isUnlike)
    let one = SlopeVariance(theory: 3, samples: [5], collectivity: TrackScatter.Collectivity())
    #expect(one.variance == 3 && one.degrees == 20 && one.ratio == 1)
  }

  @Test func unlikeRowsOutvoteTheory() {
    let variance = SlopeVariance(theory: 1, samples: Self.samples(20, width: 3), collectivity: TrackScatter.Collectivity())
    #expect(variance.isUnlike && abs(variance.variance - 9.0 / 20) < 1e-12 && variance.degrees == 19)
  }

  @Test func blocksCountWhereTheyScatterMore() {
    var calm = SlopeVariance(theory: 1, samples: Self.samples(40, width: 1), collectivity: TrackScatter.Collectivity())
    let before = calm
    calm.consider(blocks: 1.2 * before.variance.squareRoot(), count: 10)
    #expect(calm.variance == before.variance && calm.degrees == before.degrees)
    calm.consider(blocks: 3 * before.variance.squareRoot(), count: 10)
    #expect(abs(calm.variance - 9 * before.variance) < 1e-12 && calm.degrees == 9)
    // Rows that move at the same moment: a factor from 48 windows, as many degrees at most, and blocks count sooner.
    let together = TrackScatter.Collectivity(momentary: 4, windows: 48)
    var burst = SlopeVariance(theory: 1, samples: Self.samples(40, width: 1), collectivity: together)
    #expect(abs(burst.variance - 4 * before.variance) < 1e-12 && abs(burst.degrees - 1 / (1.0 / 59 + 1.0 / 48)) < 1e-12)
    let own = burst.variance
    burst.consider(blocks: 1.5 * own.squareRoot(), count: 10)
    #expect(abs(burst.variance - 2.25 * own) < 1e-12)
    #expect(!TrackScatter.Collectivity(momentary: 1.3, windows: 48).isMomentary)
  }

  @Test func hopsAtOnceAreFewer() throws {
    var random = RandomStream(seed: 21)
    let pool = WorkerPool(threads: 2)
    // Hops at the same moment: 48 windows know the factor to a fifth, and long ones are more Gaussian, which lowers it.
    for (partners, expected) in [(1, 1.0...1.6), (4, 2.0...5.5), (10, 5.0...14.0)] {
      let walk = RandomWalk(steps: .jumps(length: 2.5, probability: 0.05, back: 1.0 / 6), partners: partners)
      let store = try walk.tracks(ions: 60, frames: 289, random: &random)
      let found = try TrackScatter.collectivity(store, rows: 0..<60, axes: [0, 1, 2], window: 6, pool: pool)
      #expect(expected.contains(found.momentary), "\(partners): \(found)")
      // The other sum sees none of it but that any two ions meet now and then.
      #expect(found.lasting < 3, "\(partners): \(found)")
    }
  }
}
