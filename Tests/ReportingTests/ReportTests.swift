import Foundation
import Structures
import Testing

@testable import Reporting

@Suite struct ReportTests {
  /// Writes the report of the made-up run to the folder that `VITROLYTE_REPORT_EXAMPLE` names, to be looked at.
  @Test(.enabled(if: installedGnuplot != nil, "gnuplot is not installed"))
  func wholeReportIsWellFormedAndAlone() throws {
    let folder = try TemporaryFolder()
    let kept = ProcessInfo.processInfo.environment["VITROLYTE_REPORT_EXAMPLE"]
    let path = kept ?? folder.path
    let content = try GlassExample.report(with: FigureRenderer(directory: "\(path)/figures"))
    try Report(content).write(to: "\(path)/report.html")
    let html = try String(contentsOfFile: "\(path)/report.html", encoding: .utf8)
    let check = MarkupCheck(html)
    #expect(check.faults.isEmpty)
    // Eleven figures and the picture.
    #expect(check.elements["svg"] == 12 && check.elements["figure"] == 12)
    #expect(html.ranges(of: "role=\"img\" aria-label=\"").count == 12)
    for forbidden in ["<script", "<link", "<img", "src=", "@import", "<?xml", "<!DOCTYPE svg", "url(http", "onload"] {
      #expect(!html.contains(forbidden))
    }
    for part in [
      "What was run", "Thermodynamic history", "Provenance", "2 warnings", "not diffusive", "Figure 11.", "vitrolyte run recipe.yaml",
    ] {
      #expect(check.text.contains(part))
    }
    #expect(html.utf8.count < 2_000_000)
  }

  @Test func textIsEscapedAndMarked() throws {
    let hostile = "<script>alert('x')</script> & {{title}} {{{title}}}"
    let table = DataTable(name: "t", title: hostile, columns: [.init(name: hostile, values: .text([hostile]))])
    let content = ReportContent(
      title: hostile, subtitle: hostile, summary: [.init(label: hostile, value: "Li_{2}O " + hostile)],
      warnings: [hostile],
      sections: [
        .init(title: hostile, paragraphs: [hostile], figures: [.init(svg: "", caption: hostile, note: hostile)], tables: [.init(table)])
      ],
      provenance: [.init(label: hostile, value: hostile)])
    let html = try Report(content).html()
    let check = MarkupCheck(html)
    #expect(check.faults.isEmpty)
    #expect(check.elements["script"] == nil)
    #expect(html.contains("Li<sub>2</sub>O"))
    // Title, heading, subtitle, two of the summary, warning, link, heading, paragraph, note, caption, three of the table, two of the
    // provenance.
    #expect(check.text.ranges(of: hostile).count == 16)
  }

  @Test func anEmptyReportIsAPage() throws {
    let check = MarkupCheck(try Report(ReportContent(title: "Empty")).html())
    #expect(check.faults.isEmpty && check.elements["h1"] == 1 && check.elements["section"] == nil)
  }

  @Test func figuresThatWereNotDrawnSayWhy() throws {
    let renderer = FigureRenderer(directory: try TemporaryFolder().path, gnuplot: "no-such-gnuplot")
    let figure = try ReportContent.Figure(drawing: GlassExample.density(), with: renderer)
    let html = try Report(ReportContent(title: "t", sections: [.init(title: "s", figures: [figure])])).html()
    #expect(MarkupCheck(html).text.contains("apt-get install gnuplot-nox"))
  }

  @Test func longTablesAreCut() throws {
    let table = DataTable(name: "thermo", title: "Thermo", columns: [.init(name: "i", values: .numbers((0..<100).map(Double.init)))])
    let html = try Report(ReportContent(title: "t", sections: [.init(title: "s", tables: [.init(table, maximumRows: 7)])])).html()
    #expect(MarkupCheck(html).elements["tr"] == 8)
    #expect(html.contains("The first 7 of 100 rows; all are in thermo.csv."))
  }

  @Test func namesInsideDrawingsBecomeUnique() throws {
    let svg = """
      <?xml version="1.0"?><!-- a > b --><svg width="9" height='9' viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg"
       xmlns:xlink="http://www.w3.org/1999/xlink"><title>Gnuplot</title><desc>x<b/>y</desc><defs><circle id='gpDot' r='1'/></defs>
      <g clip-path="url(#clip) url(#clip)"><use xlink:href='#gpDot' href="#gpDot"/><a href="https://x.org/#y">t &lt; 1</a></g><clipPath id="clip"/></svg>
      """
    let inline = try InlineSVG.prepared(svg, prefix: "f1", label: "a \"b\" <c>")
    let check = MarkupCheck(inline)
    #expect(check.faults.isEmpty)
    #expect(check.identifiers == ["f1-gpDot", "f1-clip"])
    #expect(inline.contains("url(#f1-clip) url(#f1-clip)") && inline.contains("href=\"https://x.org/#y\""))
    #expect(!inline.contains("Gnuplot") && !inline.contains("width=\"9\"") && inline.contains("viewBox=\"0 0 9 9\""))
    #expect(inline.contains("aria-label=\"a &quot;b&quot; &lt;c&gt;\""))
    let both = inline + (try InlineSVG.prepared(svg, prefix: "f2", label: ""))
    #expect(MarkupCheck(both).faults.isEmpty)
  }

  @Test(arguments: [
    "", "no svg", "<svg>", "<svg><g></svg>", "<svg><g></svg></g>", "<svg a=b></svg>", "<svg><script>x</script></svg>",
    "<svg onload='x()'></svg>",
    "<svg a='></svg>", "<svg", "<svg><!-- </svg>",
  ]) func brokenDrawingsAreErrors(svg: String) {
    let error = #expect(throws: ReportingError.self) { try InlineSVG.prepared(svg, prefix: "f1", label: "") }
    #expect(error?.code == .invalidPicture)
  }

  @Test func addressesBecomeLinks() {
    #expect(
      Report.linked("see doi:10.1016/j.x.264, or 2 < 3")
        == "see <a href=\"https://doi.org/10.1016/j.x.264\">doi:10.1016/j.x.264</a>, or 2 &lt; 3")
    #expect(Report.linked("https://x.org/?a=1&b=2.") == "<a href=\"https://x.org/?a=1&amp;b=2\">https://x.org/?a=1&amp;b=2</a>.")
    #expect(
      Report.linked("10.5 eV\n10.1103/PhysRev.136") == "10.5 eV<br><a href=\"https://doi.org/10.1103/PhysRev.136\">10.1103/PhysRev.136</a>")
    #expect(Report.linked("javascript:alert(1)") == "javascript:alert(1)")
  }

  @Test func filesThatCannotBeWrittenAreErrors() throws {
    let error = #expect(throws: ReportingError.self) { try Report(ReportContent(title: "t")).write(to: "/no/such/folder/report.html") }
    #expect(error?.code == .cannotWrite && error?.isInputError == false)
    let folder = try TemporaryFolder()
    try Report(ReportContent(title: "t")).write(to: "\(folder.path)/report.html")
    #expect(try folder.names == ["report.html"], "nothing is left beside it")
  }
}
