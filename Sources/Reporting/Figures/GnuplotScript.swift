import Structures

/// The gnuplot script of a figure, which draws it again from its own folder.
struct GnuplotScript: Sendable {
  let figure: FigureDescription
  let layout: FigureLayout
  let data: FigureData
  /// Remarks for whoever opens the script, such as a series that was thinned.
  let remarks: [String]

  /// Gnuplot 5.2 or later reads the script.
  var text: String {
    var lines = ["# \(Self.comment(figure.title))", "# Draw again:  gnuplot \(figure.name).gp"]
    lines.append("# Another kind of file:  gnuplot -e \"format='pdf'\" \(figure.name).gp   (svg, pdf or png)")
    lines += remarks.map { "# \(Self.comment($0))" }
    lines += ["", "if (!exists('format')) format = 'svg'", "if (!exists('output')) output = '\(figure.name).'.format"]
    lines += terminals
    lines += ["set output output", "set encoding utf8", "set minussign", "set datafile separator comma", ""]
    if let ternary = figure.ternary {
      lines += self.ternary(ternary) + ["set output"]
      return lines.joined(separator: "\n") + "\n"
    }
    lines += frame
    lines += axis("x", figure.x, layout.x, isMirrored: figure.topAxis == nil)
    if let top = figure.topAxis { lines += topAxis(top) }
    lines += axis("y", figure.y, layout.y, isMirrored: layout.y2 == nil)
    if let axis2 = figure.y2, let scale = layout.y2 { lines += axis("y2", axis2, scale, isMirrored: false) }
    if let axis = figure.color, let scale = layout.color { lines += colorBar(axis, scale) }
    lines += markers
    lines += key
    lines.append("")
    lines.append("plot \\")
    let entries = heatMap + zip(figure.series, data.columns).enumerated().flatMap { plot($0, $1.0, $1.1) }
    lines.append(entries.map { "  \($0)" }.joined(separator: ", \\\n"))
    lines.append("set output")
    return lines.joined(separator: "\n") + "\n"
  }

  /// One terminal for each kind of file. Lines are 0.6 points wide times their weight, letters 8 points, everywhere.
  private var terminals: [String] {
    let (width, height) = (FigureLayout.width, figure.ternary == nil ? layout.height : ternaryHeight)
    func units(_ centimetres: Double, _ perCentimetre: Double) -> String { NumberFormat.fixed(centimetres * perCentimetre, decimals: 0) }
    let svg = 600 / FigureLayout.width
    let png = 300 / 2.54
    return [
      "if (format eq 'svg') {",
      "  set terminal svg size \(units(width, svg)),\(units(height, svg)) font 'Arial,20' enhanced background 'white' linewidth 1.5",
      "  ticlength = 0.6; pointsize = 0.55; keyspacing = 0.95; keywidth = \(NumberFormat.fixed(keyWidthInSVG, decimals: 1))",
      "}",
      "if (format eq 'pdf') {",
      "  set terminal pdfcairo size \(NumberFormat.shortest(width))cm,\(NumberFormat.fixed(height, decimals: 2))cm font 'Arial,8' \\",
      "    fontscale 0.75 enhanced linewidth 1.2",
      "  ticlength = 0.6; pointsize = 0.35; keyspacing = 1.15; keywidth = 0.5",
      "}",
      "if (format eq 'png') {",
      "  if (strstrt(GPVAL_TERMINALS, ' pngcairo ')) {",
      "    set terminal pngcairo size \(units(width, png)),\(units(height, png)) font 'Arial,25' enhanced background 'white' linewidth 2.5",
      "  } else {",
      "    set terminal png size \(units(width, png)),\(units(height, png)) font 'Arial,25' enhanced linewidth 2.5",
      "  }",
      "  ticlength = 1; pointsize = 1.2; keyspacing = 1.15; keywidth = 0.5",
      "}",
    ]
  }

  /// What the key is wider than its text, in letters, where gnuplot does not know the letters and takes them for 0.7 of their size wide: without
  /// this, a key on the right would reach farther to the left than ``FigureLayout`` found free.
  private var keyWidthInSVG: Double {
    let longest = figure.series.filter { !$0.label.isEmpty }.map { MarkedText($0.label).width }.max() ?? 0
    return 0.5 - longest * (1 - FigureLayout.letterWidth / (0.7 * FigureLayout.fontSize * 0.0352778))
  }

  private var frame: [String] {
    func part(_ centimetres: Double, of whole: Double) -> String { NumberFormat.fixed(centimetres / whole, decimals: 4) }
    let (width, height) = (FigureLayout.width, layout.height)
    return [
      "set lmargin at screen \(part(layout.left, of: width))",
      "set rmargin at screen \(part(width - layout.right, of: width))",
      "set bmargin at screen \(part(layout.bottom, of: height))",
      "set tmargin at screen \(part(height - layout.top, of: height))",
      "set border 31 front lw 1",
      "set tics front in scale ticlength, 0.5*ticlength",
      "unset title",
      // Error bars would leave a white spot around their point.
      "set pointintervalbox 0.001",
    ]
  }

  func axis(_ name: String, _ axis: FigureDescription.Axis, _ scale: AxisScale, isMirrored: Bool) -> [String] {
    var lines = ["set \(name)range [\(scale.lower):\(scale.upper)]"]
    if scale.isLogarithmic { lines.append("set logscale \(name)") }
    let mirror = isMirrored ? "mirror" : "nomirror"
    switch scale.ticks {
    case .even(let step, let minorIntervals, let decimals):
      lines += ["set \(name)tics \(mirror) \(step)", "set m\(name)tics \(minorIntervals)", "set format \(name) '%.\(decimals)f'"]
    case .listed(let ticks):
      let list = ticks.map { "'\(MarkedText($0.label).gnuplot)' \($0.position)\($0.isMajor ? "" : " 1")" }
      lines.append("set \(name)tics \(mirror) (\(list.joined(separator: ", ")))")
    }
    // With one curve an axis, the label says by its colour which curve is whose.
    var color = ""
    if let index = onlySeries(of: name) { color = " textcolor rgb '\(SeriesLook(index, style: figure.series[index].style).color)'" }
    lines.append("set label '\(Self.label(axis, exponent: scale.exponent).gnuplot)' at \(labelPlace(name)) center\(color)")
    return lines
  }

  /// The scale along the top: ticks where the axis below has them.
  private func topAxis(_ axis: FigureDescription.TopAxis) -> [String] {
    var lines = ["set x2range [\(layout.x.lower):\(layout.x.upper)]"]
    if layout.x.isLogarithmic { lines.append("set logscale x2") }
    let ticks = axis.ticks.filter { layout.x.contains($0.x) }.map { "'\(MarkedText($0.label).gnuplot)' \($0.x)" }
    lines.append("set x2tics nomirror (\(ticks.joined(separator: ", ")))")
    let label = Self.label(FigureDescription.Axis(label: axis.label, unit: axis.unit), exponent: 0).gnuplot
    lines.append("set label '\(label)' at \(labelPlace("x2")) center")
    return lines
  }

  /// Where the label of an axis stands: gnuplot's own place depends on the kind of file.
  private func labelPlace(_ axis: String) -> String {
    func part(_ centimetres: Double, of whole: Double) -> String { NumberFormat.fixed(centimetres / whole, decimals: 4) }
    let (width, height) = (FigureLayout.width, layout.height)
    let middle = part((layout.bottom + height - layout.top) / 2, of: height)
    switch axis {
    case "x": return "screen \(part((layout.left + width - layout.right) / 2, of: width)),\(part(layout.labelHeight, of: height))"
    case "x2":
      let place = height - 0.15 - FigureLayout.lineHeight / 2
      return "screen \(part((layout.left + width - layout.right) / 2, of: width)),\(part(place, of: height))"
    case "y": return "screen \(part(0.28, of: width)),\(middle) rotate by 90"
    case "cb":
      let beside = (layout.color?.labelWidth ?? 0) * FigureLayout.letterWidth + FigureLayout.colorBarWidth + 0.85
      return "screen \(part(width - layout.right + beside, of: width)),\(middle) rotate by 90"
    default: return "screen \(part(width - 0.28, of: width)),\(middle) rotate by 90"
    }
  }

  /// The series that an axis has to itself, where two y axes have one each.
  private func onlySeries(of axis: String) -> Int? {
    guard layout.y2 != nil, axis != "x", figure.series.count == 2 else { return nil }
    return figure.series.firstIndex { $0.usesSecondAxis == (axis == "y2") }
  }

  private var markers: [String] {
    var lines: [String] = []
    for (index, marker) in figure.markers.enumerated() where layout.x.contains(marker.x) {
      lines.append("set arrow from \(marker.x), graph 0 to \(marker.x), graph 1 nohead lw 0.8 dt (4,4) lc rgb '#888888' back")
      guard layout.labelledMarkers.contains(index) else { continue }
      let turn = layout.markersAreTurned ? " rotate by 60" : ""
      let side = layout.leftwardMarker == index ? "right offset character -0.2" : "left\(turn) offset character 0.2"
      lines.append(
        "set label '\(MarkedText(marker.label).gnuplot)' at \(marker.x), graph 1 \(side), character 0.6 "
          + "textcolor rgb '#444444'")
    }
    return lines
  }

  private var key: [String] {
    switch layout.key {
    case .none: return ["unset key"]
    case .inside(let place): return ["set key \(place) Left reverse samplen 1.6 spacing keyspacing width keywidth noautotitle"]
    case .below(let columns):
      let rows = (figure.series.filter { !$0.label.isEmpty }.count + columns - 1) / columns
      let y = NumberFormat.fixed(0.1 / layout.height, decimals: 4)
      return [
        "set key at screen 0.5, screen \(y) center bottom vertical maxrows \(rows) Left reverse samplen 1.6 spacing keyspacing width 0 "
          + "noautotitle"
      ]
    }
  }

  /// An axis label with its unit, `r (Å)`; symbols of quantities in italics.
  static func label(_ axis: FigureDescription.Axis, exponent: Int) -> MarkedText {
    let unit = UnitLabel(axis.unit)
    let power = exponent == 0 ? "" : "10^{\(exponent)}"
    let inside = [power, unit.marked].filter { !$0.isEmpty }.joined(separator: " ")
    let name = MarkedText(axis.label).withBondDashes.withSymbols
    return inside.isEmpty ? name : name.appending(MarkedText(" (\(inside))"))
  }

  private static func comment(_ text: String) -> String { text.map { $0.isNewline ? " " : String($0) }.joined() }
}
