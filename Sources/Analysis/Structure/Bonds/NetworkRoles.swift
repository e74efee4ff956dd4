import Structures

/// Which species build the network of a glass: formers at the centres of polyhedra, anions at their corners. All others are
/// modifiers (or mobile ions).
struct NetworkRoles: Sendable {
  enum Role: Sendable { case former, anion, modifier }

  /// Elements that form the networks of oxide and chalcogenide glasses.
  static let formerElements: Set<String> = ["B", "Al", "Si", "P", "V", "Ga", "Ge", "As", "Sn", "Sb"]
  /// Elements that stand at the corners.
  static let anionElements: Set<String> = CoordinationNumbers.anions

  let formers: [String]
  let anions: [String]
  let modifiers: [String]
  private let elements: [String: Element]

  /// - Parameters:
  ///   - formers: Labels or elements, or empty for those of ``formerElements``.
  ///   - anions: Labels or elements, or empty for those of ``anionElements``.
  /// - Throws: ``AnalysisError`` where a label is not there, is in both lists, or no former is left.
  init(formers: [String], anions: [String], in configuration: Configuration, analysis: String) throws {
    let labels = try SpeciesSelection([], in: configuration, analysis: analysis).labels
    let species = configuration.species.filter { labels.contains($0.label) }
    func expanded(_ words: [String]) throws -> [String] {
      try words.flatMap { try SpeciesSelection.labels(of: $0, among: species, analysis: analysis) }
    }
    let (formers, anions) = (try expanded(formers), try expanded(anions))
    if let both = formers.first(where: anions.contains) {
      throw AnalysisError(.invalidSetting, "\(analysis): \(both) is among formers and anions; name it in one of them")
    }
    var elements: [String: Element] = [:]
    for species in configuration.species where elements[species.label] == nil { elements[species.label] = species.element }
    func chosen(_ named: [String], _ known: Set<String>, but others: [String]) -> [String] {
      named.isEmpty
        ? labels.filter { label in !others.contains(label) && elements[label].map { known.contains($0.symbol) } ?? false }
        : labels.filter(named.contains)
    }
    self.formers = chosen(formers, Self.formerElements, but: anions)
    self.anions = chosen(anions, Self.anionElements, but: formers)
    let network = self.formers + self.anions
    modifiers = labels.filter { !network.contains($0) }
    self.elements = elements
    guard !self.anions.isEmpty else {
      throw AnalysisError(
        .invalidSetting,
        "\(analysis): none of \(labels.joined(separator: ", ")) is an anion (N, O, S, Se, Te, halogens); name some in anions")
    }
  }

  /// - Throws: ``AnalysisError`` where there is no former.
  func requireFormers(analysis: String) throws {
    guard formers.isEmpty else { return }
    throw AnalysisError(
      .invalidSetting,
      "\(analysis): none of \((anions + modifiers).joined(separator: ", ")) forms a network "
        + "(\(Self.formerElements.sorted().joined(separator: ", ")) do); name some in formers")
  }

  func role(of label: String) -> Role {
    formers.contains(label) ? .former : anions.contains(label) ? .anion : .modifier
  }

  func element(of label: String) -> Element? { elements[label] }

  /// Formers with anions: the bonds of a network.
  var networkPairs: [SpeciesPair] { formers.flatMap { former in anions.map { SpeciesPair(former, $0) } } }

  /// Modifiers with anions.
  var modifierPairs: [SpeciesPair] { modifiers.flatMap { modifier in anions.map { SpeciesPair(modifier, $0) } } }

  /// Formers with formers and chalcogens with chalcogens, as P-P in P2S6(4-).
  ///
  /// None in oxides: two formers near each other there are two polyhedra that share an edge in a hot melt, not a bond.
  var homopolarPairs: [SpeciesPair] {
    func among(_ labels: [String]) -> [SpeciesPair] {
      labels.indices.flatMap { a in (a..<labels.count).map { SpeciesPair(labels[a], labels[$0]) } }
    }
    guard !anions.contains(where: { element(of: $0)?.symbol == "O" }) else { return [] }
    return among(formers) + among(anions.filter { ["S", "Se", "Te"].contains(element(of: $0)?.symbol ?? "") })
  }

  /// The symbols of the elements of labels, each once: a force field may tell several kinds of one element apart.
  func symbols(_ labels: [String]) -> [String] {
    var symbols: [String] = []
    for label in labels {
      let symbol = element(of: label)?.symbol ?? label
      if !symbols.contains(symbol) { symbols.append(symbol) }
    }
    return symbols
  }

  /// The role of each species of a configuration.
  func roles(_ species: [Species]) -> [Role] { species.map { role(of: $0.label) } }

  static let parameters = [
    AnalysisParameter(
      "formers", summary: "species at the centres of polyhedra", kind: .species,
      default: "B, Al, Si, P, V, Ga, Ge, As, Sn, Sb as far as present"),
    AnalysisParameter(
      "anions", summary: "species at their corners", kind: .species, default: "N, O, S, Se, Te and halogens as far as present"),
  ]
}
