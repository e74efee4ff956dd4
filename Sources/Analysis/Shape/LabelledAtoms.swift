import Structures

/// Finds the atoms of a frame in another one that carries labels: by identifier, where either has any.
///
/// Readers leave out identifiers that are 1, 2, 3 … in order, so that none at all stand for these. Only where those of the other frame are not
/// the same numbers, an atom is known by its place.
struct LabelledAtoms: Sendable {
  private let identifiers: [Int]
  private let elements: [Element]
  private let places: [Int: Int]

  /// - Parameter configuration: The frame with the labels.
  init(_ configuration: Configuration) {
    identifiers = configuration.identifiers
    elements = configuration.types.map { configuration.species[Int($0)].element }
    places = Dictionary(zip(identifiers, identifiers.indices)) { first, _ in first }
  }

  /// For each atom its place in the frame with the labels.
  ///
  /// - Throws: ``AnalysisError`` with code `.changedAtoms` where there are not the same atoms.
  func places(of configuration: Configuration, analysis: String, place: String) throws -> [Int] {
    guard configuration.count == elements.count else {
      throw AnalysisError(
        .changedAtoms,
        "\(analysis): \(place) has \(configuration.count) atoms, the frame with the labels \(elements.count); both must have the same atoms"
      )
    }
    let found = try matched(configuration, analysis, place)
    for (atom, other) in found.enumerated() {
      let element = configuration.species[Int(configuration.types[atom])].element
      guard element == elements[other] else {
        throw AnalysisError(
          .changedAtoms,
          "\(analysis): atom \(configuration.identifiers.isEmpty ? atom + 1 : configuration.identifiers[atom]) of \(place) is \(element.symbol), "
            + "in the frame with the labels \(elements[other].symbol); both must have the same atoms, in the same order or with identifiers"
        )
      }
    }
    return found
  }

  private func matched(_ configuration: Configuration, _ analysis: String, _ place: String) throws -> [Int] {
    let own = configuration.identifiers
    let inOrder = Array(elements.indices)
    if own == identifiers { return inOrder }
    if own.isEmpty {
      let matched = inOrder.compactMap { places[$0 + 1] }
      return matched.count == elements.count ? matched : inOrder
    }
    if identifiers.isEmpty {
      return own.allSatisfy { (1...elements.count).contains($0) } ? own.map { $0 - 1 } : inOrder
    }
    return try own.map { identifier in
      guard let other = places[identifier] else {
        throw AnalysisError(.changedAtoms, "\(analysis): atom \(identifier) of \(place) is not in the frame with the labels")
      }
      return other
    }
  }
}
