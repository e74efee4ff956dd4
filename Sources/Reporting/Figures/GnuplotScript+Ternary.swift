import Structures

/// A ternary diagram, in centimetres on paper.
extension GnuplotScript {
  private static let side = 5.3
  private static let rise = 0.8660254037844386

  /// The rows of the key below the triangle, in as many columns as there is room for.
  private var keyRows: Int {
    let widths = figure.series.filter { !$0.label.isEmpty }.map { MarkedText($0.label).width }
    let widest = (widths.max() ?? 0) * FigureLayout.letterWidth + 1.2
    let columns = max(1, Int((FigureLayout.width - 0.4) / widest))
    return (widths.count + columns - 1) / columns
  }
  /// The lower left corner of the triangle.
  private var corner: (x: Double, y: Double) { (1.6, 1.2 + (keyRows == 0 ? 0 : 0.1 + 0.4 * Double(keyRows))) }

  /// The height of the whole figure.
  var ternaryHeight: Double { corner.y + Self.side * Self.rise + 0.75 }

  /// Triangle, grid, ticks, labels of the corners, and the plot.
  func ternary(_ ternary: FigureDescription.Ternary) -> [String] {
    var lines = [
      "set lmargin at screen 0", "set rmargin at screen 1", "set bmargin at screen 0", "set tmargin at screen 1", "unset border",
      "unset tics", "unset title", "set xrange [0:\(FigureLayout.width)]", "set yrange [0:\(Self.text(ternaryHeight))]",
    ]
    for step in 1...4 {
      let share = Double(step) / 5
      let label = NumberFormat.fixed(share, decimals: 1)
      // Along a line of equal share out of the triangle stand the tick and its number: to the right, to the upper left, to the lower left.
      let ends: [(from: (Double, Double), to: (Double, Double), outward: (Double, Double), align: String)] = [
        ((share, 1 - share), (share, 0), (1, 0), "left"), ((0, share), (1 - share, share), (-0.5, Self.rise), "right"),
        ((1 - share, 0), (0, 1 - share), (-0.5, -Self.rise), "right"),
      ]
      for end in ends {
        let (a, b) = (place(end.from), place(end.to))
        lines.append("set arrow from \(Self.text(a)) to \(Self.text(b)) nohead lw 0.5 dt (2,4) lc rgb '#888888' back")
        let tick = (b.x + 0.1 * end.outward.0, b.y + 0.1 * end.outward.1)
        lines.append("set arrow from \(Self.text(b)) to \(Self.text(tick)) nohead lw 1 lc rgb '#000000'")
        let number = (b.x + 0.19 * end.outward.0, b.y + 0.22 * end.outward.1)
        lines.append("set label '\(label)' at \(Self.text(number)) \(end.align)")
      }
    }
    let corners = [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)].map { place($0) }
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
      lines.append("set arrow from \(Self.text(corners[from])) to \(Self.text(corners[to])) nohead lw 1.2 lc rgb '#000000' back")
    }
    let below = corner.y - 0.72
    let labels = [(corners[0].x, corners[0].y + 0.35), (corners[1].x - 0.2, below), (corners[2].x + 0.2, below)]
    for (label, place) in zip(ternary.corners, labels) {
      lines.append("set label '\(MarkedText(label).gnuplot)' at \(Self.text(place)) center")
    }
    lines.append(
      keyRows == 0
        ? "unset key"
        : "set key at \(Self.text((FigureLayout.width / 2, 0.1))) center bottom vertical maxrows \(keyRows) Left reverse samplen 1.2 "
          + "spacing keyspacing width 0 noautotitle")
    lines += ["", "plot \\"]
    let entries = zip(figure.series, data.columns).enumerated().map { index, entry in
      let (series, columns) = entry
      let look = SeriesLook(index, style: series.style)
      let (first, second) = ("$\(columns.x)", "$\(columns.y)")
      let x = "(\(corner.x)+\(Self.side)*(1-\(second)-0.5*\(first)))"
      let y = "(\(corner.y)+\(Self.text(Self.side * Self.rise))*\(first))"
      let title = series.label.isEmpty ? "notitle" : "title '\(MarkedText(series.label).withBondDashes.gnuplot)'"
      let drawn =
        switch series.style {
        case .line, .dashed, .steps, .outline: "with lines lw 1.5 dt \(look.dash)"
        case .points, .bars: "with points pt \(look.point) ps 1.5*pointsize lw 1.2"
        }
      return "  '\(figure.dataFile)' skip 1 using \(x):\(y) \(drawn) lc rgb '\(look.color)' \(title)"
    }
    lines.append(entries.joined(separator: ", \\\n"))
    return lines
  }

  /// Where a mixture lies, from its first two shares: the first part is at the top, the second at the lower left.
  private func place(_ shares: (Double, Double)) -> (x: Double, y: Double) {
    (corner.x + Self.side * (1 - shares.1 - shares.0 / 2), corner.y + Self.side * Self.rise * shares.0)
  }

  private static func text(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 4) }
  private static func text(_ place: (Double, Double)) -> String { "\(text(place.0)),\(text(place.1))" }
}
