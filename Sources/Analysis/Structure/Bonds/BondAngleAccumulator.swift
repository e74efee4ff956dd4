import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Collects bond angles frame by frame for ``BondAngles``; a first pass finds automatic cutoffs.
public struct BondAngleAccumulator: AnalysisAccumulator {
  private var parameters: BondAngles
  private let context: AnalysisContext
  private var cutoffs: AutomaticCutoffs
  private var triples: [SpeciesTriple] = []
  private var average: BlockAverage?
  private var frames = 0
  private let bins: Int
  /// The numbers of a triple in an entry: angles, sum and sum of squares in degrees about ``origin``, bins.
  private static let sums = 3
  private static let origin = 110.0
  private var width: Int { Self.sums + bins }

  init(_ parameters: BondAngles, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    cutoffs = AutomaticCutoffs(parameters.cutoffs, analysis: "angles", context: context)
    bins = max(1, Int((180 / parameters.binWidth).rounded()))
  }

  public var memoryInBytes: Int { cutoffs.memoryInBytes + (average.map { 8 * $0.width * 35 } ?? 0) }

  public mutating func add(_ frame: Frame) throws {
    let name = context.frameName(frames, frame)
    try frame.configuration.requireFinitePositions(analysis: "angles", frameName: name)
    if !cutoffs.hasStarted { try start(frame.configuration) }
    if cutoffs.isSearching { return try cutoffs.add(frame) }
    if average == nil { average = BlockAverage(width: triples.count * width) }
    try collect(frame.configuration)
    frames += 1
  }

  public mutating func endPass() throws -> Bool { try cutoffs.finish() }

  private mutating func start(_ configuration: Configuration) throws {
    let labels = try SpeciesSelection([], in: configuration, analysis: "angles").labels
    parameters.cutoffs = try parameters.cutoffs.labelled(in: configuration, analysis: "angles")
    let roles = try? NetworkRoles(formers: [], anions: [], in: configuration, analysis: "angles")
    let rareOnes = roles?.homopolarPairs ?? []
    var pairs: [SpeciesPair] = []
    func add(_ pair: SpeciesPair) {
      if !pairs.contains(pair), !pairs.contains(pair.reversed) { pairs.append(pair) }
    }
    if !parameters.triples.isEmpty {
      for named in parameters.triples {
        let words = [named.first, named.vertex, named.last]
        for labels in try SpeciesSelection.labels(ofEach: words, in: configuration, analysis: "angles") {
          let triple = SpeciesTriple(labels[0], labels[1], labels[2])
          guard !triples.contains(triple), !triples.contains(triple.reversed) else { continue }
          triples.append(triple)
          add(SpeciesPair(triple.vertex, triple.first))
          add(SpeciesPair(triple.vertex, triple.last))
        }
      }
      for pair in pairs {
        if case .perPair = parameters.cutoffs, parameters.cutoffs.given(for: pair) == nil {
          throw AnalysisError(.invalidSetting, "angles: \(pair) has no cutoff; add \(pair)=… to cutoff, or write auto")
        }
      }
    } else {
      if case .perPair(let given, _) = parameters.cutoffs {
        pairs = given
      } else if let roles, !roles.networkPairs.isEmpty {
        pairs = roles.networkPairs + rareOnes
      } else if let roles, !roles.modifierPairs.isEmpty {
        pairs = roles.modifierPairs
      } else {
        for a in labels.indices { for b in a..<labels.count { add(SpeciesPair(labels[a], labels[b])) } }
      }
      for vertex in labels {
        let around = labels.filter { pairs.contains(SpeciesPair(vertex, $0)) || pairs.contains(SpeciesPair($0, vertex)) }
        for a in around.indices { for b in a..<around.count { triples.append(SpeciesTriple(around[a], vertex, around[b])) } }
      }
    }
    func isRare(_ pair: SpeciesPair) -> Bool {
      rareOnes.contains(pair) || rareOnes.contains(pair.reversed)
    }
    try cutoffs.start(pairs.filter { !isRare($0) }, rare: pairs.filter(isRare), in: configuration)
  }

  private mutating func collect(_ configuration: Configuration) throws {
    let graph = try BondGraph(configuration, cutoffs: cutoffs.cutoffs, pool: context.pool)
    let species = configuration.species.map(\.label)
    let kinds = species.count
    // The triple of each vertex and two ends, or -1.
    let tripleOf = species.flatMap { vertex in
      species.flatMap { a in
        species.map { b in
          let triple = SpeciesTriple(a, vertex, b)
          return triples.firstIndex(of: triple) ?? triples.firstIndex(of: triple.reversed) ?? -1
        }
      }
    }
    let types = configuration.types
    let (width, bins) = (width, bins)
    let total = triples.count * width
    let entry = context.pool.sums(over: graph.count, grain: 1024, width: total) { atoms, sums in
      let scale = Double(bins) / 180
      for atom in atoms {
        let bonds = graph.bonds(of: atom)
        let vertex = Int(types[atom]) * kinds
        for i in bonds {
          let row = (vertex + Int(types[Int(graph.neighbors[i])])) * kinds
          let u = graph.displacements[i]
          for j in i + 1..<max(i + 1, bonds.upperBound) {
            let triple = tripleOf[row + Int(types[Int(graph.neighbors[j])])]
            guard triple >= 0 else { continue }
            let squares = graph.squaredDistances[i] * graph.squaredDistances[j]
            let cosine = max(-1, min(1, u.dot(graph.displacements[j]) / squares.squareRoot()))
            let angle = acos(cosine) * (180 / Double.pi)
            let place = triple * width
            let x = angle - Self.origin
            sums[place] += 1
            sums[place + 1] += x
            sums[place + 2] += x * x
            sums[place + Self.sums + min(bins - 1, Int(angle * scale))] += 1
          }
        }
      }
    }
    average?.add(entry)
  }

  public func result() throws -> BondAngleResult {
    guard let average, frames > 0 else { throw AnalysisError(.noFrames, "angles got no frame") }
    let mean = average.mean
    let binWidth = 180 / Double(bins)
    let middles = (0..<bins).map { (Double($0) + 0.5) * binWidth }
    let corrected = parameters.sineCorrection
    let sines = middles.map { sin($0 * Double.pi / 180) }
    var warnings = cutoffs.warnings
    var distributions: [BondAngleResult.Distribution] = []
    for (index, triple) in triples.enumerated() {
      let place = index * width
      guard mean[place] > 0 else {
        if parameters.triples.contains(triple) { warnings.append("there is no angle \(triple) within \(cutoffs.cutoffs.text)") }
        continue
      }
      func moments(_ entry: [Double]) -> [Double] {
        let first = entry[place + 1] / entry[place]
        return [Self.origin + first, max(0, entry[place + 2] / entry[place] - first * first).squareRoot()]
      }
      func curve(_ entry: [Double]) -> [Double] {
        let values = (0..<bins).map { entry[place + Self.sums + $0] / (corrected ? sines[$0] : 1) }
        let sum = values.reduce(0, +) * binWidth
        return values.map { $0 / sum }
      }
      let values = moments(mean)
      let errors = average.standardError(of: moments).map { $0.isFinite ? $0 : nil }
      let curveErrors = average.standardError(of: curve)
      distributions.append(
        BondAngleResult.Distribution(
          triple: triple, anglesPerFrame: mean[place], mean: values[0], meanError: errors.first ?? nil, width: values[1],
          widthError: errors.count > 1 ? errors[1] : nil, density: curve(mean),
          densityError: curveErrors.allSatisfy(\.isFinite) ? curveErrors : []))
    }
    guard !distributions.isEmpty else {
      throw AnalysisError(
        .invalidSetting, "angles: no frame has an angle within \(cutoffs.cutoffs.text); give longer cutoffs or other triples")
    }
    return BondAngleResult(
      parameters: parameters, cutoffSetting: cutoffs.setting, angles: middles, distributions: distributions, frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil, warnings: warnings)
  }
}
