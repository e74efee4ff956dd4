import Analysis
import Foundation
import NumericalMethods
import Structures
import Testing

@Suite struct ComparisonTests {
  static func write(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("measured-\(UUID().uuidString).txt").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  static func run(_ text: String, _ settings: [String: String], _ frames: [Frame]) throws -> ExperimentComparisonResult {
    let path = try write(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let job = try Analyses.job("compare", settings: settings.merging(["file": path]) { a, _ in a })
    let outcome = try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(frames)
    return try #require(outcome.results[0] as? ExperimentComparisonResult)
  }

  static func columns(_ x: [Double], _ y: [Double]) -> String {
    "# made from a simulation\nx y\n" + zip(x, y).map { "\($0), 7 \($1)" }.joined(separator: "\n")
  }

  @Test(arguments: ["T", "D", "G", "g"]) func itselfInRealSpace(quantity: String) throws {
    let frames = try PairDistributionTests.crystalFrames(2)
    var parameters = PairDistribution()
    parameters.highestQ = 30
    let own = try parameters.analyze(frames)
    let total = try #require(own.total(.neutron))
    let square = try #require(total.squareOfMean)
    let values =
      switch quantity {
      case "T": total.total.map { $0 * square }
      case "D": total.reduced.map { $0 * square }
      case "G": total.reduced
      default: zip(total.total, own.radii).map { $0 / (4 * .pi * own.density * $1) }
      }
    let same = try Self.run(Self.columns(own.radii, values), ["quantity": quantity, "q-max": "30 1/A", "columns": "1,3"], frames)
    #expect(same.rChi < 1e-9)
    #expect(same.pointsInRange == 700 && same.warnings.allSatisfy { !$0.contains("normalisation") })
    // All values a tenth larger: every difference is a tenth of the simulated value, 1/11 of the measured.
    let larger = try Self.run(
      Self.columns(own.radii, values.map { $0 * 1.1 }), ["quantity": quantity, "q-max": "30 1/A", "columns": "1,3"], frames)
    #expect(abs(larger.rChi - 1.0 / 11) < 1e-9)
    let fitted = try Self.run(
      Self.columns(own.radii.map { $0 * 0.1 }, values.map { $0 * 2.5 }),
      ["quantity": quantity, "q-max": "30 1/A", "columns": "1,3", "scale": "fit", "x-units": "nm", "range": "1:6"], frames)
    #expect(fitted.rChi < 1e-9 && abs(fitted.scale - 0.4) < 1e-12 && fitted.pointsInRange == 500)
  }

  @Test(arguments: ["S", "F", "QF"]) func itselfInReciprocalSpace(quantity: String) throws {
    let frames = try PairDistributionTests.crystalFrames(2)
    var parameters = StructureFactor()
    parameters.highestQ = 12
    let own = try parameters.analyze(frames)
    let s = try #require(own.total(.neutron)).curve.values
    let values = zip(own.q, s).map { quantity == "S" ? $1 : quantity == "F" ? ($1 - 1) * 0.2758129 : $0 * ($1 - 1) }
    // The end of the range of Q is that of the file: the last bin is averaged over fewer vectors then.
    let same = try Self.run(
      Self.columns(own.q + [12], values + [values[values.count - 1]]), ["quantity": quantity, "columns": "1,3"], frames)
    // The length is given to seven digits above.
    #expect(same.rChi < 1e-3, "\(same.rChi)")
    let figure = try #require(same.figures.first)
    #expect(figure.series.count == 3 && figure.series[2].y.allSatisfy { $0 <= same.measured.min() ?? 0 })
    #expect(same.summary["R_chi"]?.double == same.rChi)
  }

  @Test func questionsAndFilesThatMakeNoSense() throws {
    let frames = try PairDistributionTests.crystalFrames(1)
    let good = Self.columns((0..<100).map { 0.5 + 0.1 * Double($0) }, (0..<100).map { 1 + sin(Double($0)) })
    func message(_ text: String, _ settings: [String: String]) throws -> String {
      do {
        _ = try Self.run(text, settings, frames)
        return ""
      } catch let error as AnalysisError { return error.message }
    }
    #expect(try message("", [:]).contains("0 points"))
    #expect(try message("1 2\n2 3\nword 4\n", [:]).contains(":3:"))
    #expect(try message("1\n2\n3\n4\n5\n6\n", [:]).contains("columns 1 and 2"))
    #expect(try message(good, ["columns": "1,4"]).contains("columns 1 and 4"))
    #expect(try message(good, ["columns": "1"]).contains("two numbers"))
    #expect(try message(good, ["quantity": "G", "units": "barn"]).contains("barn"))
    #expect(try message(good, ["quantity": "T", "radiation": "x-ray", "units": "barn"]).contains("barn"))
    #expect(try message(good, ["range": "8:1"]).contains("no range"))
    #expect(try message(good, ["scale": "0"]).contains("neither"))
    #expect(try message(good, ["quantity": "T", "range": "100:200"]).contains("check range"))
    #expect(try message(Self.columns([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0]), ["quantity": "T", "columns": "1,3"]).contains("zero"))
    do {
      _ = try Analyses.job("compare", settings: ["file": "/nowhere/at-all.txt"])
      Issue.record("a missing file must be an error")
    } catch let error as AnalysisError { #expect(error.message.contains("/nowhere/at-all.txt")) }
    #expect(throws: AnalysisError.self) {
      _ = try AnalysisRunner([Analyses.job("compare")], pool: WorkerPool(threads: 1)).run(frames)
    }
    // Points outside of what the simulation reaches are left out with a word; values far off are pointed out.
    let far = try Self.run(good, ["quantity": "T", "columns": "1,3"], frames)
    #expect(far.warnings.contains { $0.contains("left out") } || far.x.count == 100)
    #expect(far.warnings.contains { $0.contains("normalisation") })
  }
}
