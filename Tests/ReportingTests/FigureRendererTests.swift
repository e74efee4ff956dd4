import Foundation
import Structures
import Testing

@testable import Reporting

@Suite struct FigureRendererTests {
  static let hostile = "it's \"x\" <b> & $(ls) `id` {a}_b^c @d ~e \\n %d # é Å"

  static func figure(_ name: String = "plain", label: String = "a", x: [Double] = [0, 1, 2], y: [Double] = [1, 3, 2]) -> FigureDescription {
    FigureDescription(
      name: name, title: "Plain", x: .init(label: "r", unit: "A"), y: .init(label: "g(r)"), series: [.init(label: label, x: x, y: y)])
  }

  @Test(.enabled(if: installedGnuplot != nil, "gnuplot is not installed"), arguments: GlassExample.figures.indices)
  func drawsEveryKindOfFile(index: Int) throws {
    let folder = try TemporaryFolder()
    let figure = GlassExample.figures[index]
    let paths = try FigureRenderer(directory: folder.path).render(figure, formats: [.svg, .pdf, .png])
    #expect(paths.count == 3)
    #expect(try folder.names == ["-figure.csv", ".gp", ".pdf", ".png", ".svg"].map { figure.name + $0 })
    #expect(try folder.bytes("\(figure.name).pdf").starts(with: Array("%PDF".utf8)))
    #expect(try folder.bytes("\(figure.name).png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let check = MarkupCheck(try folder.read("\(figure.name).svg"))
    #expect(check.faults.isEmpty)
    for series in figure.series where !series.label.isEmpty {
      #expect(check.text.contains(MarkedText(series.label).withBondDashes.plain))
    }
  }

  @Test(.enabled(if: installedGnuplot != nil, "gnuplot is not installed"))
  func labelsAreShownAsTheyAre() throws {
    let folder = try TemporaryFolder("it's a folder")
    var figure = Self.figure(label: Self.hostile)
    figure.markers = [.init(x: 1, label: Self.hostile)]
    figure.y.label = Self.hostile
    figure.title = "first line\nsystem('touch broken')"
    try FigureRenderer(directory: folder.path).render(figure)
    let check = MarkupCheck(try folder.read("plain.svg"))
    #expect(check.faults.isEmpty)
    // Gnuplot splits the text where it changes fonts, never within one of ours.
    let shown = check.text.replacing("\n", with: "").replacing("\t", with: "")
    #expect(shown.ranges(of: Self.hostile).count == 3)
    #expect(try folder.names == ["plain-figure.csv", "plain.gp", "plain.svg"])
  }

  @Test(.enabled(if: installedGnuplot != nil, "gnuplot is not installed"))
  func scriptDrawsAgainFromItsOwnFolder() throws {
    let folder = try TemporaryFolder()
    try FigureRenderer(directory: folder.path).render(GlassExample.partials())
    let first = try folder.bytes("rdf.svg")
    let elsewhere = try TemporaryFolder("elsewhere")
    for name in ["rdf-figure.csv", "rdf.gp"] {
      try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(elsewhere.path)/\(name)")
    }
    for arguments in [["rdf.gp"], ["-e", "format='pdf'", "rdf.gp"]] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(installedGnuplot))
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: elsewhere.path)
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    #expect(try elsewhere.bytes("rdf.svg") == first)
    #expect(try elsewhere.names == ["rdf-figure.csv", "rdf.gp", "rdf.pdf", "rdf.svg"])
  }

  @Test func dataBesideTheFigureAreComplete() throws {
    let folder = try TemporaryFolder()
    var figure = Self.figure()
    figure.series.append(.init(label: "b", x: [0, 1, 2], y: [.nan, 0.1, 1 / 3], error: [0, 0.5, 1]))
    figure.series.append(.init(label: "c", x: [5], y: [6]))
    _ = try? FigureRenderer(directory: folder.path, gnuplot: "no-such-gnuplot").render(figure)
    #expect(
      try folder.read("plain-figure.csv")
        == "r (A),a,b,b error,r (A),c\n0,1,nan,0,5,6\n1,3,0.1,0.5,,\n2,2,0.3333333333333333,1,,\n")
  }

  @Test func withoutGnuplotSaysHowToGetIt() throws {
    let folder = try TemporaryFolder()
    let renderer = FigureRenderer(directory: folder.path, gnuplot: "no-such-gnuplot")
    let error = #expect(throws: ReportingError.self) { try renderer.render(Self.figure()) }
    #expect(error?.code == .missingGnuplot)
    for hint in ["apt-get install gnuplot-nox", "brew install gnuplot", "GNUPLOT", "plain.gp"] {
      #expect(error?.message.contains(hint) == true)
    }
    #expect(try folder.names == ["plain-figure.csv", "plain.gp"])
    let figure = try ReportContent.Figure(drawing: Self.figure(), with: renderer)
    #expect(figure.svg.isEmpty && figure.note.contains("apt-get install gnuplot-nox"))
  }

  @Test func whatGnuplotSaysIsPassedOn() throws {
    let folder = try TemporaryFolder()
    let failing = try folder.program("failing", "echo 'line 3: cannot think' >&2; exit 4")
    let error = #expect(throws: ReportingError.self) { try FigureRenderer(directory: folder.path, gnuplot: failing).render(Self.figure()) }
    #expect(
      error?.code == .figureFailed && error?.message.contains("line 3: cannot think") == true && error?.message.contains("status 4") == true
    )
    let silent = try folder.program("silent", "exit 0")
    #expect(throws: ReportingError.self) { try FigureRenderer(directory: folder.path, gnuplot: silent).render(Self.figure()) }
    #expect(try folder.names.contains("plain.svg") == false)
  }

  @Test func aGnuplotThatHangsIsEnded() throws {
    let folder = try TemporaryFolder()
    var renderer = FigureRenderer(directory: folder.path, gnuplot: try folder.program("hanging", "exec sleep 60"))
    renderer.timeout = 0.2
    let duration = ContinuousClock().measure {
      let error = #expect(throws: ReportingError.self) { try renderer.render(Self.figure()) }
      #expect(error?.message.contains("did not end") == true)
    }
    // Far below the 60 s of the program, far above what a busy machine adds to 0.2 s.
    #expect(duration < .seconds(20))
  }

  @Test func muchOutputDoesNotBlock() throws {
    let folder = try TemporaryFolder()
    // More than the 64 kB that a pipe holds, on both.
    let loud = try folder.program("loud", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 3")
    let outcome = try #require(try ProcessRunner(program: loud, arguments: []).run())
    #expect(outcome.status == 3 && outcome.standardOutput.utf8.count == 300_000 && outcome.standardError.utf8.count == 300_000)
  }

  @Test func brokenFiguresAreErrors() throws {
    let renderer = FigureRenderer(directory: try TemporaryFolder().path)
    func expect(_ code: ReportingError.Code, _ word: String, _ change: (inout FigureDescription) -> Void) {
      var figure = Self.figure()
      change(&figure)
      let error = #expect(throws: ReportingError.self) { try renderer.render(figure) }
      #expect(error?.code == code && error?.message.contains(word) == true, "\(error?.message ?? "")")
    }
    expect(.invalidFigure, "2 y values") { $0.series[0].y = [1, 2] }
    expect(.invalidFigure, "1 errors") { $0.series[0].error = [1] }
    expect(.invalidFigure, "y2") { $0.series[0].usesSecondAxis = true }
    expect(.invalidFigure, "logarithmic") { $0.x = .init(label: "x", isLogarithmic: true, range: 0...1) }
    expect(.invalidFigure, "empty") { $0.x.range = 1...1 }
    for name in ["", "../up", "a b", "a/b", "-e", ".hidden", "q'"] { expect(.invalidFigure, "file name") { $0.name = name } }
    expect(.emptyFigure, "no point") { $0.series = [] }
    expect(.emptyFigure, "no point") { $0.series[0].y = [.nan, .infinity, .nan] }
    expect(.emptyFigure, "logarithmic") { figure in
      figure.y.isLogarithmic = true
      figure.series[0].y = [0, -1, -2]
    }
  }

  @Test func thinningKeepsSpikesAndGaps() {
    let count = 100_000
    var y = (0..<count).map { Double($0 % 7) }
    y[54_321] = 1000
    y[12_345] = -1000
    for index in 70_000..<71_000 { y[index] = .nan }
    let series = FigureDescription.Series(label: "", x: (0..<count).map(Double.init), y: y, error: y)
    let thinned = SeriesThinning.thinned(series)
    #expect(thinned.x.count <= SeriesThinning.limit && thinned.x.count == thinned.y.count && thinned.error.count == thinned.y.count)
    #expect(thinned.y.contains(1000) && thinned.y.contains(-1000) && thinned.y.contains(where: \.isNaN))
    #expect(zip(thinned.x, thinned.x.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(thinned.x, thinned.y).allSatisfy { $1.isNaN || y[Int($0)] == $1 })
    let short = FigureDescription.Series(label: "", x: [1, 2], y: [3, 4])
    #expect(SeriesThinning.thinned(short).y == [3, 4])
  }

  @Test(.enabled(if: installedGnuplot != nil, "gnuplot is not installed")) func ternaryDiagram() throws {
    let folder = try TemporaryFolder()
    let figure = FigureDescription(
      name: "ternary", title: "Shares", ternary: .init(corners: ["PS_{4}^{3−}", "P_{2}S_{7}^{4−}", "P_{2}S_{6}^{4−}"]),
      series: [
        .init(label: "found", x: [0.17, 0.5], y: [0.68, 0.25], style: .points),
        .init(label: "path", x: [0, 1], y: [0.5, 0], style: .line),
      ])
    let paths = try FigureRenderer(directory: folder.path).render(figure, formats: [.svg, .pdf, .png])
    #expect(paths.count == 3)
    let check = MarkupCheck(try folder.read("ternary.svg"))
    #expect(check.faults.isEmpty && check.text.contains("found") && check.text.contains("0.4"))
    #expect(try folder.read("ternary-figure.csv").split(separator: "\n").count == 3)
  }

  @Test func ternarySharesStayInTheTriangle() throws {
    var figure = FigureDescription(
      name: "ternary", title: "Shares", ternary: .init(corners: ["a", "b", "c"]),
      series: [.init(label: "", x: [0.6], y: [0.5], style: .points)])
    let folder = try TemporaryFolder()
    func message() -> String {
      do {
        try FigureRenderer(directory: folder.path).render(figure)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message().contains("outside the triangle"))
    figure.series[0].y = [0.4]
    figure.ternary?.corners = ["a", "b"]
    #expect(message().contains("three corners"))
  }

  @Test func errorBarsMayReachFartherUpThanDown() throws {
    let folder = try TemporaryFolder()
    var series = FigureDescription.Series(label: "a", x: [1, 2], y: [0, 0], error: [2, 8], style: .points)
    series.errorBelow = [1, 3]
    let figure = FigureDescription(name: "bars", title: "Bars", x: .init(label: "x"), y: .init(label: "y"), series: [series])
    let layout = FigureLayout(figure)
    #expect(layout.y.lower <= -3 && layout.y.lower > -6 && layout.y.upper >= 8)
    let data = FigureData(figure)
    let script = GnuplotScript(figure: figure, layout: layout, data: data, remarks: []).text
    #expect(script.contains("($2-$4):($2+$3) with yerrorbars"))
    series.errorBelow = [1]
    let broken = FigureDescription(name: "bars", title: "Bars", x: .init(label: "x"), y: .init(label: "y"), series: [series])
    #expect(throws: ReportingError.self) { try FigureRenderer(directory: folder.path).render(broken) }
  }

  @Test(.enabled(if: installedGnuplot != nil, "gnuplot is not installed"))
  func keysStayWithinTheRoomFoundForThem() throws {
    let folder = try TemporaryFolder()
    // A long name in the upper right corner of a curve that falls.
    let figure = Self.figure(label: "D(300 K) = 6.0×10^{−8} cm^{2}/s", x: [0, 1, 2, 3], y: [10, 6, 2, 0])
    var two = figure
    two.series.append(.init(label: "b", x: [0, 3], y: [9, 0], style: .dashed))
    try FigureRenderer(directory: folder.path).render(two)
    guard case .inside("top right") = FigureLayout(two).key else {
      return #expect(Bool(false), "the key is not where the test looks for it")
    }
    // The text begins right of the middle third: its width is less than half of the frame.
    let svg = try folder.read("plain.svg")
    // It stands in the title of the curve first.
    let place = try #require(svg.ranges(of: "D(300 K)").last)
    let before = svg[..<place.lowerBound]
    let x = try #require(before.matches(of: /translate\(([0-9.]+),/).last.flatMap { Double($0.output.1) })
    #expect(x > 240, "the text begins at \(x) of 600")
  }
}
