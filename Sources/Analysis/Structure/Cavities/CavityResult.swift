import NumericalMethods
import Structures

/// What ``CavityAnalysis`` gives.
public struct CavityResult: AnalysisResult {
  public typealias Value = VoronoiResult.Value

  /// A cavity or channel of the last frame.
  public struct Cavity: Sendable {
    /// Where the middle of the probe can be, in Å³.
    public var accessibleVolume: Double
    /// What the probe fills, in Å³.
    public var occupiableVolume: Double
    /// 0 for a closed cavity, else the number of directions in which it goes on for ever.
    public var dimension: Int
    /// The radius of the largest sphere at a grid point in it, in Å, and that point.
    public var radius: Double
    public var center: Vector3
  }

  public let parameters: CavityAnalysis
  let kinds: [Species]
  /// Fractions of the volume of the cell.
  public let free, accessible, accessibleInChannels, occupiable, occupiableInChannels: Value
  /// Numbers in the cell.
  public let closedCavities, channels: Value
  /// The share of frames in which the probe travels in at least 1, 2 and 3 directions.
  public let percolation: [Value]
  /// The radius of the largest sphere between the atoms, in Å.
  public let largestSphere: Value
  /// The radii of the largest spheres that travel in at least 1, 2 and 3 directions, in Å; 0 where none does.
  public let travellingSpheres: [Value]
  /// The share of the volume that is farther from all atoms than 0, 0.05, 0.1 … Å.
  public let survival: [Double]
  public let survivalErrors: [Double]
  /// Of the last frame, the largest first, at most 1000.
  public let cavities: [Cavity]
  /// The middle of the largest sphere of the last frame.
  public let largestSphereCenter: Vector3
  let grid: VolumetricGrid
  let configuration: Configuration
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?

  public var analysis: String { CavityAnalysis.descriptor.name }
  public var convention: String { CavityAnalysis.descriptor.convention }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("radii", parameters.radii.settings(of: kinds)), AnalysisSetting("probe", "\(brief(parameters.probe)) A"),
      AnalysisSetting("spacing", "\(brief(parameters.spacing)) A (\(grid.size.x) x \(grid.size.y) x \(grid.size.z) points)"),
      AnalysisSetting("species", kinds.map(\.label).joined(separator: ",")),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  public var warnings: [String] {
    parameters.probe > 0 && parameters.probe < 2 * parameters.spacing
      ? ["the probe is smaller than two steps of the grid: narrow ways may be missed; give a spacing of at most half its radius"] : []
  }

  /// Name, unit, value and what it says.
  private var values: [(name: String, unit: String, value: Value)] {
    [
      ("free_fraction", "", free), ("accessible_fraction", "", accessible), ("accessible_in_channels_fraction", "", accessibleInChannels),
      ("occupiable_fraction", "", occupiable), ("occupiable_in_channels_fraction", "", occupiableInChannels),
      ("closed_cavities", "", closedCavities), ("channels", "", channels), ("percolates_1d", "", percolation[0]),
      ("percolates_2d", "", percolation[1]), ("percolates_3d", "", percolation[2]), ("largest_sphere_radius", "A", largestSphere),
      ("travelling_sphere_radius_1d", "A", travellingSpheres[0]), ("travelling_sphere_radius_2d", "A", travellingSpheres[1]),
      ("travelling_sphere_radius_3d", "A", travellingSpheres[2]),
    ]
  }

  private var distances: [Double] { survival.indices.map { Double($0) * CavityAccumulator.step } }

  /// Up to the last distance that any point has.
  private var shown: Range<Int> { 0..<min(survival.count, (survival.lastIndex { $0 > 0 } ?? 0) + 2) }

  public var tables: [DataTable] {
    [
      DataTable(
        name: "cavities", title: "Free volume and cavities",
        columns: [
          DataTable.Column("quantity", values.map(\.name)), DataTable.Column("unit", values.map(\.unit)),
          DataTable.Column("value", values.map(\.value.mean)), DataTable.Column("error", values.map { $0.value.error ?? .nan }),
        ]),
      DataTable(
        name: "cavities-list", title: "Cavities and channels of the last frame, the largest first",
        columns: [
          DataTable.Column("accessible_volume", unit: "A3", cavities.map(\.accessibleVolume)),
          DataTable.Column("occupiable_volume", unit: "A3", cavities.map(\.occupiableVolume)),
          DataTable.Column("dimension", cavities.map { Double($0.dimension) }),
          DataTable.Column("largest_sphere_radius", unit: "A", cavities.map(\.radius)),
          DataTable.Column("x", unit: "A", cavities.map(\.center.x)), DataTable.Column("y", unit: "A", cavities.map(\.center.y)),
          DataTable.Column("z", unit: "A", cavities.map(\.center.z)),
        ]),
      DataTable(
        name: "cavities-distances", title: "Share of the volume farther from all atoms than a distance",
        columns: [
          DataTable.Column("distance", unit: "A", shown.map { distances[$0] }), DataTable.Column("share", Array(survival[shown])),
          DataTable.Column("share_error", survivalErrors.isEmpty ? shown.map { _ in .nan } : Array(survivalErrors[shown])),
        ]),
    ]
  }

  public var figures: [FigureDescription] {
    [
      FigureDescription(
        name: "cavities-distances", title: "Room for a point at a distance from all surfaces",
        x: FigureDescription.Axis(label: "distance to the nearest surface", unit: "Å"),
        y: FigureDescription.Axis(label: "share of the volume", isLogarithmic: true),
        series: [
          FigureDescription.Series(
            label: "", x: shown.map { distances[$0] }, y: shown.map { survival[$0] > 0 ? survival[$0] : .nan }, style: .line)
        ],
        markers: [FigureDescription.Marker(x: parameters.probe, label: "probe")]),
      FigureDescription(
        name: "cavities-volumes", title: "Cavities of the last frame by rank",
        x: FigureDescription.Axis(label: "rank by accessible volume"),
        y: FigureDescription.Axis(label: "occupiable volume", unit: "Å^{3}", isLogarithmic: true),
        series: [true, false].compactMap { isChannel in
          let ranks = cavities.indices.filter { (cavities[$0].dimension > 0) == isChannel }
          guard !ranks.isEmpty else { return nil }
          return FigureDescription.Series(
            label: isChannel ? "channels" : "closed cavities", x: ranks.map { Double($0 + 1) },
            y: ranks.map { cavities[$0].occupiableVolume },
            style: .points)
        }),
    ].filter { !$0.series.isEmpty }
  }

  public var files: [AnalysisFile] {
    [
      AnalysisFile(
        name: "cavities-distance", title: "Distance to the nearest surface in the last frame, negative inside atoms",
        contents: .grid(grid, configuration))
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    var summary: [(key: String, value: SummaryValue)] = []
    for entry in values {
      let unit = entry.unit.isEmpty ? "" : "_" + entry.unit
      summary.append((entry.name + unit, .number(entry.value.mean)))
      summary.append((entry.name + "_error" + unit, entry.value.error.map { .number($0) } ?? .null))
    }
    return summary + [
      ("probe_radius_A", .number(parameters.probe)), ("spacing_A", .number(parameters.spacing)),
      (
        "largest_cavities",
        .array(
          cavities.prefix(20).map { cavity in
            .object([
              ("accessible_volume_A3", .number(cavity.accessibleVolume)), ("occupiable_volume_A3", .number(cavity.occupiableVolume)),
              ("dimension", .integer(cavity.dimension)), ("largest_sphere_radius_A", .number(cavity.radius)),
              ("center_A", .numbers([cavity.center.x, cavity.center.y, cavity.center.z])),
            ])
          })
      ),
    ]
  }
}
