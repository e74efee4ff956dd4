import Structures

/// What an analysis gives beside tables and figures, for other programs to read.
///
/// An analysis knows no file formats: who runs it writes these.
public struct AnalysisFile: Sendable {
  public enum Contents: Sendable {
    /// A field on a grid, and the atoms to show with it; written as a CUBE file.
    case grid(VolumetricGrid, Configuration?)
    /// Frames, with what was found of each atom in ``Frame/columns``; written as extended XYZ.
    case frames([Frame])
  }

  /// The name of the file without its extension, `li-density`.
  public var name: String
  /// One line that says what it holds.
  public var title: String
  public var contents: Contents

  public init(name: String, title: String, contents: Contents) {
    self.name = name
    self.title = title
    self.contents = contents
  }
}
