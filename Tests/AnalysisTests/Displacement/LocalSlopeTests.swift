import NumericalMethods
import Structures
import Testing

@testable import Analysis

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct LocalSlopeTests {
  /// Powers of t are straight lines on logarithmic axes, whatever the window.
  @Test(arguments: [0.5, 1.0, 2.0]) func powersAreExact(exponent: Double) {
    let slope = LocalSlope((0..<400).map { 3 * pow(Double($0), exponent) }, blocks: [])
    #expect(slope.values.allSatisfy { abs($0 - exponent) < 1e-12 } && slope.errors.isEmpty)
    let expected: LocalSlope.Regime.Kind = exponent == 0.5 ? .caged : exponent == 1 ? .diffusive : .ballistic
    #expect(slope.regimes == [LocalSlope.Regime(kind: expected, lags: 1...200)])
  }

  /// Flight to a cage of 0.5 Å² and escape from it: 0.5 (1 - exp(-(t/20)²)) + t/4000.
  @Test func flightCageAndEscape() throws {
    let curve = (0..<120_000).map { 0.5 * (1 - exp(-pow(Double($0) / 20, 2))) + Double($0) / 4000 }
    let regimes = LocalSlope(curve, blocks: []).regimes
    try #require(regimes.map(\.kind) == [.ballistic, .caged, .diffusive])
    // The flight term slows from the cage's time on; the cage is left where t/4000 is near 0.5 Å²; 0.9 of the slope at nine times that.
    #expect(regimes[0].lags.lowerBound < 10 && (8...25).contains(regimes[0].lags.upperBound))
    #expect((20...60).contains(regimes[1].lags.lowerBound) && (6000...9000).contains(regimes[1].lags.upperBound))
    #expect((16_000...22_000).contains(regimes[2].lags.lowerBound) && regimes[2].lags.upperBound == 60_000)
  }

  @Test func standingStillHasNoSlope() {
    let slope = LocalSlope([Double](repeating: 0, count: 50), blocks: [])
    #expect(slope.values.allSatisfy(\.isNaN) && slope.regimes.isEmpty)
  }

  /// Atoms that move as one have N times the displacement of one; those that move alone have the same, within their spread.
  @Test func collectiveDisplacement() throws {
    var random = RandomStream(seed: 54)
    let one = randomWalks(atoms: 1, frames: 300, width: 0.3, random: &random)
    let offsets = (0..<20).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * 10 }
    let together = one.map { frame in offsets.map { $0 + frame[0] } }
    let rigid = try MeanSquaredDisplacement().analyze(
      try frames(together, cell: { _ in try tiltedCell() }, species: try species("Li"))
    ).species[0]
    for lag in [1, 7, 100] { #expect(abs(rigid.collective[lag] - 20 * rigid.values[lag]) < 1e-9 * rigid.collective[lag]) }

    let alone = randomWalks(atoms: 20, frames: 3000, width: 0.3, random: &random)
    let free = try MeanSquaredDisplacement().analyze(
      try frames(alone, cell: { _ in try tiltedCell() }, species: try species("Li"))
    ).species[0]
    // One walk of 3000 steps in three directions: sqrt(2 / 9000) of its value at lag 1, four times that allowed.
    #expect(abs(free.collective[1] - 3 * 0.09) < 4 * 3 * 0.09 * 0.015)
  }
}
