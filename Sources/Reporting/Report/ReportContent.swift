import Structures

/// What a report says, as plain values; ``Report`` sets it as a page.
///
/// Labels, values, captions and paragraphs may carry `_{…}` and `^{…}`; everything else in them is shown as it is.
public struct ReportContent: Sendable {
  /// A label and what belongs to it.
  public struct Entry: Sendable {
    public var label: String
    public var value: String

    public init(label: String, value: String) {
      self.label = label
      self.value = value
    }
  }

  /// A figure or a picture with its caption.
  public struct Figure: Sendable {
    /// The drawing; empty where it could not be drawn.
    public var svg: String
    public var caption: String
    /// What the figure shows, for people who cannot see it; the caption where empty.
    public var alternative: String
    /// Why there is no drawing, shown in its place.
    public var note: String

    public init(svg: String, caption: String, alternative: String = "", note: String = "") {
      self.svg = svg
      self.caption = caption
      self.alternative = alternative
      self.note = note
    }
  }

  /// A table, and how much of it is shown.
  public struct Table: Sendable {
    public var table: DataTable
    public var maximumRows: Int

    public init(_ table: DataTable, maximumRows: Int = 40) {
      self.table = table
      self.maximumRows = maximumRows
    }
  }

  /// A part of the report with a heading.
  public struct Section: Sendable {
    public var title: String
    public var paragraphs: [String]
    public var figures: [Figure]
    public var tables: [Table]
    /// Other pages, each with its path from this one.
    public var links: [Entry] = []

    public init(title: String, paragraphs: [String] = [], figures: [Figure] = [], tables: [Table] = []) {
      self.title = title
      self.paragraphs = paragraphs
      self.figures = figures
      self.tables = tables
    }
  }

  public var title: String
  /// A line below the title, such as the date and the name of the run folder.
  public var subtitle: String
  /// The numbers that people look for first: composition, atoms, density, temperature.
  public var summary: [Entry]
  /// A picture of the atoms, shown beside the summary.
  public var picture: Figure?
  /// What a reader must know before using the numbers; shown first.
  public var warnings: [String]
  public var sections: [Section]
  /// Versions, seed, machine, hashes, wall time, command, citations.
  public var provenance: [Entry]

  public init(
    title: String, subtitle: String = "", summary: [Entry] = [], picture: Figure? = nil, warnings: [String] = [], sections: [Section] = [],
    provenance: [Entry] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.summary = summary
    self.picture = picture
    self.warnings = warnings
    self.sections = sections
    self.provenance = provenance
  }
}

extension ReportContent.Figure {
  /// Draws a figure, or says in its place why there is none; the report comes out all the same.
  ///
  /// - Parameter caption: The title of the figure where `nil`.
  /// - Throws: Errors of ``FigureRenderer`` about the figure itself or the folder; not that there is no gnuplot.
  public init(
    drawing figure: FigureDescription, with renderer: FigureRenderer, formats: Set<FigureFormat> = [.svg], caption: String? = nil
  ) throws {
    let caption = caption ?? figure.title
    do {
      let paths = try renderer.render(figure, formats: formats.union([.svg]))
      self.init(svg: try paths[.svg].map(ReportFiles.read) ?? "", caption: caption, alternative: figure.alternative)
    } catch let error as ReportingError where [.missingGnuplot, .figureFailed, .emptyFigure].contains(error.code) {
      self.init(svg: "", caption: caption, note: error.message)
    }
  }

  /// A picture of atoms with its caption.
  public init(_ snapshot: Snapshot, width: Double = 640) {
    self.init(svg: snapshot.svg(width: width), caption: snapshot.caption, alternative: "Picture of the atoms in their cell.")
  }
}

extension FigureDescription {
  /// One sentence for people who cannot see the figure.
  fileprivate var alternative: String {
    let names = series.map(\.label).filter { !$0.isEmpty }
    func name(_ axis: Axis) -> String { GnuplotScript.label(axis, exponent: 0).plain }
    return "\(title). Plot of \(name(y))\(y2.map { " and \(name($0))" } ?? "") against \(name(x))"
      + (names.isEmpty ? "." : " for \(names.joined(separator: ", ")).")
  }
}
