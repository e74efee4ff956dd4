import NumericalMethods
import Structures

/// Counts neighbours frame by frame for ``CoordinationNumbers``; a first pass finds automatic cutoffs.
public struct CoordinationAccumulator: AnalysisAccumulator {
  /// More neighbours than these are no shell but a cutoff that is too long.
  static let mostNeighbors = 64

  private var parameters: CoordinationNumbers
  private let context: AnalysisContext
  private var pairs: [SpeciesPair] = []
  private var search: RadialDistributionAccumulator?
  private var cutoffs: [Double] = []
  private var average: BlockAverage?
  private var history = FrameHistory()
  private var frames = 0
  private var warnings: [String] = []

  init(_ parameters: CoordinationNumbers, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int { (search?.memoryInBytes ?? 0) + (average.map { 8 * $0.width * (35 + FrameHistory.most) } ?? 0) }

  public mutating func add(_ frame: Frame) throws {
    if pairs.isEmpty { try start(frame.configuration) }
    if search != nil {
      try search?.add(frame)
      return
    }
    try count(frame)
    frames += 1
  }

  private mutating func start(_ configuration: Configuration) throws {
    parameters.cutoffs = try parameters.cutoffs.labelled(in: configuration, analysis: "coordination")
    pairs = try parameters.resolvedPairs(in: configuration)
    if pairs.isEmpty {
      throw AnalysisError(.invalidSetting, "coordination: no pair is left; name pairs such as B-O whose centre is among the species")
    }
    if case .perPair = parameters.cutoffs, let missing = pairs.first(where: { parameters.cutoffs.given(for: $0) == nil }) {
      throw AnalysisError(.invalidSetting, "coordination: \(missing) has no cutoff; add \(missing)=… to cutoff, or write auto")
    }
    if case .automatic = parameters.cutoffs {
      var rdf = RadialDistribution()
      // First shells end below 6 Å; smaller cells give what their images allow.
      rdf.cutoff = 6
      rdf.species = Array(Set(pairs.flatMap { [$0.center, $0.neighbor] })).sorted()
      search = RadialDistributionAccumulator(rdf, context: context)
    } else {
      cutoffs = pairs.compactMap { parameters.cutoffs.given(for: $0) }
    }
  }

  public mutating func endPass() throws -> Bool {
    guard let result = try search?.result() else { return false }
    search = nil
    var kept: [SpeciesPair] = []
    for pair in pairs {
      if let minimum = result.partial(pair.center, pair.neighbor)?.shell.minimum {
        kept.append(pair)
        cutoffs.append(minimum)
      } else if parameters.pairs.contains(pair) {
        throw AnalysisError(
          .noFirstMinimum,
          "coordination: g(r) of \(pair) has no first minimum below 6 Å that stands out of its noise; give its cutoff, such as \(pair)=3")
      } else {
        warnings.append("\(pair) is left out: its g(r) has no first minimum below 6 Å that stands out; give a cutoff to count it")
      }
    }
    guard !kept.isEmpty else {
      throw AnalysisError(
        .noFirstMinimum, "coordination: no g(r) has a first minimum below 6 Å that stands out of its noise; give cutoffs, such as P-S=2.6")
    }
    pairs = kept
    return true
  }

  private mutating func count(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "coordination", frameName: name)
    let search = try NeighborSearch(
      cell: configuration.cell, positions: configuration.positions, cutoff: cutoffs.max() ?? 1)
    let limits = cutoffs.map { $0 * $0 }
    let centers = pairs.map { pair in configuration.species.map { $0.label == pair.center } }
    let neighbors = pairs.map { pair in configuration.species.map { $0.label == pair.neighbor } }
    let width = Self.mostNeighbors + 1
    let pairCount = pairs.count
    let blocks = max(1, min(64, configuration.count / 256))
    var partial = [Int](repeating: 0, count: blocks * pairCount * width)
    let types = configuration.types
    let isSelected = frame.selection
    partial.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      context.pool.forEachBlock(blocks) { block in
        var found = [Int](repeating: 0, count: pairCount)
        for atom in block * types.count / blocks..<(block + 1) * types.count / blocks {
          let type = Int(types[atom])
          guard isSelected.isEmpty || isSelected[atom], centers.contains(where: { $0[type] }) else { continue }
          for pair in 0..<pairCount { found[pair] = 0 }
          search.forEachNeighbor(of: atom) { neighbor in
            let other = Int(types[neighbor.index])
            for pair in 0..<pairCount where centers[pair][type] && neighbors[pair][other] {
              if neighbor.squaredDistance < limits[pair] { found[pair] += 1 }
            }
          }
          for pair in 0..<pairCount where centers[pair][type] {
            buffer[(block * pairCount + pair) * width + min(found[pair], Self.mostNeighbors)] += 1
          }
        }
      }
    }
    var entry = [Double](repeating: 0, count: pairCount * width)
    for pair in 0..<pairCount {
      var total = 0
      for number in 0..<width {
        let atoms = (0..<blocks).reduce(0) { $0 + partial[($1 * pairCount + pair) * width + number] }
        entry[pair * width + number] = Double(atoms)
        total += atoms
      }
      if total == 0 {
        throw AnalysisError(
          isSelected.isEmpty ? .changedAtoms : .emptyRegion,
          "coordination: \(isSelected.isEmpty ? "" : "the region in ")\(name) has no atom of species \(pairs[pair].center)")
      }
      if entry[pair * width + width - 1] > 0 {
        throw AnalysisError(
          .tooManyNeighbors,
          "coordination: in \(name) an atom has \(Self.mostNeighbors) or more neighbours \(pairs[pair]) closer than \(cutoffs[pair]) Å; "
            + "that is no shell: give a shorter cutoff")
      }
      for number in 0..<width { entry[pair * width + number] /= Double(total) }
    }
    var average = self.average ?? BlockAverage(width: entry.count)
    average.add(entry)
    self.average = average
    history.add(entry, time: frame.time)
  }

  public func result() throws -> CoordinationResult {
    guard let average, frames > 0 else { throw AnalysisError(.noFrames, "coordination got no frame") }
    let width = Self.mostNeighbors + 1
    let mean = average.mean
    let error = average.standardError
    func numbers(_ shares: [Double]) -> [Double] {
      pairs.indices.map { pair in (0..<width).reduce(0) { $0 + Double($1) * shares[pair * width + $1] } }
    }
    let means = numbers(mean)
    let meanErrors = average.standardError(of: numbers)
    let distributions = pairs.indices.map { pair -> CoordinationResult.Distribution in
      let shares = Array(mean[pair * width..<(pair + 1) * width])
      let last = shares.lastIndex { $0 > 0 } ?? 0
      return CoordinationResult.Distribution(
        pair: pairs[pair], cutoff: cutoffs[pair], mean: means[pair], meanError: meanErrors.isEmpty ? nil : meanErrors[pair],
        shares: Array(shares[...last]), errors: error.isEmpty ? [] : Array(error[pair * width...pair * width + last]))
    }
    return CoordinationResult(
      parameters: parameters, distributions: distributions, frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil, history: history, warnings: warnings)
  }
}
