import NumericalMethods
import Structures

/// Collects bond lengths frame by frame for ``BondLengths``; a first pass finds automatic cutoffs.
public struct BondLengthAccumulator: AnalysisAccumulator {
  private var parameters: BondLengths
  private let context: AnalysisContext
  private var cutoffs: AutomaticCutoffs
  private var pairs: [SpeciesPair] = []
  /// The bins of each pair, and where its numbers stand in an entry: number of bonds, three sums of lengths, bins.
  private var bins: [Int] = []
  private var places: [Int] = []
  private var average: BlockAverage?
  private var frames = 0
  private static let sums = 4

  init(_ parameters: BondLengths, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    cutoffs = AutomaticCutoffs(parameters.cutoffs, analysis: "bond-lengths", context: context)
  }

  public var memoryInBytes: Int { cutoffs.memoryInBytes + (average.map { 8 * $0.width * 35 } ?? 0) }

  public mutating func add(_ frame: Frame) throws {
    let name = context.frameName(frames, frame)
    try frame.configuration.requireFinitePositions(analysis: "bond-lengths", frameName: name)
    if !cutoffs.hasStarted { try start(frame.configuration) }
    if cutoffs.isSearching { return try cutoffs.add(frame) }
    if average == nil { layOut() }
    try collect(frame.configuration)
    frames += 1
  }

  public mutating func endPass() throws -> Bool { try cutoffs.finish() }

  private mutating func start(_ configuration: Configuration) throws {
    let labels = try SpeciesSelection([], in: configuration, analysis: "bond-lengths").labels
    parameters.cutoffs = try parameters.cutoffs.labelled(in: configuration, analysis: "bond-lengths")
    var rare: [SpeciesPair] = []
    func add(_ named: [SpeciesPair]) {
      for pair in named where !pairs.contains(pair) && !pairs.contains(pair.reversed) { pairs.append(pair) }
    }
    if !parameters.pairs.isEmpty {
      add(try SpeciesPair.labelled(parameters.pairs, in: configuration, analysis: "bond-lengths"))
      if case .perPair = parameters.cutoffs, let missing = pairs.first(where: { parameters.cutoffs.given(for: $0) == nil }) {
        throw AnalysisError(.invalidSetting, "bond-lengths: \(missing) has no cutoff; add \(missing)=… to cutoff, or write auto")
      }
    } else if case .perPair(let given, _) = parameters.cutoffs {
      add(given)
    } else if let roles = try? NetworkRoles(formers: [], anions: [], in: configuration, analysis: "bond-lengths") {
      pairs = roles.networkPairs + roles.modifierPairs
      rare = roles.homopolarPairs
    }
    if pairs.isEmpty && rare.isEmpty {
      pairs = labels.indices.flatMap { a in (a..<labels.count).map { SpeciesPair(labels[a], labels[$0]) } }
    }
    try cutoffs.start(pairs, rare: rare, in: configuration)
    pairs += rare
  }

  private mutating func layOut() {
    var width = 0
    for pair in pairs {
      let length = cutoffs.cutoffs[pair.center, pair.neighbor] ?? 0
      bins.append(max(1, Int((length / parameters.binWidth - 1e-9).rounded(.up))))
      places.append(width)
      width += Self.sums + (bins.last ?? 0)
    }
    average = BlockAverage(width: width)
  }

  private mutating func collect(_ configuration: Configuration) throws {
    let graph = try BondGraph(configuration, cutoffs: cutoffs.cutoffs, pool: context.pool)
    let species = configuration.species.map(\.label)
    // The pair of each two species, or -1.
    let pairOf = species.flatMap { a in
      species.map { b in pairs.firstIndex(of: SpeciesPair(a, b)) ?? pairs.firstIndex(of: SpeciesPair(b, a)) ?? -1 }
    }
    let types = configuration.types
    let width = average?.width ?? 0
    let origins = pairs.map { 0.8 * (cutoffs.cutoffs[$0.center, $0.neighbor] ?? 0) }
    let (places, bins, binWidth) = (places, bins, parameters.binWidth)
    let entry = context.pool.sums(over: graph.count, grain: 2048, width: width) { atoms, sums in
      for atom in atoms {
        let row = Int(types[atom]) * species.count
        for bond in graph.bonds(of: atom) {
          let other = Int(graph.neighbors[bond])
          // Both ends of a bond of an atom to an image of itself belong to the same atom.
          guard other >= atom else { continue }
          let pair = pairOf[row + Int(types[other])]
          guard pair >= 0 else { continue }
          let weight = other == atom ? 0.5 : 1.0
          let length = graph.squaredDistances[bond].squareRoot()
          // Sums of small differences, so that moments do not cancel.
          let x = length - origins[pair]
          let place = places[pair]
          sums[place] += weight
          sums[place + 1] += weight * x
          sums[place + 2] += weight * x * x
          sums[place + 3] += weight * x * x * x
          sums[place + Self.sums + min(bins[pair] - 1, Int(length / binWidth))] += weight
        }
      }
    }
    average?.add(entry)
  }

  public func result() throws -> BondLengthResult {
    guard let average, frames > 0 else { throw AnalysisError(.noFrames, "bond-lengths got no frame") }
    let mean = average.mean
    var distributions: [BondLengthResult.Distribution] = []
    var warnings = cutoffs.warnings
    for (index, pair) in pairs.enumerated() {
      let place = places[index]
      let cutoff = cutoffs.cutoffs[pair.center, pair.neighbor] ?? 0
      let origin = 0.8 * cutoff
      func moments(_ entry: [Double]) -> [Double] {
        let number = entry[place]
        let first = entry[place + 1] / number
        let second = entry[place + 2] / number - first * first
        let third = entry[place + 3] / number - 3 * first * entry[place + 2] / number + 2 * first * first * first
        let width = max(0, second).squareRoot()
        return [origin + first, width, third / (width * width * width)]
      }
      func curve(_ entry: [Double]) -> [Double] {
        (0..<bins[index]).map { entry[place + Self.sums + $0] / (entry[place] * parameters.binWidth) }
      }
      guard mean[place] > 0 else {
        if parameters.pairs.contains(pair) { warnings.append("there is no bond \(pair) shorter than \(brief(cutoff)) Å") }
        continue
      }
      let values = moments(mean)
      // Without a bond in some block its mean is no number, and so is the error.
      let errors = average.standardError(of: moments).map { $0.isFinite ? $0 : nil }
      let curveErrors = average.standardError(of: curve)
      distributions.append(
        BondLengthResult.Distribution(
          pair: pair, cutoff: cutoff, bondsPerFrame: mean[place], mean: values[0], meanError: errors.first ?? nil, width: values[1],
          widthError: errors.count > 1 ? errors[1] : nil, skewness: values[1] > 1e-6 ? values[2] : nil,
          skewnessError: errors.count > 2 && values[1] > 1e-6 ? errors[2] : nil,
          radii: (0..<bins[index]).map { (Double($0) + 0.5) * parameters.binWidth }, density: curve(mean),
          densityError: curveErrors.allSatisfy(\.isFinite) ? curveErrors : []))
    }
    guard !distributions.isEmpty else {
      throw AnalysisError(
        .invalidSetting, "bond-lengths: no frame has a bond within \(cutoffs.cutoffs.text); give longer cutoffs or other pairs")
    }
    return BondLengthResult(
      parameters: parameters, cutoffSetting: cutoffs.setting, distributions: distributions, frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil, warnings: warnings)
  }
}
