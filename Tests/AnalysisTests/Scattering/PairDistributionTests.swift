import Analysis
import NumericalMethods
import Structures
import Testing

@Suite struct PairDistributionTests {
  static func crystalFrames(_ count: Int, width: Double = 0.15) throws -> [Frame] {
    var random = RandomStream(seed: 21, stream: 1)
    let ideal = try crystal(7.16, cells: 3, basis: cristobalite, species: try species("Si", "O"))
    return (0..<count).map { _ in shaken(ideal, by: width, random: &random) }
  }

  @Test func areaOfThePeakIsTheCoordination() throws {
    // fcc: the integral of r T(r) over the first peak is 12, whatever window smears it as long as it is kept apart.
    var random = RandomStream(seed: 22, stream: 1)
    let ideal = try crystal(5.6, cells: 4, basis: faceCentred, species: try species("Ar"))
    let frames = (0..<4).map { _ in shaken(ideal, by: 0.1, random: &random) }
    for (window, broadening, tolerance) in [
      (TruncationWindow.none, 0.0, 1e-2), (.none, 0.1, 1e-2), (.lorch, 0.0, 0.15), (.step, 0.05, 0.15),
    ] {
      var parameters = PairDistribution()
      parameters.window = window
      parameters.broadening = broadening
      parameters.highestQ = 35
      let result = try parameters.analyze(frames)
      for total in result.totals {
        var area = 0.0
        // Halfway between the shells at 3.96 and 5.6 A.
        for (r, t) in zip(result.radii, total.total) where r > 3 && r < 4.78 { area += r * t * 0.01 }
        // A window leaves 1 % of ripples outside of the peak.
        #expect(abs(area - 12) < tolerance * (window == .none ? 1 : 4), "\(window) \(area)")
      }
    }
  }

  @Test func partialsAddUpAndUnitsAreRight() throws {
    for window in TruncationWindow.allCases {
      var parameters = PairDistribution()
      parameters.window = window
      parameters.highestQ = 25
      let result = try parameters.analyze(try Self.crystalFrames(12), pool: WorkerPool(threads: 2))
      #expect(result.pairs.map(\.description) == ["Si-Si", "Si-O", "O-O"])
      for total in result.totals {
        #expect(total.error.count == result.radii.count)
        for i in result.radii.indices {
          let sum = total.partials.reduce(0) { $0 + $1[i] }
          #expect(abs(sum - total.reduced[i]) < 1e-9 * (1 + abs(sum)))
          #expect(abs(total.total[i] - total.reduced[i] - 4 * .pi * result.density * result.radii[i]) < 1e-12)
        }
      }
      // (4.1491 + 2 × 5.803)² / 9 fm²
      #expect(abs(try #require(result.total(.neutron)?.squareOfMean) - 0.275813) < 1e-5)
      let table = try #require(result.tables.first { $0.name == "pdf-neutron" })
      #expect(table.columns.map(\.name).starts(with: ["r", "G", "T", "g", "G_error", "D", "T_barn"]))
      #expect(
        result.summary["radiations"]?["neutron"]?["first_peak_A"]?.double.map { abs($0 - 1.54) < 0.1 } == true,
        "\(result.summary.json())")
    }
  }

  @Test func aLargeRangeShowsAllThereIs() throws {
    // Peaks of 0.21 Å: exp(-Q² s²/2) is 1e-5 at 22 1/A, so that an end at 35 1/A takes nothing away.
    let frames = try Self.crystalFrames(20, width: 0.15)
    var parameters = PairDistribution()
    parameters.radiations = [.neutron]
    parameters.broadening = 0.06
    parameters.window = .step
    parameters.highestQ = 60
    let finite = try parameters.analyze(frames)
    parameters.window = .none
    let infinite = try parameters.analyze(frames)
    let (a, b) = (try #require(finite.totals.first).reduced, try #require(infinite.totals.first).reduced)
    let height = b.map { abs($0) }.max() ?? 0
    // The end of g(r) at the cutoff makes ripples near it; bins of 0.01 A damp the transform by (0.01 Q)²/24, nothing where peaks have weight.
    for (i, r) in finite.radii.enumerated() where r < finite.cutoff - 0.5 { #expect(abs(a[i] - b[i]) < 2e-3 * height, "\(r)") }
  }

  @Test func idealGasHasNone() throws {
    let frames = try StructureFactorTests.gas(30, ["Si", "O"])
    let result = try PairDistribution().analyze(frames, pool: WorkerPool(threads: 2))
    let total = try #require(result.total(.xRay))
    // Below 1 A a bin has hardly a pair; 1/N of the density is missing of pairs of like atoms, -0.0017 r of T(r) 4 pi rho_0 r.
    let off = result.radii.indices.filter { result.radii[$0] > 1 && result.radii[$0] < result.cutoff - 1 }
      .map { abs(total.reduced[$0] + 4 * .pi * result.density * result.radii[$0] / 600) / total.error[$0] }
    #expect(off.filter { $0 > 4 }.count < off.count / 50)
    #expect(off.contains { $0 > 0.5 })
  }

  @Test func threadsChangeNothing() throws {
    let frames = try Self.crystalFrames(2)
    let one = try PairDistribution().analyze(frames, pool: WorkerPool(threads: 1))
    let two = try PairDistribution().analyze(frames, pool: WorkerPool(threads: 3))
    #expect(one.totals.map(\.reduced) == two.totals.map(\.reduced))
  }

  @Test func impossibleQuestionsAreRefused() throws {
    func message(_ settings: [String: String]) throws -> String {
      do {
        _ = try AnalysisRunner([Analyses.job("pdf", settings: settings)], pool: WorkerPool(threads: 1)).run(try Self.crystalFrames(1))
        return ""
      } catch let error as AnalysisError { return error.message }
    }
    #expect(try message(["bin-width": "0.1 A"]).contains("too coarse"))
    #expect(try message(["q-max": "90 1/A"]).contains("form factors"))
    #expect(try message(["window": "hann"]).contains("none of"))
    #expect(try message(["radiation": "electron", "window": "none", "ions": "O=-2"]).contains("infinite"))
  }

  @Test func weightedTotalsOfRadialDistribution() throws {
    var parameters = RadialDistribution()
    parameters.cutoff = 8
    parameters.scatterers = Scatterers(isotopes: ["Si": 28])
    let result = try parameters.analyze(try Self.crystalFrames(80), pool: WorkerPool(threads: 2))
    // By hand, with 28Si 4.107 fm and O 5.803 fm, 14 and 8 electrons; fits miss the numbers of electrons by 0.01.
    for (radiation, si, o, tolerance) in [(Radiation.neutron, 4.107, 5.803, 1e-9), (.xRay, 14.0, 8.0, 1e-2)] {
      let total = try #require(result.weighted.first { $0.radiation == radiation })
      let norm = (si + 2 * o) * (si + 2 * o)
      for i in result.radii.indices {
        let g = try ["Si", "O"].map { try #require(result.partial("Si", $0)).values[i] } + [#require(result.partial("O", "O")).values[i]]
        let expected = (si * si * g[0] + 4 * si * o * g[1] + 4 * o * o * g[2]) / norm
        #expect(abs(total.values[i] - expected) < tolerance * (1 + expected))
      }
      #expect(total.error.count == result.radii.count)
    }
    // Two atoms shaken by 0.15 Å each along their bond: a Gaussian with a standard deviation of 0.15 sqrt 2, full width 0.4995 Å; r² in g(r)
    // and motion across the bond make it 0.503 Å and the smoothed peak lie at 1.520 Å (by numerical integration).
    let partial = try #require(result.partial("Si", "O"))
    #expect(abs(try #require(partial.shell.width) - 0.503) < 0.012, "\(partial.shell.width ?? 0)")
    #expect(abs(try #require(partial.shell.peak) - 1.520) < 0.015, "\(partial.shell.peak ?? 0)")
    #expect(try #require(partial.peakError) < 0.01 && (try #require(partial.peakError)) > 1e-5)
    #expect(try #require(partial.widthError) < 0.02 && (try #require(partial.widthError)) > 1e-5)
    #expect(result.summary["pairs"]?["Si-O"]?["first_peak_width_A"]?.double == partial.shell.width)
  }
}
