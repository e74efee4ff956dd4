import Structures

/// What ``NonGaussianParameter`` gives.
public struct NonGaussianResult: AnalysisResult {
  /// Where the parameter is highest.
  public struct Peak: Sendable {
    /// In frames, between whole numbers.
    public let lag: Double
    public let height: Double
    /// Standard errors, or `nil` for fewer than two atoms.
    public let lagError: Double?
    public let heightError: Double?
  }

  /// The non-Gaussian parameter of some atoms, one value for each of ``NonGaussianResult/lags``; not a number where nothing has moved.
  public struct Curve: Sendable {
    /// How many atoms.
    public let atoms: Int
    /// In three dimensions.
    public let alpha2: [Double]
    /// Along x, y and z.
    public let axes: [[Double]]
    /// In the planes yz, zx and xy: `<s^4> / (2 <s²>²) - 1`.
    public let planes: [[Double]]
    /// The standard error of ``alpha2``, or empty for fewer than two atoms.
    public let error: [Double]
    /// The mean-squared displacement in Å².
    public let meanSquare: [Double]
    /// The highest point up to half the run, or `nil` where the curve is highest at an end.
    public let peak: Peak?
  }

  public let parameters: NonGaussianParameter
  /// The species, in the order of ``species``.
  public let labels: [String]
  public let species: [Curve]
  /// All selected atoms together.
  public let all: Curve
  /// In frames.
  public let lags: [Int]
  /// The time between frames in ps, or `nil` where nobody told.
  public let frameInterval: Double?
  public let frameCount: Int
  let readerWarnings: [String]

  public var analysis: String { NonGaussianParameter.descriptor.name }
  public var convention: String { NonGaussianParameter.descriptor.convention }

  public var settings: [AnalysisSetting] {
    parameters.tracks.described(labels: labels, interval: frameInterval) + [
      AnalysisSetting("lags", summaryLags.map(String.init).joined(separator: ",")),
      AnalysisSetting("errors", all.error.isEmpty ? "none: one atom" : "jackknife over up to 16 blocks of atoms a species"),
    ]
  }

  /// The curve of a species.
  public subscript(label: String) -> Curve? { labels.firstIndex(of: label).map { species[$0] } }

  /// The lags of the summary in frames.
  public var summaryLags: [Int] { parameters.lags.isEmpty ? lags : parameters.lags }

  public var warnings: [String] {
    var warnings = readerWarnings
    for (label, curve) in zip(labels, species) {
      if curve.alpha2.contains(where: \.isNaN) {
        warnings.append("\(label) has not moved at some lags; there is no non-Gaussian parameter there")
      } else if let peak = curve.peak {
        if let error = peak.heightError, peak.height < 3 * error {
          warnings.append("\(label): the peak of alpha2 is no higher than three times its error; it may be noise")
        }
      } else {
        warnings.append("\(label): alpha2 has no peak between the first lag and half the run; take closer frames or a longer run")
      }
    }
    return warnings
  }

  public var tables: [DataTable] {
    var columns = [DataTable.Column("lag", unit: "frames", lags.map(Double.init))]
    if let frameInterval { columns.append(DataTable.Column("time", unit: "ps", lags.map { Double($0) * frameInterval })) }
    columns.append(DataTable.Column("origins", lags.map { Double(frameCount - $0) }))
    for (label, curve) in zip(labels, species) {
      columns.append(DataTable.Column("alpha2_\(label)", curve.alpha2))
      if !curve.error.isEmpty { columns.append(DataTable.Column("alpha2_\(label)_error", curve.error)) }
      for (axis, values) in zip(["x", "y", "z"], curve.axes) { columns.append(DataTable.Column("alpha2_\(label)_\(axis)", values)) }
      for (plane, values) in zip(["yz", "zx", "xy"], curve.planes) { columns.append(DataTable.Column("alpha2_\(label)_\(plane)", values)) }
    }
    return [DataTable(name: "ngp", title: "Non-Gaussian parameters", columns: columns)]
  }

  public var figures: [FigureDescription] {
    // Fewer than two independent displacements an atom are noise.
    let shown = lags.indices.filter { lags[$0] <= max(2, frameCount / 2) }
    let unit = frameInterval ?? 1
    var series = zip(labels, species).map { label, curve in
      FigureDescription.Series(
        label: label, x: shown.map { Double(lags[$0]) * unit }, y: shown.map { curve.alpha2[$0] },
        error: curve.error.isEmpty ? [] : shown.map { curve.error[$0] })
    }
    let peaks = species.compactMap(\.peak)
    if !peaks.isEmpty {
      series.append(
        FigureDescription.Series(label: "peak", x: peaks.map { $0.lag * unit }, y: peaks.map(\.height), style: .points))
    }
    let x = FigureDescription.Axis(
      label: frameInterval == nil ? "lag" : "t", unit: frameInterval == nil ? "frames" : "ps", isLogarithmic: true)
    return [
      FigureDescription(
        name: "ngp", title: "Non-Gaussian parameters", x: x, y: FigureDescription.Axis(label: "α_{2}(t)"), series: series)
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let places = summaryLags.compactMap { lags.firstIndex(of: $0) }
    func pick(_ values: [Double]) -> SummaryValue { values.isEmpty ? .null : .numbers(places.map { values[$0] }) }
    func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    func peak(_ peak: Peak?) -> SummaryValue {
      guard let peak else { return .null }
      return .object([
        ("lag_frames", .number(peak.lag)), ("lag_frames_error", number(peak.lagError)),
        ("time_ps", number(frameInterval.map { $0 * peak.lag })),
        ("time_ps_error", number(frameInterval.flatMap { interval in peak.lagError.map { $0 * interval } })),
        ("height", .number(peak.height)), ("height_error", number(peak.heightError)),
      ])
    }
    func object(_ curve: Curve) -> SummaryValue {
      .object([
        ("atoms", .integer(curve.atoms)), ("alpha2", pick(curve.alpha2)), ("alpha2_error", pick(curve.error)),
        ("alpha2_x", pick(curve.axes[0])), ("alpha2_y", pick(curve.axes[1])), ("alpha2_z", pick(curve.axes[2])),
        ("peak", peak(curve.peak)),
      ])
    }
    return [
      ("lag_frames", .integers(summaryLags)),
      ("lag_ps", frameInterval.map { interval in .numbers(summaryLags.map { Double($0) * interval }) } ?? .null),
      ("alpha2", pick(all.alpha2)), ("alpha2_error", pick(all.error)), ("peak", peak(all.peak)),
      ("species", .object(zip(labels, species).map { ($0, object($1)) })),
    ]
  }
}
