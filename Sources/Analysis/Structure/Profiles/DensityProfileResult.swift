import Structures

/// What ``DensityProfile`` gives.
public struct DensityProfileResult: AnalysisResult {
  /// One value a layer.
  public struct Curve: Sendable {
    public var values: [Double]
    /// The standard error of each value, or empty.
    public var errors: [Double]
  }

  /// The profile of one species.
  public struct Species: Sendable {
    public var label: String
    /// Atoms per Å³.
    public var number: Curve
    /// The share of the layer's atoms; not a number where the layer has none.
    public var concentration: Curve
  }

  public let parameters: DensityProfile
  public let axis: String
  /// The mean thickness of the cell in Å.
  public let length: Double
  /// The middle of each layer in Å, along the normal from the corner of the cell.
  public let positions: [Double]
  public let species: [Species]
  /// Atoms per Å³ of all species taken.
  public let total: Curve
  /// In g/cm³.
  public let mass: Curve
  /// In e/Å³; `nil` where the file has no charges.
  public let charge: Curve?
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  public var analysis: String { DensityProfile.descriptor.name }
  public var convention: String { DensityProfile.descriptor.convention }
  /// The width of a layer in Å.
  public var binWidth: Double { length / Double(positions.count) }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("axis", axis),
      AnalysisSetting("bin-width", "\(brief((binWidth * 1e6).rounded() / 1e6)) A (\(positions.count) layers)"),
      AnalysisSetting("species", species.map(\.label).joined(separator: ",")),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  public var tables: [DataTable] {
    var columns = [DataTable.Column("position", unit: "A", positions)]
    func add(_ name: String, _ unit: String, _ curve: Curve) {
      columns.append(DataTable.Column(name, unit: unit, curve.values))
      if !curve.errors.isEmpty { columns.append(DataTable.Column(name + "_error", unit: unit, curve.errors)) }
    }
    for entry in species { add("n_\(entry.label)", "1/A3", entry.number) }
    add("n", "1/A3", total)
    for entry in species { add("c_\(entry.label)", "", entry.concentration) }
    add("density", "g/cm3", mass)
    if let charge { add("charge", "e/A3", charge) }
    return [DataTable(name: "profile", title: "Profiles along \(axis)", columns: columns)]
  }

  public var figures: [FigureDescription] {
    func figure(_ name: String, _ title: String, _ label: String, _ unit: String, _ curves: [(String, Curve)]) -> FigureDescription {
      FigureDescription(
        name: name, title: "\(title) along \(axis)",
        x: FigureDescription.Axis(label: "position along \(axis)", unit: "Å", range: 0...length),
        y: FigureDescription.Axis(label: label, unit: unit),
        series: curves.map { FigureDescription.Series(label: $0.0, x: positions, y: $0.1.values) })
    }
    var figures = [
      figure("profile", "Number densities", "atoms per volume", "Å^{-3}", species.map { ($0.label, $0.number) }),
      figure("profile-concentration", "Concentrations", "share of atoms", "", species.map { ($0.label, $0.concentration) }),
      figure("profile-density", "Density", "density", "g/cm^{3}", [("", mass)]),
    ]
    if let charge { figures.append(figure("profile-charge", "Charge density", "charge per volume", "e/Å^{3}", [("", charge)])) }
    return figures
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func described(_ curve: Curve) -> SummaryValue {
      let known = curve.values.filter(\.isFinite)
      return .object([
        ("mean", .number(known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count))), ("least", .number(known.min() ?? .nan)),
        ("most", .number(known.max() ?? .nan)),
      ])
    }
    var values: [(key: String, value: SummaryValue)] = [
      ("axis", .text(axis)), ("length_A", .number(length)), ("bin_width_A", .number(binWidth)), ("position_A", .numbers(positions)),
      ("density_g_per_cm3", .numbers(mass.values)), ("density_range_g_per_cm3", described(mass)),
      (
        "species",
        .object(
          species.map {
            (
              $0.label,
              .object([
                ("number_density_1_per_A3", described($0.number)), ("concentration", described($0.concentration)),
                ("concentration_profile", .numbers($0.concentration.values)),
              ])
            )
          })
      ),
    ]
    if let charge { values.append(("charge_density_e_per_A3", described(charge))) }
    return values
  }
}
