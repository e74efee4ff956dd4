import Structures

/// What ``MobilityAnalysis`` gives.
public struct MobilityResult: AnalysisResult {
  static let bins = 100

  /// What the atoms of one species do.
  public struct Species: Sendable {
    public let label: String
    let rows: Range<Int>
    /// The share of mobile atoms, the mean over all time origins.
    public let share: Double
    /// Its standard error over blocks of time no shorter than the interval, or `nil` for fewer than four of these.
    public let shareError: Double?
    let timeBlocks: Int
    /// The share in a normal distribution with the same mean square.
    public let gaussianShare: Double
    /// In Å, over the interval.
    public let meanDisplacement: Double
    /// In Å², over the interval.
    public let meanSquare: Double
    /// The share of mobile atoms from each time origin of the series on.
    public let series: [Double]
    /// For each atom the share of time origins from which it is mobile.
    public let shareOfTime: [Double]
    /// For each atom the mean displacement over the interval in Å.
    public let meanDisplacements: [Double]
    /// For each atom the displacement from the first frame to the last in Å.
    public let totalDisplacements: [Double]
    /// The probability density of the displacement over the interval in 1/Å.
    public let density: [Double]
    /// The share of atoms that have stayed, for each lag of chi4.
    public let overlap: [Double]
    public let chi4: [Double]
    public let chi4Error: [Double?]
    /// In frames, and its height; `nil` where chi4 is highest at an end of a quarter of the run.
    public let chi4Peak: (lag: Double, height: Double)?
    let clusters: [MobileClusters]
    /// Pairs of mobile neighbours over those of atoms drawn at random; `nil` where there are never two mobile atoms.
    public let clustering: Double?
    public let clusteringError: Double?
  }

  public let parameters: MobilityAnalysis
  public let labels: [String]
  public let species: [Species]
  let plan: MobilityCounts.Plan
  /// In ps.
  public let frameInterval: Double
  public let frameCount: Int
  let identifiers: [Int]
  /// Frames at the beginning of intervals, with the columns `moved_A` and `mobile`.
  public let labelledFrames: [Frame]
  let range: Double
  let trackWarnings: [String]

  public var analysis: String { MobilityAnalysis.descriptor.name }
  public var convention: String { MobilityAnalysis.descriptor.convention }

  public subscript(label: String) -> Species? { species.first { $0.label == label } }

  /// The lags of chi4 in frames.
  public var overlapLags: [Int] { plan.overlapLags }

  /// The interval as used, in ps.
  public var interval: Double { Double(plan.lag) * frameInterval }

  public var settings: [AnalysisSetting] {
    parameters.tracks.described(labels: labels, interval: frameInterval) + [
      AnalysisSetting("distance", "\(brief(parameters.distance)) A"),
      AnalysisSetting("interval", "\(brief(interval)) ps, \(plan.lag) frames"),
      AnalysisSetting("cutoff", "\(brief(parameters.cutoff)) A"), AnalysisSetting("overlap", "\(brief(parameters.overlap)) A"),
      AnalysisSetting("origins", "share: all; series and chi4: every \(plan.stride) frames; labelled frames: \(plan.instants.count)"),
    ]
  }

  public var warnings: [String] {
    var warnings = trackWarnings
    for part in species where part.shareError == nil {
      warnings.append("\(part.label): fewer than four intervals in the run; the share of mobile atoms has no error")
    }
    for part in species where part.share == 0 {
      warnings.append("\(part.label): no atom is mobile; give a shorter distance or a longer interval")
    }
    return warnings
  }

  public var files: [AnalysisFile] {
    guard !labelledFrames.isEmpty else { return [] }
    return [
      AnalysisFile(
        name: "mobility", title: "Displacements over the next \(brief(interval)) ps in the column moved_A, mobile atoms marked in mobile",
        contents: .frames(labelledFrames))
    ]
  }

  /// One row a species.
  private var shares: DataTable {
    func column(_ name: String, _ unit: String = "", _ value: (Species) -> Double?) -> DataTable.Column {
      DataTable.Column(name, unit: unit, species.map { value($0) ?? .nan })
    }
    return DataTable(
      name: "mobility", title: "Atoms that move \(brief(parameters.distance)) Å in \(brief(interval)) ps, and whether they have company",
      columns: [
        DataTable.Column("species", species.map(\.label)), column("mobile_share") { $0.share },
        column("mobile_share_error") { $0.shareError }, column("gaussian_share") { $0.gaussianShare },
        column("clustering") { $0.clustering }, column("clustering_error") { $0.clusteringError },
        column("chi4_peak_time", "ps") { $0.chi4Peak.map { $0.lag * frameInterval } }, column("chi4_peak") { $0.chi4Peak?.height },
      ])
  }

  public var tables: [DataTable] {
    let number = species.first?.series.count ?? 0
    let radii = (0..<Self.bins).map { (Double($0) + 0.5) * range / Double(Self.bins) }
    let lags = plan.overlapLags
    return [
      shares,
      DataTable(
        name: "mobility-atoms", title: "Mobility of each atom",
        columns: [
          DataTable.Column("atom", species.flatMap { part in part.rows.map { Double(identifiers[$0]) } }),
          DataTable.Column("species", species.flatMap { part in part.rows.map { _ in part.label } }),
          DataTable.Column("mean_displacement", unit: "A", species.flatMap(\.meanDisplacements)),
          DataTable.Column("share_of_time_mobile", species.flatMap(\.shareOfTime)),
          DataTable.Column("displacement_first_to_last", unit: "A", species.flatMap(\.totalDisplacements)),
        ]),
      DataTable(
        name: "mobility-series", title: "Share of mobile atoms over time",
        columns: [DataTable.Column("time", unit: "ps", (0..<number).map { Double($0 * plan.stride) * frameInterval })]
          + species.map { DataTable.Column("share_\($0.label)", $0.series) }),
      DataTable(
        name: "mobility-distribution", title: "Displacements over the interval",
        columns: [DataTable.Column("displacement", unit: "A", radii)]
          + species.map { DataTable.Column("density_\($0.label)", unit: "1/A", $0.density) }),
      DataTable(
        name: "mobility-chi4", title: "Overlap and four-point susceptibility",
        columns: [
          DataTable.Column("lag", unit: "frames", lags.map(Double.init)),
          DataTable.Column("time", unit: "ps", lags.map { Double($0) * frameInterval }),
        ]
          + species.flatMap { part -> [DataTable.Column] in
            [DataTable.Column("overlap_\(part.label)", part.overlap), DataTable.Column("chi4_\(part.label)", part.chi4)]
              + (!part.chi4Error.contains { $0 == nil }
                ? [DataTable.Column("chi4_\(part.label)_error", part.chi4Error.map { $0 ?? 0 })] : [])
          }),
    ]
  }
}
