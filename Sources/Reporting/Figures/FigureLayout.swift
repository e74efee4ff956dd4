import Structures

/// Ranges, margins and the place of the key of a figure, in centimetres on paper.
struct FigureLayout: Sendable {
  /// The width of one column of a journal.
  static let width = 8.5
  /// The size of the letters in points; what is below or above the line is two thirds of it and still legible.
  static let fontSize = 8.0
  /// The width of one letter: half the size of the letters, where a point is 0.0353 cm.
  static let letterWidth = 0.55 * fontSize * 0.0352778
  static let lineHeight = 1.25 * fontSize * 0.0352778
  static let colorBarWidth = 0.25
  /// How high a frame with axes of equal scale may become.
  private static let largestHeight = 9.0

  let x: AxisScale
  let y: AxisScale
  let y2: AxisScale?
  let color: AxisScale?
  /// The height of the whole figure.
  let height: Double
  /// The distances of the frame from the edges of the figure.
  let left: Double
  let right: Double
  let bottom: Double
  let top: Double
  let key: KeyPlacement
  /// The height of the middle of the x axis label above the lower edge.
  let labelHeight: Double
  /// The markers that have room for their label, by their place in the figure.
  let labelledMarkers: Set<Int>
  /// Whether the labels of markers are too long to stand side by side, and are turned.
  let markersAreTurned: Bool
  /// The marker whose label stands left of it, since it would run out of the figure.
  let leftwardMarker: Int?
  /// The width of the bars of a histogram, in units of x, for one series; 0 where there are none.
  let barWidth: Double
  /// The distance between the bars of two series at one x.
  let barShift: Double

  init(_ figure: FigureDescription) {
    var figure = figure
    if let map = figure.heatMap {
      figure.x.range = figure.x.range ?? map.x
      figure.y.range = figure.y.range ?? map.y
    }
    let isCategorical = Self.isCategorical(figure)
    (barWidth, barShift) = Self.bars(figure, isCategorical: isCategorical)
    let bars = figure.series.contains { $0.style == .bars }
    let halfBar = bars ? Self.spacing(figure) / 2 : 0
    let abscissas = figure.series.flatMap { series in
      zip(series.x, series.y).filter { AxisScale.isDrawable($1, on: figure.yAxis(of: series)) }.flatMap {
        series.style == .bars ? [$0.0 - halfBar, $0.0 + halfBar] : [$0.0]
      }
    }
    let onlyPoints = figure.series.allSatisfy { $0.style == .points }
    let x = AxisScale(
      figure.x, values: abscissas, margin: onlyPoints ? .padded(0.04) : isCategorical ? .padded(0.01) : .none, target: 6,
      minorTicks: !isCategorical)
    let y = AxisScale(figure.y, values: Self.ordinates(figure, second: false, x: x), margin: .rounded)
    let y2 = figure.y2.map { AxisScale($0, values: Self.ordinates(figure, second: true, x: x), margin: .rounded) }
    let color = figure.color.map { AxisScale($0, values: (figure.heatMap?.values ?? []) + figure.series.flatMap(\.color), margin: .none) }
    (self.x, self.y, self.y2, self.color) = (x, y, y2, color)

    left = 0.15 + Self.lineHeight + 0.15 + (y.labelWidth + 0.3) * Self.letterWidth + 0.1
    var right = y2.map { 0.15 + Self.lineHeight + 0.15 + ($0.labelWidth + 0.3) * Self.letterWidth + 0.1 } ?? 0.35
    if let color {
      right = max(right, 0.3) + Self.colorBarWidth + 0.1 + (color.labelWidth + 0.3) * Self.letterWidth + 0.15 + Self.lineHeight + 0.1
    }
    var frameWidth = Self.width - left - right
    var frameHeight = 4.75
    if figure.hasEqualScales {
      let ratio = (y.upper - y.lower) / (x.upper - x.lower)
      if frameWidth * ratio > Self.largestHeight {
        right += frameWidth - max(1.5, Self.largestHeight / ratio)
        frameWidth = Self.width - left - right
      }
      frameHeight = max(1, frameWidth * ratio)
    }
    self.right = right

    let markers = Self.markers(figure, x: x, frameWidth: frameWidth, right: right)
    labelledMarkers = markers.labelled
    markersAreTurned = markers.areTurned
    leftwardMarker = markers.leftward
    top = 0.2 + markers.height + (figure.topAxis == nil ? 0 : 2 * Self.lineHeight + 0.2)

    let entries = figure.series.filter { !$0.label.isEmpty }.map { MarkedText($0.label).width + ($0.usesSecondAxis ? 8 : 0) }
    let widest = (entries.max() ?? 0) * Self.letterWidth + 0.95
    let below = 0.15 + 2 * Self.lineHeight + 0.3
    let isRepetition = entries.count == 1 && figure.series.count == 1 && figure.series[0].label == figure.y.label
    if entries.isEmpty || isRepetition {
      key = .none
      bottom = below
    } else if entries.count <= 6, figure.heatMap == nil,
      let free = KeyPlacement.free(
        size: (widest / frameWidth, (Double(entries.count) * 0.36 + 0.1) / frameHeight),
        curves: Self.curves(figure, x: x, y: y, y2: y2, halfBar: halfBar))
    {
      key = free
      bottom = below
    } else {
      let columns = max(1, min(entries.count, Int((Self.width - 0.4) / (widest + 0.25))))
      key = .below(columns: columns)
      bottom = below + 0.1 + Double((entries.count + columns - 1) / columns) * 0.38
    }
    labelHeight = bottom - below + 0.15 + Self.lineHeight / 2
    height = frameHeight + top + bottom
  }

  /// Which markers have room for their labels above the frame, whether these must be turned, which stands left of its line, and the height they take.
  private static func markers(
    _ figure: FigureDescription, x: AxisScale, frameWidth: Double, right: Double
  ) -> (labelled: Set<Int>, areTurned: Bool, leftward: Int?, height: Double) {
    let shown = figure.markers.indices.filter { x.contains(figure.markers[$0].x) && !figure.markers[$0].label.isEmpty }
      .map {
        (
          index: $0, start: (x.fraction(figure.markers[$0].x) ?? 0) * frameWidth,
          width: MarkedText(figure.markers[$0].label).width * letterWidth
        )
      }
      .sorted { $0.start < $1.start }
    guard let last = shown.last else { return ([], false, nil, 0) }
    let ends = shown.dropFirst().map(\.start) + [frameWidth + right]
    if zip(shown, ends).allSatisfy({ $0.start + $0.width + 0.1 <= $1 }) { return (Set(shown.map(\.index)), false, nil, lineHeight) }
    let taken = shown.dropLast().map { $0.start + $0.width + 0.1 }
    if last.start - last.width - 0.1 >= taken.last ?? 0, zip(taken, ends.dropLast()).allSatisfy({ $0 <= $1 }) {
      return (Set(shown.map(\.index)), false, last.index, lineHeight)
    }
    // Turned by 60 degrees, neighbouring lines of text need their height over sin 60 between them.
    var labelled: Set<Int> = []
    var free = -Double.infinity
    for marker in shown where marker.start >= free {
      labelled.insert(marker.index)
      free = marker.start + lineHeight * 0.95 / 0.866
    }
    let widest = shown.filter { labelled.contains($0.index) }.map(\.width).max() ?? 0
    return (labelled, true, nil, widest * 0.866 + 0.2)
  }

  /// What the y axis must show: values with their errors, and zero below bars.
  private static func ordinates(_ figure: FigureDescription, second: Bool, x: AxisScale) -> [Double] {
    figure.series.filter { $0.usesSecondAxis == second }.flatMap { series in
      var values: [Double] = series.style == .bars ? [0] : []
      for index in series.y.indices {
        if !x.contains(series.x[index]) { continue }
        values.append(series.y[index])
        if !series.error.isEmpty, series.error[index].isFinite {
          let below = series.errorBelow.isEmpty ? series.error[index] : series.errorBelow[index]
          values += [series.y[index] - (below.isFinite ? below : 0), series.y[index] + series.error[index]]
        }
      }
      return values
    }
  }

  private static func curves(
    _ figure: FigureDescription, x: AxisScale, y: AxisScale, y2: AxisScale?, halfBar: Double
  ) -> [[(x: Double, y: Double)]] {
    figure.series.flatMap { series -> [[(x: Double, y: Double)]] in
      let scale = series.usesSecondAxis ? y2 ?? y : y
      func place(_ a: Double, _ b: Double) -> (x: Double, y: Double)? {
        guard let across = x.fraction(a), let up = scale.fraction(b) else { return nil }
        return (across, up)
      }
      func run(_ shift: Double) -> [(x: Double, y: Double)] {
        series.x.indices.compactMap { index in
          let errors = shift < 0 && !series.errorBelow.isEmpty ? series.errorBelow : series.error
          let error = errors.isEmpty ? 0 : errors[index]
          return place(series.x[index], series.y[index] + shift * (error.isFinite ? error : 0))
        }
      }
      switch series.style {
      case .bars:
        return zip(series.x, series.y).map { a, b in
          [place(a - halfBar, b), place(a + halfBar, b), place(a + halfBar, 0), place(a, 0), place(a, b)].compactMap(\.self)
        }
      // Points are not joined: the way between two of them is free.
      case .points where series.error.isEmpty: return run(0).map { [$0] }
      case .points: return zip(run(-1), run(1)).map { [$0, $1] }
      default: return series.error.isEmpty ? [run(0)] : [run(-1), run(0), run(1)]
      }
    }
  }

  /// The smallest distance between two bars of one series.
  private static func spacing(_ figure: FigureDescription) -> Double {
    let gaps = figure.series.filter { $0.style == .bars }.flatMap { series in
      let sorted = series.x.filter(\.isFinite).sorted()
      return zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
    }
    return gaps.min() ?? 1
  }

  /// Whether each bar is a category of its own, such as a coordination number, rather than a bin of a range.
  private static func isCategorical(_ figure: FigureDescription) -> Bool {
    let places = Set(figure.series.filter { $0.style == .bars }.flatMap(\.x))
    return !places.isEmpty && places.count <= 30 && places.allSatisfy { $0 == $0.rounded() } && spacing(figure) == 1
  }

  /// Width and shift of bars: side by side, with gaps between categories.
  private static func bars(_ figure: FigureDescription, isCategorical: Bool) -> (width: Double, shift: Double) {
    let series = figure.series.filter { $0.style == .bars }
    guard !series.isEmpty else { return (0, 0) }
    let filled = isCategorical ? (series.count == 1 ? 0.65 : 0.84) : 1
    let width = spacing(figure) * filled / Double(series.count)
    return (width, width)
  }
}

extension AxisScale {
  /// Whether the axis shows a value.
  func contains(_ value: Double) -> Bool { value >= lower && value <= upper }
}
