import Structures

/// What ``BondAngles`` gives.
public struct BondAngleResult: AnalysisResult {
  /// The angles of one triple.
  public struct Distribution: Sendable {
    public var triple: SpeciesTriple
    public var anglesPerFrame: Double
    /// The mean angle and its standard error, in degrees; no error where there are too few frames.
    public var mean: Double
    public var meanError: Double?
    /// The standard deviation, in degrees.
    public var width: Double
    public var widthError: Double?
    /// Per degree, one a bin; divided by sin(theta) where that was asked for.
    public var density: [Double]
    /// Its standard error, or empty.
    public var densityError: [Double]
  }

  public let parameters: BondAngles
  let cutoffSetting: AnalysisSetting
  /// The middles of the bins, in degrees.
  public let angles: [Double]
  public let distributions: [Distribution]
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  public var analysis: String { BondAngles.descriptor.name }
  public var convention: String { BondAngles.descriptor.convention }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("triples", distributions.map(\.triple.description).joined(separator: ",")), cutoffSetting,
      AnalysisSetting("bin-width", "\(brief(180 / Double(angles.count))) degrees"),
      AnalysisSetting("sine-correction", String(parameters.sineCorrection)),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  /// The distribution of a triple, in either direction.
  public subscript(triple: SpeciesTriple) -> Distribution? {
    distributions.first { $0.triple == triple || $0.triple == triple.reversed }
  }

  public var tables: [DataTable] {
    let curves = distributions.flatMap { entry in
      [DataTable.Column("p \(entry.triple)", unit: "1/deg", entry.density)]
        + (entry.densityError.isEmpty ? [] : [DataTable.Column("p_error \(entry.triple)", unit: "1/deg", entry.densityError)])
    }
    return [
      DataTable(
        name: "angles", title: "Bond angles",
        columns: [
          DataTable.Column("triple", distributions.map(\.triple.description)),
          DataTable.Column("mean", unit: "deg", distributions.map(\.mean)),
          DataTable.Column("mean_error", unit: "deg", distributions.map { $0.meanError ?? .nan }),
          DataTable.Column("width", unit: "deg", distributions.map(\.width)),
          DataTable.Column("width_error", unit: "deg", distributions.map { $0.widthError ?? .nan }),
          DataTable.Column("angles", distributions.map(\.anglesPerFrame)),
        ]),
      DataTable(
        name: "angle-distributions", title: "Distributions of bond angles",
        columns: [DataTable.Column("theta", unit: "deg", angles)] + curves),
    ]
  }

  public var figures: [FigureDescription] {
    let first = distributions.compactMap { $0.density.firstIndex { $0 > 0 } }.min() ?? 0
    let last = distributions.compactMap { $0.density.lastIndex { $0 > 0 } }.max() ?? 0
    let shown = max(0, angles[first] - 4)...min(180, angles[last] + 4)
    let label = parameters.sineCorrection ? "p(θ) / sin θ" : "p(θ)"
    return [
      FigureDescription(
        name: "angles", title: "Bond angles", x: FigureDescription.Axis(label: "θ", unit: "°", range: shown),
        y: FigureDescription.Axis(label: label, unit: "1/°"),
        series: distributions.map { entry in
          FigureDescription.Series(
            label: entry.triple.description, x: angles, y: entry.density, error: zip(entry.densityError, entry.density).map { min($0, $1) },
            style: .line)
        })
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func optional(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    return [
      (
        "triples",
        .object(
          distributions.map { entry in
            (
              entry.triple.description,
              .object([
                ("mean_deg", .number(entry.mean)), ("mean_error_deg", optional(entry.meanError)), ("width_deg", .number(entry.width)),
                ("width_error_deg", optional(entry.widthError)), ("angles_per_frame", .number(entry.anglesPerFrame)),
                ("peak_deg", entry.density.indices.max { entry.density[$0] < entry.density[$1] }.map { .number(angles[$0]) } ?? .null),
              ])
            )
          })
      )
    ]
  }
}
