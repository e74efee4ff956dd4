import Structures

/// The cutoffs of all analyses of bonds: those that a person gave, or those found in a first pass over the frames.
///
/// An automatic cutoff is the first minimum of g(r), if its first peak is as short as a bond: at most ``bondedReach`` times the sum of
/// the covalent radii. Where there is no such minimum (few atoms), that reach itself is the cutoff. Between atoms that rarely are bonded,
/// such as P-P in P2S6(4-) or S-S, it always is: a few bonds among many atoms that only stand near each other make no first peak, and
/// g(r) of a crystal without them would put the cutoff behind the nearest neighbours that are not bonded.
struct AutomaticCutoffs: Sendable {
  /// How much longer than the sum of the covalent radii a bond may be. P-P: 2.68 Å, where bonds are 2.2 to 2.3 Å long and
  /// phosphorus that shares a sulfur is 2.8 Å away or more.
  static let bondedReach = 1.25
  /// The same between anions. S-S: 2.31 Å, where bonds are 2.05 Å long and sulfur of one tetrahedron comes as near as 2.5 Å in hot melts.
  static let anionReach = 1.1

  private let given: PairCutoffs
  private let analysis: String
  private let context: AnalysisContext
  private var pairs: [SpeciesPair] = []
  /// What was found, by elements: labels of one element (P4 and P2 of a force field) share a cutoff.
  private var found = BondCutoffs()
  private var elements: [String: Element] = [:]
  private var search: RadialDistributionAccumulator?
  /// The cutoffs; complete after ``finish()``.
  private(set) var cutoffs = BondCutoffs()
  /// What a person should know of how they were found.
  private(set) var warnings: [String] = []
  private(set) var hasStarted = false

  init(_ given: PairCutoffs, analysis: String, context: AnalysisContext) {
    self.given = given
    self.analysis = analysis
    self.context = context
  }

  /// Whether frames go to ``add(_:)`` now, and are needed again.
  var isSearching: Bool { search != nil }
  var memoryInBytes: Int { search?.memoryInBytes ?? 0 }

  /// Takes the pairs that may be bonded.
  ///
  /// - Parameters:
  ///   - pairs: Those whose cutoff g(r) tells. Where cutoffs are given pair by pair, only those given are bonded.
  ///   - rare: Those that are rarely bonded.
  /// - Throws: ``AnalysisError`` where a cutoff names a species that is not there.
  mutating func start(_ pairs: [SpeciesPair], rare: [SpeciesPair] = [], in configuration: Configuration) throws {
    hasStarted = true
    for species in configuration.species { elements[species.label] = species.element }
    switch try given.labelled(in: configuration, analysis: analysis) {
    case .single(let length):
      for pair in pairs + rare { cutoffs[pair.center, pair.neighbor] = length }
    case .perPair(let named, let lengths):
      for (pair, length) in zip(named, lengths) { cutoffs[pair.center, pair.neighbor] = length }
    case .automatic:
      self.pairs = pairs
      for pair in rare { set(pair, reach(pair)) }
      let wanted = Set(pairs.flatMap { [symbol($0.center), symbol($0.neighbor)] })
      guard !wanted.isEmpty else { return }
      var rdf = RadialDistribution()
      // First shells end below 6 Å.
      rdf.cutoff = 6
      rdf.species = wanted.sorted()
      search = RadialDistributionAccumulator(rdf, context: context)
    }
  }

  mutating func add(_ frame: Frame) throws {
    var frame = frame
    frame.configuration.species = frame.configuration.species.map { Species($0.element, mass: $0.mass) }
    try search?.add(frame)
  }

  private func symbol(_ label: String) -> String { elements[label]?.symbol ?? label }

  private mutating func set(_ pair: SpeciesPair, _ length: Double) {
    cutoffs[pair.center, pair.neighbor] = length
    found[symbol(pair.center), symbol(pair.neighbor)] = length
  }

  /// Ends the first pass.
  ///
  /// - Returns: Whether there was one, so that the frames are needed again.
  mutating func finish() throws -> Bool {
    guard let result = try search?.result() else { return false }
    search = nil
    for pair in pairs {
      if let known = found[symbol(pair.center), symbol(pair.neighbor)] {
        set(pair, known)
        continue
      }
      let shell = result.partial(symbol(pair.center), symbol(pair.neighbor))?.shell
      let reach = reach(pair)
      if let peak = shell?.peak, peak <= reach, let minimum = shell?.minimum {
        // Beyond one and a half times the radii nothing is bonded, however flat g(r) runs on.
        set(pair, min(minimum, 1.2 * reach))
      } else {
        set(pair, reach)
        let length = brief((reach * 100).rounded() / 100)
        warnings.append(
          "g(r) of \(symbol(pair.center))-\(symbol(pair.neighbor)) has no first peak at bond length with a minimum behind it; its cutoff is "
            + "\(length) Å, \(brief(Self.bondedReach)) times the sum of the covalent radii")
      }
    }
    return true
  }

  private func reach(_ pair: SpeciesPair) -> Double {
    let isOfAnions = [pair.center, pair.neighbor].allSatisfy { NetworkRoles.anionElements.contains(elements[$0]?.symbol ?? "") }
    return (isOfAnions ? Self.anionReach : Self.bondedReach)
      * ((elements[pair.center]?.covalentRadius ?? 1) + (elements[pair.neighbor]?.covalentRadius ?? 1))
  }

  /// How a result says what cutoffs were used.
  var setting: AnalysisSetting {
    guard case .automatic = given else { return AnalysisSetting("cutoff", cutoffs.text + " A") }
    return AnalysisSetting(
      "cutoff", found.text + " A (auto: first minima of g(r), P-P and the like 1.25, S-S 1.1 times the sum of the covalent radii)")
  }

  /// The setting as analyses of bonds list it.
  static let parameter = AnalysisParameter(
    "cutoff",
    summary: "auto (first minimum of g(r)), a length in A, or one a pair such as P-S=2.6,Li-S=3.1; pairs without one are not bonded",
    kind: .cutoffs, default: "auto")
}

extension AnalysisSettings {
  /// The setting `cutoff` of analyses of bonds.
  func cutoffs() throws -> PairCutoffs {
    do {
      return try PairCutoffs(text("cutoff") ?? "auto")
    } catch let error as any ExplainedError {
      throw invalid("cutoff", error.message)
    }
  }
}
