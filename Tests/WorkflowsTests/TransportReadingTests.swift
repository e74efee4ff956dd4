import Analysis
import Foundation
import Structures
import Testing

@testable import Workflows

@Suite("Results of runs as points against 1/T")
struct TransportReadingTests {
  /// What `diffusion` writes where it refuses, shortened.
  static let refused = """
    {"analysis": "diffusion", "settings": {"species": "Li", "method": "ols", "temperature": "600 K"}, "D_cm2_per_s": null,
    "species": {"Li": {"D_cm2_per_s": null, "error_cm2_per_s": null, "interval95_cm2_per_s": null, "is_diffusive": false,
    "refused_because": ["ions moved by 1.98 A, less than a hop"], "atoms": 93, "estimators": {
    "gls": {"slope_cm2_per_s": 1.2e-5, "error_cm2_per_s": 1.5e-6, "interval95_cm2_per_s": [9.4e-6, 1.6e-5]},
    "ols": {"slope_cm2_per_s": 1.1e-5, "error_cm2_per_s": 1.7e-6, "interval95_cm2_per_s": [8.4e-6, 1.5e-5]}, "blocks": null}}},
    "meets_quality_test": false}
    """

  private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text, file: "results.json") }

  private func readings(_ text: String, _ temperature: Double) throws -> [TransportReading] {
    TransportReading.readings(of: try json(text), temperature: temperature, source: "\(Int(temperature))K")
  }

  /// Three good temperatures.
  private func good() throws -> [TransportReading] {
    try [700.0, 800, 900].flatMap { temperature in
      let value = 1e-3 * exp(-0.4 / (PhysicalConstants.boltzmann * temperature))
      return try readings(
        "{\"diffusion\": {\"species\": {\"Li\": {\"D_cm2_per_s\": \(value), \"interval95_cm2_per_s\": [\(value / 1.2), \(value * 1.2)]}}}}",
        temperature)
    }
  }

  @Test("a refused number is a reading that the line is made without, and says why")
  func refusedNumber() throws {
    let one = try readings("{\"diffusion\": \(Self.refused)}", 600)
    #expect(one.count == 1 && one[0].isRefused && !one[0].isTrusted && one[0].species == "Li")
    // The estimate of the method that was asked for.
    #expect(one[0].point.value == 1.1e-5 && one[0].point.interval == 8.4e-6...1.5e-5)
    let study = try ArrheniusStudy.fitted(good() + one, name: "", .init())
    #expect(study.series.count == 1 && study.series[0].temperatureCount == 3)
    #expect(study.warnings.contains { $0.contains("at 600 K (600K) was refused by its analysis and is left out: ions moved by 1.98") })
    var options = ArrheniusStudy.Options()
    options.includesDoubtful = true
    let all = try ArrheniusStudy.fitted(good() + one, name: "", options)
    #expect(all.series[0].temperatureCount == 4)
    #expect(all.warnings.contains { $0.contains("taken in all the same") })
    #expect(throws: WorkflowsError.self) { try ArrheniusStudy.fitted(one, name: "", .init()) }
  }

  @Test("a group that has no line does not take it from another")
  func groups() throws {
    let sigma = try readings("{\"conductivity\": {\"sigma_S_per_cm\": 0.1, \"interval95_S_per_cm\": [0.05, 0.3]}}", 700)
    let study = try ArrheniusStudy.fitted(good() + sigma, name: "", .init())
    #expect(study.series.map(\.name) == ["Li"])
    #expect(study.remarks.contains { $0.hasPrefix("conductivity: no line") })
  }

  @Test("a second entry of an analysis gives the species that the first does not have")
  func entries() throws {
    let text = """
      {"diffusion": {"species": {"Li": {"D_cm2_per_s": 1e-5}}}, "diffusion-2": {"species": {"Li": {"D_cm2_per_s": 9e-5}, "Na": {"D_cm2_per_s": 1e-6}}}}
      """
    let found = try readings(text, 700)
    #expect(found.map(\.species) == ["Li", "Na"] && found.map(\.point.value) == [1e-5, 1e-6])
  }

  @Test("a run counts once")
  func repetition() throws {
    var twice = try good() + good()
    for index in twice.indices { twice[index].origin = "/run" }
    let error = #expect(throws: WorkflowsError.self) { try ArrheniusStudy.fitted(twice, name: "", .init()) }
    #expect(error?.message.contains("given twice") == true)
  }

  @Test("a summary names its temperature as its analysis writes it")
  func temperature() throws {
    #expect(TransportReading.temperature(of: try json(Self.refused)) == 600)
    #expect(TransportReading.temperature(of: try json("{\"diffusion\": \(Self.refused)}")) == 600)
    #expect(TransportReading.temperature(of: try json("{\"conductivity\": {\"temperature_K\": 500}}")) == 500)
    #expect(TransportReading.temperature(of: try json("{\"diffusion\": {\"D_cm2_per_s\": 1}}")) == nil)
  }
}
