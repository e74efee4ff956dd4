import Structures

/// What ``ExperimentComparison`` gives: both functions on the measured points.
public struct ExperimentComparisonResult: AnalysisResult {
  public let parameters: ExperimentComparison
  /// The measured points that the simulation reaches, in Å or 1/Å.
  public let x: [Double]
  /// Measured values, scaled.
  public let measured: [Double]
  public let simulated: [Double]
  /// Wright's R_chi, a ratio.
  public let rChi: Double
  /// How many points of the range went into R_chi.
  public let pointsInRange: Int
  /// The range of these points.
  public let range: ClosedRange<Double>
  /// What measured values were multiplied by.
  public let scale: Double
  public let frameCount: Int
  public let warnings: [String]

  init(_ parameters: ExperimentComparison, x: [Double], simulated: [Double], frameCount: Int, warnings: [String]) throws {
    self.parameters = parameters
    self.frameCount = frameCount
    guard let curve = parameters.measured, x.count > 1, let low = x.first, let high = x.last else {
      throw AnalysisError(
        .tooFewFrames, "\(ExperimentComparison.descriptor.name): the simulation gives less than two points; lower bin-width")
    }
    let kept = curve.x.indices.filter { curve.x[$0] >= low && curve.x[$0] <= high }
    let wanted = parameters.range ?? (parameters.quantity.isReciprocal ? low...high : 1...8)
    let inRange = kept.indices.filter { wanted.contains(curve.x[kept[$0]]) }
    let unit = parameters.quantity.isReciprocal ? "1/A" : "A"
    guard inRange.count > 4 else {
      throw AnalysisError(
        .invalidSetting,
        "\(ExperimentComparison.descriptor.name): \(inRange.count) points of \(curve.name) lie within \(brief(wanted.lowerBound)) to "
          + "\(brief(wanted.upperBound)) \(unit) and what the simulation reaches, \(brief((low * 1e3).rounded() / 1e3)) to "
          + "\(brief((high * 1e3).rounded() / 1e3)) \(unit); check range, columns and x-units")
    }
    let points = kept.map { curve.x[$0] }
    let values = kept.map { curve.y[$0] }
    let model = DiffractionPeak.interpolated(simulated, x, at: points)
    let squares = inRange.reduce(0) { $0 + values[$1] * values[$1] }
    guard squares > 0 else {
      throw AnalysisError(
        .invalidSetting, "\(ExperimentComparison.descriptor.name): all measured values within the range are zero; check columns")
    }
    let factor: Double
    switch parameters.scale {
    case .factor(let value): factor = value
    case .fitted: factor = inRange.reduce(0) { $0 + values[$1] * model[$1] } / squares
    }
    let scaled = values.map { $0 * factor }
    let difference = inRange.reduce(0) { $0 + (scaled[$1] - model[$1]) * (scaled[$1] - model[$1]) }
    self.x = points
    measured = scaled
    self.simulated = model
    scale = factor
    rChi = factor == 0 ? .nan : (difference / (squares * factor * factor)).squareRoot()
    pointsInRange = inRange.count
    range = points[inRange[0]]...points[inRange[inRange.count - 1]]
    var warnings = warnings
    if kept.count < curve.x.count {
      warnings.append("\(curve.x.count - kept.count) measured points lie outside of what this simulation reaches and are left out")
    }
    let (first, last) = (range.lowerBound, range.upperBound)
    if parameters.range != nil || !parameters.quantity.isReciprocal {
      let spacing = (points[points.count - 1] - points[0]) / Double(max(1, points.count - 1))
      if first - wanted.lowerBound > 2 * spacing || wanted.upperBound - last > 2 * spacing {
        warnings.append(
          "R_chi is of \(brief((first * 1e3).rounded() / 1e3)) to \(brief((last * 1e3).rounded() / 1e3)) \(unit) only: both functions do not "
            + "reach farther")
      }
    }
    let ratio = inRange.reduce(0) { $0 + scaled[$1] * model[$1] } / (squares * factor * factor)
    if case .factor = parameters.scale, ratio < 0.67 || ratio > 1.5 {
      warnings.append(
        "measured values would have to be multiplied by \(brief((ratio * factor * 1e3).rounded() / 1e3)) for the best fit: check quantity, units and "
          + "normalisation")
    }
    self.warnings = warnings
  }

  public var analysis: String { ExperimentComparison.descriptor.name }
  public var convention: String { ExperimentComparison.descriptor.convention }

  /// The unit of the values, empty for none.
  private var unit: String {
    switch parameters.quantity {
    case .structureFactor, .radial: ""
    case .interference: parameters.isInBarn ? "barn" : ""
    case .reducedInterference: "1/A"
    case .differential, .total, .reduced: parameters.isInBarn ? "barn/A2" : "1/A2"
    }
  }

  private var xUnit: String { parameters.quantity.isReciprocal ? "1/A" : "A" }

  public var settings: [AnalysisSetting] {
    let pdf = parameters.pairDistribution
    let q = parameters.structureFactor
    let method: [AnalysisSetting] =
      parameters.quantity.isReciprocal
      ? [AnalysisSetting("method", q.method.rawValue), AnalysisSetting("bin-width", "\(brief(q.binWidth)) 1/A")]
      : [
        AnalysisSetting("q-max", pdf.window == .none ? "infinite" : "\(brief(pdf.highestQ)) 1/A"),
        AnalysisSetting("window", pdf.window.rawValue),
        AnalysisSetting("broadening", "\(brief(pdf.broadening)) A"),
      ]
    return [
      AnalysisSetting("file", parameters.measured?.name ?? "none"), AnalysisSetting("quantity", parameters.quantity.rawValue),
      AnalysisSetting("radiation", parameters.radiation.rawValue), AnalysisSetting("units", parameters.isInBarn ? "barn" : "normalized"),
      AnalysisSetting("scale", brief(scale) + (parameters.scale == .fitted ? " (fitted)" : "")),
      AnalysisSetting("range", "\(brief(range.lowerBound)):\(brief(range.upperBound)) \(xUnit)"),
    ] + method + [
      AnalysisSetting("isotopes", q.scatterers.isotopeText), AnalysisSetting("ions", q.scatterers.ionText),
    ]
  }

  public var tables: [DataTable] {
    [
      DataTable(
        name: "compare", title: "Measured and simulated",
        columns: [
          DataTable.Column(parameters.quantity.isReciprocal ? "q" : "r", unit: xUnit, x),
          DataTable.Column("measured", unit: unit, measured), DataTable.Column("simulated", unit: unit, simulated),
          DataTable.Column("difference", unit: unit, zip(measured, simulated).map { $0 - $1 }),
        ])
    ]
  }

  public var figures: [FigureDescription] {
    let difference = zip(measured, simulated).map { $0 - $1 }
    let low = min(measured.min() ?? 0, simulated.min() ?? 0)
    let high = max(measured.max() ?? 0, simulated.max() ?? 0)
    // Below both curves, with a little room.
    let shift = low - 0.05 * (high - low) - (difference.max() ?? 0)
    let name: String
    switch parameters.quantity {
    case .structureFactor, .interference: name = "\(parameters.quantity.rawValue)(Q)"
    case .reducedInterference: name = "Q [S(Q) - 1]"
    default: name = "\(parameters.quantity.rawValue)(r)"
    }
    let unitText = ["1/A": "Å^{-1}", "1/A2": "Å^{-2}", "barn/A2": "barn Å^{-2}"][unit] ?? unit
    return [
      FigureDescription(
        name: "compare", title: "Measured and simulated \(name), \(parameters.radiation.rawValue)",
        x: FigureDescription.Axis(
          label: parameters.quantity.isReciprocal ? "Q" : "r", unit: parameters.quantity.isReciprocal ? "Å^{-1}" : "Å"),
        y: FigureDescription.Axis(label: name, unit: unitText),
        series: [
          FigureDescription.Series(label: "measured", x: x, y: measured),
          FigureDescription.Series(label: "simulated", x: x, y: simulated, style: .dashed),
          FigureDescription.Series(label: "difference, shifted", x: x, y: difference.map { $0 + shift }),
        ])
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    [
      ("R_chi", .number(rChi)),
      ("range_" + (parameters.quantity.isReciprocal ? "1_per_A" : "A"), .numbers([range.lowerBound, range.upperBound])),
      ("points", .integer(pointsInRange)), ("scale", .number(scale)),
    ]
  }
}
