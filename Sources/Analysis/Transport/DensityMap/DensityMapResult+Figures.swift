import NumericalMethods
import Structures

extension DensityMapResult {
  public var figures: [FigureDescription] { [map, ways, share].compactMap(\.self) }

  private var projection: CellProjection { CellProjection(grid.cell, along: parameters.view.axis) }

  /// The names of the axes in the plane of a projection: the edge to the right is exact, the other is at right angles to it.
  private func plane(_ figure: inout FigureDescription, _ places: [SIMD2<Double>]) {
    func range(_ values: [Double]) -> ClosedRange<Double> {
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      let margin = 0.03 * max(high - low, 1)
      return low - margin...high + margin
    }
    figure.x.range = range(places.map(\.x))
    figure.y.range = range(places.map(\.y))
    figure.hasEqualScales = true
  }

  private func outline() -> FigureDescription.Series {
    let corners = projection.outline
    return FigureDescription.Series(label: "", x: corners.map(\.x), y: corners.map(\.y), style: .outline)
  }

  /// The density integrated along the line of sight.
  private var map: FigureDescription? {
    let map = projection.heatMap(of: grid)
    guard map.values.contains(where: { $0 > 0 }) else { return nil }
    let name = labels.joined(separator: "+")
    var figure = FigureDescription(
      name: "density-map", title: "Density of \(name), integrated along \(parameters.view.rawValue)",
      x: FigureDescription.Axis(label: "x'", unit: "A"), y: FigureDescription.Axis(label: "y'", unit: "A"), series: [outline()])
    figure.heatMap = map
    let most = map.values.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
    // Where all of the cell is much alike, colours from zero on would hide what differs.
    let least = map.values.reduce(most) { $1.isFinite ? min($0, $1) : $0 }
    figure.color = FigureDescription.Axis(label: "\(name) ions per area", unit: "1/A2", range: least > most / 3 ? nil : 0...most)
    plane(&figure, projection.outline)
    return figure
  }

  /// Trajectories coloured by time.
  private var ways: FigureDescription? {
    guard let first = trajectories.first, first.times.count > 1, let end = first.times.last else { return nil }
    let projection = projection
    let several = trajectories.count > 1
    var series = [outline()]
    var places = projection.outline
    for track in trajectories {
      let seen = track.positions.map { projection.seen($0) }
      places += seen
      var points = FigureDescription.Series(
        label: several ? "\(track.label) \(track.atom)" : "", x: seen.map(\.x), y: seen.map(\.y), style: .points)
      points.color = track.times
      series.append(points)
    }
    let names = trajectories.map { "\($0.label) \($0.atom)" }.joined(separator: ", ")
    var figure = FigureDescription(
      name: "density-map-tracks", title: "Trajectories of \(names), seen along \(parameters.view.rawValue)",
      x: FigureDescription.Axis(label: "x'", unit: "A"), y: FigureDescription.Axis(label: "y'", unit: "A"), series: series)
    figure.color = FigureDescription.Axis(
      label: timeIsKnown ? "t" : "frame", unit: timeIsKnown ? "ps" : "", range: 0...end)
    plane(&figure, places)
    return figure
  }

  /// How much of the cell lies below a free energy, and where ways open.
  private var share: FigureDescription? {
    guard levels.count > 1 else { return nil }
    var markers: [FigureDescription.Marker] = []
    let last = levels[levels.count - 1].energy
    for barrier in barriers.prefix(3) {
      guard let energy = barrier.energy else { continue }
      // Names that would overprint each other stand together, each line where it belongs.
      if let named = markers.lastIndex(where: { !$0.label.isEmpty }), energy - markers[named].x < 0.06 * last {
        markers[named].label += ", \(barrier.name)"
        if energy > markers[named].x { markers.append(FigureDescription.Marker(x: energy, label: "")) }
      } else {
        markers.append(FigureDescription.Marker(x: energy, label: barrier.name))
      }
    }
    return FigureDescription(
      name: "density-map-channels", title: "Volume and ions below a free energy, and where ways through the cell open",
      x: FigureDescription.Axis(label: "free energy", unit: "kT", range: 0...last), y: FigureDescription.Axis(label: "share", range: 0...1),
      series: [
        FigureDescription.Series(label: "ions", x: [0] + levels.map(\.energy), y: [0] + levels.map(\.ionShare)),
        FigureDescription.Series(label: "volume", x: [0] + levels.map(\.energy), y: [0] + levels.map(\.volumeShare)),
      ], markers: markers)
  }
}
