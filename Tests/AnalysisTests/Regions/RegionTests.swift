import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct RegionTests {
  /// Cristobalite of which the lower half is region 1 and the upper half 3.
  private func halves() throws -> Frame {
    let configuration = try crystal(7.16, cells: 3, basis: cristobalite, species: species("Si", "O"))
    var frame = Frame(configuration)
    frame.columns["region"] = configuration.positions.map { $0.z < 10.74 ? 1 : 3 }
    return frame
  }

  /// The result of the analysis itself, which the runner wraps where there is a region.
  private func first<R: AnalysisResult>(_ outcome: AnalysisRunner.Outcome, as type: R.Type) throws -> R {
    try #require(((outcome.results[0] as? RegionalResult)?.base ?? outcome.results[0]) as? R)
  }

  private func run(_ name: String, _ settings: [String: String], _ frames: [Frame], labels: Frame? = nil) throws -> AnalysisRunner.Outcome {
    var reader: AnalysisReader?
    if let labels { reader = { _ in labels } }
    return try AnalysisRunner([Analyses.job(name, settings: settings)], pool: WorkerPool(threads: 2), reader: reader).run(frames)
  }

  @Test func namesMeanNumbers() throws {
    #expect(AnalysisRegion("crystal") == AnalysisRegion(column: "region", value: 1))
    #expect(AnalysisRegion("glass") == AnalysisRegion(column: "region", value: 3))
    #expect(AnalysisRegion("2") == AnalysisRegion(column: "region", value: 2))
    #expect(AnalysisRegion("c_order=1") == AnalysisRegion(column: "c_order", value: 1))
    #expect(AnalysisRegion("=1") == nil && AnalysisRegion("c_order=") == nil && AnalysisRegion("cristal") == nil)
    #expect("\(AnalysisRegion(column: "region", value: 2))" == "interface")
    #expect {
      try Analyses.job("rdf", settings: ["region": "cristal"])
    } throws: { "\($0)".contains("crystal") }
    #expect(throws: AnalysisError.self) { try Analyses.job("rdf", settings: ["labels": "a.extxyz"]) }
  }

  @Test func everyAnalysisTakesOrRefusesIt() {
    for descriptor in Analyses.descriptors {
      #expect(descriptor.allParameters.contains { $0.name == "region" })
    }
  }

  @Test func centresKeepTheirNeighbours() throws {
    let frame = try halves()
    for region in ["crystal", "glass"] {
      let outcome = try run("coordination", ["pairs": "Si-O", "cutoff": "1.9", "region": region], [frame])
      let result = try first(outcome, as: CoordinationResult.self)
      #expect(result.distributions[0].shares == [0, 0, 0, 0, 1])
      #expect(outcome.results[0].warnings.isEmpty)
      #expect(outcome.results[0].settings.contains { $0.name == "region" && $0.value.hasPrefix(region) })
      let rdf = try run("rdf", ["cutoff": "3", "region": region], [frame])
      let partial = try first(rdf, as: RadialDistributionResult.self)
      let whole = try first(try run("rdf", ["cutoff": "3"], [frame]), as: RadialDistributionResult.self)
      // Every silicon has the same surroundings; oxygen at the border of the region may not.
      let silicon = try #require(partial.partial("Si", "O")?.running.first { $0.pair.center == "Si" }?.numbers)
      let expected = try #require(whole.partial("Si", "O")?.running.first { $0.pair.center == "Si" }?.numbers)
      #expect(zip(silicon, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test func wholeRegionChangesNothing() throws {
    var random = RandomStream(seed: 21)
    let frames = try (0..<3).map { _ -> Frame in
      var frame = Frame(try idealGas(300, cell: tiltedCell(), species: species("Li", "S", "P"), random: &random))
      frame.columns["region"] = [Double](repeating: 1, count: 300)
      return frame
    }
    let part = try first(try run("rdf", ["region": "crystal"], frames), as: RadialDistributionResult.self)
    let whole = try first(try run("rdf", [:], frames), as: RadialDistributionResult.self)
    #expect(part.total == whole.total)
    for (a, b) in zip(part.partials, whole.partials) {
      #expect(a.values == b.values)
      #expect(zip(a.running, b.running).allSatisfy { $0.numbers == $1.numbers })
    }
  }

  @Test func motionIsThatOfTheFirstFramesAtoms() throws {
    // Atom 0 moves, atom 1 stands; they swap regions half-way.
    let tracks = (0..<6).map { [Vector3(Double($0), 1, 1), Vector3(5, 5, 5)] }
    var list = try frames(tracks, cell: { _ in try Cell(lengths: Vector3(repeating: 20)) }, species: species("Li"))
    for i in list.indices {
      list[i].columns["region"] = i < 3 ? [1, 3] : [3, 1]
      list[i].configuration.identifiers = [11, 12]
    }
    let moving = try first(try run("msd", ["region": "crystal"], list), as: DisplacementResult.self)
    let standing = try first(try run("msd", ["region": "glass"], list), as: DisplacementResult.self)
    #expect(abs(moving.all.values[1] - 1) < 1e-9)
    #expect(standing.all.values.allSatisfy { abs($0) < 1e-9 })
  }

  @Test func labelsComeFromAFileByIdentifier() throws {
    var labels = try halves()
    let count = labels.configuration.count
    labels.configuration.identifiers = (1...count).map { $0 }
    // The trajectory lists the atoms the other way round and has no labels.
    var frame = Frame(labels.configuration)
    frame.configuration.positions.reverse()
    frame.configuration.types.reverse()
    frame.configuration.identifiers.reverse()
    let settings = ["pairs": "Si-O", "cutoff": "1.9", "region": "glass", "labels": "regions.extxyz"]
    let result = try first(try run("coordination", settings, [frame], labels: labels), as: CoordinationResult.self)
    #expect(result.distributions[0].shares == [0, 0, 0, 0, 1])
    let profile = try first(
      try run("profile", ["region": "glass", "labels": "regions.extxyz", "bin-width": "7.16 A"], [frame], labels: labels),
      as: DensityProfileResult.self)
    #expect(profile.total.values[0] == 0 && profile.total.values[2] > 0)
    var fewer = labels
    fewer.configuration = try crystal(7.16, cells: 2, basis: cristobalite, species: species("Si", "O"))
    fewer.columns["region"] = [Double](repeating: 3, count: fewer.configuration.count)
    #expect {
      try run("coordination", settings, [frame], labels: fewer)
    } throws: { ($0 as? AnalysisError)?.code == .changedAtoms }
  }

  /// Readers leave out identifiers that are 1, 2, 3 … in order; the other frame may have them shuffled.
  @Test func identifiersThatAreLeftOutCountFromOne() throws {
    let plain = try configuration(["Li", "S", "Li", "P"])
    var shuffled = try configuration(["P", "Li", "Li", "S"])
    shuffled.identifiers = [4, 3, 1, 2]
    func places(_ frame: Configuration, in labels: Configuration) throws -> [Int] {
      try LabelledAtoms(labels).places(of: frame, analysis: "test", place: "the frame")
    }
    #expect(try places(plain, in: shuffled) == [2, 3, 1, 0])
    #expect(try places(shuffled, in: plain) == [3, 2, 0, 1])
    #expect(try places(plain, in: plain) == [0, 1, 2, 3])
    // Numbers that are not those of the labels cannot tell; the order can, where elements agree.
    var others = plain
    others.identifiers = [11, 12, 13, 14]
    #expect(try places(plain, in: others) == [0, 1, 2, 3])
    #expect(throws: AnalysisError.self) { try places(shuffled, in: others) }
    #expect(throws: AnalysisError.self) { try places(try configuration(["S", "Li", "Li", "P"]), in: plain) }
  }

  /// Atoms of these elements.
  private func configuration(_ symbols: [String]) throws -> Configuration {
    let species = try species("Li", "P", "S")
    return try Configuration(
      cell: Cell(lengths: Vector3(repeating: 9)), species: species,
      types: symbols.map { symbol in Int32(species.firstIndex { $0.label == symbol } ?? 0) },
      positions: symbols.indices.map { Vector3(Double($0), 0, 0) })
  }

  @Test func saysWhatIsMissing() throws {
    var frame = try halves()
    #expect {
      try run("rdf", ["region": "interface"], [frame])
    } throws: { ($0 as? AnalysisError)?.code == .emptyRegion }
    #expect {
      try run("rdf", ["region": "regoin=1"], [frame])
    } throws: { ($0 as? AnalysisError)?.message.contains("did you mean \"region\"") ?? false }
    frame.columns = [:]
    #expect {
      try run("rdf", ["region": "crystal"], [frame])
    } throws: { ($0 as? AnalysisError)?.code == .unknownRegion }
    #expect {
      try run("rdf", ["region": "crystal", "labels": "no.extxyz"], [frame])
    } throws: { ($0 as? AnalysisError)?.code == .unreadableFile }
  }

  /// An analysis that knows nothing of regions, and one that refuses them.
  private struct Counting: AnalysisParameters {
    struct Accumulator: AnalysisAccumulator {
      var atoms: [Int] = []
      let memoryInBytes = 0
      mutating func add(_ frame: Frame) { atoms.append(frame.configuration.count) }
      func result() -> Result { Result(atoms: atoms) }
    }
    struct Result: AnalysisResult {
      var atoms: [Int]
      let analysis = "counting"
      let settings: [AnalysisSetting] = []
      let convention = ""
      var frameCount: Int { atoms.count }
      let tables: [DataTable] = []
      let figures: [FigureDescription] = []
      let summaryValues: [(key: String, value: SummaryValue)] = []
    }
    static let descriptor = AnalysisDescriptor(name: "counting", summary: "", group: .structure, parameters: [], convention: "")
    init() {}
    init(_ settings: AnalysisSettings) {}
    func makeAccumulator(in context: AnalysisContext) -> Accumulator { Accumulator() }
  }

  private struct Refusing: AnalysisParameters {
    static let descriptor = AnalysisDescriptor(name: "refusing", summary: "", group: .structure, parameters: [], convention: "")
    static var regionUse: AnalysisRegionUse { .refused("it needs the whole cell") }
    init() {}
    init(_ settings: AnalysisSettings) {}
    func makeAccumulator(in context: AnalysisContext) -> Counting.Accumulator { Counting.Accumulator() }
  }

  @Test func othersSeeTheRegionAloneOrRefuse() throws {
    let frame = try halves()
    let region = AnalysisRegion("crystal")
    let outcome = try AnalysisRunner([AnalysisJob(Counting(), region: region)], pool: WorkerPool(threads: 1)).run([frame])
    let inside = frame.columns["region"]?.count { $0 == 1 } ?? 0
    #expect(try first(outcome, as: Counting.Result.self).atoms == [inside])
    #expect(outcome.results[0].warnings.count == 1)
    #expect {
      try AnalysisRunner([AnalysisJob(Refusing(), region: region)], pool: WorkerPool(threads: 1)).run([frame])
    } throws: { ($0 as? AnalysisError)?.code == .regionRefused }
  }

  @Test func filteredFramesAreWhole() throws {
    var frame = try halves()
    let configuration = frame.configuration
    frame.configuration.velocities = configuration.positions
    let selection = configuration.types.map { $0 == 0 }
    let kept = frame.keeping(selection)
    #expect(kept.configuration.count == 216 / 1 && kept.configuration.velocities == kept.configuration.positions)
    #expect(kept.columns["region"]?.count == kept.configuration.count)
    #expect(kept.configuration.identifiers.count == kept.configuration.count)
  }
}
