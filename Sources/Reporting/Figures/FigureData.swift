import Structures

/// The numbers of a figure as columns of one file.
struct FigureData: Sendable {
  /// Where the numbers of a series stand, counted from 1 as gnuplot does.
  struct Columns: Sendable {
    var x: Int
    var y: Int
    /// `nil` where the series has no errors.
    var error: Int?
    /// `nil` where error bars reach as far down as up.
    var errorBelow: Int?
    /// `nil` where all points have one colour.
    var color: Int?
  }

  let table: DataTable
  /// One for each series of the figure.
  let columns: [Columns]
  /// Where the middles of the pixels of a heat map and their values stand.
  let map: Columns?

  /// Lays out the series, those with the same x side by side behind one column of x.
  init(_ figure: FigureDescription) {
    var columns: [DataTable.Column] = []
    var places: [Columns] = []
    var abscissas: [(x: [Double], column: Int)] = []
    for (index, series) in figure.series.enumerated() {
      let x: Int
      if let known = abscissas.first(where: { $0.x == series.x }) {
        x = known.column
      } else {
        columns.append(.init(name: Self.name(figure.x.label), unit: figure.x.unit, values: .numbers(series.x)))
        x = columns.count
        abscissas.append((series.x, x))
      }
      let axis = figure.yAxis(of: series)
      // What looks like another series, and has no name, is more of the same.
      let model = series.looksLike.flatMap { figure.series.indices.contains($0) ? figure.series[$0].label : nil } ?? ""
      let number = figure.series.count == 1 ? "" : " \(index + 1)"
      let name = Self.name(series.label.isEmpty ? "\(model.isEmpty ? axis.label : model)\(number)" : series.label)
      columns.append(.init(name: name, unit: axis.unit, values: .numbers(series.y)))
      var place = Columns(x: x, y: columns.count)
      if !series.error.isEmpty {
        columns.append(.init(name: "\(name) error", unit: axis.unit, values: .numbers(series.error)))
        place.error = columns.count
      }
      if !series.error.isEmpty, !series.errorBelow.isEmpty {
        columns.append(.init(name: "\(name) error below", unit: axis.unit, values: .numbers(series.errorBelow)))
        place.errorBelow = columns.count
      }
      if !series.color.isEmpty, let color = figure.color {
        columns.append(.init(name: Self.name("\(name) \(color.label)"), unit: color.unit, values: .numbers(series.color)))
        place.color = columns.count
      }
      places.append(place)
    }
    var mapPlace: Columns?
    if let map = figure.heatMap {
      let pixels = map.columns * map.rows
      func middle(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (Double(index) + 0.5) * (range.upperBound - range.lowerBound) / Double(count)
      }
      let (x, y) = (0..<pixels).reduce(into: ([Double](), [Double]())) { places, pixel in
        places.0.append(middle(pixel % map.columns, map.columns, map.x))
        places.1.append(middle(pixel / map.columns, map.rows, map.y))
      }
      columns.append(.init(name: "map \(Self.name(figure.x.label))", unit: figure.x.unit, values: .numbers(x)))
      columns.append(.init(name: "map \(Self.name(figure.y.label))", unit: figure.y.unit, values: .numbers(y)))
      let color = figure.color ?? FigureDescription.Axis(label: "value")
      columns.append(.init(name: Self.name(color.label), unit: color.unit, values: .numbers(map.values)))
      mapPlace = Columns(x: columns.count - 2, y: columns.count - 1, color: columns.count)
    }
    map = mapPlace
    self.columns = places
    table = DataTable(name: figure.name, title: figure.title, columns: columns)
  }

  /// A label as one line without marks: gnuplot skips the first line of the file, and no more.
  private static func name(_ label: String) -> String { MarkedText(label).plain }
}
