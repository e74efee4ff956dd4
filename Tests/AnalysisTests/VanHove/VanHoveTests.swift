import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct VanHoveTests {
  static func walkers(_ tracks: [[Vector3]], cell: Cell, types: [Int32]? = nil, _ symbols: [String] = ["Li"]) throws -> [Frame] {
    try frames(tracks, cell: { _ in cell }, species: symbols.map { Species(try #require(Element(symbol: $0))) }, types: types)
  }

  @Test func histogramIsTheDoubleLoop() throws {
    var random = RandomStream(seed: 61)
    for count in [2, 5, 38] {
      let tracks = randomWalks(atoms: 1, frames: count, width: 0.9, random: &random).map { $0[0] }
      var flat: [Double] = []
      for axis in 0..<3 { flat += tracks.map { $0[axis] } }
      let lags = LagSpacing.oneTwoFive(upTo: count - 1)
      var histogram = DisplacementHistogram(lags: lags, range: 3, bins: 17, distance: 1.5)
      flat.withUnsafeBufferPointer { flat in
        if let base = flat.baseAddress { histogram.add(track: base, pitch: count, frames: count) }
      }
      for (place, lag) in lags.enumerated() {
        var counts = [UInt64](repeating: 0, count: 18)
        var gone = 0.0
        for begin in 0..<(count - lag) {
          let r = (tracks[begin + lag] - tracks[begin]).length
          counts[min(17, Int(r * 17 / 3))] += 1
          if r >= 1.5 { gone += 1 }
        }
        #expect(Array(histogram.counts[place * 18..<place * 18 + 18]) == counts)
        #expect(histogram.moments[place].z == gone)
      }
    }
  }

  @Test func gaussianWalksAreMaxwell() throws {
    var random = RandomStream(seed: 62)
    let (width, atoms, count) = (0.5, 300, 60)
    let trajectory = try Self.walkers(
      randomWalks(atoms: atoms, frames: count, width: width, random: &random), cell: try Cell(lengths: Vector3(repeating: 12)))
    var parameters = VanHoveCorrelation()
    parameters.lags = [1, 4]
    parameters.distinct = false
    parameters.distance = 1
    let result = try parameters.analyze(trajectory)
    let part = try #require(result["Li"])
    let bin = result.radii[0] * 2
    for (lag, curve) in zip(parameters.lags, part.curves) {
      #expect(abs(curve.density.reduce(0, +) * bin + curve.beyondRange - 1) < 1e-12)
      let square = 3 * width * width * Double(lag)
      // 300 · 60 / lag independent displacements with <r⁴> = 5/3 <r²>².
      let samples = Double(atoms * count / lag)
      #expect(abs(curve.meanSquare - square) < 4 * square * (2.0 / 3 / samples).squareRoot())
      for (r, density) in zip(result.radii, curve.density) {
        let expected = curve.gaussian(r)
        // Poisson scatter of a bin, and its finite width.
        #expect(abs(density - expected) < 5 * ((expected + 1e-4) / (samples * bin)).squareRoot() + 2e-3, "\(lag) \(r)")
      }
      // The maximum of Maxwell's distribution.
      #expect(abs(try #require(curve.firstPeak) - (2 * square / 3).squareRoot()) < 0.1)
      #expect(curve.secondPeak == nil)
      let share = MobilityCounts.gaussianShare(beyond: 1, meanSquare: square)
      #expect(abs(curve.beyondDistance - share) < 4 * (share / samples).squareRoot())
    }
  }

  @Test func hopsMakeASecondPeak() throws {
    var random = RandomStream(seed: 63)
    var sites = (0..<200).map { _ in Vector3.zero }
    let tracks = (0..<100).map { _ in
      sites.indices.map { atom -> Vector3 in
        if random.uniform() < 0.05 { sites[atom][Int(random.next() % 3)] += random.next() % 2 == 0 ? 3 : -3 }
        return sites[atom] + Vector3(random.normal(), random.normal(), random.normal()) * 0.2
      }
    }
    var parameters = VanHoveCorrelation()
    parameters.lags = [1, 5]
    parameters.distinct = false
    let result = try parameters.analyze(try Self.walkers(tracks, cell: try Cell(lengths: Vector3(repeating: 20))))
    let part = try #require(result["Li"])
    for (lag, curve) in zip(parameters.lags, part.curves) {
      // Two positions, each 0.2 Å wide: Maxwell's maximum at sqrt(2) · sqrt(2) · 0.2 Å.
      #expect(abs(try #require(curve.firstPeak) - 0.4) < 0.05)
      #expect(abs(try #require(curve.secondPeak) - 3) < 0.1)
      #expect((1.2...2.2).contains(try #require(curve.minimum)))
      // Not where it was: no hop, or one and back.
      let stay = lag == 1 ? 0.95 : 0.7738 + 10 * 0.0025 * 0.857 / 6
      #expect(abs(try #require(curve.beyondMinimum) - (1 - stay)) < 0.015, "\(lag)")
    }
  }

  @Test func distinctOfAGasIsOne() throws {
    var random = RandomStream(seed: 64)
    let cell = try tiltedCell()
    let kinds = try species("Li", "O")
    let trajectory = try (0..<40).map { number in
      var frame = Frame(try idealGas(150, cell: cell, species: kinds, random: &random))
      frame.configuration.images = [SIMD3<Int32>](repeating: .zero, count: 150)
      frame.time = Double(number)
      return frame
    }
    var parameters = VanHoveCorrelation()
    parameters.tracks.unwrapping = .images
    parameters.lags = [1, 10]
    parameters.binWidth = 1
    let result = try parameters.analyze(trajectory, pool: WorkerPool(threads: 2))
    #expect(result.distinct.count == 3)
    for part in result.distinct {
      #expect(part.curves.map(\.lag) == [0, 1, 10])
      for curve in part.curves {
        // In the last bins there are some 1e5 pairs; neighbouring origins are not independent of each other at lag 0 only.
        for bin in 5..<10 { #expect(abs(curve.values[bin] - 1) < 0.03, "\(part.pair) \(curve.lag)") }
      }
    }
  }

  @Test func lagZeroIsTheRadialDistribution() throws {
    var random = RandomStream(seed: 65)
    let crystal = try crystal(5.64, cells: 3, basis: [(.zero, 0), (Vector3(0.5, 0.5, 0.5), 1)], species: try species("Na", "Cl"))
    let trajectory = (0..<6).map { _ in shaken(crystal, by: 0.2, random: &random) }
    var parameters = VanHoveCorrelation()
    parameters.cutoff = 8
    parameters.lags = [1]
    let result = try parameters.analyze(trajectory)
    var rdf = RadialDistribution()
    rdf.cutoff = 8
    rdf.binWidth = 0.1
    let expected = try rdf.analyze(trajectory)
    for (a, b) in [("Na", "Na"), ("Na", "Cl")] {
      let distinct = try #require(result.distinct(a, b)?.curves.first)
      let factor = a == b ? 26.0 / 27 : 1
      let partial = try #require(expected.partial(a, b))
      // The same pairs; g(r) counts N² where this counts N (N - 1).
      #expect(largestDifference(distinct.values.map { $0 * factor }, partial.values) < 1e-9)
    }
  }

  /// By brute force, in a skewed cell that is smaller than the cutoff and changes, with drift removed.
  @Test func distinctIsTheDefinition() throws {
    var random = RandomStream(seed: 66)
    let cells = try (0..<9).map { frame in
      let stretch = 1 + 0.02 * Double(frame)
      return try Cell(vectors: Matrix3(Vector3(7.3 * stretch, 0, 0), Vector3(2.1, 6.9, 0), Vector3(-1.7, 2.5, 7.7 * stretch)))
    }
    let types: [Int32] = [0, 0, 1, 0, 1, 0, 0, 1]
    let wind = Vector3(0.3, -0.2, 0.1)
    let tracks = randomWalks(atoms: 8, frames: 9, width: 0.3, random: &random).enumerated().map { frame, places in
      places.map { $0 + wind * Double(frame) }
    }
    let trajectory = try frames(tracks, cell: { cells[$0] }, species: try species("Li", "O"), types: types)
    var parameters = VanHoveCorrelation()
    parameters.tracks.driftSpecies = ["O"]
    parameters.tracks.driftWeights = .number
    parameters.cutoff = 9
    parameters.binWidth = 0.5
    parameters.lags = [2, 3]
    let result = try parameters.analyze(trajectory, pool: WorkerPool(threads: 2))
    #expect(result.originStride == 1 && result.originCount == 9)
    var reader = TrackReader(parameters.tracks, analysis: "test", context: AnalysisContext(pool: WorkerPool(threads: 1)))
    let drift = try trajectory.map { try reader.next($0).drift }
    for (first, second, label) in [(0, 0, "Li"), (0, 1, "O")] as [(Int32, Int32, String)] {
      let curve = try #require(result.distinct("Li", label)?.curves.last)
      #expect(curve.lag == 3 && curve.origins == 6)
      var expected = [Double](repeating: 0, count: 18)
      for origin in 0..<6 {
        let (early, late) = (trajectory[origin].configuration, trajectory[origin + 3].configuration)
        for i in 0..<8 {
          for j in 0..<8 where i != j && ((types[i], types[j]) == (first, second) || (types[i], types[j]) == (second, first)) {
            let place = late.cell.cartesian(early.cell.fractional(early.positions[i] - drift[origin]))
            let vector = late.positions[j] - drift[origin + 3] - place
            for a in -5...5 {
              for b in -5...5 {
                for c in -5...5 {
                  let r = (vector + Vector3(Double(a), Double(b), Double(c)) * late.cell.vectors).length
                  if r < 9 { expected[Int(r * 2)] += late.cell.volume }
                }
              }
            }
          }
        }
      }
      let (nA, nB) = (5.0, 3.0)
      let number = first == second ? nA * (nA - 1) : 2 * nA * nB
      for bin in 0..<18 {
        let (low, high) = (Double(bin) / 2, Double(bin + 1) / 2)
        expected[bin] /= 6 * number * 4 * Double.pi / 3 * (high * high * high - low * low * low)
      }
      #expect(largestDifference(curve.values, expected) < 1e-9, "\(label)")
    }
  }

  /// Who stands where an atom was: pairs nearer than half an ångström over those of a gas.
  @Test func nearTheOrigin() throws {
    var random = RandomStream(seed: 70)
    let cell = try Cell(lengths: Vector3(repeating: 7))
    let places = (0..<200).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * 7 }
    let trajectory = try Self.walkers([places, places, places], cell: cell)
    var parameters = VanHoveCorrelation()
    parameters.lags = [1]
    parameters.binWidth = 0.25
    let result = try parameters.analyze(trajectory)
    var pairs = 0
    for a in places { for b in places where cell.minimumImage(b - a).length < 0.5 { pairs += 1 } }
    pairs -= 200
    #expect(pairs > 20)
    let expected = Double(pairs) * 343 / (200 * 199) / (4 * Double.pi / 3 * 0.125)
    guard case .array(let values)? = result.summary["distinct"]?["Li-Li"]?["at_origin"] else {
      Issue.record("no numbers")
      return
    }
    for value in values { #expect(abs((value.double ?? 0) - expected) < 1e-9) }
    #expect(result.tables[0].name == "van-hove" && result.tables[0].columns.allSatisfy { $0.rowCount == 1 })
  }

  @Test func originsAreThinnedEvenly() throws {
    var thinning = OriginThinning<Int>(limit: 5)
    for frame in 0..<100 where thinning.wants(frame) { thinning.add(frame, frame) }
    #expect(thinning.kept.map(\.frame) == [0, 32, 64, 96] && thinning.stride == 32)
    var random = RandomStream(seed: 67)
    let trajectory = try Self.walkers(
      randomWalks(atoms: 12, frames: 50, width: 0.2, random: &random), cell: try Cell(lengths: Vector3(repeating: 9)))
    var parameters = VanHoveCorrelation()
    parameters.origins = 4
    let result = try parameters.analyze(trajectory)
    #expect(result.originStride == 16 && result.originCount == 4)
    #expect(result.distinct.first?.curves.map(\.origins) == [4, 4, 3, 3, 3, 2])
    #expect(result.settings.contains { $0.name == "origins" && $0.value.contains("4, every 16 frames") })
  }

  @Test func timesAndTheirErrors() throws {
    var random = RandomStream(seed: 68)
    let trajectory = try Self.walkers(
      randomWalks(atoms: 6, frames: 20, width: 0.2, random: &random), cell: try Cell(lengths: Vector3(repeating: 9)))
    func run(_ settings: [String: String]) throws -> VanHoveResult {
      try #require(
        try AnalysisRunner([Analyses.job("van-hove", settings: settings)], pool: WorkerPool(threads: 1)).run(trajectory).results.first
          as? VanHoveResult)
    }
    // Frames are half a picosecond apart.
    let result = try run(["times": "1 ps, 0.0021 ns"])
    #expect(result.lags == [2, 4])
    #expect(result.warnings.contains { $0.contains("no whole number of frames") })
    #expect(result.distinct.first?.curves.map(\.lag) == [0, 2, 4])
    #expect(result.name(ofLag: 2) == "1 ps" && result.name(ofLag: 3) == "1.5 ps")
    #expect(try analysisError { _ = try run(["times": "10 ps"]) }.code == .tooFewFrames)
    #expect(try analysisError { _ = try run(["times": "10"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try run(["times": "-1 ps"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try run(["times": "1 ps", "lags": "1"]) }.code == .invalidSetting)
    var silent = VanHoveCorrelation()
    silent.times = [1]
    let without = trajectory.map { frame in
      var frame = frame
      frame.time = nil
      return frame
    }
    #expect(try analysisError { _ = try silent.analyze(without) }.code == .unevenTimes)
  }

  @Test func openCellsHaveNoDistinctPart() throws {
    var random = RandomStream(seed: 69)
    let cell = try Cell(
      vectors: Matrix3(diagonal: Vector3(repeating: 30)), periodic: Periodicity(repeating: false))
    let trajectory = try Self.walkers(randomWalks(atoms: 6, frames: 10, width: 0.2, random: &random), cell: cell)
    let result = try VanHoveCorrelation().analyze(trajectory)
    #expect(result.distinct.isEmpty && result.warnings.contains { $0.contains("not periodic") })
    #expect(result.species.count == 1)
  }

  @Test func golden() throws {
    let golden = try DistributionsGolden.read().npt
    var parameters = VanHoveCorrelation()
    parameters.lags = golden.lags
    parameters.range = golden.range
    parameters.binWidth = golden.range / Double(golden.bins)
    parameters.distinct = false
    let trajectory = try PeerProgramTests.trajectory()
    let result = try parameters.analyze(trajectory, pool: WorkerPool(threads: 2))
    for (label, expected) in golden.species {
      let part = try #require(result[label])
      for (place, lag) in golden.lags.enumerated() {
        let number = Double(part.atoms * (trajectory.count - lag)) * parameters.binWidth
        // The same counts.
        #expect(largestDifference(part.curves[place].density.map { $0 * number }, expected.counts[place].map(Double.init)) < 1e-8)
      }
    }
    parameters.distinct = true
    parameters.lags = [golden.distinct.lag]
    parameters.cutoff = golden.distinct.cutoff
    parameters.binWidth = golden.distinct.cutoff / Double(golden.distinct.bins)
    parameters.origins = 100
    let distinct = try parameters.analyze(trajectory, pool: WorkerPool(threads: 2))
    for (name, expected) in golden.distinct.pairs {
      let pair = try #require(SpeciesPair(name))
      let curve = try #require(distinct.distinct(pair.center, pair.neighbor)?.curves.last)
      #expect(largestDifference(curve.values, expected) < 1e-9, "\(name)")
    }
  }

  /// pymatgen-analysis-diffusion takes the first origins, removes the drift of the other species, and counts Ar at the later time.
  @Test func pymatgen() throws {
    let golden = try DistributionsGolden.read().fixed
    let trajectory = Array(try DistributionsGolden.fixedCell()[..<(golden.origins + golden.lag)])
    var parameters = VanHoveCorrelation()
    parameters.tracks.driftSpecies = ["Ne"]
    parameters.tracks.driftWeights = .number
    parameters.lags = [golden.lag]
    parameters.binWidth = golden.binWidth
    parameters.range = 6
    parameters.cutoff = 6
    let result = try parameters.analyze(trajectory, pool: WorkerPool(threads: 2))
    let part = try #require(result["Ar"])
    let number = Double(part.atoms * golden.origins) * golden.binWidth
    #expect(
      largestDifference(part.curves[0].density.map { $0 * number }, try #require(golden.pymatgen["self"]).map(Double.init)) < 1e-8)
    let curve = try #require(result.distinct("Ar", "Ar")?.curves.last)
    #expect(curve.origins == golden.origins)
    let volume = trajectory[0].configuration.cell.volume
    let atoms = Double(part.atoms)
    let counts = curve.values.enumerated().map { bin, value in
      let (low, high) = (Double(bin) * golden.binWidth, Double(bin + 1) * golden.binWidth)
      return value * Double(golden.origins) * atoms * (atoms - 1) / volume * 4 * Double.pi / 3 * (high * high * high - low * low * low)
    }
    // pymatgen-analysis-diffusion counts an atom's own images, which come near where it has gone almost as far as a cell.
    var expected = try #require(golden.pymatgen["Ar-Ar"]).map(Double.init)
    var reader = TrackReader(parameters.tracks, analysis: "test", context: AnalysisContext(pool: WorkerPool(threads: 1)))
    let tracks = try trajectory.map { try reader.next($0).displacements }
    let vectors = trajectory[0].configuration.cell.vectors
    var images: [Vector3] = []
    for image in 0..<343 { images.append(Vector3(Double(image % 7 - 3), Double(image / 7 % 7 - 3), Double(image / 49 - 3))) }
    for origin in 0..<golden.origins {
      for atom in reader.groups[0] {
        let way = tracks[origin + golden.lag][atom] - tracks[origin][atom]
        for image in images where image != .zero {
          let r = (way + image * vectors).length
          if r < 6 { expected[Int(r / golden.binWidth)] -= 1 }
        }
      }
    }
    #expect(largestDifference(counts, expected) < 1e-6)
  }
}
