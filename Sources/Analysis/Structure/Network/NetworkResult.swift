import NumericalMethods
import Structures

/// What ``NetworkStructure`` gives.
public struct NetworkResult: AnalysisResult {
  /// A mean over frames with its standard error, `nil` where there are too few frames.
  public struct Estimate: Sendable {
    public var value: Double
    public var error: Double?
  }

  /// A linkage X-A-Y, with the share that random mixing gives.
  public struct Linkage: Sendable {
    /// The formers at its ends.
    public var formers: SpeciesPair
    public var perFrame: Double
    public var share: Estimate
    public var random: Estimate
  }

  /// How polyhedra of two formers touch.
  public struct Sharing: Sendable {
    public var formers: SpeciesPair
    /// Pairs of polyhedra per frame that share a corner, an edge, a face.
    public var perFrame: [Double]
    /// Their shares of all pairs of polyhedra of these formers that touch.
    public var shares: [Estimate]
  }

  public let parameters: NetworkStructure
  let cutoffSetting: AnalysisSetting
  /// Symbols of elements.
  public let formers: [String]
  public let anions: [String]
  public let frameCount: Int
  public let warnings: [String]
  private let average: BlockAverage
  private let mean: [Double]
  private let layout: NetworkLayout

  init(
    parameters: NetworkStructure, cutoffSetting: AnalysisSetting, formers: [String], anions: [String], average: BlockAverage,
    frameCount: Int,
    warnings: [String]
  ) {
    self.parameters = parameters
    self.cutoffSetting = cutoffSetting
    self.formers = formers
    self.anions = anions
    self.average = average
    self.frameCount = frameCount
    self.warnings = warnings
    mean = average.mean
    layout = NetworkLayout(formers: formers.count, anions: anions.count)
  }

  /// A function of the mean counts, with its error over blocks; `nil` where it is no number.
  private func estimate(_ quantity: ([Double]) -> Double) -> Estimate? {
    let value = quantity(mean)
    guard value.isFinite else { return nil }
    let error = average.standardError { [quantity($0)] }.first
    return Estimate(value: value, error: error.flatMap { $0.isFinite ? $0 : nil })
  }

  private func index(_ former: String) -> Int? { formers.firstIndex(of: former) }

  /// Free, non-bridging, bridging and tricluster shares of an anion, or of all together.
  public func anionShares(_ anion: String? = nil) -> [Estimate] {
    let kinds = anion.map { label in anions.indices.filter { anions[$0] == label } } ?? Array(anions.indices)
    func number(_ entry: [Double], _ bonds: Int) -> Double { kinds.reduce(0) { $0 + entry[layout.anion($1, bonds: bonds)] } }
    return (0..<4).compactMap { bonds in
      estimate { entry in number(entry, bonds) / (0..<4).reduce(0) { $0 + number(entry, $1) } }
    }
  }

  private func number(_ entry: [Double], _ kind: Int, coordination: Int? = nil, bridging: Int? = nil) -> Double {
    let all = 0...NetworkLayout.largest
    var sum = 0.0
    for c in coordination.map({ $0...$0 }) ?? all {
      for n in bridging.map({ $0...$0 }) ?? all { sum += entry[layout.former(kind, coordination: c, bridging: n)] }
    }
    return sum
  }

  /// The shares of Q^0, Q^1 … of a former; to the last that occurs.
  public func qn(_ former: String) -> [Estimate] {
    guard let kind = index(former) else { return [] }
    let shares = (0...NetworkLayout.largest).compactMap { n in
      estimate { number($0, kind, bridging: n) / number($0, kind) }
    }
    return Array(shares.prefix((shares.lastIndex { $0.value > 0 } ?? -1) + 1))
  }

  /// The mean number of bridging anions of a former.
  public func meanQ(_ former: String) -> Estimate? {
    guard let kind = index(former) else { return nil }
    return estimate { entry in
      (0...NetworkLayout.largest).reduce(0) { $0 + Double($1) * number(entry, kind, bridging: $1) } / number(entry, kind)
    }
  }

  /// The share of formers with a coordination number that are Q^n, of all of the former.
  public func share(_ former: String, coordination: Int, bridging: Int) -> Double {
    guard let kind = index(former) else { return 0 }
    return mean[layout.former(kind, coordination: coordination, bridging: bridging)] / number(mean, kind)
  }

  private var formerPairs: [(pair: SpeciesPair, a: Int, b: Int)] {
    formers.indices.flatMap { a in (a..<formers.count).map { (SpeciesPair(formers[a], formers[$0]), a, $0) } }
  }

  /// Linkages through anions, with the expectation for random mixing.
  public var linkages: [Linkage] {
    func all(_ entry: [Double]) -> Double { (0..<layout.pairs).reduce(0) { $0 + entry[layout.linkage($1)] } }
    func ends(_ entry: [Double], _ former: Int) -> Double {
      formers.indices.reduce(0) { $0 + ($1 == former ? 2 : 1) * entry[layout.linkage(layout.pair(former, $1))] } / (2 * all(entry))
    }
    return formerPairs.compactMap { pair, a, b in
      let place = layout.linkage(layout.pair(a, b))
      guard let share = estimate({ $0[place] / all($0) }),
        let random = estimate({ (a == b ? 1 : 2) * ends($0, a) * ends($0, b) })
      else { return nil }
      return Linkage(formers: pair, perFrame: mean[place], share: share, random: random)
    }
  }

  /// Bonds between formers, such as P-P, a frame.
  public var formerBonds: [(pair: SpeciesPair, perFrame: Double)] {
    formerPairs.map { ($0.pair, mean[layout.bond(layout.pair($0.a, $0.b))]) }.filter { $0.1 > 0 }
  }

  /// How polyhedra touch, for each pair of formers that do.
  public var sharing: [Sharing] {
    formerPairs.compactMap { pair, a, b in
      let places = (1...3).map { layout.shared(layout.pair(a, b), $0) }
      let shares = places.compactMap { place in estimate { entry in entry[place] / places.reduce(0) { $0 + entry[$1] } } }
      return shares.isEmpty ? nil : Sharing(formers: pair, perFrame: places.map { mean[$0] }, shares: shares)
    }
  }

  /// The mean number of bridging anions of a former, all formers alike.
  public var connectivity: Estimate? { estimate { $0[layout.bridgingBonds] / $0[layout.formerCount] } }
  public var fragmentsPerFrame: Estimate? { estimate { $0[layout.fragmentCount] } }
  /// Formers of a fragment, averaged over fragments.
  public var meanFragment: Estimate? { estimate { $0[layout.formerCount] / $0[layout.fragmentCount] } }
  /// Formers of the fragment of a former, averaged over formers.
  public var meanFragmentOfFormer: Estimate? { estimate { $0[layout.squaredSizes] / $0[layout.formerCount] } }
  /// The share of the formers in the largest fragment.
  public var largestShare: Estimate? { estimate { $0[layout.largestSize] / $0[layout.formerCount] } }
  /// The shares of the formers in fragments that repeat in 0, 1, 2, 3 directions.
  public var dimensionShares: [Estimate] {
    (0...3).compactMap { directions in estimate { $0[layout.dimension(directions)] / $0[layout.formerCount] } }
  }
  /// Fragments per frame with 1, 2, 3 … formers; the last entry counts all larger ones.
  public var fragmentSizes: [Double] { (1...NetworkLayout.largestFragment + 1).map { mean[layout.fragments(of: $0)] } }

  public var analysis: String { NetworkStructure.descriptor.name }
  public var convention: String { NetworkStructure.descriptor.convention }

  public var settings: [AnalysisSetting] {
    let errors = average.blockCount > 1 ? "\(average.blockCount) blocks of \(average.blockLength) frames" : "none: too few frames"
    return [
      AnalysisSetting("formers", formers.joined(separator: ",")), AnalysisSetting("anions", anions.joined(separator: ",")), cutoffSetting,
      AnalysisSetting("errors", errors),
    ]
  }
}
