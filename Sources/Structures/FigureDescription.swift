/// What a figure shows, without how it is drawn.
public struct FigureDescription: Sendable {
  /// One axis.
  public struct Axis: Sendable {
    /// The quantity: `r`, `g(r)`.
    public var label: String
    /// The unit, or empty.
    public var unit: String
    public var isLogarithmic: Bool
    /// The part shown, or `nil` for all.
    public var range: ClosedRange<Double>?

    public init(label: String, unit: String = "", isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.unit = unit
      self.isLogarithmic = isLogarithmic
      self.range = range
    }
  }

  /// One curve, set of points or set of bars.
  public struct Series: Sendable {
    /// How values are joined.
    public enum Style: Sendable {
      case line, dashed, points, bars, steps
    }

    /// The entry of the legend, or empty for none.
    public var label: String
    public var x: [Double]
    public var y: [Double]
    /// One standard error a value, or empty for none.
    public var error: [Double]
    public var style: Style
    /// Whether ``y`` belongs to ``FigureDescription/y2``.
    public var usesSecondAxis: Bool

    public init(
      label: String, x: [Double], y: [Double], error: [Double] = [], style: Style = .line, usesSecondAxis: Bool = false
    ) {
      self.label = label
      self.x = x
      self.y = y
      self.error = error
      self.style = style
      self.usesSecondAxis = usesSecondAxis
    }
  }

  /// A vertical line at a value worth seeing.
  public struct Marker: Sendable {
    public var x: Double
    public var label: String

    public init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  /// The name, fit for a file: `rdf`.
  public var name: String
  public var title: String
  public var x: Axis
  public var y: Axis
  /// The axis on the right, or `nil`.
  public var y2: Axis?
  public var series: [Series]
  public var markers: [Marker]

  public init(
    name: String, title: String, x: Axis, y: Axis, y2: Axis? = nil, series: [Series], markers: [Marker] = []
  ) {
    self.name = name
    self.title = title
    self.x = x
    self.y = y
    self.y2 = y2
    self.series = series
    self.markers = markers
  }
}
