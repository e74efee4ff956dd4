import Structures

/// What ``VoronoiAnalysis`` gives.
public struct VoronoiResult: AnalysisResult {
  /// A mean and its standard error, `nil` where there are too few frames.
  public struct Value: Sendable {
    public var mean: Double
    public var error: Double?
  }

  /// The cells of one species.
  public struct Entry: Sendable {
    public var species: String
    /// In Å³.
    public var volume: Value
    /// The standard deviation of the volumes of atoms, in Å³.
    public var volumeSpread: Value
    /// In Å².
    public var surface: Value
    public var coordination: Value
    /// The part of the cell that belongs to the species.
    public var volumeShare: Value
    /// Coordination by each species, in the order of the entries.
    public var coordinationBySpecies: [Value]
    /// The share of atoms with 0, 1, 2 … faces that count.
    public var coordinationShares: [Value]
    /// The most frequent indices and their shares of the atoms, at most 50.
    public var indices: [(index: VoronoiIndex, share: Double)]
    /// The distribution of volumes in bins from 0 on, in 1/Å³.
    public var volumeDensity: [Double]
  }

  public let parameters: VoronoiAnalysis
  let kinds: [Species]
  public let entries: [Entry]
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  /// The largest relative difference between the sum of the volumes and that of the cell.
  public let worstSum: Double
  let labelled: Frame?

  public var analysis: String { VoronoiAnalysis.descriptor.name }
  public var convention: String { VoronoiAnalysis.descriptor.convention }

  /// The cells of a species.
  public subscript(species: String) -> Entry? { entries.first { $0.species == species } }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("radii", parameters.radii.map { $0.settings(of: kinds) } ?? "none"),
      AnalysisSetting("species", kinds.map(\.label).joined(separator: ",")),
      AnalysisSetting("face-threshold", brief(parameters.faceThreshold)),
      AnalysisSetting("edge-threshold", "\(brief(parameters.edgeThreshold)) A"),
      AnalysisSetting("bin-width", "\(brief(parameters.binWidth)) A3"),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  /// Whether the volumes of the cells fill the cell.
  public var meetsQualityTest: Bool { worstSum < 1e-6 }

  public var warnings: [String] {
    var warnings: [String] = []
    if !meetsQualityTest { warnings.append("the volumes of the cells differ from that of the whole by \(worstSum) of it") }
    return warnings
  }

  public var tables: [DataTable] {
    func column(_ name: String, unit: String = "", _ value: (Entry) -> Value) -> [DataTable.Column] {
      [
        DataTable.Column(name, unit: unit, entries.map { value($0).mean }),
        DataTable.Column(name + "_error", unit: unit, entries.map { value($0).error ?? .nan }),
      ]
    }
    var columns = [DataTable.Column("species", entries.map(\.species))]
    columns += column("volume", unit: "A3", \.volume) + column("volume_deviation", unit: "A3", \.volumeSpread)
    columns += column("surface", unit: "A2", \.surface) + column("volume_share", \.volumeShare) + column("coordination", \.coordination)
    for (place, entry) in entries.enumerated() { columns += column("coordination_by_\(entry.species)") { $0.coordinationBySpecies[place] } }
    let faces = entries.flatMap { entry in entry.coordinationShares.indices.map { (entry, $0) } }
    let indices = entries.flatMap { entry in entry.indices.map { (entry.species, $0) } }
    let bins = entries.map(\.volumeDensity.count).max() ?? 0
    let width = parameters.binWidth
    return [
      DataTable(name: "voronoi", title: "Voronoi cells by species", columns: columns),
      DataTable(
        name: "voronoi-coordination", title: "Shares of atoms by number of faces",
        columns: [
          DataTable.Column("species", faces.map(\.0.species)), DataTable.Column("faces", faces.map { Double($0.1) }),
          DataTable.Column("share", faces.map { $0.0.coordinationShares[$0.1].mean }),
          DataTable.Column("share_error", faces.map { $0.0.coordinationShares[$0.1].error ?? .nan }),
        ]),
      DataTable(
        name: "voronoi-indices", title: "Most frequent Voronoi indices <n3 n4 n5 n6>",
        columns: [
          DataTable.Column("species", indices.map(\.0)), DataTable.Column("index", indices.map(\.1.index.description)),
          DataTable.Column("share", indices.map(\.1.share)),
        ]),
      DataTable(
        name: "voronoi-volumes", title: "Distribution of the volumes of Voronoi cells",
        columns: [DataTable.Column("volume", unit: "A3", (0..<bins).map { (Double($0) + 0.5) * width })]
          + entries.map { entry in
            DataTable.Column(
              "density_\(entry.species)", unit: "1/A3",
              (0..<bins).map { $0 < entry.volumeDensity.count ? entry.volumeDensity[$0] : 0 })
          }),
    ]
  }

  public var figures: [FigureDescription] {
    let width = parameters.binWidth
    return [
      FigureDescription(
        name: "voronoi-volumes", title: "Volumes of Voronoi cells", x: FigureDescription.Axis(label: "volume", unit: "Å^{3}"),
        y: FigureDescription.Axis(label: "probability density", unit: "Å^{-3}"),
        series: entries.map { entry in
          // From the bin before the first cell to that behind the last.
          let first = max(0, (entry.volumeDensity.firstIndex { $0 > 0 } ?? 0) - 1)
          let bins = Array(first..<entry.volumeDensity.count + 1)
          return FigureDescription.Series(
            label: entry.species, x: bins.map { (Double($0) + 0.5) * width },
            y: bins.map { $0 < entry.volumeDensity.count ? entry.volumeDensity[$0] : 0 }, style: .steps)
        }),
      FigureDescription(
        name: "voronoi-coordination", title: "Faces of Voronoi cells", x: FigureDescription.Axis(label: "number of faces"),
        y: FigureDescription.Axis(label: "share of atoms"),
        series: entries.map { entry in
          let first = entry.coordinationShares.firstIndex { $0.mean > 0 } ?? 0
          let numbers = Array(first..<entry.coordinationShares.count)
          return FigureDescription.Series(
            label: entry.species, x: numbers.map { Double($0) }, y: numbers.map { entry.coordinationShares[$0].mean },
            error: blocks == nil ? [] : numbers.map { entry.coordinationShares[$0].error ?? .nan }, style: .bars)
        }),
    ]
  }

  public var files: [AnalysisFile] {
    labelled.map { [AnalysisFile(name: "voronoi-cells", title: "Voronoi cells of the last frame", contents: .frames([$0]))] } ?? []
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    let species = entries.map { entry -> (key: String, value: SummaryValue) in
      let shares = entry.coordinationShares
      return (
        entry.species,
        .object([
          ("volume_A3", .number(entry.volume.mean)), ("volume_error_A3", number(entry.volume.error)),
          ("volume_deviation_A3", .number(entry.volumeSpread.mean)), ("volume_share", .number(entry.volumeShare.mean)),
          ("surface_A2", .number(entry.surface.mean)), ("surface_error_A2", number(entry.surface.error)),
          ("coordination", .number(entry.coordination.mean)), ("coordination_error", number(entry.coordination.error)),
          (
            "coordination_by_species",
            .object(zip(entries, entry.coordinationBySpecies).map { ($0.species, .number($1.mean)) })
          ),
          ("distribution", .object(shares.indices.filter { shares[$0].mean > 0 }.map { (String($0), .number(shares[$0].mean)) })),
          ("indices", .object(entry.indices.prefix(10).map { ($0.index.description, .number($0.share)) })),
        ])
      )
    }
    return [("species", .object(species)), ("volume_sum_relative_error", .number(worstSum))]
  }
}
