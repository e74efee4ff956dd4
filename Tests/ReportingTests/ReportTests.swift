import Reporting
import Structures
import Testing

@Suite struct ReportTests {
  @Test func writes() throws {
    try Report(GlassExample.report(with: FigureRenderer(directory: "/tmp/gp/figs"))).write(to: "/tmp/gp/report.html")
  }
}
