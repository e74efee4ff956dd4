/// A figure before it is drawn: axes, series and markers, with units, and nothing about looks.
public struct FigureDescription: Sendable {
  /// One axis.
  public struct Axis: Sendable {
    /// The quantity, `r`, `g_{Li-O}(r)`; `_{…}` and `^{…}` set below and above the line.
    public var label: String
    /// The unit, `A`, `1/A`, `Å^{-1}`; empty for none.
    public var unit: String
    public var isLogarithmic: Bool
    /// The range shown; `nil` for that of the data.
    public var range: ClosedRange<Double>?

    public init(label: String, unit: String = "", isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.unit = unit
      self.isLogarithmic = isLogarithmic
      self.range = range
    }
  }

  /// One curve, set of points or histogram.
  public struct Series: Sendable {
    /// How a series is drawn; `steps` changes level half-way between neighbouring points, `outline` is a thin black line such as that of a
    /// cell.
    public enum Style: Sendable {
      case line, dashed, points, bars, steps, outline
    }

    /// Its name in the key; empty for none.
    public var label: String
    public var x: [Double]
    /// One value for each of ``x``; a value that is not finite is a gap.
    public var y: [Double]
    /// Half the height of the error bar of each point, or empty for none.
    public var error: [Double]
    /// How far error bars of points reach down where that is not as far as up, which ``error`` then is; or empty.
    public var errorBelow: [Double] = []
    /// Whether points are hollow, such as values that follow from others.
    public var isHollow = false
    public var style: Style
    /// Whether ``y`` belongs to the axis on the right.
    public var usesSecondAxis: Bool
    /// What gives each point of a line or of points its colour by ``FigureDescription/color``, or empty for one colour.
    public var color: [Double] = []
    /// The number of the series, from 0, whose colour and symbol this one has, such as a line those of its points; `nil` for its own.
    public var looksLike: Int?

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

  /// A vertical line at one x, such as the end of a stage.
  public struct Marker: Sendable {
    public var x: Double
    /// What stands beside the line; empty for nothing.
    public var label: String

    public init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  /// A second scale for x along the top, such as °C above 1000/T: a label, and ticks where x has them.
  public struct TopAxis: Sendable {
    /// One tick.
    public struct Tick: Sendable {
      /// Where it stands, in units of the axis below.
      public var x: Double
      public var label: String

      public init(x: Double, label: String) {
        self.x = x
        self.label = label
      }
    }

    public var label: String
    public var unit: String
    public var ticks: [Tick]

    public init(label: String, unit: String = "", ticks: [Tick]) {
      self.label = label
      self.unit = unit
      self.ticks = ticks
    }
  }

  /// A triangle in place of the axes: each point is a mixture of three parts whose shares add up to 1.
  ///
  /// The ``Series/x`` of a series are the shares of the first part, its ``Series/y`` those of the second; the third has the rest.
  public struct Ternary: Sendable {
    /// What stands at the corners: top, lower left, lower right.
    public var corners: [String]

    /// - Parameter corners: Three labels.
    public init(corners: [String]) {
      self.corners = corners
    }
  }

  /// A number for each pixel of a rectangle, shown by its colour (``FigureDescription/color``).
  public struct HeatMap: Sendable {
    public var columns: Int
    public var rows: Int
    /// From the left edge of the first column to the right edge of the last.
    public var x: ClosedRange<Double>
    /// From the lower edge of the first row to the upper edge of the last.
    public var y: ClosedRange<Double>
    /// `values[row * columns + column]`; a value that is not finite leaves its pixel white.
    public var values: [Double]

    public init(columns: Int, rows: Int, x: ClosedRange<Double>, y: ClosedRange<Double>, values: [Double]) {
      self.columns = columns
      self.rows = rows
      self.x = x
      self.y = y
      self.values = values
    }
  }

  /// The name of the file without its extension, `rdf`.
  public var name: String
  /// One line that says what the figure shows.
  public var title: String
  public var x: Axis
  public var y: Axis
  /// The axis on the right, where there is one.
  public var y2: Axis?
  /// The scale along the top, where there is one.
  public var topAxis: TopAxis?
  public var series: [Series]
  public var markers: [Marker]
  /// The corners of a triangle, where the figure is a ternary diagram.
  public var ternary: Ternary?
  /// What lies below the series, where there is any.
  public var heatMap: HeatMap?
  /// The axis of the colours of ``heatMap`` and ``Series/color``, shown as a bar on the right.
  public var color: Axis?
  /// Whether one unit of x is as long on paper as one of y.
  public var hasEqualScales = false

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

  /// Creates a ternary diagram.
  public init(name: String, title: String, ternary: Ternary, series: [Series]) {
    let share = Axis(label: "share", range: 0...1)
    self.init(name: name, title: title, x: share, y: share, series: series)
    self.ternary = ternary
  }
}
