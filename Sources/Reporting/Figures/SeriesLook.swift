import Structures

/// Colour, dash and symbol of one series.
struct SeriesLook: Sendable {
  /// `#RRGGBB`.
  var color: String
  /// Gnuplot's dash type.
  var dash: String
  /// Gnuplot's point type.
  var point: Int

  /// Colours that people with any colour vision tell apart, the strongest first; its yellow is too pale on white.
  ///
  /// Source: Okabe and Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/.
  static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
  /// After the seventh series the colours come again with the next dash.
  private static let dashes = ["solid", "(10,4)", "(3,3)", "(12,3,3,3)"]
  /// Filled circle, square, diamond, triangles up and down, then the same open.
  private static let points = [7, 5, 13, 9, 11, 6, 4, 12, 8, 10]
  /// The open symbol of the same shape, by the number of the filled one.
  private static let hollow = [7: 6, 5: 4, 13: 12, 9: 8, 11: 10]

  /// The look of a series by its place in the figure.
  init(_ index: Int, style: FigureDescription.Series.Style, isHollow: Bool = false) {
    let round = index / Self.colors.count
    color = Self.colors[index % Self.colors.count]
    dash = style == .dashed ? "(6,4)" : Self.dashes[round % Self.dashes.count]
    let own = Self.points[index % Self.points.count]
    point = isHollow ? Self.hollow[own] ?? own : own
  }
}
