import Structures

/// A ternary diagram, in centimetres on paper.
extension GnuplotScript {
  /// The triangle: its lower left corner and its side; the top is at the middle.
  private static let corner = (x: 1.6, y: 1.2)
  private static let side = 5.3
  private static let rise = 0.8660254037844386

  /// The height of the whole figure.
  static let ternaryHeight = corner.y + side * rise + 0.75

  /// Triangle, grid, ticks, labels of the corners, and the plot.
  func ternary(_ ternary: FigureDescription.Ternary) -> [String] {
    var lines = [
      "set lmargin at screen 0", "set rmargin at screen 1", "set bmargin at screen 0", "set tmargin at screen 1", "unset border",
      "unset tics", "unset title", "set xrange [0:\(FigureLayout.width)]", "set yrange [0:\(Self.text(Self.ternaryHeight))]",
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
        let (a, b) = (Self.place(end.from), Self.place(end.to))
        lines.append("set arrow from \(Self.text(a)) to \(Self.text(b)) nohead lw 0.5 dt (2,4) lc rgb '#888888' back")
        let tick = (b.x + 0.1 * end.outward.0, b.y + 0.1 * end.outward.1)
        lines.append("set arrow from \(Self.text(b)) to \(Self.text(tick)) nohead lw 1 lc rgb '#000000'")
        let number = (b.x + 0.19 * end.outward.0, b.y + 0.22 * end.outward.1)
        lines.append("set label '\(label)' at \(Self.text(number)) \(end.align)")
      }
    }
    let corners = [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)].map(Self.place)
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
      lines.append("set arrow from \(Self.text(corners[from])) to \(Self.text(corners[to])) nohead lw 1.2 lc rgb '#000000' front")
    }
    let labels = [
      (corners[0].x, corners[0].y + 0.35), (corners[1].x - 0.15, corners[1].y - 0.75), (corners[2].x + 0.15, corners[2].y - 0.45),
    ]
    for (label, place) in zip(ternary.corners, labels) {
      lines.append("set label '\(MarkedText(label).gnuplot)' at \(Self.text(place)) center")
    }
    let hasKey = figure.series.contains { !$0.label.isEmpty }
    lines.append(
      hasKey
        ? "set key at \(Self.text((FigureLayout.width - 0.1, Self.ternaryHeight - 0.15))) right top Left reverse samplen 1.2 spacing keyspacing noautotitle"
        : "unset key")
    lines += ["", "plot \\"]
    let entries = zip(figure.series, data.columns).enumerated().map { index, entry in
      let (series, columns) = entry
      let look = SeriesLook(index, style: series.style)
      let (first, second) = ("$\(columns.x)", "$\(columns.y)")
      let x = "(\(Self.corner.x)+\(Self.side)*(1-\(second)-0.5*\(first)))"
      let y = "(\(Self.corner.y)+\(Self.text(Self.side * Self.rise))*\(first))"
      let title = series.label.isEmpty ? "notitle" : "title '\(MarkedText(series.label).withBondDashes.gnuplot)'"
      let drawn =
        switch series.style {
        case .line, .dashed, .steps: "with lines lw 1.5 dt \(look.dash)"
        case .points, .bars: "with points pt \(look.point) ps 1.5*pointsize lw 1.2"
        }
      return "  '\(figure.name).csv' skip 1 using \(x):\(y) \(drawn) lc rgb '\(look.color)' \(title)"
    }
    lines.append(entries.joined(separator: ", \\\n"))
    return lines
  }

  /// Where a mixture lies, from its first two shares: the first part is at the top, the second at the lower left.
  private static func place(_ shares: (Double, Double)) -> (x: Double, y: Double) {
    (corner.x + side * (1 - shares.1 - shares.0 / 2), corner.y + side * rise * shares.0)
  }

  private static func text(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 4) }
  private static func text(_ place: (Double, Double)) -> String { "\(text(place.0)),\(text(place.1))" }
}
