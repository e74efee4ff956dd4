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
    for (what, axis) in [("x", x), ("y", y)] + (y2.map { [("second y", $0)] } ?? []) {
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
      if series.usesSecondAxis, y2 == nil { throw fail("\(which) uses the second y axis, but the figure has none; set y2") }
    }
    if let ternary { try validate(ternary) }
    guard series.contains(where: { hasDrawablePoint($0) }) else {
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
