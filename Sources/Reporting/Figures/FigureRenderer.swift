import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Draws figures through gnuplot, and keeps script and data beside them.
///
/// A figure `rdf` leaves `rdf-figure.csv` (its numbers; `rdf.csv` is the table of an analysis), `rdf.gp` (the script, which draws it again from that folder) and one
/// file for each format asked for. Figures are one column of a journal wide (8.5 cm), with letters of 8 points.
public struct FigureRenderer: Sendable {
  /// The folder that the files go to.
  public let directory: String
  /// Gnuplot: a path, or a name that is looked for along `PATH`.
  public let gnuplot: String
  /// After how many seconds a figure is given up.
  public var timeout: Double = 120

  /// Creates a renderer; it makes the folder when the first figure is drawn.
  ///
  /// - Parameter gnuplot: The program; `nil` for what the environment variable `GNUPLOT` names, else `gnuplot`.
  public init(directory: String, gnuplot: String? = nil) {
    self.directory = directory.isEmpty ? "." : directory
    let named = getenv("GNUPLOT").map { String(cString: $0) } ?? ""
    self.gnuplot = gnuplot ?? (named.isEmpty ? "gnuplot" : named)
  }

  /// Writes the data and the script of a figure, then draws it.
  ///
  /// Series of more than 4000 points keep the lowest and the highest of each of 2000 stretches.
  ///
  /// - Returns: The path of the file of each format.
  /// - Throws: ``ReportingError`` with code `.invalidFigure` or `.emptyFigure` where there is nothing right to draw,
  ///   `.missingGnuplot` where there is no gnuplot (data and script are written all the same), `.figureFailed` with what
  ///   gnuplot said, `.cannotWrite`.
  @discardableResult
  public func render(_ figure: FigureDescription, formats: Set<FigureFormat> = [.svg]) throws -> [FigureFormat: String] {
    try figure.validate()
    var drawn = figure
    var remarks: [String] = []
    for (index, series) in figure.series.enumerated() {
      drawn.series[index] = SeriesThinning.thinned(series)
      let (all, kept) = (series.x.count, drawn.series[index].x.count)
      if kept < all { remarks.append("Series \(index + 1) is drawn with \(kept) of its \(all) points.") }
    }
    let data = FigureData(drawn)
    let script = GnuplotScript(figure: drawn, layout: FigureLayout(drawn), data: data, remarks: remarks)
    try ReportFiles.makeDirectory(directory)
    try ReportFiles.write(data.table.csv, to: "\(directory)/\(figure.dataFile)")
    try ReportFiles.write(script.text, to: path(figure.name, "gp"))
    var paths: [FigureFormat: String] = [:]
    for format in FigureFormat.allCases where formats.contains(format) { paths[format] = try draw(figure.name, format) }
    return paths
  }

  private func path(_ name: String, _ suffix: String) -> String { "\(directory)/\(name).\(suffix)" }

  private func draw(_ name: String, _ format: FigureFormat) throws -> String {
    let partial = "\(name).\(getpid()).partial"
    let folder = directory.map { $0 == "'" ? "''" : String($0) }.joined()
    let arguments = ["-e", "cd '\(folder)'; format='\(format.rawValue)'; output='\(partial)'", path(name, "gp").absolutePath]
    defer { _ = unlink(path(name, "\(getpid()).partial")) }
    guard let outcome = try ProcessRunner(program: gnuplot, arguments: arguments, timeout: timeout).run() else {
      throw ReportingError(
        .missingGnuplot,
        "cannot draw figure \"\(name)\": there is no program \(gnuplot); install it (Debian and Ubuntu: apt-get install gnuplot-nox; "
          + "macOS: brew install gnuplot) or name it in the environment variable GNUPLOT. The data are in \(directory)/\(FigureDescription.dataFile(name)), and "
          + "\"gnuplot \(name).gp\" in that folder draws the figure later")
    }
    guard !outcome.timedOut else {
      throw ReportingError(.figureFailed, "cannot draw figure \"\(name)\": gnuplot did not end within \(timeout) s")
    }
    let target = path(name, format.rawValue)
    guard outcome.status == 0, rename(path(name, "\(getpid()).partial"), target) == 0 else {
      let said = outcome.standardError.split(whereSeparator: \.isNewline).map(\.trimmingBlanks).filter { !$0.isEmpty && $0 != "^" }
      throw ReportingError(
        .figureFailed,
        "cannot draw figure \"\(name)\" as \(format.rawValue): gnuplot ended with status \(outcome.status) and said: "
          + "\(said.suffix(4).joined(separator: " | ")). The script is \(path(name, "gp"))")
    }
    return target
  }
}

extension FigureDescription {
  /// The file of its numbers.
  var dataFile: String { Self.dataFile(name) }

  static func dataFile(_ name: String) -> String { "\(name)-figure.csv" }
}

extension String {
  /// The path from the root, so that it holds after a change of folder.
  fileprivate var absolutePath: String {
    guard !hasPrefix("/"), let here = getcwd(nil, 0) else { return self }
    defer { free(here) }
    return "\(String(cString: here))/\(self)"
  }
}
