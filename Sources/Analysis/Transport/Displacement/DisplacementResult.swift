import Structures

/// What ``MeanSquaredDisplacement`` gives.
public struct DisplacementResult: AnalysisResult {
  /// The mean-squared displacement of some atoms.
  public struct Curve: Sendable {
    /// How many atoms.
    public let atoms: Int
    /// Å², one value a lag from 0 on, all directions together.
    public let values: [Double]
    /// Å², for x, y and z.
    public let directions: [[Double]]
    /// The standard error of ``values``, or empty for fewer than two atoms.
    public let error: [Double]
    /// How many blocks of atoms are behind the error.
    public let blocks: Int
    /// The exponent with which ``values`` grow, and the kinds of motion that it tells.
    public let slope: LocalSlope
    /// Å², the square of the sum of all displacements over the number of atoms: ``values`` where ions move independently. Empty for
    /// all species together.
    public let collective: [Double]

    init(_ curves: DisplacementTransform.Curves, collective: [Double] = []) {
      atoms = curves.atoms
      values = curves.total
      directions = curves.directions
      error = curves.error
      blocks = curves.blocks
      slope = curves.slope
      self.collective = collective
    }
  }

  public let parameters: MeanSquaredDisplacement
  /// The species, in the order of ``species``.
  public let labels: [String]
  public let species: [Curve]
  /// All selected atoms together.
  public let all: Curve
  /// The time between frames in ps, or `nil` where nobody told.
  public let frameInterval: Double?
  public let frameCount: Int
  public let warnings: [String]

  init(
    parameters: MeanSquaredDisplacement, labels: [String], species: [DisplacementTransform.Curves], collective: [[Double]],
    all: DisplacementTransform.Curves, frameInterval: Double?, frameCount: Int, warnings: [String]
  ) {
    self.parameters = parameters
    self.labels = labels
    self.species = zip(species, collective).map { Curve($0, collective: $1) }
    self.all = Curve(all)
    self.frameInterval = frameInterval
    self.frameCount = frameCount
    self.warnings = warnings
  }

  public var analysis: String { MeanSquaredDisplacement.descriptor.name }
  public var convention: String { MeanSquaredDisplacement.descriptor.convention }

  public var settings: [AnalysisSetting] {
    parameters.tracks.described(labels: labels, interval: frameInterval) + [
      AnalysisSetting("lags", summaryLags.map(String.init).joined(separator: ",")),
      AnalysisSetting("errors", all.error.isEmpty ? "none: one atom" : "up to 16 blocks of atoms a species"),
    ]
  }

  /// The curve of a species.
  public subscript(label: String) -> Curve? { labels.firstIndex(of: label).map { species[$0] } }

  /// The lags of the summary in frames: those asked for, or 1, 2, 5, 10 … up to the last.
  public var summaryLags: [Int] {
    if !parameters.lags.isEmpty { return parameters.lags }
    var lags: [Int] = []
    var decade = 1
    while decade < frameCount {
      lags += [1, 2, 5].map { $0 * decade }.filter { $0 < frameCount }
      decade *= 10
    }
    return lags
  }

  public var tables: [DataTable] {
    var columns = [DataTable.Column("lag", unit: "frames", (0..<frameCount).map { Double($0) })]
    if let frameInterval { columns.append(DataTable.Column("time", unit: "ps", (0..<frameCount).map { Double($0) * frameInterval })) }
    for (label, curve) in zip(labels, species) {
      columns.append(DataTable.Column("msd_\(label)", unit: "A2", curve.values))
      if !curve.error.isEmpty { columns.append(DataTable.Column("msd_\(label)_error", unit: "A2", curve.error)) }
      for (axis, values) in zip(["x", "y", "z"], curve.directions) {
        columns.append(DataTable.Column("msd_\(label)_\(axis)", unit: "A2", values))
      }
      columns.append(DataTable.Column("collective_\(label)", unit: "A2", curve.collective))
    }
    return [DataTable(name: "msd", title: "Mean-squared displacements", columns: columns), slopeTable]
  }

  private var slopeTable: DataTable {
    let lags = all.slope.lags
    var columns = [DataTable.Column("lag", unit: "frames", lags.map(Double.init))]
    if let frameInterval { columns.append(DataTable.Column("time", unit: "ps", lags.map { Double($0) * frameInterval })) }
    for (label, curve) in zip(labels, species) {
      columns.append(DataTable.Column("beta_\(label)", unit: "1", curve.slope.values))
      if !curve.slope.errors.isEmpty { columns.append(DataTable.Column("beta_\(label)_error", unit: "1", curve.slope.errors)) }
    }
    return DataTable(name: "msd-slope", title: "Exponents of the mean-squared displacements", columns: columns)
  }

  private var timeAxis: FigureDescription.Axis {
    FigureDescription.Axis(
      label: frameInterval == nil ? "lag" : "t", unit: frameInterval == nil ? "frames" : "ps", isLogarithmic: true)
  }

  /// A lag as the figures show it: in ps, or in frames where nobody told the time between them.
  private func time(_ lag: Int) -> Double { Double(lag) * (frameInterval ?? 1) }

  public var figures: [FigureDescription] {
    // Origins overlap so much beyond half the run that the curve is little more than one number.
    let last = max(2, frameCount / 2)
    let lags = 1..<min(frameCount, last + 1)
    let series = zip(labels, species).map { label, curve in
      FigureDescription.Series(
        label: label, x: lags.map(time), y: lags.map { curve.values[$0] },
        error: curve.error.isEmpty ? [] : lags.map { curve.error[$0] })
    }
    let slopes = zip(labels, species).map { label, curve in
      FigureDescription.Series(label: label, x: curve.slope.lags.map(time), y: curve.slope.values, error: curve.slope.errors)
    }
    let ends = [time(1), time(max(2, all.slope.lags.last ?? 1))]
    let guide = FigureDescription.Series(label: "", x: ends, y: [1, 1], style: .dashed)
    // Of several species the one that moves farthest is the one whose regimes matter.
    let fastest = species.max { $0.values[lags.upperBound - 1] < $1.values[lags.upperBound - 1] } ?? all
    let markers = fastest.slope.regimes.compactMap { regime -> FigureDescription.Marker? in
      switch regime.kind {
      case .ballistic: FigureDescription.Marker(x: time(regime.lags.upperBound), label: "ballistic until here")
      case .caged: nil
      case .diffusive: FigureDescription.Marker(x: time(regime.lags.lowerBound), label: "diffusive from here")
      }
    }
    return [
      FigureDescription(
        name: "msd", title: "Mean-squared displacements", x: timeAxis,
        y: FigureDescription.Axis(label: "MSD", unit: "Å²", isLogarithmic: true), series: series, markers: markers),
      FigureDescription(
        name: "msd-slope", title: "Exponents of the mean-squared displacements", x: timeAxis,
        y: FigureDescription.Axis(label: "β", range: 0...2.2), series: slopes + [guide], markers: markers),
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let lags = summaryLags
    func pick(_ values: [Double]) -> SummaryValue { values.isEmpty ? .null : .numbers(lags.map { values[$0] }) }
    func object(_ curve: Curve) -> SummaryValue {
      .object([
        ("atoms", .integer(curve.atoms)), ("msd_A2", pick(curve.values)), ("msd_error_A2", pick(curve.error)),
        ("msd_x_A2", pick(curve.directions[0])), ("msd_y_A2", pick(curve.directions[1])), ("msd_z_A2", pick(curve.directions[2])),
        ("collective_msd_A2", pick(curve.collective)), ("regimes", .object(curve.slope.regimes.map { ($0.kind.rawValue, range($0.lags)) })),
      ])
    }
    func range(_ lags: ClosedRange<Int>) -> SummaryValue {
      let frames = SummaryValue.integers([lags.lowerBound, lags.upperBound])
      guard frameInterval != nil else { return .object([("lag_frames", frames)]) }
      return .object([("lag_frames", frames), ("lag_ps", .numbers([time(lags.lowerBound), time(lags.upperBound)]))])
    }
    return [
      ("lag_frames", .integers(lags)),
      ("lag_ps", frameInterval.map { interval in .numbers(lags.map { Double($0) * interval }) } ?? .null),
      ("msd_A2", pick(all.values)), ("msd_error_A2", pick(all.error)),
      ("species", .object(zip(labels, species).map { ($0, object($1)) })),
    ]
  }
}
