import Foundation
import Structures
import Testing

@testable import Interactions

@Suite struct SampledPairTests {
  static let form = Morse(depth: 0.34, a: 2, r0: 2.1)

  static func samples(_ count: Int) throws -> PairSamples {
    let r = (0..<count).map { 1 + 7 * Double($0) / Double(count - 1) }
    return try PairSamples(distances: r, energies: r.map { form($0).energy }, forces: r.map { form($0).force })
  }

  @Test func splineConvergesWithTheFourthPower() throws {
    func worst(_ count: Int) throws -> Double {
      let spline = SampledPair(try Self.samples(count))
      return (0..<1000).map { 1.0005 + 6.99 * Double($0) / 1000 }.map { abs(spline($0).energy - Self.form($0).energy) }.max() ?? .nan
    }
    let ratio = try worst(200) / worst(400)
    #expect(ratio > 12 && ratio < 20)
    let spline = SampledPair(try Self.samples(100))
    #expect(PairFormTests.slopeError(spline.callAsFunction, in: 1.001...7.999) < 1e-6)
  }

  @Test func forceStaysBelowTheFirstSample() throws {
    let spline = SampledPair(try Self.samples(100))
    #expect(spline(0.5).force == spline(1).force)
    #expect(abs(spline(0.5).energy - spline(1).energy - 0.5 * spline(1).force) < 1e-12)
  }

  @Test func wrongSamplesAreErrors() throws {
    let good = try Self.samples(100)
    expectError(.invalidForceField, ["minus the slope", "sign"]) {
      try PairSamples(distances: good.distances, energies: good.energies, forces: good.forces.map { -$0 })
    }
    expectError(.invalidForceField, ["ascend"]) {
      try PairSamples(distances: good.distances.reversed(), energies: good.energies, forces: good.forces)
    }
    expectError(.invalidForceField, ["at least 4"]) { try PairSamples(distances: [1, 2], energies: [1, 0], forces: [1, 1]) }
    expectError(.invalidForceField, ["as many"]) { try PairSamples(distances: [1, 2], energies: [1], forces: [1, 1]) }
  }

  @Test func lammpsTablesAreRead() throws {
    let good = try Self.samples(150)
    func table(_ header: String) -> String {
      var text = "# tables\n\nOTHER\nN 4\n\n1 1 1 1\n2 2 0 1\n3 3 -1 1\n4 4 -2 1\n\nSI-O\n\(header)\n\n"
      for i in good.distances.indices { text += "\(i + 1) \(good.distances[i]) \(good.energies[i]) \(good.forces[i])\n" }
      return text
    }
    #expect(try LammpsTable.read(table("N 150"), keyword: "SI-O", source: "t", units: .metal) == good)
    let real = try LammpsTable.read(table("N 150 R 1.0 8.0 FPRIME 0 0"), keyword: "SI-O", source: "t", units: .real)
    #expect(abs(real.energies[0] / good.energies[0] - PhysicalConstants.kilocaloriePerMole) < 1e-15)
    expectError(.invalidForceField, ["t:", "ends after 150 of its 151"]) {
      try LammpsTable.read(table("N 151"), keyword: "SI-O", source: "t", units: .metal)
    }
    expectError(.invalidForceField, ["t:12", "N and the number"]) {
      try LammpsTable.read(table("M 150"), keyword: "SI-O", source: "t", units: .metal)
    }
    expectError(.invalidForceField, ["keyword \"XX\""]) { try LammpsTable.read(table("N 150"), keyword: "XX", source: "t", units: .metal) }

    let folder = FileManager.default.temporaryDirectory.appending(path: "vitrolyte-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try table("N 150").write(to: folder.appending(path: "pair.table"), atomically: true, encoding: .utf8)
    let yaml = """
      species: {Si: {}, O: {}}
      pair:
        - form: table
          cutoff: 7.5
          pairs-without-term: none
          coefficients: {Si-O: {file: pair.table, keyword: SI-O}}
      """
    try yaml.write(to: folder.appending(path: "f.yaml"), atomically: true, encoding: .utf8)
    let curve = try #require(try ForceField.find(folder.appending(path: "f.yaml").path()).resolve(for: silica()).pair.curve(0, 1))
    // 150 samples over 7 Å: the spline's error is of the order of (0.047 a)⁴/384 D0.
    #expect(abs(curve(2.345).energy - Self.form(2.345).energy) < 1e-6)
    #expect(curve(7.6) == (0, 0))
  }

  @Test func tablesCanBeInline() throws {
    let good = try Self.samples(30)
    let yaml = """
      species: {Si: {}, O: {}}
      pair:
        - form: table
          cutoff: 7.5
          pairs-without-term: none
          coefficients: {Si-O: {r: \(good.distances), energy: \(good.energies), force: \(good.forces)}}
      """
    let curve = try #require(try ForceField(yaml: yaml, source: "f").resolve(for: silica()).pair.curve(1, 0))
    #expect(curve(good.distances[7]).energy == SampledPair(good)(good.distances[7]).energy)
    expectError(.invalidForceField, ["f:6", "at least 4"]) {
      try ForceField(
        yaml: yaml.replacing(
          "r: \(good.distances), energy: \(good.energies), force: \(good.forces)", with: "r: [1], energy: [1], force: [1]"),
        source: "f")
    }
  }
}
