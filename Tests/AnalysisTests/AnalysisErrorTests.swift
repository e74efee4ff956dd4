import Analysis
import NumericalMethods
import Structures
import Testing

/// Broken settings and trajectories: the error says what, where and how to mend it.
@Suite struct AnalysisErrorTests {
  static func outcome(_ name: String, _ settings: [String: String], _ frames: [Frame]) throws -> AnalysisRunner.Outcome {
    try AnalysisRunner([Analyses.job(name, settings: settings)], pool: WorkerPool(threads: 1)).run(frames)
  }

  static func still(_ count: Int, interval: Double? = 0.5) throws -> [Frame] {
    try frames(
      (0..<count).map { _ in [.zero, Vector3(3, 0, 0)] }, cell: { _ in try Cell(lengths: Vector3(repeating: 12)) },
      species: try species("Li", "S"), types: [0, 1], interval: interval)
  }

  @Test(arguments: ["rdf", "msd", "coordination"]) func unknownSpecies(name: String) throws {
    let error = try analysisError { _ = try Self.outcome(name, ["species": "Lii"], Self.still(3)) }
    #expect(error.code == .unknownSpecies)
    #expect(error.message.contains("\"Lii\"") && error.message.contains("did you mean") && error.message.contains("Li, S"))
  }

  @Test(arguments: ["rdf", "msd", "coordination"]) func noFrames(name: String) throws {
    #expect(try analysisError { _ = try Self.outcome(name, [:], []) }.code == .noFrames)
    let range = try analysisError { _ = try Self.outcome(name, ["frames": "5:"], Self.still(3)) }
    #expect(range.code == .noFrames && range.message.contains("has 3"))
    #expect(throws: AnalysisError.self) { try RadialDistribution().analyze([]) }
    #expect(throws: AnalysisError.self) { try MeanSquaredDisplacement().analyze([]) }
  }

  @Test func unevenTimes() throws {
    var trajectory = try Self.still(6)
    trajectory[4].time = 2.3
    let error = try analysisError { _ = try MeanSquaredDisplacement().analyze(trajectory) }
    #expect(error.code == .unevenTimes && error.message.contains("frame 4"))
    var steps = try Self.still(6, interval: nil)
    steps[5].step = 900
    let other = try analysisError { _ = try MeanSquaredDisplacement().analyze(steps) }
    #expect(other.code == .unevenTimes && other.message.contains("step 900"))
    var back = try Self.still(3)
    back[1].time = -1
    #expect(try analysisError { _ = try MeanSquaredDisplacement().analyze(back) }.code == .unevenTimes)
  }

  @Test func namesOfAnalysesAndSettings() throws {
    let name = try analysisError { _ = try Analyses.job("mds") }
    #expect(name.code == .unknownAnalysis && name.message.contains("msd"))
    let setting = try analysisError { _ = try Analyses.job("rdf", settings: ["cutof": "6"]) }
    #expect(setting.code == .unknownSetting && setting.message.contains("did you mean \"cutoff\""))
    #expect(try Analyses.builtins.allSatisfy { try Analyses.named($0.descriptor.name).descriptor.name == $0.descriptor.name })
  }

  @Test(arguments: [
    ("rdf", "cutoff", "-3"), ("rdf", "cutoff", "6 eV"), ("rdf", "bin-width", "nan"), ("msd", "lags", "1,x"), ("msd", "lags", "-1"),
    ("msd", "dt", "0 ps"), ("msd", "dt", "50"), ("msd", "unwrap", "toroidl"), ("coordination", "cutoff", "P-S"),
    ("coordination", "cutoff", "P-S=0"), ("coordination", "pairs", "PS"), ("msd", "frames", "1:2:0"), ("rdf", "smoothing", "-0.1 A"),
    ("rdf", "cutoff", "2000"),
  ]) func badValues(name: String, setting: String, value: String) throws {
    let error = try analysisError { _ = try Analyses.job(name, settings: [setting: value]) }
    #expect(error.code == .invalidSetting)
    #expect(error.message.contains(setting), "\(error.message)")
  }

  @Test func lagsBeyondTheRun() throws {
    let error = try analysisError { _ = try Self.outcome("msd", ["lags": "1,6"], Self.still(6)) }
    #expect(error.code == .tooFewFrames && error.message.contains("at least 7 frames; there are 6"))
    #expect(try analysisError { _ = try Self.outcome("msd", [:], Self.still(1)) }.code == .tooFewFrames)
  }

  @Test(arguments: ["rdf", "msd", "coordination"]) func lostAtoms(name: String) throws {
    var trajectory = try Self.still(3)
    trajectory[2].configuration.positions[1].y = .nan
    let settings = name == "coordination" ? ["cutoff": "4"] : [:]
    let error = try analysisError { _ = try Self.outcome(name, settings, trajectory) }
    #expect(error.code == .lostAtoms && error.message.contains("atom 2") && error.message.contains("frame 2"))
  }

  @Test func changedAtoms() throws {
    var trajectory = try Self.still(3)
    trajectory[1].configuration.types = [1, 0]
    let error = try analysisError { _ = try MeanSquaredDisplacement().analyze(trajectory) }
    #expect(error.code == .changedAtoms && error.message.contains("atom 1") && error.message.contains("frame 1"))
    trajectory[1].configuration.types = [1, 1]
    #expect(try analysisError { _ = try RadialDistribution().analyze(trajectory) }.code == .changedAtoms)
  }
}
