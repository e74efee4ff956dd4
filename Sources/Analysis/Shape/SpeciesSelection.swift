import Structures

/// Which species an analysis takes, and the class of each atom among them.
///
/// Labels, not indices, identify a species, so that files which list species in another order mean the same.
struct SpeciesSelection: Sendable {
  /// The labels of the classes, in the order of the first frame's species.
  let labels: [String]

  /// - Parameters:
  ///   - wanted: Labels, or symbols of elements for all their labels; empty for all species that have atoms.
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies`.
  init(_ wanted: [String], in configuration: Configuration, analysis: String) throws {
    let present = zip(configuration.species, configuration.speciesCounts).filter { $0.1 > 0 }.map(\.0)
    let chosen = try wanted.flatMap { try Self.labels(of: $0, among: present, analysis: analysis) }
    var labels: [String] = []
    for label in present.map(\.label) where (wanted.isEmpty || chosen.contains(label)) && !labels.contains(label) { labels.append(label) }
    self.labels = labels
  }

  /// The label that a word is, or the labels of the element whose symbol it is: `P` is `P4`, `P2` and `Pa` where no species is called `P`.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies`.
  static func labels(of word: String, among present: [Species], analysis: String) throws -> [String] {
    if present.contains(where: { $0.label == word }) { return [word] }
    let labels = present.filter { $0.element.symbol == word }.map(\.label)
    guard !labels.isEmpty else { throw unknown(word, among: present.map(\.label), analysis: analysis) }
    return labels
  }

  /// All sequences of labels that words stand for, such as `S-P-S`.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies`.
  static func labels(ofEach words: [String], in configuration: Configuration, analysis: String) throws -> [[String]] {
    let present = zip(configuration.species, configuration.speciesCounts).filter { $0.1 > 0 }.map(\.0)
    return try words.reduce([[]]) { sequences, word in
      let labels = try labels(of: word, among: present, analysis: analysis)
      return sequences.flatMap { sequence in labels.map { sequence + [$0] } }
    }
  }

  /// Values of labels in place of those of elements; what is given of a label goes before what is given of its element.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies`.
  static func byLabel<Value>(_ given: [String: Value], among present: [Species], analysis: String) throws -> [String: Value] {
    var values: [String: Value] = [:]
    for word in given.keys.sorted() {
      for label in try labels(of: word, among: present, analysis: analysis) where given[label] == nil || label == word {
        values[label] = given[word]
      }
    }
    return values
  }

  static func unknown(_ label: String, among present: [String], analysis: String) -> AnalysisError {
    AnalysisError(
      .unknownSpecies,
      "\(analysis): there is no atom of species \"\(label)\"\(didYouMean(label, among: present)); the trajectory has "
        + present.joined(separator: ", "))
  }

  /// The class of each atom, -1 for those not selected.
  func classes(of configuration: Configuration) -> [Int32] {
    let map = configuration.species.map { species in labels.firstIndex(of: species.label).map(Int32.init) ?? -1 }
    return configuration.types.map { map[Int($0)] }
  }
}

extension Configuration {
  /// - Throws: ``AnalysisError`` with code `.lostAtoms` where a position is not finite.
  func requireFinitePositions(analysis: String, frameName: String) throws {
    // A sum is finite only if all its terms are, and costs less than a test an atom.
    let sum = positions.reduce(.zero) { $0 + $1 * 0 }
    guard !(sum.x + sum.y + sum.z).isFinite else { return }
    let bad = positions.firstIndex { !($0.x + $0.y + $0.z).isFinite } ?? 0
    throw AnalysisError(
      .lostAtoms,
      "\(analysis): the position of atom \(identifiers.isEmpty ? bad + 1 : identifiers[bad]) in \(frameName) is not finite; the run "
        + "that wrote it has failed before this point")
  }
}
