import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct NonGaussianTests {
  static let cube = Vector3(repeating: 12)

  static func trajectory(_ tracks: [[Vector3]], types: [Int32]? = nil, _ symbols: [String] = ["Li"]) throws -> [Frame] {
    try frames(
      tracks, cell: { _ in try Cell(lengths: cube) }, species: symbols.map { Species(try #require(Element(symbol: $0))) }, types: types)
  }

  /// alpha2 by its definition.
  static func direct(_ tracks: [[Vector3]], atoms: [Int], lag: Int) -> Double {
    var (second, fourth, count) = (0.0, 0.0, 0.0)
    for begin in 0..<(tracks.count - lag) {
      for atom in atoms {
        let r2 = (tracks[begin + lag][atom] - tracks[begin][atom]).squaredLength
        second += r2
        fourth += r2 * r2
        count += 1
      }
    }
    return 3 * fourth / count / (5 * (second / count) * (second / count)) - 1
  }

  @Test func isTheDoubleLoop() throws {
    var random = RandomStream(seed: 51)
    for count in [2, 3, 9, 42] {
      let tracks = randomWalks(atoms: 21, frames: count, width: 0.7, random: &random)
      let types = (0..<21).map { Int32($0 % 3 == 0 ? 1 : 0) }
      let result = try NonGaussianParameter().analyze(try Self.trajectory(tracks, types: types, ["Li", "S"]))
      #expect(result.lags.last == count - 1)
      for (kind, label) in ["Li", "S"].enumerated() {
        let atoms = types.indices.filter { types[$0] == Int32(kind) }
        let curve = try #require(result[label])
        for (place, lag) in result.lags.enumerated() {
          // Sums of some hundred terms in another order.
          #expect(abs(curve.alpha2[place] - Self.direct(tracks, atoms: atoms, lag: lag)) < 1e-11)
          #expect(abs(curve.meanSquare[place] - directDisplacement(tracks, atoms: atoms, lag: lag)) < 1e-10)
        }
      }
    }
  }

  @Test func gaussianWalksHaveNone() throws {
    var random = RandomStream(seed: 52)
    let result = try NonGaussianParameter().analyze(
      try Self.trajectory(randomWalks(atoms: 300, frames: 80, width: 0.4, random: &random)))
    let curve = try #require(result["Li"])
    for lag in [1, 2, 5, 10, 20] {
      let place = try #require(result.lags.firstIndex(of: lag))
      #expect(abs(curve.alpha2[place]) < 4 * curve.error[place], "\(lag)")
      // So that four errors mean something.
      #expect(curve.error[place] < 0.05)
      // 300 · 80 / lag independent displacements: the variance of alpha is 8/3 of one over their number along an axis, 2 in a plane.
      let limit = 4 * (8.0 / 3 * Double(lag) / (300 * 80)).squareRoot()
      for values in curve.axes + curve.planes { #expect(abs(values[place]) < limit, "\(lag)") }
    }
  }

  @Test func fastAndSlowWalkersTogether() throws {
    var random = RandomStream(seed: 53)
    let walks = randomWalks(atoms: 400, frames: 60, width: 0.3, random: &random)
    let start = walks[0]
    // Every other atom goes twice as far: <r²> = (a + b) / 2, <r⁴> = 15/9 (a² + b²) / 2 with b = 4 a.
    let tracks = walks.map { frame in frame.indices.map { start[$0] + (frame[$0] - start[$0]) * ($0 % 2 == 0 ? 1 : 2) } }
    let expected = 2.0 * (1 + 16) / 25 - 1
    let curve = try NonGaussianParameter().analyze(try Self.trajectory(tracks)).all
    #expect(abs(curve.alpha2[0] - expected) < 4 * curve.error[0])
    #expect(curve.error[0] < 0.05)
  }

  @Test func oneAtomInAStraightLine() throws {
    let tracks = (0..<30).map { [Vector3(0.3, 0.1, -0.2) * Double($0)] }
    let result = try NonGaussianParameter().analyze(try Self.trajectory(tracks))
    // <r⁴> = <r²>².
    for value in result.all.alpha2 { #expect(abs(value + 0.4) < 1e-12) }
    #expect(result.all.error.isEmpty && result.all.peak == nil)
    #expect(result.summary["alpha2_error"]?.json() == "null")
    #expect(!result.summary.json().lowercased().contains("nan"))
  }

  @Test func frozenAtomsHaveNoneAndSaySo() throws {
    let tracks = (0..<10).map { frame in [Vector3(0.1, 0, 0) * Double(frame), Vector3(5, 5, 5)] }
    let result = try NonGaussianParameter().analyze(try Self.trajectory(tracks, types: [0, 1], ["Li", "S"]))
    #expect(result.warnings.contains { $0.contains("S has not moved") })
    #expect(result.summary["species"]?["S"]?["alpha2"]?.json().contains("null") == true)
    #expect(result.summary["species"]?["Li"]?["alpha2"]?.json().contains("null") == false)
  }

  @Test func peakBetweenPoints() throws {
    let x = (0..<20).map { Double(1 << $0) }
    // A parabola in log2 x with its top between points.
    let y = (0..<20).map { place -> Double in
      let shift = Double(place) - 7.3
      return 3 - 0.05 * shift * shift
    }
    let peak = try #require(CurvePeak(x: x, y: y, upTo: 1e9))
    #expect(abs(peak.position - x[7] * 1.2311444133449163) < 1e-6 && abs(peak.height - 3) < 1e-12)
    #expect(CurvePeak(x: x, y: y, upTo: 100) == nil)
    #expect(CurvePeak(x: x, y: y.map { -$0 }, upTo: 1e9) == nil)
  }

  /// Rattling atoms that hop now and then: the parameter peaks between the two times.
  @Test func hoppingHasAPeak() throws {
    var random = RandomStream(seed: 54)
    var sites = [Vector3](repeating: .zero, count: 150)
    let tracks = (0..<400).map { _ in
      sites.indices.map { atom -> Vector3 in
        if random.uniform() < 0.02 { sites[atom][Int(random.next() % 3)] += random.next() % 2 == 0 ? 3 : -3 }
        return sites[atom] + Vector3(random.normal(), random.normal(), random.normal()) * 0.25
      }
    }
    let result = try NonGaussianParameter().analyze(try Self.trajectory(tracks), pool: WorkerPool(threads: 2))
    let curve = try #require(result["Li"])
    // Along each axis: v = 2 s² + n a² / 3 with n = 0.02 t hops; for small n the fourth moments are those of one hop.
    for lag in [1, 4, 10] {
      let place = try #require(result.lags.firstIndex(of: lag))
      let (s, n) = (2 * 0.25 * 0.25, 0.02 * Double(lag))
      let second = 3 * s + n * 9
      // A compound Poisson of jumps adds its fourth cumulants along each axis, n a⁴ / 3, to those of a normal distribution.
      let perAxis = s + n * 3
      let fourth = 15 * perAxis * perAxis + 81 * n
      let expected = 3 * fourth / (5 * second * second) - 1
      // At most one hop a frame, where Poisson has n: second order in 0.02, beside the error.
      #expect(abs(curve.alpha2[place] - expected) < 4 * curve.error[place] + 0.03 * expected, "\(lag)")
    }
    let peak = try #require(curve.peak)
    #expect((1.5...10).contains(peak.lag) && peak.height > 10 * (peak.heightError ?? .infinity))
    #expect(result.warnings.allSatisfy { $0.contains("centre of mass") })
  }

  @Test func lagsOfTheSummary() throws {
    var random = RandomStream(seed: 55)
    let trajectory = try Self.trajectory(randomWalks(atoms: 5, frames: 40, width: 0.4, random: &random))
    let job = try Analyses.job("ngp", settings: ["lags": "1,17,30"])
    let result = try #require(
      try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(trajectory).results.first as? NonGaussianResult)
    #expect(result.summary["lag_frames"]?.json() == "[1, 17, 30]")
    #expect(result.lags.contains(17) && result.lags.contains(2))
    let value = result.all.alpha2[try #require(result.lags.firstIndex(of: 17))]
    #expect(result.summary["alpha2"]?.json().contains(String(value)) == true)
    let long = try Analyses.job("ngp", settings: ["lags": "40"])
    let error = try analysisError { _ = try AnalysisRunner([long], pool: WorkerPool(threads: 1)).run(trajectory) }
    #expect(error.code == .tooFewFrames && error.message.contains("41"))
    #expect(try analysisError { _ = try NonGaussianParameter().analyze([trajectory[0]]) }.code == .tooFewFrames)
  }

  @Test(arguments: [2, 3]) func threadsChangeNothing(threads: Int) throws {
    var random = RandomStream(seed: 56)
    let trajectory = try Self.trajectory(randomWalks(atoms: 50, frames: 33, width: 0.5, random: &random))
    for name in ["ngp", "van-hove", "scattering", "mobility"] {
      let job = try Analyses.job(name, settings: name == "mobility" ? ["interval": "2 ps", "distance": "1 A"] : [:])
      func text(_ threads: Int) throws -> String {
        let result = try #require(try AnalysisRunner([job], pool: WorkerPool(threads: threads)).run(trajectory).results.first)
        return result.summary.json() + result.tables.map { "\($0.columns)" }.joined()
      }
      let (one, many) = (try text(1), try text(threads))
      #expect(one == many, "\(name)")
    }
  }

  /// One species, one atom: numbers or null, never "nan".
  @Test func oneAtomOfASpecies() throws {
    var random = RandomStream(seed: 57)
    let types = [Int32](repeating: 0, count: 20) + [1]
    let trajectory = try Self.trajectory(
      randomWalks(atoms: 21, frames: 30, width: 0.3, random: &random), types: types, ["Li", "S"])
    for (name, settings) in [
      ("ngp", [:]), ("van-hove", [:]), ("scattering", [:]), ("mobility", ["interval": "2 ps", "distance": "1 A"]),
    ] as [(String, [String: String])] {
      for species in ["S", "all"] {
        let job = try Analyses.job(name, settings: settings.merging(["species": species]) { $1 })
        let result = try #require(try AnalysisRunner([job], pool: WorkerPool(threads: 2)).run(trajectory).results.first)
        // The table to read has a row a species, and not a number where a species has none; curves have numbers everywhere.
        for table in result.tables where table.name != name || name == "ngp" {
          for column in table.columns {
            guard case .numbers(let values) = column.values else { continue }
            let bad = values.filter { !$0.isFinite }
            #expect(bad.isEmpty, "\(name) \(species) \(column.name)")
          }
        }
        #expect(!result.figures.isEmpty)
      }
    }
  }

  @Test func golden() throws {
    let golden = try DistributionsGolden.read().npt
    var parameters = NonGaussianParameter()
    parameters.lags = golden.lags
    let result = try parameters.analyze(try PeerProgramTests.trajectory(), pool: WorkerPool(threads: 2))
    let places = golden.lags.compactMap { result.lags.firstIndex(of: $0) }
    for (label, expected) in golden.species {
      let curve = try #require(result[label])
      // The same numbers from the same file: what is left are roundings of positions of 50 Å.
      #expect(largestDifference(places.map { curve.alpha2[$0] }, expected.alpha2) < 1e-10, "\(label)")
      #expect(largestDifference(places.map { curve.axes[2][$0] }, expected.alongZ) < 1e-10, "\(label)")
      #expect(largestDifference(places.map { curve.meanSquare[$0] }, expected.msd) < 1e-8, "\(label)")
    }
  }
}
