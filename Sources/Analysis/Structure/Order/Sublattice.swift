import NumericalMethods
import Structures

/// The atoms of some species by themselves, as if there were no others.
struct Sublattice: Sendable {
  let configuration: Configuration
  /// The place in the frame of each atom.
  let atoms: [Int]
  /// The class of each atom, an index into the labels of the selection.
  let classes: [Int32]

  /// - Throws: ``AnalysisError`` with code `.lostAtoms` where a position is not finite, and `.changedAtoms` where a class has no atom.
  init(_ selection: SpeciesSelection, of frame: Frame, analysis: String, frameName: String) throws {
    let whole = frame.configuration
    try whole.requireFinitePositions(analysis: analysis, frameName: frameName)
    let classes = selection.classes(of: whole)
    let atoms = whole.positions.indices.filter { classes[$0] >= 0 }
    for (number, label) in selection.labels.enumerated() where !atoms.contains(where: { classes[$0] == Int32(number) }) {
      throw AnalysisError(.changedAtoms, "\(analysis): \(frameName) has no atom of species \(label), which the first frame had")
    }
    self.atoms = atoms
    self.classes = atoms.map { classes[$0] }
    guard atoms.count < whole.count else {
      configuration = whole
      return
    }
    var part = try Configuration(
      cell: whole.cell, species: whole.species, types: atoms.map { whole.types[$0] }, positions: atoms.map { whole.positions[$0] })
    part.identifiers = whole.identifiers.isEmpty ? atoms.map { $0 + 1 } : atoms.map { whole.identifiers[$0] }
    configuration = part
  }

  /// The atoms as a frame, with what was found of each.
  func labelled(_ columns: [String: [Double]], from frame: Frame) -> Frame {
    var result = Frame(configuration)
    result.configuration.velocities = []
    result.step = frame.step
    result.time = frame.time
    result.columns = columns
    return result
  }

  /// The number of atoms of each class.
  func counts(_ classCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for number in classes { counts[Int(number)] += 1 }
    return counts
  }
}
