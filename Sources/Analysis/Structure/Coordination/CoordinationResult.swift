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
  /// The shares of all pairs over time, one pair after the other.
  let history: FrameHistory
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

  /// The mean coordination numbers of a pair over time, and the shares of each number that occurs.
  private func overTime(_ index: Int) -> (mean: [Double], shares: [(number: Int, values: [Double])]) {
    let width = CoordinationAccumulator.mostNeighbors + 1
    let entries = history.means.map { $0[index * width..<(index + 1) * width] }
    let mean = entries.map { entry in zip(0..<width, entry).reduce(0) { $0 + Double($1.0) * $1.1 } }
    let present = distributions[index].shares.indices.filter { distributions[index].shares[$0] > 0 }
    return (mean, present.map { number in (number, entries.map { $0[$0.startIndex + number] }) })
  }

  private var timeTable: DataTable {
    let time = history.meanTimes.map { [DataTable.Column("time", unit: "ps", $0)] } ?? []
    return DataTable(
      name: "coordination-time",
      title: history.stride == 1 ? "Coordination over time" : "Coordination over time, means over \(history.stride) frames each",
      columns: [DataTable.Column("frame", history.frames)] + time
        + distributions.indices.flatMap { index in
          let (mean, shares) = overTime(index)
          let pair = distributions[index].pair
          return [DataTable.Column("mean \(pair)", mean)]
            + shares.map { DataTable.Column("share [\($0.number)]\(pair.center) (\(pair))", $0.values) }
        })
  }

  private var timeFigures: [FigureDescription] {
    guard history.count > 1 else { return [] }
    let axis =
      history.meanTimes == nil
      ? FigureDescription.Axis(label: "frame") : FigureDescription.Axis(label: "time", unit: "ps")
    let x = history.meanTimes ?? history.frames
    var means: [FigureDescription.Series] = []
    var shares: [(change: Double, series: FigureDescription.Series)] = []
    for (index, entry) in distributions.enumerated() {
      let course = overTime(index)
      means.append(FigureDescription.Series(label: entry.pair.description, x: x, y: course.mean))
      for (number, values) in course.shares {
        let series = FigureDescription.Series(label: "^{[\(number)]}\(entry.pair.center) (\(entry.pair))", x: x, y: values)
        // Shares that hardly occur, or hardly anything else does, would only fill the figure.
        let change = min(values.max() ?? 0, 1 - (values.min() ?? 0))
        if change > 0.01 { shares.append((change, series)) }
      }
    }
    let chosen = Set(shares.indices.sorted { shares[$0].change > shares[$1].change }.prefix(8))
    var figures = [
      FigureDescription(
        name: "coordination-time", title: "Mean coordination numbers over time", x: axis,
        y: FigureDescription.Axis(label: "mean coordination number"), series: means)
    ]
    if !chosen.isEmpty {
      figures.append(
        FigureDescription(
          name: "coordination-shares-time", title: "Shares of coordination numbers over time", x: axis,
          y: FigureDescription.Axis(label: "share of atoms"), series: shares.indices.filter(chosen.contains).map { shares[$0].series }))
    }
    return figures
  }

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
        ]), timeTable,
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
    ] + timeFigures
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
