import Structures

extension FigureDescription {
  /// Checks that the figure can be drawn.
  ///
  /// - Throws: ``ReportingError`` with code `.invalidFigure` where arrays differ in length, a range is empty or a
  ///   logarithmic one not positive, the axis on the right is missing or the name is no file name; `.emptyFigure` where no
  ///   point can be drawn.
  func validate() throws {
    func fail(_ message: String) -> ReportingError { ReportingError(.invalidFigure, "figure \"\(name)\": \(message)") }
    guard name.isFileName else {
      throw fail("its name becomes a file name; use letters, digits, -, _ and . only, and begin with a letter or a digit")
    }
    for (what, axis) in [("x", x), ("y", y)] + (y2.map { [("second y", $0)] } ?? []) + (color.map { [("color", $0)] } ?? []) {
      guard let range = axis.range else { continue }
      guard abs(range.lowerBound) < 1e100, abs(range.upperBound) < 1e100, !AxisScale.isEmpty(range.lowerBound, range.upperBound) else {
        throw fail("the range \(range) of the \(what) axis is empty or not finite; give a lower and a higher bound")
      }
      if axis.isLogarithmic, range.lowerBound <= 1e-100 {
        throw fail("the \(what) axis is logarithmic but its range begins at \(range.lowerBound); begin above zero")
      }
    }
    for (index, series) in series.enumerated() {
      let which = series.label.isEmpty ? "series \(index + 1)" : "series \"\(series.label)\""
      guard series.x.count == series.y.count else {
        throw fail("\(which) has \(series.x.count) x values but \(series.y.count) y values; give one y for each x")
      }
      guard series.error.isEmpty || series.error.count == series.y.count else {
        throw fail("\(which) has \(series.y.count) points but \(series.error.count) errors; give one for each point, or none")
      }
      guard series.errorBelow.isEmpty || series.errorBelow.count == series.error.count else {
        throw fail("\(which) has \(series.error.count) errors but \(series.errorBelow.count) errors below; give as many, or none")
      }
      guard series.color.isEmpty || series.color.count == series.y.count else {
        throw fail("\(which) has \(series.y.count) points but \(series.color.count) colours; give one for each point, or none")
      }
      if !series.color.isEmpty, color == nil { throw fail("\(which) has colours, but the figure has no axis for them; set color") }
      if series.usesSecondAxis, y2 == nil { throw fail("\(which) uses the second y axis, but the figure has none; set y2") }
    }
    if let ternary { try validate(ternary) }
    if let heatMap { try validate(heatMap) }
    if hasEqualScales, x.isLogarithmic || y.isLogarithmic { throw fail("axes of equal scale cannot be logarithmic; choose one of the two") }
    guard heatMap != nil || series.contains(where: { hasDrawablePoint($0) }) else {
      throw ReportingError(
        .emptyFigure, "figure \"\(name)\" has no point to draw: every value is missing, or not positive on a logarithmic axis")
    }
  }

  private func validate(_ ternary: Ternary) throws {
    func fail(_ message: String) -> ReportingError { ReportingError(.invalidFigure, "figure \"\(name)\": \(message)") }
    guard ternary.corners.count == 3 else {
      throw fail("a ternary diagram has three corners, not \(ternary.corners.count); give three labels")
    }
    for series in series {
      // Sums of three shares are 1 up to rounding.
      let outside = zip(series.x, series.y).first { $0 < -1e-9 || $1 < -1e-9 || $0 + $1 > 1 + 1e-9 }
      if let outside {
        throw fail(
          "the shares \(outside.0) and \(outside.1) lie outside the triangle; shares are not negative, and two of them are at most 1")
      }
    }
  }

  private func validate(_ map: HeatMap) throws {
    func fail(_ message: String) -> ReportingError { ReportingError(.invalidFigure, "figure \"\(name)\": \(message)") }
    guard map.columns > 0, map.rows > 0, map.values.count == map.columns * map.rows else {
      throw fail("its heat map of \(map.columns) x \(map.rows) pixels has \(map.values.count) values; give one for each pixel")
    }
    guard let color else { throw fail("it has a heat map, but no axis for its colours; set color") }
    guard !AxisScale.isEmpty(map.x.lowerBound, map.x.upperBound), !AxisScale.isEmpty(map.y.lowerBound, map.y.upperBound) else {
      throw fail("the rectangle of its heat map is empty; give each edge a length")
    }
    guard map.values.contains(where: { AxisScale.isDrawable($0, on: color) }) else {
      throw ReportingError(
        .emptyFigure, "figure \"\(name)\" has no pixel to draw: every value is missing, or not positive on a logarithmic axis")
    }
  }

  /// The axis that the y values of a series belong to.
  func yAxis(of series: Series) -> Axis { series.usesSecondAxis ? y2 ?? y : y }

  private func hasDrawablePoint(_ series: Series) -> Bool {
    zip(series.x, series.y).contains { AxisScale.isDrawable($0, on: x) && AxisScale.isDrawable($1, on: yAxis(of: series)) }
  }
}

extension String {
  /// Whether the text is a plain file name that no shell and no script stumbles over.
  var isFileName: Bool {
    guard let first = utf8.first, utf8.count <= 200 else { return false }
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    return isLetterOrDigit(first) && utf8.allSatisfy { isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) }
  }
}
