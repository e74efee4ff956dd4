import Structures

/// What ``BondLengths`` gives.
public struct BondLengthResult: AnalysisResult {
  /// The bond lengths of one pair.
  public struct Distribution: Sendable {
    public var pair: SpeciesPair
    /// In Å.
    public var cutoff: Double
    public var bondsPerFrame: Double
    /// The mean length and its standard error, in Å; no error where there are too few frames.
    public var mean: Double
    public var meanError: Double?
    /// The standard deviation, in Å.
    public var width: Double
    public var widthError: Double?
    /// `nil` where all lengths are the same.
    public var skewness: Double?
    public var skewnessError: Double?
    /// The middles of the bins, in Å.
    public var radii: [Double]
    /// The share of bonds per Å.
    public var density: [Double]
    /// Its standard error, or empty.
    public var densityError: [Double]
  }

  public let parameters: BondLengths
  let cutoffSetting: AnalysisSetting
  public let distributions: [Distribution]
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  public var analysis: String { BondLengths.descriptor.name }
  public var convention: String { BondLengths.descriptor.convention }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("pairs", distributions.map(\.pair.description).joined(separator: ",")), cutoffSetting,
      AnalysisSetting("bin-width", "\(brief(parameters.binWidth)) A"),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  /// The distribution of a pair, in either order.
  public subscript(pair: SpeciesPair) -> Distribution? {
    distributions.first { $0.pair == pair || $0.pair == pair.reversed }
  }

  /// The bins of a distribution between the first and the last with bonds, and one more on both sides.
  private func shown(_ entry: Distribution) -> Range<Int> {
    guard let first = entry.density.firstIndex(where: { $0 > 0 }), let last = entry.density.lastIndex(where: { $0 > 0 }) else {
      return 0..<0
    }
    return max(0, first - 1)..<min(entry.density.count, last + 2)
  }

  public var tables: [DataTable] {
    let rows = distributions.flatMap { entry in shown(entry).map { (entry, $0) } }
    return [
      DataTable(
        name: "bond-lengths", title: "Bond lengths",
        columns: [
          DataTable.Column("pair", distributions.map(\.pair.description)),
          DataTable.Column("mean", unit: "A", distributions.map(\.mean)),
          DataTable.Column("mean_error", unit: "A", distributions.map { $0.meanError ?? .nan }),
          DataTable.Column("width", unit: "A", distributions.map(\.width)),
          DataTable.Column("width_error", unit: "A", distributions.map { $0.widthError ?? .nan }),
          DataTable.Column("skewness", distributions.map { $0.skewness ?? .nan }),
          DataTable.Column("skewness_error", distributions.map { $0.skewnessError ?? .nan }),
          DataTable.Column("bonds", distributions.map(\.bondsPerFrame)),
          DataTable.Column("cutoff", unit: "A", distributions.map(\.cutoff)),
        ]),
      DataTable(
        name: "bond-length-distributions", title: "Distributions of bond lengths",
        columns: [
          DataTable.Column("pair", rows.map(\.0.pair.description)), DataTable.Column("r", unit: "A", rows.map { $0.0.radii[$0.1] }),
          DataTable.Column("p", unit: "1/A", rows.map { $0.0.density[$0.1] }),
          DataTable.Column("p_error", unit: "1/A", rows.map { $0.0.densityError.isEmpty ? .nan : $0.0.densityError[$0.1] }),
        ]),
    ]
  }

  public var figures: [FigureDescription] {
    [
      FigureDescription(
        name: "bond-lengths", title: "Bond lengths", x: FigureDescription.Axis(label: "r", unit: "A"),
        y: FigureDescription.Axis(label: "p(r)", unit: "1/A"),
        series: distributions.map { entry in
          let bins = shown(entry)
          return FigureDescription.Series(
            label: entry.pair.description, x: Array(entry.radii[bins]), y: Array(entry.density[bins]),
            error: entry.densityError.isEmpty ? [] : bins.map { min(entry.densityError[$0], entry.density[$0]) }, style: .steps)
        })
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func optional(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    return [
      (
        "pairs",
        .object(
          distributions.map { entry in
            (
              entry.pair.description,
              .object([
                ("mean_A", .number(entry.mean)), ("mean_error_A", optional(entry.meanError)), ("width_A", .number(entry.width)),
                ("width_error_A", optional(entry.widthError)), ("skewness", optional(entry.skewness)),
                ("skewness_error", optional(entry.skewnessError)), ("bonds_per_frame", .number(entry.bondsPerFrame)),
                ("cutoff_A", .number(entry.cutoff)),
              ])
            )
          })
      )
    ]
  }
}
