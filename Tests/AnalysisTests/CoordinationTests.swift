import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct CoordinationTests {
  @Test func diamondIsFourfold() throws {
    var random = RandomStream(seed: 21)
    let ideal = try crystal(5.43, cells: 3, basis: diamond, species: try species("Si"))
    let result = try CoordinationNumbers().analyze((0..<3).map { _ in shaken(ideal, by: 0.05, random: &random) })
    let entry = try #require(result[SpeciesPair("Si", "Si")])
    #expect(entry.mean == 4 && entry.share(4) == 1 && entry.share(3) == 0)
    // The first shell at 2.351 Å, the second at 3.840 Å.
    #expect(entry.cutoff > 2.5 && entry.cutoff < 3.7)
  }

  @Test func cristobaliteTakesAnionsAroundSilicon() throws {
    var random = RandomStream(seed: 22)
    let ideal = try crystal(7.16, cells: 2, basis: cristobalite, species: try species("Si", "O"))
    let frames = (0..<3).map { _ in shaken(ideal, by: 0.05, random: &random) }
    let result = try CoordinationNumbers().analyze(frames)
    #expect(result.distributions.map(\.pair) == [SpeciesPair("Si", "O")])
    #expect(result[SpeciesPair("Si", "O")]?.share(4) == 1)
    let entry = try #require(result.summary["pairs"]?["Si-O"])
    #expect(entry["mean"]?.double == 4)
    #expect(entry["distribution"]?["4"]?.double == 1)
    #expect(entry["shares"]?["[4]Si"]?.double == 1)
    #expect(try #require(entry["cutoff_A"]?.double) > 1.6)
    let named = try #require(
      try AnalysisRunner([Analyses.job("coordination", settings: ["cutoff": "O-Si=2.0"])], pool: WorkerPool(threads: 1))
        .run(frames).results.first as? CoordinationResult)
    #expect(named[SpeciesPair("O", "Si")]?.share(2) == 1)
    #expect(named[SpeciesPair("O", "Si")]?.cutoff == 2)
  }

  @Test func sharesOfAMixture() throws {
    // A row of Kr with one Ar beside the first, two beside the second, none beside the third.
    let positions = [
      Vector3(5, 5, 5), Vector3(15, 5, 5), Vector3(25, 5, 5), Vector3(5, 7, 5), Vector3(15, 7, 5), Vector3(15, 3, 5),
    ]
    let row = try Configuration(
      cell: Cell(lengths: Vector3(30, 10, 10)), species: try species("Kr", "Ar"), types: [0, 0, 0, 1, 1, 1], positions: positions)
    var parameters = CoordinationNumbers()
    parameters.cutoffs = .single(2.5)
    parameters.pairs = [SpeciesPair("Kr", "Ar")]
    let entry = try #require(try parameters.analyze([Frame(row)])[SpeciesPair("Kr", "Ar")])
    let third = 1.0 / 3
    #expect(entry.shares == [third, third, third])
    // Three thirds added up.
    #expect(abs(entry.mean - 1) < 1e-15)
    #expect(entry.errors.isEmpty && entry.meanError == nil)
  }

  @Test(arguments: [2, 5]) func threadsChangeNothing(threads: Int) throws {
    var random = RandomStream(seed: 23)
    let ideal = try crystal(7.16, cells: 4, basis: cristobalite, species: try species("Si", "O"))
    let frames = (0..<3).map { _ in shaken(ideal, by: 0.25, random: &random) }
    var parameters = CoordinationNumbers()
    parameters.cutoffs = .single(1.8)
    let one = try parameters.analyze(frames, pool: WorkerPool(threads: 1))
    let many = try parameters.analyze(frames, pool: WorkerPool(threads: threads))
    #expect(one.summary.json() == many.summary.json())
    // Otherwise all threads might agree on nothing.
    #expect(one.distributions.contains { $0.share(3) > 0 && $0.share(4) > 0 })
  }

  @Test func saysWhichCutoffIsMissing() throws {
    let ideal = try crystal(7.16, cells: 2, basis: cristobalite, species: try species("Si", "O"))
    var parameters = CoordinationNumbers()
    parameters.pairs = [SpeciesPair("Si", "O"), SpeciesPair("O", "O")]
    parameters.cutoffs = try PairCutoffs("Si-O=2")
    let missing = try analysisError { _ = try parameters.analyze([Frame(ideal)]) }
    #expect(missing.code == .invalidSetting && missing.message.contains("O-O"))
    parameters.cutoffs = .single(9)
    let long = try analysisError { _ = try parameters.analyze([Frame(ideal)]) }
    #expect(long.code == .tooManyNeighbors && long.message.contains("shorter cutoff"))
  }

  @Test func noMinimumAsksForACutoff() throws {
    var random = RandomStream(seed: 24)
    let gas = try idealGas(100, cell: tiltedCell(), species: try species("Ar"), random: &random)
    let error = try analysisError { _ = try CoordinationNumbers().analyze([Frame(gas)]) }
    #expect(error.code == .noFirstMinimum && error.message.contains("cutoff"))
  }

  @Test func overTime() throws {
    // One of two Kr loses its neighbour in the last two of six frames.
    let cell = try Cell(lengths: Vector3(20, 10, 10))
    let frames = try (0..<6).map { number in
      let last = Vector3(15, number < 4 ? 7 : 9.9, 5)
      var frame = Frame(
        try Configuration(
          cell: cell, species: try species("Kr", "Ar"), types: [0, 0, 1, 1],
          positions: [Vector3(5, 5, 5), Vector3(15, 5, 5), Vector3(5, 7, 5), last]))
      frame.time = 0.5 * Double(number)
      return frame
    }
    var parameters = CoordinationNumbers()
    parameters.cutoffs = .single(2.5)
    parameters.pairs = [SpeciesPair("Kr", "Ar")]
    let result = try parameters.analyze(frames)
    let table = try #require(result.tables.first { $0.name == "coordination-time" })
    #expect(table.columns.map(\.name) == ["frame", "time", "mean Kr-Ar", "share [0]Kr (Kr-Ar)", "share [1]Kr (Kr-Ar)"])
    func numbers(_ column: Int) -> [Double] { if case .numbers(let values) = table.columns[column].values { values } else { [] } }
    #expect(numbers(1) == [0, 0.5, 1, 1.5, 2, 2.5])
    #expect(numbers(2) == [1, 1, 1, 1, 0.5, 0.5])
    #expect(numbers(3) == [0, 0, 0, 0, 0.5, 0.5])
    #expect(result.figures.map(\.name) == ["coordination", "coordination-time", "coordination-shares-time"])
  }

  @Test func longHistoriesAreJoined() {
    var history = FrameHistory()
    for frame in 0..<1500 { history.add([Double(frame)], time: Double(frame)) }
    // 512 stretches of 1, then of 2, are used up at 1024 frames.
    #expect(history.stride == 4 && history.count == 375)
    #expect(history.means[0] == [1.5] && history.frames[374] == 1497.5 && history.meanTimes?[1] == 5.5)
  }
}
