import Structures

extension GnuplotScript {
  /// The entries of the plot command for one series: its error band or bars, then itself.
  func plot(_ index: Int, _ series: FigureDescription.Series, _ columns: FigureData.Columns) -> [String] {
    let look = SeriesLook(series.looksLike ?? index, style: series.style, isHollow: series.isHollow)
    let file = "'\(figure.dataFile)' skip 1 using "
    let axes = series.usesSecondAxis ? " axes x1y2" : ""
    let color = columns.color == nil ? "lc rgb '\(look.color)'" : "lc palette"
    let third = columns.color.map { ":\($0)" } ?? ""
    let suffix = series.usesSecondAxis && layout.key != .none ? " (right axis)" : ""
    let title = series.label.isEmpty ? " notitle" : " title '\(MarkedText(series.label + suffix).withBondDashes.gnuplot)'"
    let (x, y) = (columns.x, columns.y)
    switch series.style {
    case .line, .dashed:
      // The noise of a long record is a blot unless its line is thin.
      let weight = series.x.count > 600 ? 0.8 : 2
      let curve = "\(file)\(x):\(y)\(third)\(axes) with lines lw \(NumberFormat.shortest(weight)) dt \(look.dash) \(color)\(title)"
      return band(file, columns, axes, color) + [curve]
    case .steps:
      return band(file, columns, axes, color) + ["\(file)\(x):\(y)\(axes) with histeps lw 2 dt \(look.dash) \(color)\(title)"]
    case .points:
      let size = series.isHollow ? "1.35*pointsize" : "pointsize"
      let points = "pt \(look.point) ps \(size) lw 1.2 \(color)\(title)"
      let over = series.isHollow ? ring(file, columns, axes, SeriesLook(series.looksLike ?? index, style: .points)) : []
      guard let error = columns.error else { return ["\(file)\(x):\(y)\(third)\(axes) with points \(points)"] + over }
      if let below = columns.errorBelow {
        return ["\(file)\(x):\(y):($\(y)-$\(below)):($\(y)+$\(error))\(third)\(axes) with yerrorbars \(points)"] + over
      }
      return ["\(file)\(x):\(y):\(error)\(third)\(axes) with yerrorbars \(points)"] + over
    case .outline: return ["\(file)\(x):\(y)\(axes) with lines lw 1 lc rgb '#000000'\(title)"]
    case .bars:
      let place = "($\(x)\(signed(barOffset(index))))"
      var entries = [
        "\(file)\(place):\(y):(\(NumberFormat.general(layout.barWidth, digits: 6)))\(axes) with boxes fill solid 0.8 border lc rgb '\(look.color)' lw 1 \(color)\(title)"
      ]
      if let error = columns.error {
        entries.append("\(file)\(place):\(y):\(error)\(axes) with yerrorbars pt 7 ps 0.25*pointsize lw 1.2 lc rgb '#000000' notitle")
      }
      return entries
    }
  }

  /// A hollow symbol as a white one on a filled one: the open symbols of gnuplot are hair lines in SVG, whatever their weight.
  private func ring(_ file: String, _ columns: FigureData.Columns, _ axes: String, _ look: SeriesLook) -> [String] {
    [("1.35", look.color), ("0.8", "#FFFFFF")].map { size, color in
      "\(file)\(columns.x):\(columns.y)\(axes) with points pt \(look.point) ps \(size)*pointsize lc rgb '\(color)' notitle"
    }
  }

  private func band(_ file: String, _ columns: FigureData.Columns, _ axes: String, _ color: String) -> [String] {
    guard let error = columns.error else { return [] }
    let range = "($\(columns.y)-$\(error)):($\(columns.y)+$\(error))"
    return ["\(file)\(columns.x):\(range)\(axes) with filledcurves fill transparent solid 0.25 noborder \(color) notitle"]
  }

  /// How far the bars of a series stand from their x, so that the series stand side by side.
  private func barOffset(_ index: Int) -> Double {
    let bars = figure.series.indices.filter { figure.series[$0].style == .bars }
    guard let place = bars.firstIndex(of: index) else { return 0 }
    return (Double(place) - Double(bars.count - 1) / 2) * layout.barShift
  }

  private func signed(_ value: Double) -> String {
    value == 0 ? "" : (value < 0 ? "" : "+") + NumberFormat.general(value, digits: 6)
  }
}
