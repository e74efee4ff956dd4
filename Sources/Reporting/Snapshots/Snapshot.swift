import NumericalMethods
import Structures

/// A picture of the atoms: shaded spheres in the colours of their elements, with the cell around them.
///
/// Atoms are drawn from back to front in parallel projection, the farther the paler; those that others hide are left
/// out. Of very many atoms only a corner of the cell is drawn, and ``caption`` says so.
public struct Snapshot: Sendable {
  /// Pairs of atoms that are joined by a stick.
  public enum Bonds: Hashable, Sendable {
    case none
    /// Pairs nearer than 1.2 times the sum of their covalent radii, neither of them an alkali, alkaline-earth or
    /// rare-earth metal.
    case covalent
  }

  public let view: SnapshotView
  public let bonds: Bonds
  /// The radius of a sphere in parts of what it is by default, which grows with the covalent radius of the element.
  public let radiusScale: Double
  /// Of more atoms than this, a corner of the cell with about as many is drawn.
  public let maximumAtoms: Int
  let configuration: Configuration
  let scene: SnapshotScene

  /// Prepares a picture.
  ///
  /// - Parameters:
  ///   - configuration: The atoms, wrapped or not.
  ///   - radiusScale: Positive.
  ///   - maximumAtoms: At least 1.
  /// - Throws: ``ReportingError`` with code `.invalidSnapshot` where there are no atoms, a position is not finite or a
  ///   parameter is out of bounds.
  public init(
    _ configuration: Configuration, view: SnapshotView = .standard, bonds: Bonds = .none, radiusScale: Double = 1, maximumAtoms: Int = 6000
  ) throws {
    guard configuration.count > 0 else {
      throw ReportingError(.invalidSnapshot, "there are no atoms to draw a picture of")
    }
    guard radiusScale > 0, radiusScale.isFinite, maximumAtoms > 0, view.azimuth.isFinite, view.elevation.isFinite else {
      throw ReportingError(
        .invalidSnapshot,
        "a picture needs a positive scale of radii (given: \(radiusScale)), at least one atom (\(maximumAtoms)) and finite angles")
    }
    let cell = configuration.cell
    if let bad = configuration.positions.firstIndex(where: { position in
      let fractional = cell.fractional(position)
      return !(0..<3).allSatisfy { abs(fractional[$0]) < 1e9 }
    }) {
      throw ReportingError(
        .invalidSnapshot,
        "the position of atom \(bad + 1) is not finite, or farther than a thousand million cells away; the simulation it comes from has "
          + "failed before this frame")
    }
    self.view = view
    self.bonds = bonds
    self.radiusScale = radiusScale
    self.maximumAtoms = maximumAtoms
    self.configuration = configuration
    scene = try SnapshotScene(
      configuration, view: view, bonds: bonds, radiusScale: radiusScale, maximumAtoms: maximumAtoms)
  }

  /// One or two sentences that say what is seen, for the caption; digits of the formula marked as ``MarkedText`` reads them.
  public var caption: String {
    let lengths = configuration.cell.lengths
    let size = (0..<3).map { NumberFormat.fixed(lengths[$0], decimals: 1) }.joined(separator: " × ")
    let formula = zip(configuration.species, configuration.speciesCounts).filter { $0.1 > 0 }
      .map { "\($0.label)_{\($1)}" }.joined(separator: " ")
    let what = "\(formula) in a cell of \(size) Å."
    guard scene.atomCount < configuration.count else { return what }
    let part = (0..<3).map { NumberFormat.fixed(lengths[$0] * scene.fraction, decimals: 1) }.joined(separator: " × ")
    return "\(what) Shown is a corner of \(part) Å with \(scene.atomCount) of the \(configuration.count) atoms."
  }
}
