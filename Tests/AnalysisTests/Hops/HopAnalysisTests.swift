import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// Ions that hop on a cubic lattice and vibrate, and how many frames of a hop can be seen.
struct HoppingIons {
  static let interval = 0.05
  /// 1 ps, of which half a window is 10 frames.
  static let halfWindow = 10
  let frames: [Frame]
  let tracks: [HoppingTrack]

  /// - Parameters:
  ///   - residence: The mean of the random part of residences in frames; the fixed part is a window, so that no hop is missed.
  ///   - step: From the last step, or zero, to the next.
  ///   - memory: How much of the vibration is left in the next frame.
  init(
    ions: Int, count: Int, residence: Double, width: Double = 0.2, memory: Double = 0, cell: Cell? = nil, seed: UInt64,
    step: (Vector3, inout RandomStream) -> Vector3
  ) throws {
    var random = RandomStream(seed: seed)
    tracks = (0..<ions).map { _ in
      var residences: [Int] = []
      while residences.reduce(0, +) < count {
        residences.append(2 * Self.halfWindow + Int(-log(1 - random.uniform()) * residence))
      }
      var last = Vector3.zero
      return HoppingTrack(residences: residences, width: width, memory: memory, random: &random) { _, random in
        last = step(last, &random)
        return last
      }
    }
    let tracks = tracks
    let positions = (0..<count).map { frame in tracks.map { $0.positions[frame] } }
    let box = try cell ?? Cell(lengths: Vector3(repeating: 12))
    frames = try lithiumFrames(positions, cell: box)
  }

  /// The hops that can be seen.
  func known(_ ion: Int, _ method: HopFinder.Method) -> [(frame: Int, from: Vector3, to: Vector3)] {
    let observable = HopFinder(method: method, halfWindow: Self.halfWindow, threshold: 1).observableFrames(of: frames.count)
    return tracks[ion].hops.filter { observable.contains($0.frame) }
  }

  static func randomStep(_ random: inout RandomStream) -> Vector3 {
    var way = Vector3.zero
    way[Int(random.uniform() * 3)] = random.uniform() < 0.5 ? 3 : -3
    return way
  }

  /// A step that goes on with probability `forth`, back with `back`, and to the side otherwise.
  static func persistent(forth: Double, back: Double, _ last: Vector3, _ random: inout RandomStream) -> Vector3 {
    guard last != .zero else { return randomStep(&random) }
    let choice = random.uniform()
    if choice < forth { return last }
    if choice < forth + back { return last * -1 }
    while true {
      let way = randomStep(&random)
      if abs(way.dot(last)) < 1e-9 { return way }
    }
  }
}

/// Frames without image flags, all ions lithium.
func lithiumFrames(_ positions: [[Vector3]], cell: Cell) throws -> [Frame] {
  try frames(positions, cell: { _ in cell }, species: try species("Li"), flags: false, interval: HoppingIons.interval)
}

@Suite struct HopAnalysisTests {
  static func analysis(_ method: HopFinder.Method = .pHop) -> HopAnalysis {
    var analysis = HopAnalysis()
    analysis.window = 1
    analysis.method = method
    return analysis
  }

  static let uncorrelated = Result {
    try HoppingIons(ions: 64, count: 4000, residence: 200, cell: tiltedCell(), seed: 81) { _, random in HoppingIons.randomStep(&random) }
  }

  @Test(arguments: HopFinder.Method.allCases) func findsTheModelAgain(method: HopFinder.Method) throws {
    let ions = try Self.uncorrelated.get()
    let part = try #require(try Self.analysis(method).analyze(ions.frames)["Li"])
    // Every hop, and nothing else.
    #expect(part.events.count == (0..<64).reduce(0) { $0 + ions.known($1, method).count } && part.hops > 1000)
    for ion in 0..<64 {
      #expect(part.events.filter { $0.ion == ion }.map(\.hop.frame) == ions.known(ion, method).map(\.frame))
    }
    #expect(part.hopsOfIons == (0..<64).map { ions.known($0, method).count })
    // Residences are 20 frames and on average 199.5 of whole frames of 0.05 ps; the first begins with the run, which changes 0.5 %.
    let rate = 1 / (219.5 * HoppingIons.interval)
    let error = try #require(part.rate.error)
    #expect(abs(part.rate.value - rate) < 4 * error + 0.005 * rate)
    #expect(error < 0.05 * rate && error >= part.countingError)
    // Vibrations of 0.2 Å in ten frames lengthen a way of 3 Å by two directions of 2 x 0.004 Å² over 2 x 3 Å.
    #expect(abs(part.meanLength.value - 3.0027) < 0.01)
    #expect(abs(part.rootMeanSquaredLength.value - 3.004) < 0.01)
    for (value, expected) in [
      (part.meanCosine, 0.0), (part.firstOrderCorrelation, 1.0), (part.chainCorrelation, 1.0), (part.correlationFactor, 1.0),
    ] {
      let error = try #require(value.error)
      #expect(abs(value.value - expected) < 4 * error && error < 0.25)
    }
    // One of six steps leads back.
    #expect(abs(part.returnShare.value - 1.0 / 6) < 4 * (part.returnShare.error ?? 0))
    // Three directions of 0.04 Å².
    #expect(abs((part.cageVariance ?? 0) - 0.12 * 0.975) < 0.005)
    #expect(abs(part.threshold - 4 * (part.cageVariance ?? 0)) < 1e-12)
    #expect(part.warnings.isEmpty && part.shortShare < 0.01)
  }

  @Test func waitingTimesAreExponential() throws {
    let part = try #require(try Self.analysis().analyze(try Self.uncorrelated.get().frames)["Li"])
    let curve = part.survival
    #expect(curve.ended > 900 && curve.censored > 50)
    for frames in [60, 120, 220, 420] {
      let index = try #require(curve.frames.lastIndex { $0 <= frames })
      // The residence in whole frames exceeds n when its random part is n - 20 + 1 at least.
      let expected = exp(-Double(curve.frames[index] - 20 + 1) / 200)
      #expect(abs(curve.values[index] - expected) < 4 * curve.errors[index], "\(frames)")
      #expect(curve.errors[index] < 0.03)
    }
  }

  @Test func survivalOfATextbook() {
    // Remission times of 21 patients; Freireich et al., Blood 21, 699 (1963), with S as in every textbook since.
    var (ended, censored) = ([Int](repeating: 0, count: 36), [Int](repeating: 0, count: 36))
    for time in [6, 6, 6, 7, 10, 13, 16, 22, 23] { ended[time] += 1 }
    for time in [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35] { censored[time] += 1 }
    let curve = SurvivalCurve(ended: ended, censored: censored)
    #expect(curve.frames == [0, 6, 7, 10, 13, 16, 22, 23])
    // Three digits are printed.
    #expect(largestDifference(curve.values, [1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]) < 6e-4)
    #expect(largestDifference(curve.errors, [0, 0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135]) < 6e-4)
    #expect(curve.median == 23 && curve.ended == 9 && curve.censored == 12)
  }

  @Test func backAndForth() throws {
    let ions = try HoppingIons(ions: 20, count: 2000, residence: 60, width: 0.1, seed: 82) { last, _ in
      last == .zero ? Vector3(1.8, -1.8, 1.2) : last * -1
    }
    let part = try #require(try Self.analysis().analyze(ions.frames)["Li"])
    // Means over ten frames of 0.1 Å turn ways of 2.8 Å by 0.016 in each of two directions.
    #expect(abs(part.meanCosine.value + 1) < 2e-3)
    #expect(part.returnShare.value == 1)
    #expect(part.firstOrderCorrelation.value < 1e-3 && part.chainCorrelation.value < 0.1)
    #expect(abs(part.correlationFactor.value) < 0.02)
  }

  @Test(arguments: [(0.05, 0.45), (0.5, 0.1)]) func persistenceHasItsCorrelationFactor(forth: Double, back: Double) throws {
    let ions = try HoppingIons(ions: 100, count: 6000, residence: 60, width: 0.1, seed: 83) { last, random in
      HoppingIons.persistent(forth: forth, back: back, last, &random)
    }
    let part = try #require(try Self.analysis().analyze(ions.frames)["Li"])
    // Only the last step counts and the sides are alike: f = (1 + c) / (1 - c), exactly.
    let cosine = forth - back
    let factor = (1 + cosine) / (1 - cosine)
    #expect(abs(part.meanCosine.value - cosine) < 4 * (part.meanCosine.error ?? 0))
    for value in [part.firstOrderCorrelation, part.chainCorrelation, part.correlationFactor] {
      let error = try #require(value.error)
      // Seventy hops an ion are 2 % short of the limit of infinitely many.
      #expect(abs(value.value - factor) < 4 * error + 0.03 * factor, "\(value)")
      #expect(error < 0.15 * factor)
    }
    // A walk that goes on diffuses faster than its hops tell, and misses none.
    #expect(!part.warnings.contains { $0.contains("missed") })
    #expect(
      abs(part.hopDiffusivity.value - part.rate.value * part.rootMeanSquaredLength.value * part.rootMeanSquaredLength.value / 6) < 1e-9)
  }

  @Test func hoppingModel() throws {
    let ions = try Self.uncorrelated.get()
    let job = try Analyses.job(
      "hops", settings: ["window": "1 ps", "temperature": "700 K", "attempt-frequency": "5 THz", "charge": "2", "threshold": "1.5"])
    let result = try #require(try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(ions.frames).results.first as? HopResult)
    let part = try #require(result["Li"])
    let summary = try #require(result.summary["species"]?["Li"])
    let rate = try #require(summary["rate_per_ps"]?.double)
    #expect(part.threshold == 1.5)
    let barrier = try #require(summary["activation_energy_eV"]?.double)
    #expect(abs(5 * exp(-barrier / (8.617333262e-5 * 700)) - rate) < 1e-9)
    // The Nernst-Einstein relation in SI units.
    let diffusivity = try #require(summary["D_hops_cm2_per_s"]?.double)
    let density = 64 / (ions.frames[0].configuration.cell.volume * 1e-24)
    let expected = density * 4 * 1.602176634e-19 * 1.602176634e-19 * diffusivity / (1.380649e-23 * 700)
    #expect(abs(try #require(summary["conductivity_hops_S_per_cm"]?.double) - expected) < 1e-6 * expected)
    #expect(
      result.tables.map(\.name).prefix(3) == ["hop-rates", "hopping-model", "hops"]
        && result.figures.map(\.name) == ["waiting-times", "hop-lengths", "p-hop"])
    guard case .frames(let frames) = result.files[0].contents else {
      Issue.record("no frames")
      return
    }
    #expect(frames[0].columns["hops"] == part.hopsOfIons.map(Double.init))
  }

  @Test(arguments: [2, 5]) func threadsChangeNothing(threads: Int) throws {
    let ions = try Self.uncorrelated.get()
    let frames = Array(ions.frames.prefix(900))
    let one = try Self.analysis().analyze(frames, pool: WorkerPool(threads: 1))
    let many = try Self.analysis().analyze(frames, pool: WorkerPool(threads: threads))
    #expect(one.summary.json() == many.summary.json())
    #expect(one["Li"]?.events.map(\.hop) == many["Li"]?.events.map(\.hop))
  }

  @Test func cooperationAgainstChance() throws {
    var random = RandomStream(seed: 84)
    let cell = try Cell(lengths: Vector3(repeating: 40))
    func place() -> Vector3 { Vector3(random.uniform(), random.uniform(), random.uniform()) * 40 }
    func event(_ ion: Int, _ frame: Int, _ place: Vector3) -> HopCooperation.Event {
      HopCooperation.Event(ion: ion, hop: Hop(frame: frame, from: place, to: place + Vector3(2, 0, 0), strength: 4))
    }
    func cooperation(_ events: [HopCooperation.Event]) throws -> HopCooperation {
      try HopCooperation(
        events, cell: cell, observable: 0..<10000, time: 20, distance: 4, placeRadius: 0.5, pool: WorkerPool(threads: 2))
    }
    let strewn = (0..<20000).map { event($0, Int(random.uniform() * 10000), place()) }
    let chance = try cooperation(strewn)
    // Density 20000 / 64000 Å³ in a sphere of 4 Å: 84 neighbours, each with probability 41/10000; ends of the run 0.1 % less.
    #expect(abs(chance.expected - (1 - exp(84 * log(1 - 0.0041)))) < 0.01)
    #expect(abs(chance.share - chance.expected) < 4 * chance.error && chance.error < 0.004)
    // Every hop is followed by another ion that takes its place, across the edge of the cell too.
    let pairs = (0..<100).flatMap { pair -> [HopCooperation.Event] in
      let (start, frame) = (place(), 50 + pair * 99)
      return [event(2 * pair, frame, start), event(2 * pair + 1, frame + 5, start - Vector3(2, 0, 0) + Vector3(0, 40, 0))]
    }
    let together = try cooperation(pairs)
    // Ten bursts of ten hops, two frames apart: what an ion covers is 59 frames a burst, and no more for its hops being many.
    let bursts = (0..<300).flatMap { ion -> [HopCooperation.Event] in
      let corner = ion / 2
      let start = Vector3(Double(corner % 6), Double(corner / 6 % 5), Double(corner / 30)) * 6.5
      return (0..<10).flatMap { _ -> [HopCooperation.Event] in
        let first = Int(random.uniform() * 9980)
        return (0..<10).map { event(ion, first + 2 * $0, start + Vector3(0, Double(ion % 2), 0)) }
      }
    }
    let bursting = try cooperation(bursts)
    // Hops of a burst share their fate: 3000 independent ones.
    #expect(abs(bursting.expected - 0.059) < 0.002)
    #expect(abs(bursting.share - bursting.expected) < 4 * (0.059 * 0.941 / 3000).squareRoot())
    #expect(together.share == 1 && together.replacementShare == 1 && together.expected < 0.02)
    // One ion that hops twice is no company.
    #expect(try cooperation([event(1, 10, .zero), event(1, 12, .zero)]).share == 0)
    #expect(try cooperation([]).hops == 0)
  }

  @Test func saysWhatIsWrong() throws {
    let still = try lithiumFrames((0..<60).map { _ in [Vector3(1, 1, 1), Vector3(5, 5, 5)] }, cell: Cell(lengths: Vector3(repeating: 12)))
    let none = try Self.analysis().analyze(still)
    let part = try #require(none["Li"])
    #expect(part.hops == 0 && none.warnings.contains { $0.contains("no hop") } && none.figures.isEmpty)
    // Three events are missed with 5 %: two ions, frames 11 to 49.
    #expect(abs((part.rateLimit ?? 0) - 2.9957 / (2 * 39 * HoppingIons.interval)) < 1e-4)
    #expect(!none.summary.json().contains("nan") && part.threshold == HopAnalysis.leastThreshold)
    var short = Self.analysis()
    short.window = 0.1
    let error = try analysisError { _ = try short.analyze(still) }
    #expect(error.code == .invalidSetting && error.message.contains("longer window"))
    var long = Self.analysis()
    long.window = 10
    #expect(try analysisError { _ = try long.analyze(still) }.code == .tooFewFrames)
    let timeless = still.map { frame in
      var frame = frame
      frame.time = nil
      return frame
    }
    #expect(try analysisError { _ = try Self.analysis().analyze(timeless) }.message.contains("dt"))
    #expect(try analysisError { _ = try Analyses.job("hops", settings: ["method": "p_hop"]) }.message.contains("p-hop"))
    #expect(try analysisError { _ = try Analyses.job("hops", settings: ["threshold": "-1"]) }.message.contains("out of bounds"))
  }

  /// A run as long as those of the thesis; prints how long it took.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"))
  func thousandsOfIonsTakeSeconds() throws {
    let (ions, count) = (3000, 10000)
    var random = RandomStream(seed: 85)
    var store = TrackStore(rows: ions)
    var sites = [Vector3](repeating: .zero, count: ions)
    let noise = (0..<9973).map { _ in Vector3(random.normal(), random.normal(), random.normal()) * 0.3 }
    for frame in 0..<count {
      for ion in 0..<ions where random.uniform() < 1.0 / 500 { sites[ion] += HoppingIons.randomStep(&random) }
      try store.append((0..<ions).map { sites[$0] + noise[(frame * 7919 + $0 * 104729) % 9973] })
    }
    let survey = HopSurvey(
      parameters: Self.analysis(), store: store, interval: HoppingIons.interval, halfWindow: 10, pool: WorkerPool(threads: 2))
    let start = ContinuousClock.now
    let part = try survey.species(
      "Li", rows: 0..<ions, first: [Vector3](repeating: .zero, count: ions), cell: Cell(lengths: Vector3(repeating: 40)))
    let time = ContinuousClock.now - start
    print("hops of 3000 ions in 10000 frames: \(part.hops) in \(time)")
    // Ten seconds on an idle machine with two cores; others may use this one.
    #expect(part.hops > 40000 && time < .seconds(60))
  }
}
