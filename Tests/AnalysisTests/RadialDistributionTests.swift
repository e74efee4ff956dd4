import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct RadialDistributionTests {
  @Test func agreesWithMDAnalysisAndFreudOnATriclinicNPTDump() throws {
    let golden = try GoldenTrajectory.values()
    var parameters = RadialDistribution()
    parameters.cutoff = golden.cutoff_A
    parameters.binWidth = golden.cutoff_A / Double(golden.bins)
    let result = try parameters.analyze(GoldenTrajectory.frames(.wrapped), pool: WorkerPool(threads: 2))
    #expect(result.frameCount == 45)
    #expect(result.radii.count == golden.bins)
    let counts = try GoldenTrajectory.frames(.wrapped)[0].configuration.speciesCounts
    for (key, expected) in golden.rdf.mdanalysis {
      let pair = try #require(SpeciesPair(key))
      let partial = try #require(result.partial(pair.center, pair.neighbor))
      // MDAnalysis divides a pair of like species by N (N - 1), we and freud by N².
      let number = Double(counts[pair.center == "Ar" ? 0 : 1])
      let factor = pair.center == pair.neighbor ? number / (number - 1) : 1
      let freud = try #require(golden.rdf.freud[key])
      for bin in 0..<golden.bins {
        // Their positions and cells are in single precision: 1e-7 of the volume. freud sums and divides in it as well.
        #expect(abs(partial.values[bin] * factor - expected[bin]) < 1e-6 * max(1, expected[bin]))
        #expect(abs(partial.values[bin] - freud[bin]) < 2e-6 * max(1, freud[bin]))
      }
    }
  }

  @Test func idealGasIsOne() throws {
    let cell = try skewedCell()
    let types = (0..<400).map { Int32($0 % 2) }
    let frames = try (0..<60).map { Frame(try randomConfiguration(cell, types: types, species: ["Li", "S"], seed: UInt64($0))) }
    var parameters = RadialDistribution()
    parameters.cutoff = 9
    parameters.binWidth = 0.5
    let result = try parameters.analyze(frames)
    for partial in result.partials {
      #expect(partial.error.count == result.radii.count)
      for bin in 4..<result.radii.count {
        // Within the shortest lattice vector of 7.83 Å, an atom meets the N - 1 others of its kind, beyond it its images too.
        let isBeyondImages = result.radii[bin] + 0.25 > 7.8
        if isBeyondImages && partial.pair.center == partial.pair.neighbor { continue }
        let ideal = partial.pair.center == partial.pair.neighbor ? 1 - 1.0 / 200 : 1
        // Five standard errors: one chance in a million a value. The errors must be of the size of the counting noise.
        #expect(abs(partial.values[bin] - ideal) < 5 * partial.error[bin])
        #expect(partial.error[bin] < 0.05)
      }
    }
    // The total runs over all atoms alike, own images included only beyond the cell.
    #expect(abs(result.total[10] - 1) < 0.02)
  }

  @Test func shellsOfRockSalt() throws {
    // Na at 0 and Cl at a/2: 6 Cl at a/2, 12 Na at a/√2, 8 Cl at a √3/2.
    let a = 5.65
    let configuration = try crystal(
      a,
      basis: [
        ("Na", Vector3(0, 0, 0)), ("Na", Vector3(0, 0.5, 0.5)), ("Na", Vector3(0.5, 0, 0.5)), ("Na", Vector3(0.5, 0.5, 0)),
        ("Cl", Vector3(0.5, 0, 0)), ("Cl", Vector3(0, 0.5, 0)), ("Cl", Vector3(0, 0, 0.5)), ("Cl", Vector3(0.5, 0.5, 0.5)),
      ], repeats: 2)
    var parameters = RadialDistribution()
    // Beyond half the cell of 11.3 Å, so that explicit images count.
    parameters.cutoff = 11
    let result = try parameters.analyze([Frame(configuration)])
    let unlike = try #require(result.partial("Cl", "Na"))
    #expect(abs(try #require(unlike.shell.peak) - a / 2) < parameters.binWidth)
    let sodium = try #require(result.coordination(SpeciesPair("Na", "Cl")))
    #expect(abs(sodium.value - 6) < 1e-9)
    #expect(sodium.error == nil)
    let like = try #require(result.coordination(SpeciesPair("Na", "Na")))
    #expect(abs(like.value - 12) < 1e-9)
    // Shells of the fcc sublattice up to 11 Å = 1.95 a: 12, 6, 24, 12, 24, 8, 48 at a √(n/2); n = 7 is 1.87 a.
    let running = try #require(result.partial("Na", "Na")?.running.first?.numbers.last)
    #expect(abs(running - 134) < 1e-9)
    #expect(result.warnings.contains { $0.contains("half the cell") })
    // a/2 times the roots of 1, 3, 5, 9, 11, 13.
    #expect(unlike.values.filter { $0 > 0 }.count == 6)
  }

  @Test func countsDoNotChangeInASupercell() throws {
    let unit = try randomConfiguration(skewedCell(), types: (0..<40).map { Int32($0 % 2) }, species: ["Si", "O"], seed: 5)
    var parameters = RadialDistribution()
    parameters.cutoff = 9.13
    let small = try parameters.analyze([Frame(unit)])
    let large = try parameters.analyze([Frame(try unit.replicated((2, 1, 3)))])
    for (a, b) in zip(small.partials, large.partials) {
      // g and coordination are intensive; images that fall on a border by chance are not expected among 40 atoms, and
      // rounding of counts times volume is 1e-14.
      #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-9 * max(1, $0) })
    }
  }

  @Test func defaultCutoffIsHalfTheSmallestWidthUpToTen() throws {
    let small = try randomConfiguration(Cell(lengths: Vector3(9, 30, 30)), types: [0, 0, 0], species: ["Li"], seed: 1)
    #expect(try RadialDistribution().analyze([Frame(small)]).cutoff == 4.5)
    let large = try randomConfiguration(Cell(lengths: Vector3(40, 30, 30)), types: [0, 0, 0], species: ["Li"], seed: 1)
    #expect(try RadialDistribution().analyze([Frame(large)]).cutoff == 10)
  }

  @Test func badInputIsExplained() throws {
    var bad = try randomConfiguration(Cell(lengths: Vector3(9, 9, 9)), types: [0, 0, 0], species: ["Li"], seed: 1)
    let good = bad
    bad.positions[1].y = .nan
    let error = #expect(throws: AnalysisError.self) { try RadialDistribution().analyze([Frame(good), Frame(bad)]) }
    #expect(error?.message.contains("atom 2 in frame 1") == true)
    var other = RadialDistribution()
    other.species = ["L"]
    let unknown = #expect(throws: AnalysisError.self) { try other.analyze([Frame(good)]) }
    #expect(unknown?.message.contains("did you mean \"Li\"") == true)
    #expect(throws: AnalysisError.self) { try RadialDistribution().analyze([]) }
    let fewer = try randomConfiguration(good.cell, types: [0, 0], species: ["Li"], seed: 1)
    #expect(throws: AnalysisError.self) { try RadialDistribution().analyze([Frame(good), Frame(fewer)]) }
  }

  @Test func peakAndMinimumOfANoisyCurve() {
    // Two Gaussians whose lowest point between lies at 2.36 Å, with noise as of 400 pairs a bin.
    let radii = (0..<300).map { (Double($0) + 0.5) * 0.02 }
    func curve(_ r: Double) -> Double {
      func bump(_ x: Double) -> Double { 1 / (1 + x * x * x * x) }
      return 4 * bump((r - 1.6) / 0.3) + 1.8 * bump((r - 3.2) / 0.5)
    }
    var exact = radii[80]
    for r in stride(from: 1.7, to: 3.1, by: 0.001) where curve(r) < curve(exact) { exact = r }
    for seed in 0..<20 {
      var random = RandomStream(seed: UInt64(seed))
      let values = radii.map { max(0, curve($0) * (1 + 0.05 * random.normal())) }
      let shell = FirstShell(radii: radii, values: values, counts: radii.map { _ in 400 }, smoothing: 0.05)
      // Smoothing over about nine bins leaves noise of 2 %; that moves a flat-topped maximum and minimum by tenths.
      #expect(abs((shell.peak ?? 0) - 1.6) < 0.12)
      #expect(abs((shell.minimum ?? 0) - exact) < 0.12)
    }
    let flat = FirstShell(radii: radii, values: radii.map { _ in 1 }, counts: radii.map { _ in 400 }, smoothing: 0.05)
    #expect(flat.peak == nil && flat.minimum == nil)
  }

  @Test(.tags(.slow), .enabled(if: slowTests)) func speed() throws {
    let cell = try Cell(lengths: Vector3(repeating: 35.66))
    let configuration = try randomConfiguration(cell, types: (0..<3000).map { $0 % 3 == 0 ? 0 : 1 }, species: ["Si", "O"], seed: 1)
    for threads in [1, 2] {
      var histogram = PairHistogram(classes: 2, cutoff: 10, bins: 500)
      let pool = WorkerPool(threads: threads)
      var best = Duration.seconds(1)
      for _ in 0..<200 {
        best = min(
          best,
          ContinuousClock().measure {
            _ = histogram.count(cell: cell, positions: configuration.positions, classOf: configuration.types, pool: pool)
          })
      }
      print("g(r), 3000 atoms to 10 Å, \(threads) threads: \(best)")
      // vitrum, the fastest peer, takes 7.5 ms a frame on one core; a loaded machine halves our speed at worst.
      #expect(best < .milliseconds(7))
    }
  }
}
