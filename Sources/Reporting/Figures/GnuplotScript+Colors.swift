import Structures

/// Heat maps and the bar that tells what colours mean.
extension GnuplotScript {
  /// The colours of viridis at nine even steps: as bright as the value is high, whatever colours a person sees.
  ///
  /// - Source: Nuñez, Anderton, Renslow, PLoS ONE 13, e0199239 (2018), doi:10.1371/journal.pone.0199239; values of Matplotlib (CC0).
  static let viridis = ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"]

  /// The palette, the bar beside the frame, its ticks and its label.
  func colorBar(_ axis: FigureDescription.Axis, _ scale: AxisScale) -> [String] {
    func part(_ centimetres: Double, of whole: Double) -> String { NumberFormat.fixed(centimetres / whole, decimals: 4) }
    let (width, height) = (FigureLayout.width, layout.height)
    let stops = Self.viridis.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")
    return [
      "set palette defined (\(stops))", "set palette maxcolors 256",
      "set colorbox vertical user origin screen \(part(width - layout.right + 0.3, of: width)),\(part(layout.bottom, of: height)) "
        + "size screen \(part(FigureLayout.colorBarWidth, of: width)),\(part(height - layout.top - layout.bottom, of: height)) front",
    ] + self.axis("cb", axis, scale, isMirrored: false)
  }

  /// The entry of the plot command for the heat map, where there is one.
  var heatMap: [String] {
    guard let map = data.map, let color = map.color else { return [] }
    return ["'\(figure.dataFile)' skip 1 using \(map.x):\(map.y):\(color) with image notitle"]
  }
}
