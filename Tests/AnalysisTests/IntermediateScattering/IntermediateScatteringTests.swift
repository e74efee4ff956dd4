import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct IntermediateScatteringTests {
  static let cube = Vector3(repeating: 12)

  static func trajectory(_ tracks: [[Vector3]], interval: Double? = 0.5) throws -> [Frame] {
    try frames(tracks, cell: { _ in try Cell(lengths: cube) }, species: try species("Li"), interval: interval)
  }

  @Test func sinesAndCosines() {
    let angles = (0..<4003).map { (Double($0) - 2000) * 1.37 } + [0, 1e-9, -1e-9, 99_999.5, Double.pi / 4, -Double.pi / 4]
    var (sine, cosine) = ([Double](repeating: 0, count: angles.count), [Double](repeating: 0, count: angles.count))
    angles.withUnsafeBufferPointer { angles in
      sine.withUnsafeMutableBufferPointer { sine in
        cosine.withUnsafeMutableBufferPointer { cosine in
          VectorSineCosine.fill(angles, times: 0.73, sine: sine, cosine: cosine)
        }
      }
    }
    // Some units in the last place.
    #expect(largestDifference(sine, angles.map { sin($0 * 0.73) }) < 1e-15)
    #expect(largestDifference(cosine, angles.map { cos($0 * 0.73) }) < 1e-15)
  }

  @Test func directionsIntegratePolynomials() {
    for directions in SphericalDirections.allCases {
      let points = directions.points
      func mean(_ f: (Vector3) -> Double) -> Double { points.reduce(0) { $0 + $1.weight * f($1.direction) } }
      #expect(String(points.count) == directions.rawValue)
      #expect(points.allSatisfy { abs($0.direction.length - 1) < 1e-14 })
      #expect(abs(mean { _ in 1 } - 1) < 1e-14 && abs(mean { $0.x * $0.x } - 1.0 / 3) < 1e-14)
      #expect(abs(mean { $0.x * $0.y }) < 1e-14)
      let degree = [3, 5, 7, 11][SphericalDirections.allCases.firstIndex(of: directions) ?? 0]
      if degree >= 5 { #expect(abs(mean { $0.x * $0.x * $0.z * $0.z } - 1.0 / 15) < 1e-14) }
      if degree >= 7 { #expect(abs(mean { pow($0.y, 6) } - 1.0 / 7) < 1e-14) }
      if degree >= 11 { #expect(abs(mean { pow($0.z, 10) } - 1.0 / 11) < 1e-14) }
    }
  }

  @Test func fourierIsTheDoubleLoop() throws {
    var random = RandomStream(seed: 71)
    let tracks = randomWalks(atoms: 19, frames: 31, width: 0.5, random: &random)
    var parameters = IntermediateScattering()
    parameters.wavenumbers = [0.4, 1.7]
    parameters.directions = .twentyFive
    let result = try parameters.analyze(try Self.trajectory(tracks), pool: WorkerPool(threads: 2))
    let part = try #require(result["Li"])
    for curve in part.curves {
      try #require(curve.values.count == 16)
      for lag in 0..<16 {
        var sum = 0.0
        for begin in 0..<(31 - lag) {
          for atom in 0..<19 {
            let d = tracks[begin + lag][atom] - tracks[begin][atom]
            for point in parameters.directions.points { sum += point.weight * cos(curve.wavenumber * d.dot(point.direction)) }
          }
        }
        #expect(abs(curve.values[lag] - sum / Double(19 * (31 - lag))) < 1e-12)
      }
      #expect(abs(curve.values[0] - 1) < 1e-12)
    }
  }

  @Test func gaussianWalks() throws {
    var random = RandomStream(seed: 72)
    let (width, interval) = (0.3, 0.5)
    let diffusion = width * width / (2 * interval)
    let tracks = randomWalks(atoms: 300, frames: 400, width: width, random: &random)
    var parameters = IntermediateScattering()
    parameters.wavenumbers = [0.6, 1.0, 1.4]
    parameters.directions = .three
    let part = try #require(try parameters.analyze(try Self.trajectory(tracks), pool: WorkerPool(threads: 2))["Li"])
    for curve in part.curves {
      let rate = curve.wavenumber * curve.wavenumber * diffusion
      for lag in [1, 5, 20, 60] {
        #expect(abs(curve.values[lag] - exp(-rate * Double(lag) * interval)) < 5 * curve.error[lag] + 1e-9, "\(curve.wavenumber) \(lag)")
      }
      #expect(curve.error[5] < 0.01)
      let fit = try #require(curve.relaxation)
      #expect(abs(fit.exponent - 1) < 0.05 && abs(fit.amplitude - 1) < 0.05)
      #expect(abs(try #require(curve.rate) / rate - 1) < 0.05)
      // The line is as wide as the rate; half a run of 100 ps resolves it.
      #expect(abs(try #require(curve.halfWidth) / (rate * EnergySpectrum.reducedPlanck) - 1) < 0.1, "\(curve.wavenumber)")
    }
  }

  /// Jumps of one length into random directions: the model of Chudley and Elliott itself.
  @Test func jumpsOfOneLength() throws {
    var random = RandomStream(seed: 73)
    let (length, share, interval) = (3.0, 0.05, 0.5)
    var places = [Vector3](repeating: .zero, count: 300)
    let tracks = (0..<500).map { _ in
      places.indices.map { atom -> Vector3 in
        if random.uniform() < share {
          let direction = Vector3(random.normal(), random.normal(), random.normal())
          places[atom] += direction * (length / direction.length)
        }
        return places[atom]
      }
    }
    var parameters = IntermediateScattering()
    parameters.wavenumbers = [0.4, 0.8, 1.2, 1.6, 2.0]
    let part = try #require(try parameters.analyze(try Self.trajectory(tracks), pool: WorkerPool(threads: 2))["Li"])
    for curve in part.curves {
      let x = curve.wavenumber * length
      // At most one jump a frame.
      let rate = -log(1 - share * (1 - sin(x) / x)) / interval
      #expect(abs(try #require(curve.rate) / rate - 1) < 0.06, "\(curve.wavenumber)")
    }
    let model = try #require(part.hopping)
    #expect(abs(model.jumpLength - length) < 0.15)
    #expect(abs(model.diffusionCoefficient / (length * length * share / (6 * interval)) - 1) < 0.1)
    #expect(model.deviation < 0.05)
  }

  /// Atoms that only vibrate: a plateau at the Debye-Waller factor, and nothing to fit.
  @Test func vibrationsLeaveAPlateau() throws {
    var random = RandomStream(seed: 74)
    let sites = randomWalks(atoms: 100, frames: 1, width: 0, random: &random)[0]
    let tracks = (0..<120).map { _ in
      sites.map { $0 + Vector3(random.normal(), random.normal(), random.normal()) * 0.2 }
    }
    var parameters = IntermediateScattering()
    parameters.wavenumbers = [1.5, 3]
    let result = try parameters.analyze(try Self.trajectory(tracks))
    for curve in try #require(result["Li"]).curves {
      let factor = exp(-curve.wavenumber * curve.wavenumber * 0.04)
      for lag in [1, 10, 50] { #expect(abs(curve.values[lag] - factor) < 5 * curve.error[lag]) }
      #expect(curve.relaxation == nil && curve.rate == nil)
    }
    #expect(result.warnings.contains { $0.contains("no relaxation at q = 1.5, 3") })
    #expect(result.summary["species"]?["Li"]?["relaxation_time_ps"]?.json() == "[null, null]")
  }

  @Test func stretchedExponentials() throws {
    let t = (1...60).map { pow(1.15, Double($0)) * 0.1 }
    for (amplitude, time, exponent) in [(0.9, 12.0, 0.6), (1.0, 3.0, 1.0), (0.7, 40.0, 0.45), (0.95, 0.8, 1.6)] {
      let exact = t.map { amplitude * exp(-pow($0 / time, exponent)) }
      let fit = try #require(StretchedExponential(t: t, f: exact))
      // Data without noise.
      #expect(abs(fit.amplitude - amplitude) < 1e-6 && abs(fit.time / time - 1) < 1e-6 && abs(fit.exponent - exponent) < 1e-6)
      #expect(abs(fit(5) - amplitude * exp(-pow(5 / time, exponent))) < 1e-6)
    }
    let half = try #require(StretchedExponential(t: t, f: t.map { exp(-($0 / 2).squareRoot()) }))
    // 2 tau for an exponent of one half.
    #expect(abs(half.meanTime - 4) < 1e-5)
    #expect(StretchedExponential(t: t, f: t.map { _ in 0.9 }) == nil)
    #expect(StretchedExponential(t: [1, 2], f: [1, 0.1]) == nil)
  }

  @Test func spectrumOfAnExponential() throws {
    let (rate, interval) = (0.4, 0.01)
    let correlation = (0..<20_000).map { exp(-rate * Double($0) * interval) }
    let resolution = 0.1
    let spectrum = EnergySpectrum(correlation, interval: interval, resolution: resolution)
    let step = spectrum.frequencies[1]
    let area = 2 * spectrum.values.reduce(0, +) * step - spectrum.values[0] * step
    // A Lorentzian has 2 rate / (pi w) = 8e-4 of its area beyond the highest frequency, 314 rad/ps.
    #expect(abs(area - 1) < 2e-3)
    #expect(abs(try #require(spectrum.quasiElasticWidth) / rate - 1) < 2e-3)
    // Far out, a Lorentzian: the resolution does not matter.
    let place = try #require(spectrum.frequencies.firstIndex { $0 > 4 })
    let w = spectrum.frequencies[place]
    #expect(abs(spectrum.values[place] / (rate / Double.pi / (w * w + rate * rate)) - 1) < 0.01)
    let elastic = EnergySpectrum([Double](repeating: 1, count: 6000), interval: interval, resolution: 0.5)
    // Twice the half width is the resolution where nothing moves.
    #expect(abs(2 * (elastic.halfWidth ?? 0) / 0.5 - 1) < 0.01)
    #expect(try #require(elastic.quasiElasticWidth) < 0.01)
  }

  /// Frames far apart against the decay: the spectrum is that of straight lines between them, and nothing is folded back.
  @Test func spectrumOfCoarseFrames() throws {
    let (rate, interval, parts) = (1.2, 1.0, 40)
    func value(_ t: Double) -> Double { exp(-rate * t) }
    let coarse = (0...200).map { value(Double($0) * interval) }
    let fine = (0...(200 * parts)).map { place -> Double in
      let (frame, rest) = (place / parts, Double(place % parts) / Double(parts))
      return coarse[frame] * (1 - rest) + (rest > 0 ? coarse[frame + 1] * rest : 0)
    }
    let found = EnergySpectrum(coarse, interval: interval, resolution: 0.05)
    let exact = EnergySpectrum(fine, interval: interval / Double(parts), resolution: 0.05)
    for place in stride(from: 0, to: found.values.count, by: 20) {
      let frequency = found.frequencies[place]
      let next = try #require(exact.frequencies.firstIndex { $0 >= frequency })
      // Frequencies of the two differ by a step of the grid, 0.008 rad/ps; the finer sum has its own ripple of 1e-4.
      #expect(abs(found.values[place] - exact.values[next]) < 0.02 * exact.values[next] + 2e-4, "\(frequency)")
    }
    // Without it, the sum is 2.5 times as high at the highest frequency.
    let highest = try #require(found.values.last)
    #expect(highest < 0.6 * interval / (2 * Double.pi) * (1 - value(1)) / (1 + value(1)))
  }

  /// Fits at bounds, decays before the fit, and frames too far apart.
  @Test func fitsThatAreNone() throws {
    let interval = 0.5
    let times = (0...120).map { Double($0) * interval }
    let curves = [
      // More than 1 before the fit begins; a plateau; gone before the fit; hardly any decay.
      times.map { min(1, 1.3 * exp(-$0 / 4)) }, times.map { $0 == 0 ? 1 : 0.7 * exp(-pow($0 / 6, 0.8)) }, times.map { exp(-3 * $0) },
      times.map { 1 - 1e-4 * $0 },
    ]
    let part = IntermediateScatteringResult.Curves(
      label: "Li", atoms: [1, 1], sums: [curves, curves], wavenumbers: [1, 1.5, 2, 2.5], interval: interval, fitFrom: 1, resolution: 0.5)
    #expect(part.curves[0].amplitude == nil && part.curves[0].error(of: .amplitude) == nil && part.curves[0].error(of: .time) != nil)
    #expect(abs(try #require(part.curves[1].amplitude) - 0.7) < 1e-6 && part.curves[1].error(of: .amplitude) != nil)
    #expect(part.curves[2].relaxation == nil && part.curves[3].relaxation == nil && part.hopping == nil)
    let result = IntermediateScatteringResult(
      parameters: IntermediateScattering(), labels: ["Li"], species: [part], resolution: 0.5, frameInterval: interval, frameCount: 241,
      trackWarnings: [])
    func told(_ text: String, _ q: String) -> Bool { result.warnings.contains { $0.contains(text) && $0.contains("q = \(q) 1/Å") } }
    #expect(told("bound 1", "1") && told("decayed before fit-from, to 0.05; lower it", "2") && told("hardly decays", "2.5"))
    #expect(told("write frames more often", "2"))
    let summary = try #require(result.summary["species"]?["Li"])
    #expect(
      summary["chudley_elliott"]?.json() == "null" && summary["chudley_elliott_missing"]?.json() == "\"2 of the 3 rates that are needed\"")
    #expect(summary["amplitude_error"]?.json().hasPrefix("[null, ") ?? false)
    let table = result.tables[0]
    #expect(table.name == "scattering" && table.columns.allSatisfy { $0.rowCount == 4 })
  }

  @Test func badInput() throws {
    var random = RandomStream(seed: 75)
    let tracks = randomWalks(atoms: 3, frames: 30, width: 0.3, random: &random)
    let trajectory = try Self.trajectory(tracks)
    func code(_ settings: [String: String], _ frames: [Frame]? = nil) throws -> AnalysisError.Code {
      try analysisError {
        _ = try AnalysisRunner([Analyses.job("scattering", settings: settings)], pool: WorkerPool(threads: 1)).run(frames ?? trajectory)
      }.code
    }
    #expect(try code(["q": "a"]) == .invalidSetting)
    #expect(try code(["q": "-1"]) == .invalidSetting)
    #expect(try code(["q": ","]) == .invalidSetting)
    #expect(try code(["directions": "4"]) == .invalidSetting)
    #expect(try code(["resolution": "1 ueV"]) == .invalidSetting)
    #expect(try code(["resolution": "0.0001 meV"]) == .tooFewFrames)
    #expect(try code([:], try Self.trajectory(tracks, interval: nil)) == .unevenTimes)
    #expect(try code([:], Array(trajectory[..<2])) == .tooFewFrames)
    let job = try Analyses.job("scattering", settings: ["q": "1.5 1/A,0.5", "resolution": "5 meV"])
    let result = try #require(
      try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(trajectory).results.first as? IntermediateScatteringResult)
    #expect(result.parameters.wavenumbers == [0.5, 1.5] && abs(result.resolutionEnergy - 5) < 1e-9)
  }

  @Test func golden() throws {
    let golden = try DistributionsGolden.read()
    var parameters = IntermediateScattering()
    parameters.wavenumbers = golden.npt.q
    parameters.tracks.frameInterval = 1.6
    let result = try parameters.analyze(try PeerProgramTests.trajectory(), pool: WorkerPool(threads: 2))
    for (label, expected) in golden.npt.species {
      let part = try #require(result[label])
      for (curve, values) in zip(part.curves, expected.scattering) {
        // Rounding of phases of a hundred radians.
        #expect(largestDifference(golden.npt.lags.map { curve.values[$0] }, values) < 1e-11, "\(label)")
      }
    }
    parameters.wavenumbers = golden.fixed.q
    parameters.directions = .three
    let fixed = try parameters.analyze(try DistributionsGolden.fixedCell(), pool: WorkerPool(threads: 2))
    for (label, expected) in golden.fixed.dynasor {
      let part = try #require(fixed[label])
      for (curve, values) in zip(part.curves, expected) {
        // dynasor reads positions with twelve decimals.
        #expect(largestDifference(curve.values, values) < 1e-10, "\(label)")
      }
    }
  }
}
