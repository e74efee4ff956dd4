import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct DiffusionTests {
  static let cube = Vector3(repeating: 14)

  /// Frames of a walk, from any places in the cell.
  static func trajectory(
    _ walk: RandomWalk, ions: Int, count: Int, seed: UInt64, species kinds: [Species]? = nil, types: [Int32]? = nil
  ) throws -> [Frame] {
    var random = RandomStream(seed: seed)
    let store = try walk.tracks(ions: ions, frames: count, random: &random)
    var places = (0..<count).map { _ in [Vector3](repeating: .zero, count: ions) }
    try store.forEachBatch(of: 0..<ions) { rows, signals in
      for (place, row) in rows.enumerated() {
        let start = Vector3(random.uniform(), random.uniform(), random.uniform()) * 14
        for frame in 0..<count {
          func value(_ axis: Int) -> Double { signals[(3 * place + axis) * count + frame] }
          places[frame][row] = start + Vector3(value(0), value(1), value(2))
        }
      }
    }
    return try frames(
      places, cell: { _ in try Cell(lengths: Self.cube) }, species: try kinds ?? species("Li"), types: types, interval: 0.5)
  }

  static func result(_ frames: [Frame], _ settings: [String: String] = [:], threads: Int = 2) throws -> DiffusionResult {
    let job = try Analyses.job("diffusion", settings: settings)
    return try #require(try AnalysisRunner([job], pool: WorkerPool(threads: threads)).run(frames).results.first as? DiffusionResult)
  }

  @Test func covarianceIsTheSumOverOrigins() {
    // A measured begin that is no straight line, and lags that overlap in all ways.
    let model = DisplacementCovariance(short: [0, 0.7, 1.0, 1.2], intercept: 0.6, slope: 0.2, frames: 31, dimensions: 3)
    let lags = [1, 2, 5, 9, 17, 25]
    #expect(largestDifference(model.matrix(lags), model.reference(lags)) < 1e-12)
  }

  @Test func covarianceOfAWalk() {
    // For lag 1 of a walk without noise, steps are independent: var msd(1) = 2 g² / (d (T - 1)).
    let model = DisplacementCovariance(short: [0], intercept: 0, slope: 0.3, frames: 100, dimensions: 2)
    #expect(abs(model.matrix([1])[0] - 2 * 0.09 / (2 * 99)) < 1e-15)
  }

  @Test func covarianceIsWhatWalksScatter() throws {
    // 4000 walks: each variance is known to 2 %, 5 standard errors allowed.
    let (width, count, lags) = (0.5, 40, [1, 4, 15])
    var random = RandomStream(seed: 5)
    let store = try RandomWalk(steps: .gaussian(width)).tracks(ions: 4000, frames: count, random: &random)
    let pool = WorkerPool(threads: 2)
    let each = try DisplacementTransform(store: store, pool: pool).curves(groups: (0..<4000).map { $0..<$0 + 1 })
    let model = DisplacementCovariance(short: [0], intercept: 0, slope: 3 * width * width, frames: count, dimensions: 3).matrix(lags)
    for (i, m) in lags.enumerated() {
      for (j, n) in lags.enumerated() {
        let (a, b) = (each.dropLast().map { $0.total[m] }, each.dropLast().map { $0.total[n] })
        let (meanA, meanB) = (a.reduce(0, +) / 4000, b.reduce(0, +) / 4000)
        let measured = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / 3999
        let scale = (model[i * 3 + i] * model[j * 3 + j]).squareRoot()
        let expected = model[i * 3 + j]
        #expect(abs(measured - expected) < 0.12 * scale, "\(m) \(n): \(measured) \(expected)")
      }
    }
  }

  @Test func lineIsFoundExactly() throws {
    let curve = (0..<200).map { lag in lag == 0 ? 0 : 0.4 + 0.25 * Double(lag) }
    let fit = try #require(DisplacementFit(curve: curve, lags: FitRange.spaced(3, 99), frames: 200, dimensions: 3))
    #expect(abs(fit.slope - 0.25) < 1e-10 && abs(fit.intercept - 0.4) < 1e-8 && abs(fit.exponent - 1) < 1e-8)
    for weights in [fit.weights, fit.plainWeights] {
      // Any line comes back: weights add up to nothing, and give a slope of one.
      #expect(abs(weights.reduce(0, +)) < 1e-12)
      #expect(abs(zip(weights, fit.lags).reduce(0) { $0 + $1.0 * Double($1.1) } - 1) < 1e-10)
    }
    // Generalised least squares has the least variance of all.
    #expect(fit.variance <= fit.plainVariance)
  }

  @Test func lagsOfAFit() {
    #expect(FitRange.spaced(1, 5) == [1, 2, 3, 4, 5])
    let lags = FitRange.spaced(2, 1000)
    #expect(lags.first == 2 && lags.last == 1000 && lags.count == 20 && zip(lags, lags.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func intervalsOfFewDisplacements() {
    // Chi-squared of 6 degrees: 6 / 14.4494 and 6 / 1.2373; the cube root is normal to some percent.
    let interval = DiffusionInterval.interval(1, error: (2.0 / 6).squareRoot(), degrees: .infinity)
    #expect(abs(interval.lowerBound / 0.41524 - 1) < 0.01 && abs(interval.upperBound / 4.8493 - 1) < 0.05)
    // Many: as normal as it gets.
    let narrow = DiffusionInterval.interval(1, error: 0.01, degrees: .infinity)
    #expect(abs(narrow.lowerBound - (1 - 0.0196)) < 5e-4 && abs(narrow.upperBound - (1 + 0.0196)) < 5e-4)
    #expect(DiffusionInterval.interval(-1, error: 0.1, degrees: 5) == 0...0)
    // Rows that differ: 1 - 2.262 0.2 below, and the lopsided end above.
    let (lopsided, wide) = (
      DiffusionInterval.interval(1, error: 0.2, degrees: 9), DiffusionInterval.interval(1, error: 0.2, degrees: 9, isLopsided: false)
    )
    #expect(abs(wide.lowerBound - 0.54757) < 1e-4 && wide.lowerBound < lopsided.lowerBound && wide.upperBound == lopsided.upperBound)
  }

  /// A small part of ``CoverageTests``, each time.
  @Test func intervalsHoldMostly() throws {
    for test in [1, 3, 6, 11, 13].map({ CoverageTests.cases[$0] }) {
      let sets = 150
      let tally = try CoverageTests.tally(test, sets: sets, seed: 77)
      // 95 % of 150 are 142.5 ± 2.7; four of these less.
      #expect(tally.covered[0] >= 132, "\(test.name): \(tally.covered[0]) of \(sets)")
      #expect(abs(tally.mean - 1) < 0.05, "\(test.name)")
    }
  }

  @Test func summaryOfAWalk() throws {
    let walk = RandomWalk(steps: .gaussian(0.4))
    let result = try Self.result(try Self.trajectory(walk, ions: 60, count: 200, seed: 8), ["species": "Li", "hop-length": "2 A"])
    #expect(result.meetsQualityTest)
    // Å² a frame of 0.5 ps.
    let truth = walk.diffusion / 0.5 * 1e-4
    let values = result.summary
    let lithium = try #require(result["Li"])
    let interval = try #require(result.value(lithium)).scaled(by: 1e-4).interval
    #expect(interval.contains(truth))
    #expect(values["D_cm2_per_s"]?.double != nil)
    let species = try #require(values["species"]?["Li"])
    #expect(species["D_cm2_per_s"]?.double == values["D_cm2_per_s"]?.double)
    for method in ["gls", "ols", "blocks"] { #expect(species["estimators"]?[method]?["slope_cm2_per_s"]?.double != nil, "\(method)") }
    let (beta, error) = (try #require(species["beta"]?.double), try #require(species["beta_error"]?.double))
    #expect(abs(beta - 1) < 3 * error)
    let independent = try #require(species["independent_displacements"]?.double)
    #expect(independent > 60)
    #expect(species["hop_length_A"]?.double == 2)
    for method in ["ols", "blocks"] {
      let other = try Self.result(try Self.trajectory(walk, ions: 60, count: 200, seed: 8), ["method": method])
      #expect(other.summary["D_cm2_per_s"]?.double == species["estimators"]?[method]?["slope_cm2_per_s"]?.double)
    }
  }

  @Test func sameBitsOnAnyThreads() throws {
    let frames = try Self.trajectory(
      RandomWalk(steps: .jumps(length: 2, probability: 0.2, back: 0.4), vibration: 0.2, memory: 0.3), ions: 37, count: 150, seed: 9)
    let texts = try [1, 2, 3].map { try Self.result(frames, threads: $0).summary.json() }
    #expect(texts[0] == texts[1] && texts[1] == texts[2])
  }

  @Test func turnsWithTheFrameOfReference() throws {
    // A walk along x alone is as large by all directions as a third along one.
    var random = RandomStream(seed: 10)
    var places = [Vector3](repeating: .zero, count: 20)
    let tracks = (0..<300).map { _ in
      for i in places.indices { places[i].x += 0.5 * random.normal() }
      return places
    }
    let frames = try frames(tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li"))
    let (all, x) = (try Self.result(frames, ["hop-length": "1 A"]), try Self.result(frames, ["dimensions": "x", "hop-length": "1 A"]))
    let (whole, line) = (try #require(all["Li"]?.estimate), try #require(x["Li"]?.estimate))
    let share = 3 * whole.generalized.value / line.generalized.value
    #expect(abs(share - 1) < 0.05)
    // So is its relative error: unlike directions hold no more than one of them.
    let relative = (whole.generalized.error / whole.generalized.value) / (line.generalized.error / line.generalized.value)
    #expect(relative > 0.8 && relative < 1.25, "\(relative)")
    // An interval misses once in twenty times; four errors practically never.
    #expect(abs(line.generalized.value - 0.25) < 4 * line.generalized.error)
  }

  @Test func ionsTogetherAreFewer() throws {
    var random = RandomStream(seed: 11)
    let pool = WorkerPool(threads: 2)
    for (size, expected) in [(1, 1.0), (2, 2.0), (8, 8.0)] {
      let walk = RandomWalk(steps: .gaussian(0.5), groupSize: size)
      let store = try walk.tracks(ions: 64, frames: 300, random: &random)
      let found = try TrackScatter.collectivity(store, rows: 0..<64, axes: [0, 1, 2], window: 4, pool: pool)
      // Its noise is about 2 / (3 windows).
      #expect(abs(found.lasting - expected) < 0.1 * expected, "\(size): \(found)")
    }
  }

  @Test func cagesAreRefused() throws {
    let caged = RandomWalk(steps: .gaussian(0), vibration: 0.5, memory: 0.8)
    let result = try Self.result(try Self.trajectory(caged, ions: 40, count: 200, seed: 12), ["species": "Li"])
    #expect(!result.meetsQualityTest)
    if case .null? = result.summary["D_cm2_per_s"] {} else { Issue.record("a diffusion coefficient of a cage") }
    if case .null? = result.summary["interval95_cm2_per_s"] {} else { Issue.record("an interval of a cage") }
    #expect(result.warnings.contains { $0.contains("less than a hop") })
  }

  @Test func ballisticIsRefused() throws {
    var random = RandomStream(seed: 13)
    let velocities = (0..<30).map { _ in Vector3(random.normal(), random.normal(), random.normal()) }
    let tracks = (0..<60).map { frame in velocities.map { $0 * (0.3 * Double(frame)) } }
    let frames = try frames(tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li"))
    for settings in [[:], ["fit-from": "2 ps"]] {
      let result = try Self.result(frames, settings)
      #expect(!result.meetsQualityTest, "\(settings)")
      #expect(result.warnings.contains { $0.contains("to the power") || $0.contains("no range of lags") })
    }
  }

  @Test func subdiffusionIsRefused() throws {
    // Sums of Ornstein-Uhlenbeck processes with times 1, 4, 16 … 4096 frames grow about as the root of time.
    var random = RandomStream(seed: 14)
    let times: [Double] = [1, 4, 16, 64, 256, 1024, 4096]
    func normal() -> Vector3 { Vector3(random.normal(), random.normal(), random.normal()) }
    var parts: [[Vector3]] = []
    for time in times {
      let width = time.squareRoot().squareRoot()
      parts.append((0..<200).map { _ in normal() * width })
    }
    var tracks: [[Vector3]] = []
    for _ in 0..<400 {
      var sum = [Vector3](repeating: .zero, count: 200)
      for (k, time) in times.enumerated() {
        let memory = 1 - 0.999 / time
        let fresh = ((1 - memory * memory) * time.squareRoot()).squareRoot()
        for ion in 0..<200 {
          parts[k][ion] = parts[k][ion] * memory + normal() * fresh
          sum[ion] += parts[k][ion]
        }
      }
      tracks.append(sum)
    }
    let frames = try frames(tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li"))
    let result = try Self.result(frames, ["fit-from": "5 ps", "hop-length": "1 A"])
    let estimate = try #require(result["Li"]?.estimate)
    #expect(!result.meetsQualityTest && estimate.exponent.value < 0.8, "\(estimate.exponent)")
  }

  @Test func runsThatCannotTellAreRefused() throws {
    // Three ions over 30 frames go far, and might as well fly or be held back.
    let result = try Self.result(
      try Self.trajectory(RandomWalk(steps: .gaussian(0.5)), ions: 3, count: 30, seed: 20), ["species": "Li", "hop-length": "0.1 A"])
    let estimate = try #require(result["Li"]?.estimate)
    #expect(estimate.exponent.error > 0.3 && !result.meetsQualityTest)
    #expect(estimate.refusals.contains { $0.contains("too short to tell") || $0.contains("independent displacements") })
    // One of these reasons is enough: no other one has to hold.
    #expect(abs(estimate.exponent.value - 1) < 2.576 * estimate.exponent.error)
  }

  @Test func unlikeIonsAreNotRefused() throws {
    // Ions whose D differ by half a decade: the curve bends by chance more than that of ions alike.
    let sets = 60
    let walk = RandomWalk(steps: .gaussian(0.5), unlike: 0.8)
    let tally = try CoverageTests.tally(CoverageTests.Case(name: "unlike", walk: walk, ions: 60, frames: 400), sets: sets, seed: 22)
    // 1 % by the exponent, some by chance in the range: no more than a tenth.
    #expect(tally.refused <= sets / 10, "\(tally.refused)")
  }

  @Test func figuresHaveErrorsWhereThereAreSome() throws {
    let result = try Self.result(
      try Self.trajectory(
        RandomWalk(steps: .jumps(length: 2.5, probability: 0.1, back: 0.5), vibration: 0.3), ions: 60, count: 400, seed: 23))
    let figure = try #require(result.figures.first)
    // Points of the fit, points before it that look like them, and the line with its band.
    #expect(figure.series.count == 3 && figure.series.map(\.label) == ["Li", "", "fit"])
    #expect(figure.series[1].looksLike == 0 && figure.series[1].error.isEmpty && figure.series[2].looksLike == 0)
    for place in [0, 2] { #expect(!figure.series[place].error.isEmpty && figure.series[place].error.allSatisfy { $0 > 0 }) }
    #expect(result.summary["degrees_of_freedom"]?.double == result["Li"]?.estimate?.generalized.degrees)
    #expect(result.summary["species"]?["Li"]?["degrees_of_freedom"]?.double != nil)
  }

  @Test func frameworksNeedNotDiffuse() throws {
    let mobile = try Self.trajectory(RandomWalk(steps: .gaussian(0.5)), ions: 30, count: 150, seed: 15)
    let kinds = try species("Li", "S")
    let frames = try mobile.map { frame -> Frame in
      var frame = frame
      var still: [Vector3] = []
      for site in 0..<20 {
        let place = Vector3(Double(site % 3), Double(site / 3 % 3), Double(site / 9))
        still.append(place * 4)
      }
      frame.configuration = try Configuration(
        cell: frame.configuration.cell, species: kinds, types: [Int32](repeating: 0, count: 30) + [Int32](repeating: 1, count: 20),
        positions: frame.configuration.positions + still)
      return frame
    }
    let all = try Self.result(frames)
    #expect(all.meetsQualityTest && all["Li"]?.isValid == true && all["S"]?.isValid == false)
    #expect(try !Self.result(frames, ["species": "Li,S"]).meetsQualityTest)
    #expect(try Self.result(frames, ["species": "Li"]).meetsQualityTest)
    #expect(!all.summary.json().contains("nan"))
  }

  @Test func finiteSizeOfALiquid() throws {
    // scipy.constants: 2.837297 k 300 K / (6 pi 1e-3 Pa s 20 Å) = 3.117297e-10 m²/s; the program's k has ten digits.
    let correction = FiniteSizeCorrection(viscosity: 1, temperature: 300, volume: 8000, isCubic: true)
    #expect(abs(correction.value * 1e-8 / 3.117297257870796e-10 - 1) < 1e-8)
    let frames = try Self.trajectory(RandomWalk(steps: .gaussian(0.5)), ions: 20, count: 150, seed: 16)
    let (without, with) = (try Self.result(frames), try Self.result(frames, ["viscosity": "0.9", "temperature": "300 K"]))
    let size = try #require(with.finiteSize)
    let shift = size.value * 1e-4
    let (a, b) = (try #require(without.summary["D_cm2_per_s"]?.double), try #require(with.summary["D_cm2_per_s"]?.double))
    #expect(abs(b - a - shift) < 1e-12 && with.warnings.contains { $0.contains("infinite liquid") })
  }

  @Test func brokenInput() throws {
    let walk = RandomWalk(steps: .gaussian(0.5))
    let frames = try Self.trajectory(walk, ions: 3, count: 60, seed: 17)
    #expect(try analysisError { _ = try Self.result(Array(frames.prefix(8))) }.code == .tooFewFrames)
    #expect(try analysisError { _ = try Self.result(frames, ["fit-from": "1 ns"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.result(frames, ["fit-to": "1 ns"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.result(frames, ["viscosity": "1"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.result(frames, ["method": "best"]) }.code == .invalidSetting)
    let timeless = frames.map { frame in
      var frame = frame
      frame.time = nil
      return frame
    }
    #expect(try analysisError { _ = try Self.result(timeless) }.code == .unevenTimes)
    #expect(try Self.result(timeless, ["dt": "500 fs"]).frameInterval == 0.5)
    var lost = frames
    lost[30].configuration.positions[1].y = .nan
    #expect(try analysisError { _ = try Self.result(lost) }.code == .lostAtoms)
    // One ion, and one that does not move.
    let one = try Self.result(try Self.trajectory(walk, ions: 1, count: 400, seed: 18))
    #expect(one["Li"]?.estimate?.collectivity == 1)
    let still = try Self.result(try Self.trajectory(RandomWalk(steps: .gaussian(0)), ions: 2, count: 50, seed: 19))
    #expect(!still.meetsQualityTest && !still.summary.json().contains("nan") && still.figures.count < 2)
  }
}
