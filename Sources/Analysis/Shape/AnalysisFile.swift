import Structures

/// What an analysis gives beside tables and figures, for other programs to read.
///
/// An analysis knows no file formats: who runs it writes these.
public struct AnalysisFile: Sendable {
  public enum Contents: Sendable {
    /// A field on a grid, and the atoms to show with it; written in ``gridFormats``.
    case grid(VolumetricGrid, Configuration?)
    /// Frames, with what was found of each atom in ``Frame/columns``; written as extended XYZ.
    case frames([Frame])
  }

  /// A file format for fields on grids.
  public enum GridFormat: String, CaseIterable, Sendable {
    case cube, chgcar, vtk
  }

  /// The name of the file without its extension, `li-density`.
  public var name: String
  /// One line that says what it holds.
  public var title: String
  public var contents: Contents
  /// What a grid is written as.
  public var gridFormats: [GridFormat] = [.cube]

  public init(name: String, title: String, contents: Contents) {
    self.name = name
    self.title = title
    self.contents = contents
  }
}
