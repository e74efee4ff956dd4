import NumericalMethods
import Structures

/// Counts the network frame by frame for ``NetworkStructure``; a first pass finds automatic cutoffs.
public struct NetworkAccumulator: AnalysisAccumulator {
  private let parameters: NetworkStructure
  private let context: AnalysisContext
  private var cutoffs: AutomaticCutoffs
  private var roles: NetworkRoles?
  private var average: BlockAverage?
  private var frames = 0

  init(_ parameters: NetworkStructure, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    cutoffs = AutomaticCutoffs(parameters.cutoffs, analysis: "network", context: context)
  }

  public var memoryInBytes: Int { cutoffs.memoryInBytes + (average.map { 8 * $0.width * 35 } ?? 0) }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    try configuration.requireFinitePositions(analysis: "network", frameName: context.frameName(frames, frame))
    if roles == nil {
      let roles = try NetworkRoles(formers: parameters.formers, anions: parameters.anions, in: configuration, analysis: "network")
      try roles.requireFormers(analysis: "network")
      try cutoffs.start(roles.networkPairs, rare: roles.homopolarPairs, in: configuration)
      self.roles = roles
    }
    if cutoffs.isSearching { return try cutoffs.add(frame) }
    guard let roles else { return }
    let graph = try BondGraph(configuration, cutoffs: cutoffs.cutoffs, pool: context.pool)
    let entry = NetworkCounter(
      graph, configuration, formers: roles.symbols(roles.formers), anions: roles.symbols(roles.anions),
      roles: roles.roles(configuration.species)
    ).count(pool: context.pool)
    var average = average.take() ?? BlockAverage(width: entry.count)
    average.add(entry)
    self.average = average
    frames += 1
  }

  public mutating func endPass() throws -> Bool { try cutoffs.finish() }

  public func result() throws -> NetworkResult {
    guard let average, let roles, frames > 0 else { throw AnalysisError(.noFrames, "network got no frame") }
    return NetworkResult(
      parameters: parameters, cutoffSetting: cutoffs.setting, formers: roles.symbols(roles.formers), anions: roles.symbols(roles.anions),
      average: average,
      frameCount: frames, warnings: cutoffs.warnings)
  }
}
