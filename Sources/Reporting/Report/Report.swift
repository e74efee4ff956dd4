import Mustache
import Structures

/// A report as one page of HTML that needs nothing beside itself: no script, no network, no other file.
public struct Report: Sendable {
  public var content: ReportContent

  public init(_ content: ReportContent) {
    self.content = content
  }

  /// The page.
  ///
  /// - Throws: ``ReportingError`` with code `.invalidPicture` where a drawing is no well-formed SVG.
  public func html() throws -> String {
    let template: MustacheTemplate
    do {
      template = try MustacheTemplate(string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
    } catch {
      throw ReportingError(.invalidTemplate, "the template of the report cannot be read; the program was built wrongly", cause: error)
    }
    return template.render(try page())
  }

  /// Writes the page to a file; the file is complete or untouched.
  ///
  /// - Throws: What ``html()`` throws, and ``ReportingError`` with code `.cannotWrite`.
  public func write(to path: String) throws {
    try ReportFiles.write(html(), to: path)
  }

  /// The values that the template names.
  private func page() throws -> [String: Any] {
    var number = 0
    func figure(_ figure: ReportContent.Figure, isNumbered: Bool) throws -> [String: Any] {
      number += 1
      let label = MarkedText(figure.alternative.isEmpty ? figure.caption : figure.alternative).plain
      let svg = figure.svg.isEmpty ? "" : try InlineSVG.prepared(figure.svg, prefix: "f\(number)", label: label)
      var caption = MarkedText(figure.caption).withBondDashes.html
      if isNumbered { caption = "<b>Figure \(number - pictures).</b> " + caption }
      return ["svg": svg, "caption": caption, "missing": figure.svg.isEmpty, "note": figure.note.isEmpty ? "Not drawn." : figure.note]
    }
    let pictures = content.picture == nil ? 0 : 1
    let picture = try content.picture.map { try figure($0, isNumbered: false) }
    let sections = try content.sections.enumerated().map { index, section in
      let figures = try section.figures.map { try figure($0, isNumbered: true) }
      return [
        "title": MarkedText(section.title).html, "anchor": "s\(index + 1)", "paragraphs": section.paragraphs.map { MarkedText($0).html },
        "hasFigures": !figures.isEmpty, "figures": figures, "tables": section.tables.map { $0.table.html(maximumRows: $0.maximumRows) },
        "hasLinks": !section.links.isEmpty,
        "links": section.links.map { ["label": MarkedText($0.label).html, "target": $0.value] },
      ] as [String: Any]
    }
    var page: [String: Any] = [
      "style": String(decoding: PackageResources.report_css, as: UTF8.self), "title": MarkedText(content.title).html,
      "plainTitle": MarkedText(content.title).plain, "subtitle": MarkedText(content.subtitle).html,
      "hasSubtitle": !content.subtitle.isEmpty,
      "summary": content.summary.map { ["label": MarkedText($0.label).html, "value": MarkedText($0.value).html] },
      "hasSummary": !content.summary.isEmpty || picture != nil, "warnings": content.warnings.map { MarkedText($0).html },
      "hasWarnings": !content.warnings.isEmpty,
      "warningsTitle": content.warnings.count == 1 ? "One warning" : "\(content.warnings.count) warnings", "sections": sections,
      "hasProvenance": !content.provenance.isEmpty,
      "provenance": content.provenance.map { ["label": MarkedText($0.label).html, "value": Self.linked($0.value)] },
    ]
    if let picture { page["picture"] = picture }
    return page
  }

  /// Text as HTML, with its addresses and DOIs as links.
  static func linked(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: " ", omittingEmptySubsequences: false).map { word in
        let core = word.reversed().drop { ".,;)".contains($0) }.reversed().map(String.init).joined()
        let rest = word.dropFirst(core.count)
        let target: String
        if core.hasPrefix("https://") || core.hasPrefix("http://") {
          target = core
        } else if core.lowercased().hasPrefix("doi:10.") {
          target = "https://doi.org/\(core.dropFirst(4))"
        } else if core.hasPrefix("10."), core.contains("/"), core.dropFirst(3).prefix(while: \.isNumber).count >= 4 {
          target = "https://doi.org/\(core)"
        } else {
          return Markup.escaped(word)
        }
        return "<a href=\"\(Markup.escaped(target))\">\(Markup.escaped(core))</a>\(Markup.escaped(rest))"
      }.joined(separator: " ")
    }.joined(separator: "<br>")
  }
}
