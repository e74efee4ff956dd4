import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// What a window does to rates, and whether the result says so.
@Suite struct HopWindowTests {
  /// Hops of 3 Å after 21 ps, vibrations of 0.25 Å in each direction that are forgotten in 0.15 ps.
  static let hoppers = Result {
    try HoppingIons(ions: 48, count: 4000, residence: 400, width: 0.25, memory: 0.7165, seed: 87) { _, random in
      HoppingIons.randomStep(&random)
    }
  }
  static let walk = Result {
    var random = RandomStream(seed: 88)
    let tracks = randomWalks(atoms: 40, frames: 2500, width: 0.2, random: &random)
    return try lithiumFrames(tracks, cell: Cell(lengths: Vector3(repeating: 20)))
  }

  static func part(_ frames: [Frame], window: Double, _ change: (inout HopAnalysis) -> Void = { _ in }) throws -> HopStatistics {
    var analysis = HopAnalysis()
    analysis.window = window
    change(&analysis)
    return try #require(try analysis.analyze(frames, pool: WorkerPool(threads: 2))["Li"])
  }

  @Test func longWindowsFindTheRate() throws {
    let part = try Self.part(try Self.hoppers.get().frames, window: 2.5)
    // Residences are 20 frames and on average 399.5 of whole frames; the first begins with the run.
    let rate = 1 / (419.5 * HoppingIons.interval)
    let error = try #require(part.rate.error)
    #expect(abs(part.rate.value - rate) < 4 * error && error < 0.15 * rate)
    // Means over 25 frames lengthen by 0.01 Å; one false hop of 1 Å in fifty shortens by 0.04 Å.
    #expect(abs(part.meanLength.value - 3) < 0.08)
    #expect(part.shortShare < 0.1 && part.warnings.isEmpty, "\(part.warnings)")
    // Half the window finds vibrations; that is told, and does not count against this one.
    #expect(try #require(part.halfWindowRate) > 1.2 * rate)
  }

  @Test(arguments: [0.6, 1.0]) func shortWindowsFindVibrations(window: Double) throws {
    let part = try Self.part(try Self.hoppers.get().frames, window: window)
    let rate = 1 / (419.5 * HoppingIons.interval)
    // Wrong, with an error of counting that says otherwise.
    #expect(part.rate.value > 2 * rate && part.countingError < 0.05 * part.rate.value)
    #expect(part.shortShare > 0.4 && part.warnings.contains { $0.contains("no gap") })
    #expect(try #require(part.rate.error) > 0.25 * part.rate.value)
    let energy = part.activationEnergy(attemptFrequency: 10, temperature: 700)
    #expect(try #require(energy.error) > 0.25 * PhysicalConstants.boltzmann * 700)
  }

  /// Motion without cages: each window finds hops of a length and a rate of its own.
  @Test(arguments: HopFinder.Method.allCases) func flowHasNoHops(method: HopFinder.Method) throws {
    let frames = try Self.walk.get()
    let part = try Self.part(frames, window: 2) { $0.method = method }
    let (half, double) = (try #require(part.halfWindowRate), try #require(part.doubleWindowRate))
    #expect(half > 1.3 * part.rate.value && part.rate.value > 1.3 * double)
    #expect(abs((part.windowError ?? 0) - (half - double) / 2) < 1e-12)
    #expect(try #require(part.rate.error) > (half - double) / 2)
    #expect(part.warnings.contains { $0.contains("no gap") }, "\(part.shortShare)")
    // The mean-squared displacement knows better.
    #expect(part.correlationFactor.value > 1.3 && part.warnings.contains { $0.contains("hops are missed") })
  }

  @Test func advice() throws {
    let frames = try Self.walk.get()
    let plain = try Self.part(frames, window: 1)
    #expect(plain.warnings.contains { $0.contains("take a shorter window") })
    let given = try Self.part(frames, window: 1) { $0.minimumResidence = 1 }
    #expect(given.warnings.contains { $0.contains("give a shorter minimum-residence") })
    #expect(!given.warnings.contains { $0.contains("shorter window") })
  }

  @Test func windowsThatDoNotFit() throws {
    let frames = Array(try Self.walk.get().prefix(70))
    // Two frames in half of the window have no half; twice 40 frames are more than the run.
    #expect(try Self.part(frames, window: 0.2).halfWindowRate == nil)
    let long = try Self.part(frames, window: 2)
    #expect(long.doubleWindowRate == nil && long.halfWindowRate != nil)
  }
}
