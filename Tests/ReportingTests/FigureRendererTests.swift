import Reporting
import Structures
import Testing

@Suite struct FigureRendererTests {
  @Test func draws() throws {
    let renderer = FigureRenderer(directory: "/tmp/gp/figs")
    for figure in GlassExample.figures { try renderer.render(figure, formats: [.svg, .pdf, .png]) }
  }
}
