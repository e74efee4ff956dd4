import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// The walk of Golden/transport/diffusion_make.py by pymatgen-analysis-diffusion and kinisi.
@Suite struct DiffusionGoldenTests {
  struct Golden: Decodable {
    var lags: [Int]
    var msd: [Double]
    var charge_msd_per_ion: [Double]
    var mS_per_cm_for_1_cm2_per_s: Double
    var kinisi_D_cm2_per_s: Double
    var kinisi_interval95_cm2_per_s: [Double]
  }

  static func golden() throws -> Golden {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: folder.appendingPathComponent("Golden/transport/diffusion_golden.json")))
  }

  static func walk() throws -> [Frame] {
    let (ions, count) = (24, 300)
    var state: UInt64 = 2026
    var places = (0..<ions).map { Vector3(Double($0 % 4), Double($0 / 4 % 4), Double($0 / 16)) * 5 + Vector3(repeating: 2.5) }
    let tracks = (0..<count).map { frame -> [Vector3] in
      guard frame > 0 else { return places + [Vector3(1, 1, 1)] }
      var steps = [Vector3](repeating: .zero, count: ions)
      for ion in 0..<ions {
        for axis in 0..<3 {
          state = 6_364_136_223_846_793_005 &* state &+ 1_442_695_040_888_963_407
          steps[ion][axis] = Double(state >> 11) / 0x1p53 - 0.5
        }
      }
      for ion in 0..<ions { places[ion] += ion % 2 == 1 ? steps[ion] + steps[ion - 1] / 3 : steps[ion] }
      return places + [Vector3(1, 1, 1)]
    }
    return try frames(
      tracks, cell: { _ in try Cell(lengths: Vector3(repeating: 20)) }, species: try species("Li", "Cl"),
      types: [Int32](repeating: 0, count: ions) + [1], interval: 0.5)
  }

  @Test func curvesAreThoseOfPymatgen() throws {
    let golden = try Self.golden()
    let job = try Analyses.job(
      "conductivity", settings: ["species": "Li", "remove-drift": "none", "temperature": "700 K", "charges": "Li=1,Cl=-1"])
    let run = try AnalysisRunner([job], pool: WorkerPool(threads: 2)).run(try Self.walk())
    let result = try #require(run.results.first as? ConductivityResult)
    let diffusion = try DiffusionTests.result(try Self.walk(), ["species": "Li"])
    for (place, lag) in golden.lags.enumerated() {
      // Wrapped and unwrapped positions round at 20 Å; both transform.
      #expect(abs(try #require(diffusion["Li"]).curve[lag] / golden.msd[place] - 1) < 1e-10)
      #expect(abs(result.curve[lag] / 24 / golden.charge_msd_per_ion[place] - 1) < 1e-10)
    }
    // The factor from D to the conductivity of Nernst and Einstein; the program's k has ten digits.
    let tracer = try #require(result.nernstEinstein)
    let value = try #require(result.species[0].tracer?.generalized.value) * 1e-4
    #expect(abs(1000 * tracer.value / value / golden.mS_per_cm_for_1_cm2_per_s - 1) < 1e-9)
  }

  @Test func diffusionIsThatOfKinisi() throws {
    let golden = try Self.golden()
    let result = try DiffusionTests.result(try Self.walk(), ["species": "Li", "fit-from": "1 ps", "fit-to": "75 ps"])
    let value = try #require(result.value(try #require(result["Li"]))).scaled(by: 1e-4)
    let width = golden.kinisi_interval95_cm2_per_s[1] - golden.kinisi_interval95_cm2_per_s[0]
    print(
      "D \(value.value) in \(value.interval), kinisi \(golden.kinisi_D_cm2_per_s) in \(golden.kinisi_interval95_cm2_per_s)",
      "ions count for \(result["Li"]?.estimate?.collectivity ?? 0)")
    // Both see the same walk, by other windows: apart by no more than half an interval.
    #expect(abs(value.value - golden.kinisi_D_cm2_per_s) < 0.5 * width)
    #expect(value.interval.contains((0.25 + 0.25 * 10 / 9) / 2 / 3 * 1e-4))
    let ratio = (value.interval.upperBound - value.interval.lowerBound) / width
    #expect(ratio > 0.6 && ratio < 1.5, "\(ratio)")
  }
}
