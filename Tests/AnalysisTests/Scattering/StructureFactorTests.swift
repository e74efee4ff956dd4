import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

func element(_ symbol: String) throws -> Element { try #require(Element(symbol: symbol)) }

@Suite struct StructureFactorTests {
  static func gas(_ frames: Int, _ symbols: [String], atoms: Int = 600) throws -> [Frame] {
    var random = RandomStream(seed: 11, stream: 3)
    let species = try symbols.map { Species(try element($0)) }
    return try (0..<frames).map { _ in Frame(try idealGas(atoms, cell: tiltedCell(), species: species, random: &random)) }
  }

  @Test(arguments: [StructureFactor.Method.direct, .transform]) func idealGasIsOne(method: StructureFactor.Method) throws {
    var parameters = StructureFactor()
    parameters.method = method
    parameters.radiations = [.neutron, .xRay, .electron]
    parameters.highestQ = 12
    parameters.binWidth = 0.2
    parameters.vectorsPerBin = 300
    let result = try parameters.analyze(try Self.gas(40, ["Si", "O", "Li"]), pool: WorkerPool(threads: 2))
    #expect(result.partials.count == 6)
    for curve in result.partials + result.totals.map(\.curve) {
      #expect(curve.error.count == result.q.count)
      // Each point within five of its errors, few beyond three: 57 points a curve.
      let off = zip(curve.values, curve.error).map { abs($0 - 1) / $1 }
      #expect(off.allSatisfy { $0 < 6 }, "\(curve.name) \(off.max() ?? 0)")
      #expect(off.filter { $0 > 3 }.count <= 4, "\(curve.name)")
      #expect(off.contains { $0 > 0.5 })
    }
    #expect(result.totals.allSatisfy { $0.peak == nil })
  }

  @Test func braggPeaksOfCesiumChloride() throws {
    let edge = 4.12
    let frame = Frame(
      try crystal(edge, cells: 5, basis: [(.zero, 0), (Vector3(repeating: 0.5), 1)], species: try species("Cs", "Cl")))
    var parameters = StructureFactor()
    parameters.highestQ = 2 * .pi / edge * 2.1
    parameters.binWidth = 0.001
    parameters.vectorsPerBin = 1000
    parameters.formalism = .ashcroftLangreth
    let result = try parameters.analyze([frame])
    let number = 125.0
    let neutron = try #require(result.total(.neutron)).curve.values
    let lengths = (cesium: 5.42, chlorine: 9.577)
    var peaks = 0
    for (i, q) in result.q.enumerated() {
      // q² in units of the lattice is a sum of squares; others are no reflections.
      let square = (q * edge / (2 * .pi)) * (q * edge / (2 * .pi))
      let hkl = square.rounded()
      // The supercell has vectors of the same length as reflections that are none, such as (5, 0, 0) and (3, 4, 0): their share counts.
      let all = Self.vectors(25 * Int(hkl)).filter { _ in abs(square - hkl) < 1e-6 }
      let share = all.isEmpty ? 0 : Double(all.filter { $0.x % 5 == 0 && $0.y % 5 == 0 && $0.z % 5 == 0 }.count) / Double(all.count)
      let sign = Self.parity(Int(hkl))
      let expected =
        number * share * (lengths.cesium + sign * lengths.chlorine) * (lengths.cesium + sign * lengths.chlorine)
        / (0.5 * (lengths.cesium * lengths.cesium + lengths.chlorine * lengths.chlorine)) / 2
      // Amplitudes are good to 5e-7 N, squares of N/2 to 1e-6 N².
      #expect(abs(neutron[i] - expected) < 1e-6 * number * 2, "\(q)")
      if let partial = result.partial("Cs-Cl") { #expect(abs(partial.values[i] - sign * share * number) < 2e-6 * number) }
      if share > 0 { peaks += 1 }
    }
    // (100), (110), (111), (200)
    #expect(peaks == 4)
  }

  /// All vectors of whole numbers with a squared length.
  static func vectors(_ square: Int) -> [SIMD3<Int>] {
    var result: [SIMD3<Int>] = []
    for x in -15...15 {
      for y in -15...15 {
        for z in -15...15 where x * x + y * y + z * z == square { result.append(SIMD3(x, y, z)) }
      }
    }
    return result
  }

  /// h + k + l is even where h² + k² + l² is.
  static func parity(_ square: Int) -> Double { square % 2 == 0 ? 1 : -1 }

  @Test func formalismsAreThoseOfTheirDefinitions() throws {
    let frames = try Self.gas(3, ["Li", "Cl", "Cl"])
    var parameters = StructureFactor()
    parameters.highestQ = 6
    parameters.radiations = [.neutron, .xRay]
    var results: [StructureFactorFormalism: StructureFactorResult] = [:]
    for formalism in StructureFactorFormalism.allCases {
      parameters.formalism = formalism
      results[formalism] = try parameters.analyze(frames)
    }
    let fz = try #require(results[.faberZiman])
    let al = try #require(results[.ashcroftLangreth])
    let bt = try #require(results[.bhatiaThornton])
    let c = fz.concentrations
    #expect(c == [1.0 / 3, 2.0 / 3])
    func curve(_ result: StructureFactorResult, _ name: String) throws -> [Double] { try #require(result.partial(name)).values }
    let (f11, f12, f22) = (try curve(fz, "Li-Li"), try curve(fz, "Cl-Li"), try curve(fz, "Cl-Cl"))
    let (lithium, chlorine) = (try element("Li"), try element("Cl"))
    let f = try #require(XRayFormFactor(element: lithium))
    let g = try #require(XRayFormFactor(element: chlorine))
    let b = try #require(ScatteringLength(element: lithium)).real
    let d = try #require(ScatteringLength(element: chlorine)).real
    for (i, q) in fz.q.enumerated() {
      // Relations of Ashcroft and Langreth, and of Bhatia and Thornton, to Faber and Ziman; only rounding may differ.
      func near(_ x: Double, _ y: Double) -> Bool { abs(x - y) < 1e-9 * (1 + abs(x)) }
      #expect(near(try curve(al, "Li-Li")[i], 1 + c[0] * (f11[i] - 1)))
      #expect(near(try curve(al, "Li-Cl")[i], (c[0] * c[1]).squareRoot() * (f12[i] - 1)))
      let nn = c[0] * c[0] * f11[i] + 2 * c[0] * c[1] * f12[i] + c[1] * c[1] * f22[i]
      #expect(near(try curve(bt, "NN")[i], nn))
      #expect(near(try curve(bt, "CC")[i], c[0] * c[1] * (1 + c[0] * c[1] * (f11[i] + f22[i] - 2 * f12[i]))))
      #expect(near(try curve(bt, "NC")[i], c[0] * c[1] * (c[0] * (f11[i] - f12[i]) - c[1] * (f22[i] - f12[i]))))
      for (radiation, u, v) in [(Radiation.neutron, b, d), (.xRay, f(q), g(q))] {
        let mean = c[0] * u + c[1] * v
        let squares = c[0] * u * u + c[1] * v * v
        let total = (c[0] * c[0] * u * u * f11[i] + 2 * c[0] * c[1] * u * v * f12[i] + c[1] * c[1] * v * v * f22[i]) / (mean * mean)
        let found = try [fz, al, bt].map { result in try #require(result.total(radiation)).curve.values[i] }
        #expect(near(found[0], total))
        let other = (mean * mean * (total - 1) + squares) / squares
        #expect(near(found[1], other) && near(found[2], other))
      }
    }
  }

  @Test func firstPeakOfAKnownCurve() throws {
    // A Gaussian of known place, height, width and area on a slope, in the S(Q) of nothing else; found through noise as well.
    let q = (1...400).map { 0.05 * Double($0) }
    let width = 0.5
    let curve = q.map { q -> Double in
      let x = (q - 1.52) / (width / 2.354_820_045)
      return 0.2 + 0.1 * q + 1.1 * exp(-0.5 * x * x)
    }
    var random = RandomStream(seed: 3, stream: 1)
    for noise in [0, 0.02] {
      let values = curve.map { $0 + noise * random.normal() }
      let peak = try #require(DiffractionPeak(q: q, values: values, noise: q.map { _ in noise }, smoothing: 0.05))
      // A smoothing of 0.05 1/A takes 2.7 % off the top, and the slope moves it by 0.004 1/A.
      #expect(abs(peak.position - 1.524) < 0.002 + noise && abs(peak.height - (0.352 + 1.1 * 0.973)) < 0.01 + noise)
      // Feet and slope: the line between the feet is below the slope by nothing but noise.
      #expect(abs(peak.width - width) < 0.02 + 3 * noise, "\(peak.width)")
      #expect(abs(peak.area - 1.1 * width * 1.064467) < 0.02 + 3 * noise, "\(peak.area)")
    }
    #expect(DiffractionPeak(q: q, values: q.map { _ in 1 }, noise: [], smoothing: 0.05) == nil)
    #expect(DiffractionPeak(q: q, values: q.map { _ in 1 + 0.1 * random.normal() }, noise: q.map { _ in 0.1 }, smoothing: 0.05) == nil)
    #expect(DiffractionPeak(q: [1, 2], values: [1, 2], noise: [], smoothing: 0.05) == nil)
  }

  @Test func scatterOfDirectionsIsTheErrorOfAFrozenGas() throws {
    // The same frame again and again: blocks see no error, directions do, 1/sqrt(n) of an exponential distribution of intensities.
    let frame = try Self.gas(1, ["Ar"], atoms: 2000)[0]
    var parameters = StructureFactor()
    parameters.highestQ = 8
    parameters.binWidth = 0.1
    parameters.vectorsPerBin = 200
    let result = try parameters.analyze([frame, frame, frame])
    let total = try #require(result.total(.neutron))
    #expect(total.curve.error.allSatisfy { $0 == 0 })
    var chi = 0.0
    let places = result.q.indices.filter { result.vectors[$0] > 100 }
    for i in places {
      #expect(abs(total.scatter[i] * result.vectors[i].squareRoot() - 1) < 0.6)
      let off = (total.curve.values[i] - 1) / total.scatter[i]
      chi += off * off
    }
    // The mean square of some 60 normal deviates is 1 within 0.2; those of skewed distributions stay within 0.6.
    #expect(places.count > 40 && abs(chi / Double(places.count) - 1) < 0.6, "\(chi / Double(places.count))")
    #expect(total.peak == nil)
  }

  @Test func isotopesAndIonsChangeTotalsAlone() throws {
    let frames = try Self.gas(2, ["Li", "B", "O"], atoms: 90)
    let natural = try Analyses.job("structure-factor", settings: ["q-max": "5 1/A"])
    let enriched = try Analyses.job(
      "structure-factor", settings: ["q-max": "5 1/A", "isotopes": "Li=7,B=11", "ions": "Li=1,O=-2"])
    let results = try AnalysisRunner([natural, enriched], pool: WorkerPool(threads: 1)).run(frames).results
    let first = try #require(results[0] as? StructureFactorResult)
    let second = try #require(results[1] as? StructureFactorResult)
    #expect(first.partials.map(\.values) == second.partials.map(\.values))
    // 7Li, 11B and O, a third each, by hand.
    let b = [-2.22, 6.65, 5.803]
    let names = ["Li", "B", "O"]
    let values = try #require(second.total(.neutron)).curve.values
    for i in values.indices {
      var sum = 0.0
      for (x, u) in zip(names, b) {
        for (y, v) in zip(names, b) {
          let partial = try #require(second.partial("\(x)-\(y)"))
          sum += u * v / 9 * partial.values[i]
        }
      }
      let mean = b.reduce(0, +) / 3
      #expect(abs(sum / (mean * mean) - values[i]) < 1e-9 * (1 + abs(values[i])))
    }
    #expect(first.total(.xRay)?.curve.values != second.total(.xRay)?.curve.values)
    let settings = second.settings
    #expect(settings.contains(AnalysisSetting("isotopes", "B=11,Li=7")) && settings.contains(AnalysisSetting("ions", "Li=1,O=-2")))
  }

  @Test func theSameMatterInOtherCells() throws {
    var random = RandomStream(seed: 8, stream: 2)
    let cell = try tiltedCell()
    let gas = try idealGas(60, cell: cell, species: try species("P", "S"), random: &random)
    // The same lattice with other edges, and atoms moved and listed in another order.
    let v = cell.vectors
    let other = try Cell(vectors: Matrix3(v[0], v[1] + v[0], v[2] - v[1] + 2 * v[0]))
    let order = Array((0..<60).reversed())
    let moved = try Configuration(
      cell: other, species: gas.species, types: order.map { gas.types[$0] }, positions: order.map { gas.positions[$0] + Vector3(3, -1, 40) }
    )
    var parameters = StructureFactor()
    parameters.highestQ = 8
    parameters.vectorsPerBin = 100_000
    let one = try parameters.analyze([Frame(gas)])
    let two = try parameters.analyze([Frame(moved)])
    try #require(one.q.count == two.q.count)
    for (a, b) in zip(one.partials + one.totals.map(\.curve), two.partials + two.totals.map(\.curve)) {
      for i in one.q.indices {
        // Amplitudes of 60 atoms are good to 3e-5 at worst; S_ab divides squares of about 60 by 15 atoms.
        #expect(abs(one.q[i] - two.q[i]) < 1e-9 && one.vectors[i] == two.vectors[i] && abs(a.values[i] - b.values[i]) < 2e-5)
      }
    }
  }

  @Test func transformAgreesWithDirectSums() throws {
    // A hot crystal, whose g(r) dies out before half of its cell.
    var random = RandomStream(seed: 9, stream: 2)
    let ideal = try crystal(5.6, cells: 4, basis: faceCentred, species: try species("Ar"))
    let frames = (0..<60).map { _ in shaken(ideal, by: 0.75, random: &random) }
    var parameters = StructureFactor()
    parameters.binWidth = 0.1
    parameters.highestQ = 8
    parameters.lowestQ = 2.5
    parameters.vectorsPerBin = 400
    parameters.window = .step
    let direct = try parameters.analyze(frames, pool: WorkerPool(threads: 2))
    parameters.method = .transform
    let transform = try parameters.analyze(frames, pool: WorkerPool(threads: 2))
    let a = try #require(direct.total(.neutron)).curve
    let b = try #require(transform.total(.neutron)).curve
    // Beyond 4 1/A the Debye-Waller factor exp(-Q² u²) leaves 1e-4 of the Bragg peaks; what is left is noise.
    for (i, q) in direct.q.enumerated() where q > 4 {
      guard let j = transform.q.firstIndex(where: { abs($0 - q) < 0.051 }) else { continue }
      #expect(abs(a.values[i] - b.values[j]) < 6 * (a.error[i] + b.error[j]) + 0.01, "\(q) \(a.values[i]) \(b.values[j])")
    }
    #expect(transform.warnings.contains { $0.contains("g(r) ends at") })
  }

  @Test func impossibleQuestionsAreRefused() throws {
    let frames = try Self.gas(1, ["Si", "O"], atoms: 60)
    func message(_ settings: [String: String], _ frames: [Frame]) -> String {
      do {
        let job = try Analyses.job("structure-factor", settings: settings)
        _ = try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(frames)
        return ""
      } catch { return (error as? AnalysisError)?.message ?? "other" }
    }
    #expect(message(["q-min": "0.1 1/A"], frames).contains("2 pi / L"))
    #expect(message(["q-min": "0.1 1/A", "method": "transform"], frames).contains("2 pi / L"))
    #expect(message(["q-max": "0.2 1/A", "bin-width": "0.05 1/A"], frames).contains("larger q-max"))
    #expect(message(["q-max": "80 1/A"], frames).contains("form factors"))
    #expect(message(["radiation": "neutrons"], frames).contains("did you mean"))
    #expect(message(["isotopes": "Li=8"], frames).contains("there are 6, 7"))
    #expect(message(["isotopes": "Li"], frames).contains("Li=7"))
    #expect(message(["isotopes": "Xx=3"], frames).contains("no element"))
    #expect(message(["ions": "O=-3"], frames).contains("there are -2, -1, 0"))
    #expect(message(["formalism": "bhatia-thornton"], try Self.gas(1, ["Si", "O", "Li"])).contains("two species"))
    #expect(message(["q-max": "40 1/A", "bin-width": "0.001 1/A", "max-vectors": "1000000"], try Self.gas(1, ["Si"])) == "")
    var lost = frames[0]
    lost.configuration.positions[3].y = .nan
    #expect(message([:], [lost]).contains("not finite"))
    var open = frames[0].configuration
    open.cell = try Cell(vectors: open.cell.vectors, periodic: Periodicity(repeating: false))
    #expect(message([:], [Frame(open)]).contains("does not repeat"))
    let changed = try Self.gas(1, ["Si", "O", "O"], atoms: 60)
    #expect(message([:], frames + changed).contains("analyse them apart"))
    // Ti2.08Zr scatters no neutrons on average: 25 × -3.438 + 12 × 7.16 = -0.03 fm.
    var random = RandomStream(seed: 1, stream: 1)
    var null = try idealGas(37, cell: tiltedCell(), species: species("Ti", "Zr"), random: &random)
    null.types = (0..<37).map { $0 < 25 ? 0 : 1 }
    #expect(message([:], [Frame(null)]).contains("all but vanishes"))
    #expect(message(["formalism": "bhatia-thornton"], [Frame(null)]) == "")
  }

  @Test func frequentCells() throws {
    // A cell that breathes: vectors move between bins, and others are chosen when it has changed by more than half a percent.
    var random = RandomStream(seed: 14, stream: 1)
    let frames = try (0..<24).map { i -> Frame in
      let scale = 1 + 0.02 * Double(i % 5)
      let cell = try Cell(vectors: tiltedCell().vectors * scale)
      return Frame(try idealGas(300, cell: cell, species: try species("Ar"), random: &random))
    }
    var parameters = StructureFactor()
    parameters.highestQ = 5
    parameters.binWidth = 0.25
    let result = try parameters.analyze(frames)
    let curve = try #require(result.partials.first)
    for i in result.q.indices { #expect(abs(curve.values[i] - 1) < 6 * curve.error[i]) }
    #expect(result.q.count > 15)
  }
}
