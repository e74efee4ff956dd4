import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct TrackReaderTests {
  @Test func columnsPartSpecies() throws {
    var random = RandomStream(seed: 53)
    let tracks = randomWalks(atoms: 12, frames: 4, width: 0.1, random: &random)
    var trajectory = try frames(
      tracks, cell: { _ in try tiltedCell() }, species: try species("Li", "S"), types: (0..<12).map { $0 < 8 ? 0 : 1 })
    let region: [Double] = [1, 3, 1, 3, 3, 1, 1, 3, 2, 2, 2, 2]
    trajectory[0].columns = ["region": region]
    var parameters = MeanSquaredDisplacement()
    parameters.tracks.split = "region"
    let result = try parameters.analyze(trajectory)
    #expect(result.labels == ["Li[crystal]", "Li[glass]", "S[interface]"])
    let glass = try #require(result["Li[glass]"])
    #expect(abs(glass.values[2] - directDisplacement(tracks, atoms: [1, 3, 4, 7], lag: 2)) < 1e-12)
    parameters.tracks.split = "regoin"
    let error = try analysisError { _ = try parameters.analyze(trajectory) }
    #expect(error.code == .unknownRegion && error.message.contains("region"))
  }

  @Test func settingsAreRead() throws {
    let job = try Analyses.job(
      "msd",
      settings: [
        "species": "Li", "unwrap": "images", "remove-drift": "P,S", "drift-weights": "number", "split": "region", "labels": "l.xyz",
      ])
    let tracks = try #require(job.parameters as? MeanSquaredDisplacement).tracks
    #expect(tracks.species == ["Li"] && tracks.unwrapping == .images && tracks.driftSpecies == ["P", "S"])
    #expect(tracks.driftWeights == .number && tracks.split == "region" && tracks.labelsFile == "l.xyz")
    // Labels tell regions or groups; alone they mean nothing.
    #expect(try analysisError { _ = try Analyses.job("msd", settings: ["labels": "l.xyz"]) }.code == .invalidSetting)
  }

  @Test func logarithmicLags() {
    #expect(LagSpacing.logarithmic(upTo: 12, perDecade: 3) == [1, 2, 5, 10, 12])
    #expect(LagSpacing.logarithmic(upTo: 1) == [1] && LagSpacing.logarithmic(upTo: 0).isEmpty)
    let lags = LagSpacing.logarithmic(upTo: 5000)
    #expect(lags.first == 1 && lags.last == 5000 && zip(lags, lags.dropFirst()).allSatisfy { $0 < $1 })
  }
}
