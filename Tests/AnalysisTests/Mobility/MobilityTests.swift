import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct MobilityTests {
  static func run(_ frames: [Frame], _ settings: [String: String]) throws -> MobilityResult {
    try #require(
      try AnalysisRunner([Analyses.job("mobility", settings: settings)], pool: WorkerPool(threads: 2)).run(frames).results.first
        as? MobilityResult)
  }

  /// A line of ions on a lattice of 3 Å, of which three neighbours hop by 5 Å in one frame.
  static func threeHoppers() throws -> [Frame] {
    let sites = (0..<64).map { atom -> Vector3 in
      let (x, y, z): (Int, Int, Int) = (atom % 4, atom / 4 % 4, atom / 16)
      return Vector3(Double(3 * x), Double(3 * y), Double(3 * z))
    }
    let tracks = (0..<21).map { frame in
      sites.indices.map { atom -> Vector3 in
        var place: Vector3 = sites[atom]
        if frame >= 10, atom < 3 { place.z += 5 }
        return place
      }
    }
    return try frames(
      tracks, cell: { _ in try Cell(lengths: Vector3(repeating: 12)) }, species: try species("Li", "S"),
      types: (0..<64).map { $0 < 32 ? 0 : 1 }, interval: 1)
  }

  @Test func knownHoppers() throws {
    let result = try Self.run(try Self.threeHoppers(), ["interval": "4 ps", "distance": "4 A", "cutoff": "3.1 A", "species": "Li"])
    let part = try #require(result["Li"])
    let counts = part.series.map { Int(($0 * 32).rounded()) }
    // From frames 6, 7, 8 and 9 on, of 17, three of 32 atoms.
    #expect(abs(part.share - 4.0 / 17 * 3 / 32) < 1e-12)
    #expect(counts == (0..<17).map { (6...9).contains($0) ? 3 : 0 })
    #expect(part.shareOfTime.prefix(3).allSatisfy { abs($0 - 4.0 / 17) < 1e-12 } && part.shareOfTime.dropFirst(3).allSatisfy { $0 == 0 })
    #expect(part.totalDisplacements.prefix(4) == [5, 5, 5, 0])
    #expect(part.gaussianShare < part.share)
    let file = try #require(result.files.first)
    guard case .frames(let labelled) = file.contents else {
      Issue.record("no frames")
      return
    }
    #expect(labelled.count == result.labelledFrames.count && labelled.allSatisfy { $0.configuration.count == 64 })
    // Origins every second frame, as far as there is an interval left: 0, 2 … 16.
    #expect(result.summary["instants_frames"]?.json() == "[0, 2, 4, 6, 8, 10, 12, 14, 16]")
    for (frame, instant) in zip(labelled, [0, 2, 4, 6, 8, 10, 12, 14, 16]) {
      let moved = try #require(frame.columns["moved_A"])
      let mobile = try #require(frame.columns["mobile"])
      #expect(mobile.reduce(0, +) == ((6...9).contains(instant) ? 3 : 0))
      #expect(moved.count == 64 && moved[0] == ((6...9).contains(instant) ? 5 : 0) && moved[40] == 0)
    }
    // Three in a row: two pairs. In two layers of 4 by 4 with periodic x and y there are 2 · 32 + 16 pairs among 32 atoms.
    let expected = 80.0 * 3 * 2 / (32 * 31)
    #expect(abs(try #require(part.clustering) - 2 / expected) < 1e-12)
    #expect(part.clusters.map(\.largest).max() == 3)
    #expect(result.tables[0].name == "mobility" && result.tables[0].columns.allSatisfy { $0.rowCount == 1 })
    let table = try #require(result.tables.first { $0.name == "mobility-atoms" })
    guard case .numbers(let numbers) = table.columns[0].values else {
      Issue.record("no numbers")
      return
    }
    #expect(numbers == (1...32).map(Double.init))
  }

  @Test func gaussianWalksAreNotClustered() throws {
    var random = RandomStream(seed: 81)
    let width = 0.5
    let trajectory = try frames(
      randomWalks(atoms: 400, frames: 60, width: width, random: &random), cell: { _ in try Cell(lengths: Vector3(repeating: 14)) },
      species: try species("Li"), interval: 1)
    let result = try Self.run(trajectory, ["interval": "4 ps", "distance": "2 A", "overlap": "0.8 A"])
    let part = try #require(result["Li"])
    let expected = MobilityCounts.gaussianShare(beyond: 2, meanSquare: 3 * 4 * width * width)
    let error = try #require(part.shareError)
    let (clustering, clusteringError) = (try #require(part.clustering), try #require(part.clusteringError))
    #expect(abs(part.share - expected) < 4 * error && error < 0.05 * expected)
    #expect(abs(part.gaussianShare - expected) < 0.02)
    #expect(abs(clustering - 1) < 4 * clusteringError)
    #expect(abs(part.density.reduce(0, +) * 0.1 - 1) < 1e-9)
    // Atoms that know nothing of each other: the variance of a binomial distribution. 59 origins: its error is a fifth.
    let stayed = part.overlap[0]
    #expect(abs(part.chi4[0] / (stayed * (1 - stayed)) - 1) < 0.7)
    #expect(abs(stayed - (1 - MobilityCounts.gaussianShare(beyond: 0.8, meanSquare: 3 * width * width))) < 0.02)
  }

  /// Atoms that all move together fluctuate as one.
  @Test func chi4CountsThoseThatMoveTogether() throws {
    let sites = (0..<50).map { atom -> Vector3 in
      let (x, y, z): (Int, Int, Int) = (atom % 5, atom / 5 % 5, atom / 25)
      return Vector3(Double(2 * x), Double(2 * y), Double(2 * z))
    }
    let tracks = (0..<41).map { frame -> [Vector3] in
      let away = Vector3(frame % 4 >= 2 ? 2 : 0, 0, 0)
      return sites.map { $0 + away }
    }
    let trajectory = try frames(
      tracks, cell: { _ in try Cell(lengths: Vector3(repeating: 10)) }, species: try species("Li"), interval: 1)
    let part = try #require(try Self.run(trajectory, ["interval": "2 ps", "distance": "1 A"])["Li"])
    // From one frame to the next all stay or all go, each in half of the cases: N / 4.
    #expect(abs(part.overlap[0] - 0.5) < 1e-12 && abs(part.chi4[0] - 12.5) < 1e-9)
    // After two frames all have gone.
    #expect(part.overlap[1] == 0 && part.chi4[1] == 0 && part.share == 1)
  }

  @Test func badInput() throws {
    let trajectory = try Self.threeHoppers()
    #expect(try analysisError { _ = try Self.run(trajectory, ["interval": "30 ps"]) }.code == .tooFewFrames)
    #expect(try analysisError { _ = try Self.run(trajectory, ["interval": "30"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.run(trajectory, ["species": "Na"]) }.code == .unknownSpecies)
    let still = try Self.run(trajectory, ["species": "S", "interval": "1.4 ps"])
    #expect(still.warnings.contains { $0.contains("no atom is mobile") } && still.warnings.contains { $0.contains("1 ps is taken") })
    #expect(still.summary["species"]?["S"]?["clustering"]?.json() == "null")
    var silent = trajectory
    for i in silent.indices { silent[i].time = nil }
    #expect(try analysisError { _ = try Self.run(silent, [:]) }.code == .unevenTimes)
  }
}
