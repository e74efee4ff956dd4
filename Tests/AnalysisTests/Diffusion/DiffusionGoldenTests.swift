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
    var chargeDisplacement: [Double]
    var conductivityFactor: Double
    var kinisiValue: Double
    var kinisiInterval: [Double]

    enum CodingKeys: String, CodingKey {
      case lags, msd
      case chargeDisplacement = "charge_msd_per_ion"
      case conductivityFactor = "mS_per_cm_for_1_cm2_per_s"
      case kinisiValue = "kinisi_D_cm2_per_s"
      case kinisiInterval = "kinisi_interval95_cm2_per_s"
    }
  }

  static func golden() throws -> Golden {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: folder.appendingPathComponent("Golden/transport/diffusion_golden.json")))
  }

  static func walk() throws -> [Frame] {
    let (ions, count) = (24, 300)
    var state: UInt64 = 2026
    var places = (0..<ions).map { ion -> Vector3 in
      let site = Vector3(Double(ion % 4), Double(ion / 4 % 4), Double(ion / 16))
      return site * 5 + Vector3(repeating: 2.5)
    }
    let tracks = (0..<count).map { frame -> [Vector3] in
      guard frame > 0 else { return places + [Vector3(1, 1, 1)] }
      var steps = [Vector3](repeating: .zero, count: ions)
      for ion in 0..<ions {
        for axis in 0..<3 {
          state = 6_364_136_223_846_793_005 &* state &+ 1_442_695_040_888_963_407
          steps[ion][axis] = Double(state >> 11) / 0x1p53 - 0.5
        }
      }
      for ion in 0..<ions {
        places[ion] += steps[ion]
        if ion % 2 == 1 { places[ion] += steps[ion - 1] / 3 }
      }
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
    let lithium = try #require(diffusion["Li"])
    for (place, lag) in golden.lags.enumerated() {
      // Wrapped and unwrapped positions round at 20 Å; both transform.
      let ratio = lithium.curve[lag] / golden.msd[place]
      let chargeRatio = result.curve[lag] / 24 / golden.chargeDisplacement[place]
      #expect(abs(ratio - 1) < 1e-10)
      #expect(abs(chargeRatio - 1) < 1e-10)
    }
    // The factor from D to the conductivity of Nernst and Einstein; the program's k has ten digits.
    let tracer = try #require(result.nernstEinstein)
    let value = try #require(result.species[0].tracer?.generalized.value) * 1e-4
    let factor = 1000 * tracer.value / value
    #expect(abs(factor / golden.conductivityFactor - 1) < 1e-9)
  }

  @Test func diffusionIsThatOfKinisi() throws {
    let golden = try Self.golden()
    let result = try DiffusionTests.result(try Self.walk(), ["species": "Li", "fit-from": "1 ps", "fit-to": "75 ps"])
    let lithium = try #require(result["Li"])
    let value = try #require(result.value(lithium)).scaled(by: 1e-4)
    let width = golden.kinisiInterval[1] - golden.kinisiInterval[0]
    // Both see the same walk, by other windows: apart by no more than half an interval.
    #expect(abs(value.value - golden.kinisiValue) < 0.5 * width)
    // Steps of variance 1/12 in each direction, 10/9 of that for odd ions, 0.5 ps apart.
    let truth = (1.0 + 10.0 / 9) / 2 / 12 / 2 / 0.5 * 1e-4
    #expect(value.interval.contains(truth))
    let ratio = (value.interval.upperBound - value.interval.lowerBound) / width
    #expect(ratio > 0.6 && ratio < 1.5, "\(ratio)")
  }
}
