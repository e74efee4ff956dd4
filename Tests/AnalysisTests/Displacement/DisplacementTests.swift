import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct DisplacementTests {
  static let cube = Vector3(repeating: 12)

  @Test func fourierIsTheDoubleLoop() throws {
    var random = RandomStream(seed: 31)
    for count in [2, 3, 17, 60] {
      let tracks = randomWalks(atoms: 37, frames: count, width: 0.7, random: &random)
      let types = (0..<37).map { Int32($0 % 3 == 0 ? 1 : 0) }
      let trajectory = try frames(
        tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li", "S"), types: types)
      let result = try MeanSquaredDisplacement().analyze(trajectory)
      for (kind, label) in ["Li", "S"].enumerated() {
        let atoms = types.indices.filter { types[$0] == Int32(kind) }
        let curve = try #require(result[label])
        #expect(curve.atoms == atoms.count && curve.values.count == count && curve.values[0] == 0)
        for lag in 1..<count {
          #expect(abs(curve.values[lag] - directDisplacement(tracks, atoms: atoms, lag: lag)) < 1e-9)
        }
      }
      #expect(abs(result.all.values[1] - directDisplacement(tracks, atoms: Array(0..<37), lag: 1)) < 1e-9)
    }
  }

  @Test func randomWalkIsSixD() throws {
    var random = RandomStream(seed: 32)
    let (width, interval) = (0.4, 0.5)
    let tracks = randomWalks(atoms: 400, frames: 60, width: width, random: &random)
    let trajectory = try frames(
      tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li"), interval: interval)
    let result = try MeanSquaredDisplacement().analyze(trajectory)
    let diffusion = width * width / (2 * interval)
    #expect(result.frameInterval == interval)
    for lag in [1, 5, 20, 50] {
      let expected = 6 * diffusion * Double(lag) * interval
      #expect(abs(result.all.values[lag] - expected) < 4 * result.all.error[lag], "\(lag)")
    }
    // So that four errors mean something.
    #expect(result.all.error[20] < 0.1 * result.all.values[20])
  }

  @Test func ballisticIsExact() throws {
    let velocity = Vector3(1.5, -0.7, 0.4)
    let tracks = (0..<40).map { frame in [Vector3(1, 2, 3) + velocity * (0.5 * Double(frame))] }
    let trajectory = try frames(tracks, cell: { _ in try tiltedCell() }, species: try species("Li"), flags: false)
    let curve = try #require(try MeanSquaredDisplacement().analyze(trajectory)["Li"])
    for lag in 0..<40 {
      let time = 0.5 * Double(lag)
      // 30 Å squared in double precision.
      let (all, y) = (velocity.squaredLength * time * time, velocity.y * velocity.y * time * time)
      #expect(abs(curve.values[lag] - all) < 1e-9)
      #expect(abs(curve.directions[1][lag] - y) < 1e-9)
    }
    #expect(curve.error.isEmpty)
  }

  @Test func removesDrift() throws {
    var random = RandomStream(seed: 33)
    let walks = randomWalks(atoms: 30, frames: 25, width: 0.3, random: &random)
    let types = (0..<30).map { Int32($0 / 10) }
    let kinds = try species("P", "S", "Li")
    let wind = Vector3(0.4, 0.2, -0.3)
    let tracks = walks.enumerated().map { frame, positions in positions.map { $0 + wind * Double(frame) } }
    let trajectory = try frames(tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: kinds, types: types)
    let windless = try frames(walks, cell: { _ in try Cell(lengths: Self.cube) }, species: kinds, types: types)
    for (setting, weights) in [("P,S", "mass"), ("all", "mass"), ("S", "number")] {
      let job = try Analyses.job("msd", settings: ["remove-drift": setting, "drift-weights": weights])
      func curve(_ frames: [Frame]) throws -> DisplacementResult {
        try #require(try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(frames).results.first as? DisplacementResult)
      }
      // Any common motion cancels.
      let (with, without) = (try curve(trajectory), try curve(windless))
      #expect(largestDifference(with.all.values, without.all.values) < 1e-9, "\(setting)")
      // And by the definition.
      let group = types.indices.filter {
        setting == "all" || setting.split(separator: ",").contains(Substring(kinds[Int(types[$0])].label))
      }
      let masses = group.map { weights == "mass" ? kinds[Int(types[$0])].mass : 1 }
      let still = walks.map { positions in
        var center = Vector3.zero
        for (atom, mass) in zip(group, masses) { center += positions[atom] * (mass / masses.reduce(0, +)) }
        return positions.map { $0 - center }
      }
      #expect(abs(with.all.values[7] - directDisplacement(still, atoms: Array(0..<30), lag: 7)) < 1e-9, "\(setting)")
    }
    let drifting = try MeanSquaredDisplacement().analyze(trajectory)
    #expect(drifting.warnings.contains { $0.contains("centre of mass") })
  }

  @Test(arguments: [2, 5]) func threadsChangeNothing(threads: Int) throws {
    var random = RandomStream(seed: 34)
    let tracks = randomWalks(atoms: 101, frames: 33, width: 0.5, random: &random)
    let trajectory = try frames(tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li"))
    let one = try MeanSquaredDisplacement().analyze(trajectory, pool: WorkerPool(threads: 1))
    let many = try MeanSquaredDisplacement().analyze(trajectory, pool: WorkerPool(threads: threads))
    #expect(one.summary.json() == many.summary.json())
    #expect(one.all.values == many.all.values && one.all.error == many.all.error)
  }

  @Test func followsIdentifiers() throws {
    var random = RandomStream(seed: 35)
    let tracks = randomWalks(atoms: 20, frames: 12, width: 0.5, random: &random)
    var trajectory = try frames(tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li"))
    let ordered = try MeanSquaredDisplacement().analyze(trajectory)
    for i in trajectory.indices {
      let places = (0..<20).map { ($0 * 7 + i) % 20 }
      let old = trajectory[i].configuration
      trajectory[i].configuration.identifiers = places.map { $0 + 1 }
      trajectory[i].configuration.positions = places.map { old.positions[$0] }
      trajectory[i].configuration.images = places.map { old.images[$0] }
    }
    let mixed = try MeanSquaredDisplacement().analyze(trajectory)
    #expect(largestDifference(mixed.all.values, ordered.all.values) < 1e-9)
    trajectory[3].configuration.identifiers[0] = 99
    let error = try analysisError { _ = try MeanSquaredDisplacement().analyze(trajectory) }
    #expect(error.code == .changedAtoms && error.message.contains("99") && error.message.contains("frame 3"))
  }

  @Test func lagsAndTimeOfTheSummary() throws {
    let tracks = (0..<30).map { [Vector3(0.5 * Double($0), 0, 0), .zero] }
    let trajectory = try frames(
      tracks, cell: { _ in try Cell(lengths: Self.cube) }, species: try species("Li"), interval: nil)
    let job = try Analyses.job("msd", settings: ["lags": "1,2,4", "dt": "50 fs", "frames": "::3"])
    let outcome = try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(trajectory)
    let result = try #require(outcome.results.first as? DisplacementResult)
    #expect(result.frameCount == 10)
    #expect(result.summaryLags == [1, 2, 4])
    #expect(result.summary["lag_frames"]?.json() == "[1, 2, 4]")
    // Three frames of the file between frames used.
    #expect(abs(try #require(result.frameInterval) - 0.15) < 1e-12)
    guard case .array(let values) = result.summary["msd_A2"] else {
      Issue.record("msd_A2 is no array")
      return
    }
    // One of two atoms moves 1.5 Å a lag.
    #expect(largestDifference(values.map { $0.double ?? .nan }, [1.125, 4.5, 18]) < 1e-9)
    #expect(result.warnings.allSatisfy { !$0.contains("dt") })
    let silent = try MeanSquaredDisplacement().analyze(trajectory)
    #expect(silent.frameInterval == nil && silent.warnings.contains { $0.contains("dt") })
    #expect(silent.summaryLags == [1, 2, 5, 10, 20])
  }
}
