import Structures

/// Harmonic modes as tables, figures and a summary.
public struct HarmonicModeResult: AnalysisResult {
  public let modes: HarmonicModes
  /// Labels of species, and the shares of each in each mode.
  public let labels: [String]
  public let shares: [[Double]]
  /// The standard deviation of the Gaussians of the density of states, in THz.
  public let broadening: Double
  public let settings: [AnalysisSetting]
  public let warnings: [String]
  public let frameCount = 1
  public let analysis = "modes"
  public let convention =
    "modes of the cell at its zone centre from second derivatives of the energy; negative frequencies: the energy "
    + "falls along the mode; participation ratio: (sum |e|²)² / (N sum |e|⁴); density of states: Gaussians, integral 3N"

  /// A mode with a frequency below this is motion as a whole or numerical noise, in THz.
  static let vanishing = 0.02

  /// - Parameters:
  ///   - configuration: The atoms of the modes, in their order.
  ///   - largestForce: In eV/Å, to say whether the atoms are at rest.
  ///   - settings: How the derivatives were made.
  public init(
    _ modes: HarmonicModes, of configuration: Configuration, broadening: Double = 0.3, largestForce: Double = 0,
    settings: [AnalysisSetting] = []
  ) {
    self.modes = modes
    self.broadening = broadening
    self.settings = settings + [AnalysisSetting("broadening", "\(brief(broadening)) THz (standard deviation)")]
    var labels: [String] = []
    for (species, count) in zip(configuration.species, configuration.speciesCounts) where count > 0 && !labels.contains(species.label) {
      labels.append(species.label)
    }
    let groups = configuration.types.map { type in labels.firstIndex(of: configuration.species[Int(type)].label) ?? 0 }
    shares = modes.frequencies.indices.map { modes.shares($0, groups: groups) }
    self.labels = labels
    var warnings: [String] = []
    if largestForce > 0.01 {
      warnings.append(
        "the largest force is \(brief((largestForce * 1000).rounded() / 1000)) eV/A: the atoms are at no minimum; relax them first, or "
          + "frequencies mean little")
    }
    let falling = modes.frequencies.filter { $0 < -Self.vanishing }.count
    if falling > 0 { warnings.append("the energy falls along \(falling) modes (negative frequencies): this is no minimum; relax further") }
    self.warnings = warnings
  }

  /// Whether no mode lets the energy fall.
  public var meetsQualityTest: Bool { !modes.frequencies.contains { $0 < -Self.vanishing } }

  /// Where ``density(of:)`` is given, in THz.
  public var grid: [Double] {
    let (low, high) = ((modes.frequencies.first ?? 0) - 4 * broadening, (modes.frequencies.last ?? 0) + 4 * broadening)
    let step = broadening / 4
    let first = min(0, (low / step).rounded(.down))
    return (0...max(1, Int(min(20_000, high / step - first)))).map { (first + Double($0)) * step }
  }

  /// The density of states in 1/THz, of all modes or with the shares of a species.
  public func density(of label: String? = nil) -> [Double] {
    let place = label.flatMap { labels.firstIndex(of: $0) }
    return modes.density(at: grid, width: broadening, weights: place.map { place in shares.map { $0[place] } })
  }

  public var tables: [DataTable] {
    let frequencies = modes.frequencies
    let grid = grid
    return [
      DataTable(
        name: "modes", title: "Harmonic modes",
        columns: [
          DataTable.Column("mode", frequencies.indices.map { Double($0 + 1) }), DataTable.Column("frequency", unit: "THz", frequencies),
          DataTable.Column("wavenumber", unit: "1/cm", frequencies.map { $0 * VibrationResult.wavenumberPerTerahertz }),
          DataTable.Column("participation_ratio", frequencies.indices.map { modes.participationRatio($0) }),
        ] + labels.indices.map { place in DataTable.Column("share_\(labels[place])", shares.map { $0[place] }) }),
      DataTable(
        name: "modes-density", title: "Density of states of harmonic modes",
        columns: [
          DataTable.Column("frequency", unit: "THz", grid),
          DataTable.Column("wavenumber", unit: "1/cm", grid.map { $0 * VibrationResult.wavenumberPerTerahertz }),
          DataTable.Column("dos", unit: "1/THz", density()),
        ] + labels.map { DataTable.Column("dos_\($0)", unit: "1/THz", density(of: $0)) }),
    ]
  }

  public var figures: [FigureDescription] {
    let grid = grid
    let x = FigureDescription.Axis(label: "frequency", unit: "THz")
    return [
      FigureDescription(
        name: "modes", title: "Harmonic density of states", x: x, y: FigureDescription.Axis(label: "g(f)", unit: "THz^{-1}"),
        series: [FigureDescription.Series(label: labels.count > 1 ? "total" : "", x: grid, y: density())]
          + (labels.count > 1 ? labels.map { FigureDescription.Series(label: $0, x: grid, y: density(of: $0)) } : [])),
      FigureDescription(
        name: "participation", title: "Participation ratios", x: x, y: FigureDescription.Axis(label: "participation ratio", range: 0...1),
        series: [
          FigureDescription.Series(
            label: "", x: modes.frequencies, y: modes.frequencies.indices.map { modes.participationRatio($0) }, style: .points)
        ]),
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let frequencies = modes.frequencies
    return [
      ("atoms", .integer(modes.count)), ("frequencies_THz", .numbers(frequencies)),
      ("vanishing", .integer(frequencies.filter { abs($0) <= Self.vanishing }.count)),
      ("negative", .integer(frequencies.filter { $0 < -Self.vanishing }.count)),
      ("highest_THz", .number(frequencies.last ?? 0)), ("asymmetry_eV_per_A2", .number(modes.asymmetry)),
    ]
  }
}
