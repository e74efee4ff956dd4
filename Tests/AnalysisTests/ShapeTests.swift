import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// What all analyses share.
@Suite struct ShapeTests {
  @Test func builtinsAreAlphabeticalAndDescribeThemselves() throws {
    let names = Analyses.descriptors.map(\.name)
    #expect(names == names.sorted())
    #expect(Set(names).count == names.count)
    for descriptor in Analyses.descriptors {
      #expect(!descriptor.summary.isEmpty && !descriptor.convention.isEmpty)
      // Defaults that are values must be accepted, beside what has no default.
      var settings: [String: String] = [:]
      switch descriptor.name {
      case "conductivity": settings["temperature"] = "700 K"
      case "sites": settings["sites"] = "crystal.cif"
      default: break
      }
      for parameter in descriptor.parameters {
        if case .quantity = parameter.kind, parameter.default.contains(" A") { settings[parameter.name] = parameter.default }
        if case .choice = parameter.kind { settings[parameter.name] = parameter.default }
      }
      #expect(throws: Never.self) { try Analyses.job(descriptor.name, settings: settings) }
    }
  }

  @Test func namesAndSettingsAreChecked() throws {
    func message(_ name: String, _ settings: [String: String] = [:]) -> String {
      do {
        _ = try Analyses.job(name, settings: settings)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message("rdff").contains("did you mean \"rdf\""))
    #expect(message("rdf", ["bin-widht": "0.1 A"]).contains("did you mean \"bin-width\""))
    #expect(message("rdf", ["bin-width": "0.1"]).contains("unit"))
    #expect(message("rdf", ["bin-width": "3 ps"]).contains("length"))
    #expect(message("rdf", ["bin-width": "5 A"]).contains("out of bounds"))
    #expect(message("rdf", ["cutoff": "5000"]).contains("out of bounds"))
    #expect(message("rdf", ["cutoff": "auto"]).isEmpty)
    #expect(message("rdf", ["cutoff": "7.5"]).isEmpty)
    #expect(message("rdf", ["cutoff": "0.75 nm"]).isEmpty)
    #expect(message("rdf", ["frames": "a"]).contains("first:end:stride"))
    #expect(message("msd", ["lags": "1,b"]).contains("whole number"))
  }

  @Test func oneRunFeedsSeveralAnalyses() throws {
    let cell = try Cell(lengths: Vector3(12, 12, 12))
    let labels = try species("Li", "O")
    var random = RandomStream(seed: 1)
    let frames = [Frame](repeating: Frame(try idealGas(60, cell: cell, species: labels, random: &random)), count: 10)
    let jobs = try [
      Analyses.job("rdf", settings: ["cutoff": "5", "frames": "2:8:2"]), Analyses.job("msd"),
      Analyses.job("coordination", settings: ["cutoff": "3"]),
    ]
    var opened = 0
    let outcome = try AnalysisRunner(jobs, pool: WorkerPool(threads: 2)).run {
      opened += 1
      return FrameArraySource(frames)
    }
    #expect(opened == 1)
    #expect(outcome.framesRead == 10)
    #expect(outcome.results.map(\.analysis) == ["rdf", "msd", "coordination"])
    #expect(outcome.results.map(\.frameCount) == [3, 10, 10])
    for result in outcome.results {
      #expect(!result.tables.isEmpty && !result.figures.isEmpty && !result.settings.isEmpty)
      for table in result.tables {
        let rows = table.columns.map { column in
          switch column.values {
          case .numbers(let values): values.count
          case .text(let values): values.count
          }
        }
        #expect(Set(rows).count == 1)
      }
      for series in result.figures.flatMap(\.series) {
        #expect(series.x.count == series.y.count && [0, series.x.count].contains(series.error.count))
      }
      // The text and what an encoder makes of it are the same JSON.
      let text = try JSONSerialization.jsonObject(with: Data(result.summary.json(indent: 2).utf8)) as? NSDictionary
      let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(result.summary)) as? NSDictionary
      #expect(text != nil && text == encoded)
    }
  }

  @Test func elementsStandForTheirLabels() throws {
    let (phosphorus, lithium) = (try #require(Element(symbol: "P")), try #require(Element(symbol: "Li")))
    let (p4, p2, li) = (Species(phosphorus, label: "P4"), Species(phosphorus, label: "P2"), Species(lithium))
    let configuration = try Configuration(
      cell: Cell(lengths: Vector3(9, 9, 9)), species: [p4, li, p2], types: [0, 1, 2, 0],
      positions: (0..<4).map { Vector3(Double($0), 0, 0) })
    func labels(_ words: String...) throws -> [String] { try SpeciesSelection(words, in: configuration, analysis: "test").labels }
    #expect(try labels("P") == ["P4", "P2"])
    #expect(try labels("P2", "Li") == ["Li", "P2"])
    #expect(try labels() == ["P4", "Li", "P2"])
    #expect(throws: AnalysisError.self) { try labels("S") }
    let charges = try SpeciesSelection.byLabel(["P": 5.0, "P2": 4, "Li": 1], among: configuration.species, analysis: "test")
    #expect(charges == ["P4": 5, "P2": 4, "Li": 1])
    // A label that is there goes before the element.
    let plain = try Configuration(
      cell: Cell(lengths: Vector3(9, 9, 9)), species: [p4, Species(phosphorus)], types: [0, 1], positions: [.zero, Vector3(1, 0, 0)])
    #expect(try SpeciesSelection(["P"], in: plain, analysis: "test").labels == ["P"])
  }

  @Test func summariesEscapeAndKeepOrder() {
    let value = SummaryValue.object([
      ("b", .text("a\"\\\n\u{1}é")), ("a", .array([.integer(1), .number(0.5), .number(.nan), .null, .flag(true)])), ("c", .object([])),
    ])
    #expect(value.json() == #"{"b": "a\"\\\n\u0001é", "a": [1, 0.5, null, null, true], "c": {}}"#)
  }
}
