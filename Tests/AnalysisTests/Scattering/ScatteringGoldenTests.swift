import Analysis
import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

/// Values of dynasor and vitrum; see `Golden/scattering/make_scattering.py`.
@Suite struct ScatteringGoldenTests {
  struct Golden: Decodable {
    struct Direct: Decodable {
      var q, vectors: [Double]
      var intensities: [String: [Double]]
    }
    var dynasor: Direct
    var vitrum: [String: [Double]]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden/scattering")

  static func golden() throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("scattering.json")))
  }

  static func trajectory() throws -> [Frame] {
    let frames = try FileFormats.openFrames(path: folder.appendingPathComponent("frames.xyz.gz").path).allFrames()
    try #require(frames.count == 3 && frames[0].configuration.count == 288)
    return frames
  }

  @Test func partialsOfDynasor() throws {
    let golden = try Self.golden().dynasor
    var parameters = StructureFactor()
    parameters.highestQ = 5
    parameters.binWidth = 0.25
    parameters.vectorsPerBin = 1_000_000
    parameters.formalism = .ashcroftLangreth
    let result = try parameters.analyze(try Self.trajectory(), pool: WorkerPool(threads: 2))
    let c = Dictionary(uniqueKeysWithValues: zip(result.labels, result.concentrations))
    try #require(result.q.count == golden.q.count)
    #expect(largest(result.q, golden.q) < 1e-8)
    // We count one of Q and -Q.
    #expect(result.vectors.map { 2 * $0 } == golden.vectors)
    for (name, values) in golden.intensities {
      let pair = try #require(SpeciesPair(name))
      let partial = try #require(result.partial(name))
      let factor = (try #require(c[pair.center]) * #require(c[pair.neighbor])).squareRoot()
      // Amplitudes of 288 atoms are good to 1e-4 at worst in single precision, their squares over N to 1e-5; nine digits are written.
      #expect(largest(partial.values.map { $0 * factor }, values) < 1e-5, "\(name)")
    }
  }

  /// Points of vitrum's grid on ours, which has the same bins.
  func picked(_ radii: [Double], _ values: [Double], at points: [Double]) throws -> [Double] {
    try points.map { r in values[try #require(radii.firstIndex { abs($0 - r) < 1e-6 })] }
  }

  static func bins(_ change: (inout PairDistribution) -> Void = { _ in }) throws -> PairDistributionResult {
    var parameters = PairDistribution()
    parameters.cutoff = 6.6
    parameters.binWidth = 0.02
    parameters.highestQ = 20
    change(&parameters)
    return try parameters.analyze(try Self.trajectory())
  }

  @Test func neutronFunctionsOfVitrum() throws {
    let golden = try Self.golden().vitrum
    let points = try #require(golden["r"])
    let plain = try Self.bins { $0.window = .none }
    let total = try #require(plain.total(.neutron)).total
    // The same counts, lengths and N²; nine digits are written.
    #expect(
      largest(try picked(plain.radii, total, at: points), try #require(golden["T_neutron"])) < 1e-6)
    // vitrum calls 5.437 / Q_max the full width at half maximum, and folds r g(r), which ends at the cutoff; ours folds r (g - 1).
    let broad = try Self.bins {
      $0.window = .none
      $0.broadening = 5.437 / 20 / 2.355
    }
    let inside = points.filter { $0 < 6 }
    let values = try picked(broad.radii, try #require(broad.total(.neutron)).total, at: inside)
    // Below a tenth of an Angstrom both are ripples of nothing. Their rule of trapezoids leaves half of the first and the last bin out.
    #expect(
      largest(values, Array(try #require(golden["T_neutron_broadened_20"]).prefix(inside.count))) < 2e-3,
      "\(largest(values, golden["T_neutron_broadened_20"] ?? []))")
    let running = try #require(plain.running.first { $0.pair == SpeciesPair("Si", "O") })
    // vitrum integrates by trapezoids, half a bin behind: compare where g(r) is nothing, behind the first shell.
    let gap = try #require(points.firstIndex { abs($0 - 2.21) < 0.001 })
    let i = try #require(plain.radii.firstIndex { abs($0 - 2.21) < 0.001 })
    #expect(abs(running.numbers[i] - (try #require(golden["N_Si-O"]))[gap]) < 0.05)
  }

  @Test(arguments: [(TruncationWindow.step, "D_xray_20"), (.lorch, "D_xray_20_lorch")])
  func xRayFunctionsOfVitrum(window: TruncationWindow, key: String) throws {
    let golden = try Self.golden().vitrum
    // Near the cutoff it counts how the last bin is summed up.
    let points = try #require(golden["r"]).filter { $0 < 6 }
    let expected = Array(try #require(golden[key]).prefix(points.count))
    let result = try Self.bins { $0.window = window }
    let values = try picked(result.radii, try #require(result.total(.xRay)).reduced, at: points)
    let height = expected.map { abs($0) }.max() ?? 0
    // vitrum folds in r with bins of 0.02 A, where we transform twice; its form factors are of another fit, 0.3 % away; ours decrease by
    // the width of a bin, (0.02 Q)²/24 = 0.7 % at the end of Q. They agree within 0.2 % of the highest peak.
    #expect(largest(values, expected) < 0.004 * height, "\(largest(values, expected) / height)")
    #expect(height > 1)
  }

  @Test func transformOfVitrum() throws {
    let golden = try Self.golden().vitrum
    let points = try #require(golden["q"])
    let expected = try #require(golden["S_Si-O"])
    var parameters = StructureFactor()
    parameters.method = .transform
    parameters.cutoff = 6.6
    parameters.binWidth = 0.005
    let result = try parameters.analyze(try Self.trajectory())
    let partial = try #require(result.partial("Si-O"))
    for (q, value) in zip(points, expected) where q < 15 {
      guard let i = result.q.firstIndex(where: { abs($0 - q) < 0.0026 }) else { continue }
      // Their rule of trapezoids with bins of 0.02 A and, in Q, our grid half a step away, where S(Q) changes by up to 10 an 1/A.
      #expect(abs(partial.values[i] - value) < 0.04, "\(q) \(partial.values[i]) \(value)")
    }
  }
}

func largest(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? .infinity }
