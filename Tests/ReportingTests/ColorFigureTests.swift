import Foundation
import Structures
import Testing

@testable import Reporting

@Suite struct ColorFigureTests {
  static func map() -> FigureDescription {
    var figure = FigureDescription(
      name: "map", title: "Map", x: .init(label: "x", unit: "A"), y: .init(label: "y", unit: "A"),
      series: [.init(label: "", x: [0, 3, 3, 0, 0], y: [0, 0, 2, 2, 0], style: .outline)])
    figure.heatMap = .init(columns: 3, rows: 2, x: 0...3, y: 0...2, values: [1, 2, .nan, 4, 5, 6])
    figure.color = .init(label: "density", unit: "1/A2")
    figure.hasEqualScales = true
    return figure
  }

  static func track() -> FigureDescription {
    var series = FigureDescription.Series(
      label: "Li 3", x: (0..<200).map { sin(Double($0) / 20) }, y: (0..<200).map { Double($0) / 100 }, style: .points)
    series.color = (0..<200).map { Double($0) / 10 }
    var figure = FigureDescription(
      name: "track", title: "Track", x: .init(label: "x", unit: "A"), y: .init(label: "y", unit: "A"), series: [series])
    figure.color = .init(label: "t", unit: "ps")
    return figure
  }

  @Test(.enabled(if: installedGnuplot != nil, "gnuplot is not installed"))
  func everyKindOfFileIsDrawn() throws {
    let folder = try TemporaryFolder()
    for figure in [Self.map(), Self.track()] {
      let paths = try FigureRenderer(directory: folder.path).render(figure, formats: [.svg, .pdf, .png])
      #expect(paths.count == 3)
      let svg = try folder.read("\(figure.name).svg")
      let check = MarkupCheck(svg)
      #expect(check.faults.isEmpty)
      #expect(figure.heatMap == nil || svg.contains("<image"))
      // The colour bar has its label.
      #expect(check.text.contains(figure.name == "map" ? "density" : "ps"))
      #expect(try InlineSVG.prepared(svg, prefix: "f1", label: figure.title).contains("<svg"))
    }
  }

  @Test func pixelsAndColoursAreBesideTheFigure() {
    let data = FigureData(Self.map())
    #expect(data.table.columns.map(\.name) == ["x", "y", "map x", "map y", "density"])
    guard case .numbers(let x) = data.table.columns[2].values, case .numbers(let y) = data.table.columns[3].values else {
      Issue.record("columns are numbers")
      return
    }
    #expect(x == [0.5, 1.5, 2.5, 0.5, 1.5, 2.5] && y == [0.5, 0.5, 0.5, 1.5, 1.5, 1.5])
    #expect(FigureData(Self.track()).columns[0].color == 3)
  }

  @Test func equalScalesAreEqual() {
    var figure = Self.map()
    for (rows, height) in [(0...2.0, 2.0), (0...30.0, 30), (0...0.5, 0.5)] {
      figure.heatMap?.y = rows
      let layout = FigureLayout(figure)
      let (width, tall) = (FigureLayout.width - layout.left - layout.right, layout.height - layout.top - layout.bottom)
      // Beyond limits of width and height the figure keeps room for its axes.
      if height < 10 { #expect(abs(tall / width - height / 3) < 1e-9 || abs(tall - 1) < 1e-9) }
      #expect(tall <= 15.1 && width >= 1.4)
    }
  }

  @Test func brokenMapsAreErrors() throws {
    var figures: [(FigureDescription, String)] = []
    var figure = Self.map()
    figure.heatMap?.values.removeLast()
    figures.append((figure, "5 values"))
    figure = Self.map()
    figure.color = nil
    figures.append((figure, "set color"))
    figure = Self.map()
    figure.heatMap?.values = [Double](repeating: .nan, count: 6)
    figures.append((figure, "no pixel"))
    figure = Self.track()
    figure.series[0].color.removeLast()
    figures.append((figure, "199 colours"))
    figure = Self.track()
    figure.color = nil
    figures.append((figure, "set color"))
    figure = Self.track()
    figure.x.isLogarithmic = true
    figure.hasEqualScales = true
    figures.append((figure, "equal scale"))
    for (figure, text) in figures {
      let error = #expect(throws: ReportingError.self) { try figure.validate() }
      #expect(error?.message.contains(text) == true)
    }
  }

  @Test func thinningKeepsColours() {
    var series = Self.track().series[0]
    series.x = (0..<9000).map(Double.init)
    series.y = series.x
    series.color = series.x
    let thinned = SeriesThinning.thinned(series)
    #expect(thinned.x.count < 4001 && thinned.color == thinned.x)
  }
}
