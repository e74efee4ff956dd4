import Analysis
import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

/// Shortest-path rings as matscipy counts them; see `Golden/rings/make_rings.py`.
@Suite struct RingGoldenTests {
  struct Golden: Decodable {
    struct Network: Decodable {
      var bonds: Int
      var rings: [String: Int]
    }
    var largest: [String: Int]
    var cutoffs: [String: Network]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden/rings")

  @Test(arguments: ["2.1", "2.25"], ["shortest-path", "primitive"])
  func matscipy(cutoff: String, definition: String) throws {
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: Self.folder.appendingPathComponent("rings.json")))
    let expected = try #require(golden.cutoffs[cutoff])
    let frames = try FileFormats.openFrames(path: Self.folder.appendingPathComponent("packing.xyz").path).allFrames()
    let size = try #require(golden.largest[cutoff])
    let job = try Analyses.job(
      "rings", settings: ["definition": definition, "max-size": String(size), "cutoff": cutoff, "members": "10000"])
    let result = try #require(
      try AnalysisRunner([job], pool: WorkerPool(threads: 2)).run(frames + frames).results.first as? RingResult)
    for size in 3...size { #expect(result[size] == Double(expected.rings[String(size)] ?? 0), "\(size)") }
    #expect(result.members.count == expected.rings.values.reduce(0, +))
    // Two frames that are alike.
    #expect(result.frameCount == 2 && result.rows.allSatisfy { $0.ringsError == 0 })
    #expect(result.warnings.isEmpty)
  }

  @Test func statisticsOfNodesFollowFromTheMembers() throws {
    let frames = try FileFormats.openFrames(path: Self.folder.appendingPathComponent("packing.xyz").path).allFrames()
    var parameters = Rings()
    parameters.cutoffs = .single(2.1)
    parameters.largestSize = 9
    parameters.memberRows = 100_000
    let result = try parameters.analyze(frames)
    #expect(result.members.count == Int(result.rows.reduce(0) { $0 + $1.rings }))
    let sizes = (0..<1000).map { atom in result.members.filter { $0.contains(atom) }.map(\.count) }
    for row in result.rows {
      let inRing = sizes.filter { $0.contains(row.size) }
      guard !inRing.isEmpty else { continue }
      #expect(row.perNode == row.rings / 1000)
      #expect(row.nodeShare == Double(inRing.count) / 1000)
      #expect(row.largestShare == Double(inRing.filter { $0.max() == row.size }.count) / Double(inRing.count))
      #expect(row.smallestShare == Double(inRing.filter { $0.min() == row.size }.count) / Double(inRing.count))
    }
    let labelled = try #require(result.files.first)
    guard case .frames(let list) = labelled.contents else {
      Issue.record("expected frames")
      return
    }
    #expect(list.first?.columns["smallest_ring"] == sizes.map { Double($0.min() ?? 0) })
    #expect(list.first?.columns["rings"] == sizes.map { Double($0.count) })
    #expect(result.tables.map(\.name) == ["rings", "ring-members"] && result.figures.count == 2)
  }

  @Test func automaticCutoffsOfSilica() throws {
    var random = RandomStream(seed: 3)
    let ideal = try crystal(7.16, cells: 2, basis: cristobalite, species: try species("Si", "O"))
    let frames = (0..<4).map { _ in shaken(ideal, by: 0.05, random: &random) }
    let job = try Analyses.job("rings", settings: ["count-nodes": "Si", "max-size": "12"])
    let result = try #require(try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(frames).results.first as? RingResult)
    #expect(result[6] == 128)
    // Two formers near each other in an oxide share oxygen; they are not bonded.
    #expect(result.settings.contains { $0.name == "cutoff" && $0.value.hasPrefix("Si-O=") && !$0.value.contains("Si-Si") })
    #expect(result.summary["definition"].map { $0.json() } == "\"shortest-path\"")
  }

  @Test func brokenInput() throws {
    let ideal = try crystal(7.16, cells: 1, basis: cristobalite, species: try species("Si", "O"))
    var parameters = Rings()
    parameters.cutoffs = .single(1.7)
    parameters.countNodes = ["Ge"]
    #expect(try analysisError { _ = try parameters.analyze([Frame(ideal)]) }.code == .unknownSpecies)
    parameters.countNodes = []
    parameters.species = ["Ge"]
    #expect(try analysisError { _ = try parameters.analyze([Frame(ideal)]) }.code == .unknownSpecies)
    parameters.species = []
    parameters.largestSize = 2
    #expect(try analysisError { _ = try parameters.analyze([Frame(ideal)]) }.code == .invalidSetting)
    parameters.largestSize = 8
    #expect(try analysisError { _ = try parameters.analyze([]) }.code == .noFrames)
    var broken = ideal
    broken.positions[3].y = .nan
    #expect(try analysisError { _ = try parameters.analyze([Frame(broken)]) }.code == .lostAtoms)
    // Nothing bonded: no rings, and a word about it.
    parameters.cutoffs = .single(0.5)
    let empty = try parameters.analyze([Frame(ideal)])
    #expect(empty.rows.allSatisfy { $0.rings == 0 } && empty.warnings.contains { $0.contains("no two atoms are bonded") })
    #expect(empty.summary["mean_size"].map { $0.json() } == "null")
  }

  @Test func anAtomMayBeAlone() throws {
    let one = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 30)), species: try species("C"), types: [0], positions: [.zero])
    var parameters = Rings()
    parameters.cutoffs = .single(2)
    #expect(try parameters.analyze([Frame(one)]).rows.allSatisfy { $0.rings == 0 })
    // A cluster that is not periodic: one hexagon.
    let hexagon = (0..<6).map { Vector3(1.4 * cos(Double($0) * .pi / 3), 1.4 * sin(Double($0) * .pi / 3), 0) }
    let ring = try Configuration(
      cell: Cell(vectors: Matrix3(diagonal: Vector3(3, 3, 3)), periodic: Periodicity(repeating: false)), species: try species("C"),
      types: [Int32](repeating: 0, count: 6), positions: hexagon)
    parameters.cutoffs = .single(1.5)
    #expect(try parameters.analyze([Frame(ring)])[6] == 1)
  }
}
