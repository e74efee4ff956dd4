import Structures

/// What ``CoordinationNumbers`` gives.
public struct CoordinationResult: AnalysisResult {
  /// The coordination numbers of one pair.
  public struct Distribution: Sendable {
    public var pair: SpeciesPair
    /// In Å.
    public var cutoff: Double
    /// The mean coordination number.
    public var mean: Double
    /// Its standard error, or `nil` where there are too few frames.
    public var meanError: Double?
    /// The share of the centres with 0, 1, 2 … neighbours.
    public var shares: [Double]
    /// The standard error of each share, or empty.
    public var errors: [Double]

    /// The share of centres with a number of neighbours.
    public func share(_ number: Int) -> Double { shares.indices.contains(number) ? shares[number] : 0 }
  }

  public let parameters: CoordinationNumbers
  public let distributions: [Distribution]
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  public var analysis: String { CoordinationNumbers.descriptor.name }
  public var convention: String { CoordinationNumbers.descriptor.convention }

  public var settings: [AnalysisSetting] {
    let cutoffs = distributions.map { "\($0.pair)=\(brief(($0.cutoff * 1e4).rounded() / 1e4))" }.joined(separator: ",")
    let automatic = if case .automatic = parameters.cutoffs { " A (auto: first minima of g(r))" } else { " A" }
    return [
      AnalysisSetting("pairs", distributions.map(\.pair.description).joined(separator: ",")),
      AnalysisSetting("cutoff", cutoffs + automatic),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  /// The distribution of a pair, centre first.
  public subscript(pair: SpeciesPair) -> Distribution? { distributions.first { $0.pair == pair } }

  public var tables: [DataTable] {
    let rows = distributions.flatMap { entry in entry.shares.indices.map { (entry, $0) } }
    return [
      DataTable(
        name: "coordination", title: "Distributions of coordination numbers",
        columns: [
          DataTable.Column("pair", rows.map(\.0.pair.description)), DataTable.Column("name", rows.map { "[\($0.1)]\($0.0.pair.center)" }),
          DataTable.Column("number", rows.map { Double($0.1) }), DataTable.Column("share", rows.map { $0.0.shares[$0.1] }),
          DataTable.Column("share_error", rows.map { $0.0.errors.isEmpty ? .nan : $0.0.errors[$0.1] }),
        ]),
      DataTable(
        name: "coordination-means", title: "Mean coordination numbers",
        columns: [
          DataTable.Column("pair", distributions.map(\.pair.description)),
          DataTable.Column("cutoff", unit: "A", distributions.map(\.cutoff)), DataTable.Column("mean", distributions.map(\.mean)),
          DataTable.Column("mean_error", distributions.map { $0.meanError ?? .nan }),
        ]),
    ]
  }

  public var figures: [FigureDescription] {
    [
      FigureDescription(
        name: "coordination", title: "Coordination numbers", x: FigureDescription.Axis(label: "coordination number"),
        y: FigureDescription.Axis(label: "share of atoms", range: 0...1),
        series: distributions.map { entry in
          FigureDescription.Series(
            label: entry.pair.description, x: entry.shares.indices.map { Double($0) }, y: entry.shares, error: entry.errors, style: .bars)
        })
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let pairs = distributions.map { entry -> (key: String, value: SummaryValue) in
      let present = entry.shares.indices.filter { entry.shares[$0] > 0 }
      return (
        entry.pair.description,
        .object([
          ("mean", .number(entry.mean)), ("mean_error", entry.meanError.map { .number($0) } ?? .null),
          ("distribution", .object(present.map { (String($0), .number(entry.shares[$0])) })),
          ("distribution_error", .object(entry.errors.isEmpty ? [] : present.map { (String($0), .number(entry.errors[$0])) })),
          ("shares", .object(present.map { ("[\($0)]\(entry.pair.center)", .number(entry.shares[$0])) })),
          ("cutoff_A", .number(entry.cutoff)),
        ])
      )
    }
    return [("pairs", .object(pairs))]
  }
}
