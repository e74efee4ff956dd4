import Structures

/// What ``Disorder`` gives.
public struct DisorderResult: AnalysisResult {
  /// Where crystal and glass meet.
  public struct Interface: Sendable {
    /// The middle of the step of F, in Å.
    public var position: Double
    public var positionError: Double?
    /// From 10 to 90 % of the step, in Å; the thickness of the slab is in it.
    public var width: Double
    public var widthError: Double?
    /// Whether the glass lies behind it, going up along the axis.
    public var risesToGlass: Bool
  }

  /// A stretch of the axis.
  public struct Region: Sendable {
    /// 0 crystal, 1 interface, 2 glass; -1 empty space.
    public var kind: Int
    /// In Å; greater than ``to`` where the region runs over the edge of the cell.
    public var from: Double
    public var to: Double
    public var thickness: Double
    /// The mean F of its slabs; not a number where none has its middle there.
    public var disorder: Double

    public var name: String { AnalysisRegion.names.indices.contains(kind) ? AnalysisRegion.names[kind] : "empty" }
  }

  public let parameters: Disorder
  public let axis: String
  /// The mean thickness of the cell in Å.
  public let length: Double
  /// As used, in Å.
  public let slabWidth: Double
  public let step: Double
  /// Points of the grid in the plane.
  let grid: SIMD2<Int>
  /// The middle of each slab in Å.
  public let positions: [Double]
  /// F of each slab; not a number where it is empty.
  public let disorder: [Double]
  /// The standard error of F, or empty.
  public let errors: [Double]
  /// The mean number of atoms of each slab.
  public let atoms: [Double]
  public let regions: [Region]
  public let interfaces: [Interface]
  /// How many Bragg peaks (of opposite wave vectors one) F sums over.
  public let peaks: Int
  /// Where the most ordered slab is, in Å; `nil` where a file is the reference.
  public let referencePosition: Double?
  /// The first frame with the columns `region` and `disorder`.
  public let labelled: Frame
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  public var analysis: String { Disorder.descriptor.name }
  public var convention: String { Disorder.descriptor.convention }

  public var settings: [AnalysisSetting] {
    func length(_ value: Double) -> String { "\(brief((value * 1e4).rounded() / 1e4)) A" }
    let reference =
      parameters.reference ?? referencePosition.map { "most-ordered (slab at \(length($0)))" } ?? "most-ordered (none stands out)"
    return [
      AnalysisSetting("axis", axis), AnalysisSetting("slab-width", length(slabWidth)), AnalysisSetting("step", length(step)),
      AnalysisSetting("grid-spacing", "\(length(parameters.gridSpacing)) (\(grid.x) x \(grid.y) points)"),
      AnalysisSetting("gaussian-width", length(parameters.gaussianWidth)),
      AnalysisSetting("peak-threshold", "\(brief(parameters.peakThreshold)) (\(peaks) peaks)"), AnalysisSetting("reference", reference),
      AnalysisSetting("crystal-below", brief(parameters.crystalBelow)), AnalysisSetting("glass-above", brief(parameters.glassAbove)),
      AnalysisSetting("species", parameters.species.isEmpty ? "all" : parameters.species.joined(separator: ",")),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  public var tables: [DataTable] {
    var columns = [DataTable.Column("position", unit: "A", positions), DataTable.Column("F", disorder)]
    if !errors.isEmpty { columns.append(DataTable.Column("F_error", errors)) }
    columns.append(DataTable.Column("atoms", atoms))
    var tables = [
      DataTable(name: "disorder", title: "Disorder profile F(Z) along \(axis)", columns: columns),
      DataTable(
        name: "disorder-regions", title: "Regions along \(axis); a region from a greater to a smaller position runs over the edge",
        columns: [
          DataTable.Column("region", regions.map(\.name)), DataTable.Column("number", regions.map { Double($0.kind + 1) }),
          DataTable.Column("from", unit: "A", regions.map(\.from)), DataTable.Column("to", unit: "A", regions.map(\.to)),
          DataTable.Column("thickness", unit: "A", regions.map(\.thickness)), DataTable.Column("F", regions.map(\.disorder)),
        ]),
    ]
    if !interfaces.isEmpty {
      tables.append(
        DataTable(
          name: "disorder-interfaces", title: "Interfaces along \(axis)",
          columns: [
            DataTable.Column("step", interfaces.map { $0.risesToGlass ? "crystal to glass" : "glass to crystal" }),
            DataTable.Column("position", unit: "A", interfaces.map(\.position)),
            DataTable.Column("position_error", unit: "A", interfaces.map { $0.positionError ?? .nan }),
            DataTable.Column("width", unit: "A", interfaces.map(\.width)),
            DataTable.Column("width_error", unit: "A", interfaces.map { $0.widthError ?? .nan }),
          ]))
    }
    return tables
  }

  public var figures: [FigureDescription] {
    let order = positions.indices.sorted { positions[$0] < positions[$1] }
    let known = disorder.filter(\.isFinite)
    let range = min(0, (known.min() ?? 0) * 1.1)...max(1.2, (known.max() ?? 1) * 1.1)
    return [
      FigureDescription(
        name: "disorder", title: "Disorder along \(axis)",
        x: FigureDescription.Axis(label: "position along \(axis)", unit: "Å", range: 0...length),
        y: FigureDescription.Axis(label: "F(Z)", range: range),
        series: [
          FigureDescription.Series(
            label: "", x: order.map { positions[$0] }, y: order.map { disorder[$0] }, error: errors.isEmpty ? [] : order.map { errors[$0] })
        ], markers: interfaces.map { FigureDescription.Marker(x: $0.position, label: "interface") })
    ]
  }

  public var files: [AnalysisFile] {
    [
      AnalysisFile(
        name: "regions", title: "First frame with region (1 crystal, 2 interface, 3 glass, 0 empty) and disorder F of each atom",
        contents: .frames([labelled]))
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let counts = labelled.columns[AnalysisRegion.regionColumn] ?? []
    return [
      ("axis", .text(axis)), ("length_A", .number(length)), ("slab_width_A", .number(slabWidth)), ("step_A", .number(step)),
      ("bragg_peaks", .integer(peaks)), ("reference_position_A", referencePosition.map { .number($0) } ?? .null),
      ("position_A", .numbers(positions)), ("F", .numbers(disorder)), ("F_error", .numbers(errors)),
      (
        "regions",
        .array(
          regions.map {
            .object([
              ("region", .text($0.name)), ("from_A", .number($0.from)), ("to_A", .number($0.to)), ("thickness_A", .number($0.thickness)),
              ("F", .number($0.disorder)),
            ])
          })
      ),
      (
        "interfaces",
        .array(
          interfaces.map {
            .object([
              ("position_A", .number($0.position)), ("position_error_A", $0.positionError.map { .number($0) } ?? .null),
              ("width_A", .number($0.width)), ("width_error_A", $0.widthError.map { .number($0) } ?? .null),
              ("to", .text($0.risesToGlass ? "glass" : "crystal")),
            ])
          })
      ),
      (
        "atoms",
        .object(
          AnalysisRegion.names.enumerated().map { index, name in (name, .integer(counts.count { $0 == Double(index + 1) })) })
      ),
    ]
  }
}
