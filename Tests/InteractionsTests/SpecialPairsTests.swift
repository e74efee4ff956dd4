import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Pairs that are excluded or scaled, against the sum over all pairs with the difference taken by hand.
@Suite struct SpecialPairsTests {
  /// Every pair closer than 3 Å, with factors in turn.
  static func neighbors(of configuration: Configuration) -> [SpecialPairs.Pair] {
    var pairs: [SpecialPairs.Pair] = []
    for i in 0..<configuration.count {
      for j in i + 1..<configuration.count
      where configuration.cell.minimumImage(configuration.positions[i] - configuration.positions[j]).length < 3 {
        let factors: (Double, Double) = [(0, 0), (0.5, 0.8333), (1, 0)][pairs.count % 3]
        pairs.append(.init(Int32(j), Int32(i), pairFactor: factors.0, coulombFactor: factors.1))
      }
    }
    return pairs
  }

  @Test(arguments: [0, 2, 3]) func remainderOfScaledPairs(cell: Int) throws {
    let configuration = try PairCalculatorTests.randomOxide(300, edges: PairCalculatorTests.cells[cell], seed: 4)
    let plain = PairCalculatorTests.silica(configuration, cutoff: 8, short: 6)
    var special = plain
    special.specialPairs = SpecialPairs(Self.neighbors(of: configuration), atoms: configuration.count)
    #expect(special.specialPairs.pairs.count > 300)

    var expected: [Vector3] = []
    var energy = try ReferenceCalculator(plain, for: configuration)
      .evaluate(positions: configuration.positions, cell: configuration.cell, forces: &expected, energies: true).energy
    for pair in special.specialPairs.pairs {
      let (i, j) = (Int(pair.first), Int(pair.second))
      let (a, b) = (Int(configuration.types[i]), Int(configuration.types[j]))
      let d = configuration.cell.minimumImage(configuration.positions[j] - configuration.positions[i])
      let product = plain.charges[a] * plain.charges[b] * PhysicalConstants.coulomb
      let curve: PairValue = plain.curve(a, b)?(d.length) ?? (0, 0)
      energy += (pair.pairFactor - 1) * curve.energy + (pair.coulombFactor - 1) * product / d.length
      let force =
        (pair.pairFactor - 1) * curve.force / d.length + (pair.coulombFactor - 1) * product / (d.squaredLength * d.length)
      expected[i] -= d * force
      expected[j] += d * force
    }

    let pool = WorkerPool(threads: 2)
    let calculators: [(any ForceCalculator, tolerance: Double)] = [
      (try ReferenceCalculator(special, for: configuration), 1e-12),
      (try PairCalculator(special, for: configuration, precision: .double, pool: pool), 1e-9),
      // Single precision, and sums of alternating sign.
      (try PairCalculator(special, for: configuration, precision: .mixed, pool: pool), 2e-5),
    ]
    let largest = try #require(expected.map(\.length).max())
    for (calculator, tolerance) in calculators {
      var forces: [Vector3] = []
      let result = try calculator.evaluate(
        positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
      #expect(abs(result.energy - energy) < tolerance * abs(energy))
      for (force, other) in zip(forces, expected) { #expect((force - other).length < tolerance * largest) }
    }
  }

  @Test(arguments: [
    Coulomb.dsf(cutoff: 8, alpha: 0.25), .wolf(cutoff: 8, alpha: 0.25), .dsf(cutoff: 8, alpha: 0.25, smoothing: 1),
    .wolf(cutoff: 8, alpha: 0.25, smoothing: 1), .shik(cutoff: 8, gamma: 0.2),
  ])
  func correctionIsPairLessBare(_ coulomb: Coulomb) {
    // 0.19 and 0.21: either side of where the series ends.
    for r in [0.1, 0.19, 0.21, 1, 3, 7.9] {
      let (value, correction) = (coulomb.pair(r), coulomb.correction(r))
      let k = PhysicalConstants.coulomb
      #expect(abs(correction.energy - (value.energy - k / r)) < 1e-11 * k / r)
      #expect(abs(correction.forceOverDistance - (value.force - k / (r * r)) / r) < 1e-11 * k / (r * r * r))
    }
    if case .shik = coulomb { return }
    #expect(coulomb.correction(0).energy.isFinite)
  }

  @Test func firstOfTwoEqualPairsCounts() {
    let pairs = SpecialPairs(
      [
        .init(3, 1, pairFactor: 0, coulombFactor: 0), .init(1, 3, pairFactor: 1, coulombFactor: 1),
        .init(0, 1, pairFactor: 0, coulombFactor: 0),
      ],
      atoms: 4)
    #expect(pairs.pairs.map(\.first) == [0, 1])
    #expect(pairs.pairs[1].pairFactor == 0)
    #expect(Array(pairs.partners(of: 1)) == [0, 3])
    #expect(pairs.partners(of: 2).isEmpty)
  }
}
