import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite("Straight lines against 1/T")
struct ArrheniusFitTests {
  /// What numpy, scipy and statsmodels give; `make_golden.py` beside it makes the file.
  struct Golden: Decodable {
    struct Line: Decodable {
      var lnPrefactor, energy, chiSquared, correlation, pValue: Double
      var errors, interval300, interval: [Double]
    }
    struct Vogel: Decodable {
      var parameters, errors: [Double]
      var chiSquared: Double
    }
    var temperatures, relativeErrors, line, curved: [Double]
    var given, scaled: Line
    var vtf: Vogel
    var fisher: [[Double]]

    static func read() throws -> Golden {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(
        Golden.self, from: Data(contentsOf: folder.appendingPathComponent("Golden/temperature/arrhenius.json")))
    }

    func points(_ values: [Double]) -> [TransportPoint] {
      temperatures.indices.map {
        TransportPoint(temperature: temperatures[$0], value: values[$0], error: values[$0] * relativeErrors[$0])
      }
    }
  }

  /// Points that lie on a line exactly.
  static func exact(
    _ temperatures: [Double], energy: Double = 0.4, prefactor: Double = 1e-3, error: Double? = 0.05,
    quantity: TransportQuantity = .diffusion
  ) -> [TransportPoint] {
    temperatures.map { temperature in
      let fitted = prefactor * exp(-energy / (PhysicalConstants.boltzmann * temperature))
      let value = quantity == .diffusion ? fitted : fitted / temperature
      return TransportPoint(temperature: temperature, value: value, error: error.map { $0 * value })
    }
  }

  private func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * max(abs(a), abs(b)) }

  @Test("statsmodels and scipy give the same line, errors, correlation and intervals", arguments: [ArrheniusFit.Errors.given, .scaled])
  func golden(_ errors: ArrheniusFit.Errors) throws {
    let golden = try Golden.read()
    let fit = try ArrheniusFit(golden.points(golden.line), quantity: .diffusion, errors: errors)
    let wanted = errors == .given ? golden.given : golden.scaled
    // Both solve a problem with a condition of some 1e3 in double precision.
    #expect(near(fit.activationEnergy.value, wanted.energy, 1e-9))
    #expect(near(fit.logPrefactor.value, wanted.lnPrefactor, 1e-9))
    #expect(near(fit.logPrefactor.error, wanted.errors[0], 1e-8))
    #expect(near(fit.activationEnergy.error, wanted.errors[1], 1e-8))
    #expect(near(fit.chiSquared, wanted.chiSquared, 1e-8))
    #expect(near(fit.correlation, wanted.correlation, 1e-8))
    // The bounds are exponentials of differences of logarithms of some 20.
    #expect(near(fit.activationEnergy.interval.lowerBound, wanted.interval[0], 1e-8))
    #expect(near(fit.activationEnergy.interval.upperBound, wanted.interval[1], 1e-8))
    let prediction = fit.prediction(at: 300)
    #expect(near(prediction.interval.lowerBound, wanted.interval300[0], 1e-7))
    #expect(near(prediction.interval.upperBound, wanted.interval300[1], 1e-7))
    if errors == .given { #expect(near(try #require(fit.goodnessOfFit), wanted.pValue, 1e-8)) } else { #expect(fit.goodnessOfFit == nil) }
  }

  @Test("scipy gives the same VTF curve; its minimum is flat, so T0 agrees to what the search resolves")
  func vogel() throws {
    let golden = try Golden.read()
    let fit = try ArrheniusFit(golden.points(golden.curved), quantity: .diffusion)
    let vogel = try #require(TemperatureModelComparison(fit).fits.first { $0.model == .vtf })
    #expect(near(vogel.chiSquared, golden.vtf.chiSquared, 1e-6))
    // A minimum found by comparing values is known to the root of their rounding.
    for (value, wanted) in zip(vogel.values, golden.vtf.parameters) { #expect(near(value, wanted, 1e-4)) }
    for (error, wanted) in zip(vogel.errors, golden.vtf.errors) { #expect(near(error, wanted, 1e-3)) }
  }

  @Test("the F distribution is that of scipy")
  func fisher() throws {
    for row in try Golden.read().fisher {
      #expect(near(FisherDistribution(numerator: row[1], denominator: row[2]).upperTail(row[0]), row[3], 1e-10))
    }
    // With a known mean square below it is chi-squared.
    let chi = ChiSquaredDistribution(degrees: 3).upperTail(6)
    #expect(near(FisherDistribution(numerator: 3, denominator: .infinity).upperTail(2), chi, 1e-12))
    #expect(near(FisherDistribution(numerator: 3, denominator: 1e7).upperTail(2), chi, 1e-5))
  }

  @Test("points on a line give it back, for D and for σT", arguments: TransportQuantity.allCases)
  func exactLine(_ quantity: TransportQuantity) throws {
    let fit = try ArrheniusFit(Self.exact([500, 650, 800, 1000], quantity: quantity), quantity: quantity)
    #expect(near(fit.activationEnergy.value, 0.4, 1e-10))
    #expect(near(exp(fit.logPrefactor.value), 1e-3, 1e-9))
    let wanted = 1e-3 * exp(-0.4 / (PhysicalConstants.boltzmann * 300)) / (quantity == .diffusion ? 1 : 300)
    #expect(near(fit.prediction(at: 300).value, wanted, 1e-8))
    #expect(fit.chiSquared < 1e-18)
    // 1/300 - 1/500 over 1/500 - 1/1000.
    #expect(near(fit.prediction(at: 300).distance, (1 / 300.0 - 1 / 500.0) / (1 / 500.0 - 1 / 1000.0), 1e-12))
    #expect(fit.prediction(at: 700).distance == 0)
  }

  @Test("a factor on all values moves the prefactor alone; a factor on temperatures scales the energy; order does not matter")
  func invariances() throws {
    let golden = try Golden.read()
    let points = golden.points(golden.line)
    let fit = try ArrheniusFit(points, quantity: .diffusion)
    let scaled = try ArrheniusFit(
      points.map { TransportPoint(temperature: $0.temperature, value: $0.value * 7, error: ($0.logError ?? 0) * $0.value * 7) },
      quantity: .diffusion)
    #expect(near(scaled.activationEnergy.value, fit.activationEnergy.value, 1e-9))
    #expect(near(scaled.logPrefactor.value, fit.logPrefactor.value + log(7), 1e-9))
    let hotter = try ArrheniusFit(
      points.map { TransportPoint(temperature: 2 * $0.temperature, value: $0.value, error: ($0.logError ?? 0) * $0.value) },
      quantity: .diffusion)
    #expect(near(hotter.activationEnergy.value, 2 * fit.activationEnergy.value, 1e-9))
    #expect(near(hotter.chiSquared, fit.chiSquared, 1e-8))
    let reversed = try ArrheniusFit(points.reversed(), quantity: .diffusion)
    #expect(reversed.activationEnergy.value == fit.activationEnergy.value)
  }

  @Test("errors from fewer degrees of freedom give wider intervals, in the limit of many those of known errors")
  func degrees() throws {
    let golden = try Golden.read()
    func width(_ degrees: Double) throws -> Double {
      let points = golden.points(golden.line).map { point in
        var point = point
        point.degrees = degrees
        return point
      }
      let interval = try ArrheniusFit(points, quantity: .diffusion).activationEnergy.interval
      return interval.upperBound - interval.lowerBound
    }
    let widths = try [4, 8, 16, 64, 1e7, .infinity].map(width)
    for (wide, narrow) in zip(widths, widths.dropFirst()) { #expect(wide > narrow) }
    #expect(near(widths[4], widths[5], 1e-5))
    // The common mean of two values is Meier's case: variance (1 + 4 sum w (1 - w) / f) / W.
    #expect(widths[0] > 1.2 * widths[5])
  }

  @Test("replicas are combined by their weights, and by their scatter where that is larger")
  func replicas() throws {
    let alike = CombinedReplicas([
      TransportPoint(temperature: 800, value: 1e-5, error: 1e-6, degrees: 10),
      TransportPoint(temperature: 800, value: 1e-5, error: 1e-6, degrees: 10),
      TransportPoint(temperature: 700, value: 3e-6, error: 1e-6),
    ]).points
    #expect(alike.map(\.temperature) == [700, 800])
    #expect(near(try #require(alike[1].logError), 0.1 / 2.0.squareRoot(), 1e-12))
    #expect(near(alike[1].degrees, 20, 1e-12))
    let apart = CombinedReplicas([
      TransportPoint(temperature: 800, value: 1e-5, error: 1e-7), TransportPoint(temperature: 800, value: 2e-5, error: 2e-7),
    ]).points
    // The mean of the logarithms, and half their difference.
    #expect(near(apart[0].value, 2.0.squareRoot() * 1e-5, 1e-12))
    #expect(near(try #require(apart[0].logError), log(2) / 2, 1e-12))
    #expect(apart[0].degrees == 1)
    let bare = CombinedReplicas([
      TransportPoint(temperature: 800, value: 1e-5, error: nil), TransportPoint(temperature: 800, value: 2e-5, error: nil),
    ]).points
    #expect(near(try #require(bare[0].logError), log(2) / 2, 1e-12))
  }

  @Test("what replicas scatter is pooled over temperatures, and holds where there are none")
  func pooled() throws {
    func point(_ temperature: Double, _ logarithm: Double) -> TransportPoint {
      TransportPoint(temperature: temperature, value: exp(logarithm), error: 0.1 * exp(logarithm))
    }
    // Sums of squares over 0.01: 2 × 9 at 800 K and 0 at 900 K, for two degrees of freedom.
    let replicas = CombinedReplicas([point(800, -12.3), point(800, -11.7), point(900, -11), point(900, -11), point(1000, -10)])
    #expect(near(replicas.scale, 3, 1e-12))
    #expect(replicas.degrees == 2)
    for (found, wanted) in zip(replicas.points, [0.3 / 2.0.squareRoot(), 0.3 / 2.0.squareRoot(), 0.3]) {
      #expect(near(try #require(found.logError), wanted, 1e-12))
    }
    let series = try TemperatureSeries(
      name: "Li", points: [point(800, -12.3), point(800, -11.7), point(900, -11), point(900, -11), point(1000, -10)], quantity: .diffusion)
    // One scale for all errors: Student's t has its degrees for every number of the fit, and F tests the line.
    #expect(series.fit.activationEnergy.degrees == 2 && series.fit.logPrefactor.degrees == 2)
    #expect(
      near(try #require(series.fit.goodnessOfFit), FisherDistribution(numerator: 1, denominator: 2).upperTail(series.fit.chiSquared), 1e-12)
    )
    #expect(series.warnings.contains { $0.contains("replicas scatter 3 times") })
    // Without errors the pooled variance is that of one point: (2 × 0.3² + 0) / 2.
    let bare = CombinedReplicas(
      [(800, -12.3), (800, -11.7), (900, -11), (900, -11), (1000, -10)].map { TransportPoint(temperature: $0, value: exp($1), error: nil) })
    for (found, wanted) in zip(bare.points, [0.3 / 2.0.squareRoot(), 0.3 / 2.0.squareRoot(), 0.3]) {
      #expect(near(try #require(found.logError), wanted, 1e-12))
    }
    let single = CombinedReplicas(Self.exact([700, 800, 900]))
    #expect(single.degrees == nil && single.scale == 1 && single.points == Self.exact([700, 800, 900]))
  }

  @Test("an interval is shown as it was given, whatever its halves")
  func skewed() throws {
    let points = Self.exact([700, 800, 900]).map {
      TransportPoint(temperature: $0.temperature, value: $0.value, interval: $0.value / 2...$0.value * 6)
    }
    let series = try TemperatureSeries(name: "Li", points: points, quantity: .diffusion)
    for (point, given) in zip(series.fit.points, points) { #expect(point.interval == given.value / 2...given.value * 6) }
    let bars = try #require(ArrheniusFigure.figure([series]).series.first { $0.style == .points && !$0.isHollow })
    #expect(near(bars.error[0], log10(6), 1e-9) && near(bars.errorBelow[0], log10(2), 1e-9))
  }

  @Test("the law of a conductivity is one for σT")
  func lawsInWords() {
    for model in [TemperatureModel.arrhenius, .vtf] {
      #expect(model.law(.conductivity).hasPrefix("ln(sigma T) = ln A - ") && model.law(.diffusion).hasPrefix("ln D = ln D0 - "))
    }
  }

  @Test("one point that is wrong does not turn the robust line, and is told of")
  func outlier() throws {
    var points = Self.exact([500, 600, 700, 800, 900, 1000], error: nil)
    points[0].value *= 30
    let series = try TemperatureSeries(name: "Li", points: points, quantity: .diffusion)
    #expect(abs(try #require(series.robust).activationEnergy - 0.4) < 1e-9)
    #expect(series.fit.activationEnergy.value < 0.37)
    #expect(series.warnings.contains { $0.contains("no errors") })
  }

  @Test("Nernst and Einstein by hand")
  func carriers() throws {
    // 2e22 ions a cm³ with 1e-8 cm²/s at 300 K: 2e22 × (1.602e-19)² × 1e-8 / (1.381e-23 × 300) = 1.239e-3 S/cm.
    let carriers = ChargeCarriers(density: 0.02, charge: 1)
    #expect(near(carriers.conductivityPerDiffusion(at: 300) * 1e-8, 1.2395e-3, 1e-4))
    #expect(
      near(
        ChargeCarriers(density: 0.02, charge: 2).conductivityPerDiffusion(at: 300), 4 * carriers.conductivityPerDiffusion(at: 300), 1e-12))
    let series = try TemperatureSeries(
      name: "Li", points: Self.exact([700, 800, 900]), quantity: .diffusion, temperatures: [300, 400],
      carriers: [.init(temperature: 300, ions: carriers)])
    #expect(series.conductivities.count == 2)
    #expect(near(series.conductivities[0].value, series.predictions[0].value * carriers.conductivityPerDiffusion(at: 300), 1e-12))
    // Each point with the ions of its own run, other temperatures with those of the nearest.
    let expanding = try TemperatureSeries(
      name: "Li", points: Self.exact([700, 900]), quantity: .diffusion, temperatures: [300],
      carriers: [700, 900].map { .init(temperature: $0, ions: ChargeCarriers(density: 14 / $0, charge: 1)) })
    #expect(near(expanding.conductivities[0].value, expanding.predictions[0].value * carriers.conductivityPerDiffusion(at: 300), 1e-12))
    #expect(near(expanding.conductivityPerDiffusion(at: 900) ?? 0, carriers.conductivityPerDiffusion(at: 900) * 7 / 9, 1e-12))
  }

  @Test("laws: the right one is preferred, and too few points are refused")
  func laws() throws {
    let temperatures = stride(from: 400.0, through: 1200, by: 100).map { $0 }
    var random = RandomStream(seed: 5)
    func points(_ law: (Double) -> Double) -> [TransportPoint] {
      temperatures.map { temperature in
        let value = exp(law(temperature) + 0.02 * random.normal())
        return TransportPoint(temperature: temperature, value: value, error: 0.02 * value)
      }
    }
    func inverse(_ temperature: Double) -> Double { 1 / (PhysicalConstants.boltzmann * temperature) }
    let straight = points { -7 - 0.3 * inverse($0) }
    let vogel = points { -8 - 0.06 * inverse($0 - 250) }
    let broken = points { -7 - 0.2 * inverse($0) - 0.35 * max(0, inverse($0) - inverse(750)) }
    for (data, wanted) in [(straight, TemperatureModel.arrhenius), (vogel, .vtf), (broken, .piecewise)] {
      let comparison = TemperatureModelComparison(try ArrheniusFit(data, quantity: .diffusion))
      #expect(comparison.preferred?.model == wanted)
      #expect(comparison.fits.min { $0.bic < $1.bic }?.model == wanted)
      #expect(abs(comparison.probabilities.reduce(0, +) - 1) < 1e-12)
      // A more general law never fits worse.
      #expect(comparison.fits[1].chiSquared <= comparison.fits[0].chiSquared * (1 + 1e-9))
    }
    let pieces = try #require(
      TemperatureModelComparison(try ArrheniusFit(broken, quantity: .diffusion)).fits.first { $0.model == .piecewise })
    // Within four standard errors.
    for (index, truth) in [-7, 0.2, 0.55, 750].enumerated() { #expect(abs(pieces.values[index] - truth) < 4 * pieces.errors[index]) }
    let few = TemperatureModelComparison(try ArrheniusFit(Self.exact([700, 800, 900, 1000]), quantity: .diffusion))
    #expect(few.fits.map(\.model) == [.arrhenius])
    #expect(few.refused == [.vtf, .piecewise])
  }

  @Test("a curve is no straight line: p is small and the series says so")
  func curved() throws {
    let points = [500.0, 600, 700, 800, 900, 1000].map { temperature in
      let value = exp(-8 - 0.08 / (PhysicalConstants.boltzmann * (temperature - 350)))
      return TransportPoint(temperature: temperature, value: value, error: 0.03 * value)
    }
    let series = try TemperatureSeries(name: "Li", points: points, quantity: .diffusion)
    #expect(try #require(series.fit.goodnessOfFit) < 0.01)
    #expect(series.shortcomings.contains { $0.contains("straight line does not describe") })
    #expect(series.warnings.contains { $0.contains("vtf") })
    // The law that the points speak for is drawn, too.
    let law = try #require(ArrheniusFigure.figure([series]).series.first { $0.style == .outline })
    #expect(law.label == "VTF")
    #expect(near(law.y[0], log10(points[5].value), 1e-3))
  }

  @Test("too few temperatures, numbers without logarithms, missing errors")
  func broken() throws {
    #expect(throws: AnalysisError.self) { try ArrheniusFit(Self.exact([700]), quantity: .diffusion) }
    #expect(throws: AnalysisError.self) { try ArrheniusFit(Self.exact([700, 700]), quantity: .diffusion) }
    #expect(throws: AnalysisError.self) { try ArrheniusFit(Self.exact([700, 800], error: nil), quantity: .diffusion) }
    #expect(throws: AnalysisError.self) { try ArrheniusFit([], quantity: .diffusion) }
    for bad in [0, -1e-6, .nan, .infinity] {
      let points = Self.exact([700, 800, 900]) + [TransportPoint(temperature: 1000, value: bad, error: nil)]
      #expect(throws: AnalysisError.self) { try ArrheniusFit(points, quantity: .diffusion) }
    }
    let mixed = Self.exact([700, 800]) + Self.exact([900, 1000], error: nil)
    #expect(throws: AnalysisError.self) { try ArrheniusFit(mixed, quantity: .diffusion, errors: .given) }
    #expect(try ArrheniusFit(mixed, quantity: .diffusion).errors == .scaled)
    let two = try TemperatureSeries(name: "Li", points: Self.exact([700, 800]), quantity: .diffusion)
    #expect(two.shortcomings.contains { $0.contains("three or more") })
    #expect(throws: AnalysisError.self) {
      try TemperatureSeries(name: "Li", points: Self.exact([700, 800, 900]), quantity: .diffusion, temperatures: [0])
    }
    for (value, text) in [(1.0, "1.0"), (0.00314, "0.0031"), (9.96e-4, "0.0010"), (9.96e-5, "1.0×10^{−4}"), (25.0, "2.5×10^{1}")] {
      #expect(ArrheniusFigure.powerText(value) == text)
    }
    // An interval down to zero has an upper half; zero errors are none.
    #expect(TransportPoint(temperature: 700, value: 1, interval: 0...2).logError != nil)
    #expect(TransportPoint(temperature: 700, value: 1, error: 0).logError == nil)
  }

  @Test("the figure has 1000/T below, °C above, and every point inside")
  func figure() throws {
    let series = try TemperatureSeries(name: "Li", points: Self.exact([600, 700, 800, 900]), quantity: .diffusion)
    let figure = ArrheniusFigure.figure([series])
    let range = try #require(figure.x.range)
    #expect(range.contains(1000 / 300.0) && range.contains(1000 / 900.0))
    let top = try #require(figure.topAxis)
    #expect(top.unit == "°C")
    for tick in top.ticks { #expect(abs(tick.x - 1000 / ((Double(tick.label) ?? 0) + 273.15)) < 1e-12) }
    #expect(top.ticks.contains { $0.label == "25" })
    // The line is whole among the points, dashed from the coldest to 300 K, and its value there is marked with its interval.
    let line = try #require(figure.series.first { $0.style == .line })
    #expect(near(line.x[0], 1000 / 900.0, 1e-12) && near(line.x[line.x.count - 1], 1000 / 600.0, 1e-12))
    let dashed = figure.series.filter { $0.style == .dashed }
    #expect(dashed.count == 1 && near(dashed[0].x[0], 1000 / 600.0, 1e-12) && near(dashed[0].x[dashed[0].x.count - 1], 1000 / 300.0, 1e-12))
    let mark = try #require(figure.series.first { $0.isHollow })
    let prediction = series.predictions[0]
    #expect(mark.x == [1000 / 300.0] && near(mark.y[0], log10(prediction.value), 1e-12))
    #expect(near(mark.y[0] + mark.error[0], log10(prediction.interval.upperBound), 1e-9))
    // exp(-0.4 eV / kB 300 K) × 1e-3 cm²/s.
    #expect(mark.label == "D(300 K) = 1.9×10^{−10} cm^{2}/s")
    #expect(figure.series.contains { $0.label.hasPrefix("Li: E_{a} = 0.400(") })
    for value in [figure.y.range?.lowerBound, figure.y.range?.upperBound] { #expect(value?.isFinite == true) }
    #expect(!figure.series.contains { $0.style == .outline })
  }
}
