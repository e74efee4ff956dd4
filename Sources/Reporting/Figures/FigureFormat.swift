/// A kind of file that a figure is drawn as.
public enum FigureFormat: String, CaseIterable, Hashable, Sendable {
  /// For web pages, and to be edited.
  case svg
  /// For papers, at the width of one column (8.5 cm).
  case pdf
  /// For slides, 300 points an inch.
  case png
}
