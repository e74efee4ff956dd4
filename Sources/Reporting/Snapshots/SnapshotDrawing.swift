import NumericalMethods
import Structures

/// Writes a scene as SVG.
struct SnapshotDrawing {
  let scene: SnapshotScene
  let width: Double
  private let scale: Double
  private let low: SIMD2<Double>
  private let pictureHeight: Double

  private static let margin = 14.0
  /// The strip below the picture for key, axes and scale bar.
  private static let strip = 74.0
  /// How many shades there are between front and back.
  private static let shades = 8
  private static let font = "font-family=\"Helvetica,Arial,'Liberation Sans',sans-serif\""

  init(scene: SnapshotScene, width: Double) {
    self.scene = scene
    self.width = width
    let (low, high) = scene.bounds
    let size = high - low
    // A tall cell is not drawn taller than wide.
    scale = max(1e-6, min((width - 2 * Self.margin) / max(size.x, 1e-6), width / max(size.y, 1e-6)))
    self.low = SIMD2(low.x - ((width - 2 * Self.margin) / scale - size.x) / 2, low.y)
    pictureHeight = size.y * scale + 2 * Self.margin
  }

  func svg(title: String) -> String {
    let height = pictureHeight + Self.strip
    var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(width))\" height=\"\(number(height))\" "
    text += "viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\">\n"
    text += "<title>\(Markup.escaped(MarkedText(title).plain))</title>\n"
    text += "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    text += definitions
    text += edges(behind: true)
    text += spheresAndSticks
    text += edges(behind: false)
    text += axes(height: height) + key(height: height) + scaleBar(height: height)
    return text + "</svg>\n"
  }

  /// One sphere for each element and shade, drawn once and then used.
  private var definitions: String {
    var text = "<defs>\n"
    for (kind, element) in scene.elements.enumerated() {
      for shade in 0..<Self.shades where isUsed(kind, shade) || shade == Self.shades - 1 {
        let color = RGB(element.color)
        let fog = 0.6 * Double(Self.shades - 1 - shade) / Double(Self.shades - 1)
        let stops = [
          (0, color.mixed(.white, 0.75)), (35, color.mixed(.white, 0.15)), (75, color.mixed(.black, 0.14)),
          (100, color.mixed(.black, 0.42)),
        ]
        text += "<radialGradient id=\"g\(name(kind, shade))\" cx=\".36\" cy=\".32\" r=\".72\">"
        for (offset, color) in stops { text += "<stop offset=\"\(offset)%\" stop-color=\"\(color.mixed(.white, fog).hex)\"/>" }
        text += "</radialGradient>"
        text +=
          "<circle id=\"\(name(kind, shade))\" r=\"\(number(scene.radii[kind] * scale, decimals: 2))\" fill=\"url(#g\(name(kind, shade)))\" "
        text += "stroke=\"\(color.mixed(.black, 0.62).mixed(.white, fog).hex)\" stroke-width=\".5\"/>\n"
      }
    }
    return text + "</defs>\n"
  }

  /// Atoms from back to front; the sticks of each slab of space, half an ångström thick, as one path among them.
  private var spheresAndSticks: String {
    let depths = scene.depths
    let slabs = 0.5
    func slab(_ z: Double) -> Int { Int(((z - depths.lowerBound) / slabs).rounded(.down)) }
    var sticks: [Int: String] = [:]
    for bond in scene.bonds {
      let along = bond.end - bond.start
      let start = place(bond.start + along * 0.25)
      let end = place(bond.end - along * 0.25)
      sticks[slab((bond.start.z + bond.end.z) / 2), default: ""] += "M\(pair(start))L\(pair(end))"
    }
    var text = ""
    var next = sticks.keys.sorted()[...]
    func stick(_ index: Int) -> String {
      let fog = 0.6 * (1 - max(0, min(1, Double(index) * slabs / max(1e-6, depths.upperBound - depths.lowerBound))))
      let color = RGB(0x6A6A6A).mixed(.white, fog).hex
      return "<path d=\"\(sticks[index] ?? "")\" stroke=\"\(color)\" stroke-width=\"\(number(0.26 * scale))\" stroke-linecap=\"round\"/>\n"
    }
    for atom in scene.atoms {
      while let index = next.first, index <= slab(atom.center.z) {
        text += stick(index)
        next.removeFirst()
      }
      let center = place(atom.center)
      text += "<use href=\"#\(name(atom.kind, shade(atom)))\" x=\"\(number(center.x))\" y=\"\(number(center.y))\"/>\n"
    }
    for index in next { text += stick(index) }
    return text
  }

  /// The edges that meet in the hidden corner, or the nine others.
  private func edges(behind: Bool) -> String {
    var hidden = 0
    for axis in 0..<3 where scene.axes[axis].z <= 0 { hidden |= 1 << axis }
    var path = ""
    for corner in 0..<8 {
      for axis in 0..<3 where corner & 1 << axis == 0 {
        let other = corner | 1 << axis
        guard (corner == hidden || other == hidden) == behind else { continue }
        path += "M\(pair(place(scene.corners[corner])))L\(pair(place(scene.corners[other])))"
      }
    }
    let look = behind ? "stroke=\"#999\" stroke-width=\"1\" stroke-dasharray=\"4 3\"" : "stroke=\"#222\" stroke-width=\"1.2\""
    return "<path d=\"\(path)\" fill=\"none\" \(look) stroke-linecap=\"round\"/>\n"
  }

  private func axes(height: Double) -> String {
    let foot = SIMD2(46, height - 34)
    var text = "<g \(Self.font) font-size=\"14\" font-style=\"italic\" fill=\"#222\" text-anchor=\"middle\">"
    for (name, axis) in zip(["a", "b", "c"], scene.axes).sorted(by: { $0.1.z < $1.1.z }) {
      let direction = SIMD2(axis.x, -axis.y)
      let length = (direction * direction).sum().squareRoot()
      let tip = foot + direction * 26
      // An edge that points at the eye is a dot; its letter stands below it.
      let end = tip + (length > 0.1 ? direction / length : SIMD2(0, 1)) * 10
      text += "<path d=\"M\(pair(foot))L\(pair(tip))\" stroke=\"#222\" stroke-width=\"2\" stroke-linecap=\"round\"/>"
      text += "<text x=\"\(number(end.x))\" y=\"\(number(end.y + 4.5))\">\(name)</text>"
    }
    return text + "</g>\n"
  }

  private func key(height: Double) -> String {
    let step = 58.0
    let perRow = max(1, Int((width - 230) / step))
    let shown = scene.elements.prefix(2 * perRow)
    let rows = (shown.count + perRow - 1) / perRow
    let first = width / 2 - step * Double(min(perRow, shown.count)) / 2 + 14
    var text = "<g \(Self.font) font-size=\"15\" fill=\"#222\">"
    for (kind, element) in shown.enumerated() {
      let x = first + step * Double(kind % perRow)
      let y = height - 30 - Double(rows - 1) * 13 + 26 * Double(kind / perRow)
      // The key's spheres all have one size, whatever the scale of the picture.
      let size = 8 / (scene.radii[kind] * scale)
      text +=
        "<use href=\"#\(name(kind, Self.shades - 1))\" transform=\"translate(\(number(x)) \(number(y))) scale(\(number(size, decimals: 3)))\"/>"
      text += "<text x=\"\(number(x + 13))\" y=\"\(number(y + 5))\">\(element.symbol)</text>"
    }
    return text + "</g>\n"
  }

  private func scaleBar(height: Double) -> String {
    let (length, _) = AxisScale.step(for: width * 0.16 / scale, target: 1)
    let fitting = length * scale > width * 0.25 ? length / 2 : length
    let right = width - 20
    let left = right - fitting * scale
    let y = height - 22
    return "<g \(Self.font) font-size=\"14\" fill=\"#222\" text-anchor=\"middle\">"
      + "<path d=\"M\(number(left)),\(number(y - 4))v4H\(number(right))v-4\" fill=\"none\" stroke=\"#222\" stroke-width=\"1.5\"/>"
      + "<text x=\"\(number((left + right) / 2))\" y=\"\(number(y - 9))\">\(NumberFormat.shortest(fitting)) Å</text></g>\n"
  }

  private func shade(_ atom: SnapshotScene.Atom) -> Int {
    let depths = scene.depths
    let part = (atom.center.z - depths.lowerBound) / max(1e-6, depths.upperBound - depths.lowerBound)
    return max(0, min(Self.shades - 1, Int((part * Double(Self.shades)).rounded(.down))))
  }

  private func isUsed(_ kind: Int, _ shade: Int) -> Bool { scene.atoms.contains { $0.kind == kind && self.shade($0) == shade } }

  /// A short name, a letter for the element and a digit for the shade.
  private func name(_ kind: Int, _ shade: Int) -> String { "e\(kind)_\(shade)" }

  private func place(_ position: Vector3) -> SIMD2<Double> {
    SIMD2(Self.margin + (position.x - low.x) * scale, pictureHeight - Self.margin - (position.y - low.y) * scale)
  }

  private func pair(_ point: SIMD2<Double>) -> String { "\(number(point.x)),\(number(point.y))" }

  /// A tenth of a pixel is as fine as anybody sees.
  private func number(_ value: Double, decimals: Int = 1) -> String {
    let text = NumberFormat.fixed(value, decimals: decimals)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
