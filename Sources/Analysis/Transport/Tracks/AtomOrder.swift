import Structures

/// Puts the atoms of every frame into the order of the first, by their identifiers.
struct AtomOrder: Sendable {
  private var first: [Int]?
  private var count = 0
  private var types: [Int32] = []
  private var places: [Int: Int] = [:]

  /// - Throws: ``AnalysisError`` with code `.changedAtoms` where atoms have come, gone or changed their species.
  mutating func ordered(_ frame: Frame, analysis: String, frameName: String) throws -> Frame {
    let configuration = frame.configuration
    guard let first else {
      first = configuration.identifiers
      count = configuration.count
      types = configuration.types
      return frame
    }
    guard configuration.count == count, configuration.identifiers.isEmpty == first.isEmpty else {
      throw AnalysisError(
        .changedAtoms,
        "\(analysis): \(frameName) has \(configuration.count) atoms, the first had \(count); displacements need the same atoms throughout")
    }
    var result = frame
    if configuration.identifiers != first {
      if places.isEmpty { places = Dictionary(zip(first, first.indices)) { earlier, _ in earlier } }
      var source = [Int](repeating: -1, count: count)
      for (atom, identifier) in configuration.identifiers.enumerated() {
        guard let place = places[identifier], source[place] < 0 else {
          throw AnalysisError(
            .changedAtoms,
            "\(analysis): atom \(identifier) of \(frameName) is new or there twice; displacements need the same atoms throughout")
        }
        source[place] = atom
      }
      result.configuration.identifiers = first
      result.configuration.positions = source.map { configuration.positions[$0] }
      result.configuration.types = source.map { configuration.types[$0] }
      if !configuration.images.isEmpty { result.configuration.images = source.map { configuration.images[$0] } }
      if !configuration.velocities.isEmpty { result.configuration.velocities = source.map { configuration.velocities[$0] } }
      if !configuration.charges.isEmpty { result.configuration.charges = source.map { configuration.charges[$0] } }
      result.configuration.molecules = []
      result.forces = []
      result.columns = [:]
      if !frame.selection.isEmpty { result.selection = source.map { frame.selection[$0] } }
    }
    if result.configuration.types != types, let atom = types.indices.first(where: { types[$0] != result.configuration.types[$0] }) {
      throw AnalysisError(
        .changedAtoms,
        "\(analysis): atom \(first.isEmpty ? atom + 1 : first[atom]) has another species in \(frameName) than in the first frame; "
          + "the order of the atoms changes and the file has no identifiers, or it is another system")
    }
    return result
  }
}
