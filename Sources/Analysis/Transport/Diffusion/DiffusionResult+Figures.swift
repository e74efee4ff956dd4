import Structures

extension DiffusionResult {
  /// The lags that are drawn: a log scale has no room for all.
  private var drawnLags: [Int] { LagSpacing.logarithmic(upTo: max(1, (frameCount - 1) / 2), perDecade: 24) }

  public var tables: [DataTable] {
    var curves: [DataTable.Column] = [
      DataTable.Column("time", unit: "ps", (0..<frameCount).map { Double($0) * frameInterval })
    ]
    for species in species { curves.append(DataTable.Column("msd_\(species.label)", unit: "A2", species.curve)) }
    return [estimates, DataTable(name: "diffusion-msd", title: "Mean-squared displacements behind D", columns: curves), slopes]
  }

  private var estimates: DataTable {
    var (labels, methods, notes): ([String], [String], [String]) = ([], [], [])
    var (values, errors, low, high): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    for species in species {
      for method in DiffusionEstimate.Method.allCases {
        guard let value = species.estimate?.value(of: method)?.scaled(by: Self.squareCentimetresPerSecond) else { continue }
        labels.append(species.label)
        methods.append(method.rawValue)
        values.append(value.value)
        errors.append(value.error)
        low.append(value.interval.lowerBound)
        high.append(value.interval.upperBound)
        notes.append(species.isValid ? "diffusive" : "refused")
      }
    }
    return DataTable(
      name: "diffusion", title: "Diffusion coefficients by three estimators",
      columns: [
        DataTable.Column("species", labels), DataTable.Column("method", methods), DataTable.Column("D", unit: "cm2/s", values),
        DataTable.Column("error", unit: "cm2/s", errors), DataTable.Column("interval95_low", unit: "cm2/s", low),
        DataTable.Column("interval95_high", unit: "cm2/s", high), DataTable.Column("verdict", notes),
      ])
  }

  private var slopes: DataTable {
    let lags = drawnLags
    return DataTable(
      name: "diffusion-beta", title: "Local slopes of the mean-squared displacements",
      columns: [DataTable.Column("time", unit: "ps", lags.map { Double($0) * frameInterval })]
        + species.map { DataTable.Column("beta_\($0.label)", Self.localSlopes($0.curve, lags: lags)) })
  }

  /// `d ln msd / d ln t` over a factor of about two around each lag; not a number where the curve is not above zero.
  static func localSlopes(_ curve: [Double], lags: [Int]) -> [Double] {
    lags.map { lag in
      let (low, high) = (max(1, Int(Double(lag) / 1.4)), min(curve.count - 1, max(lag + 1, Int((Double(lag) * 1.4).rounded()))))
      guard high > low, curve[low] > 0, curve[high] > 0 else { return .nan }
      return DisplacementFit.log(curve[high] / curve[low]) / DisplacementFit.log(Double(high) / Double(low))
    }
  }

  public var figures: [FigureDescription] {
    let lags = drawnLags
    var curves: [FigureDescription.Series] = []
    var exponents: [FigureDescription.Series] = []
    let fastest = species.compactMap { $0.isValid ? $0.estimate?.generalized.value : nil }.max() ?? 0
    // Of a framework that crawls beside mobile ions no line is drawn, unless somebody asked for it.
    let drawn = species.filter {
      guard $0.isValid, let value = $0.estimate?.generalized.value else { return false }
      return !parameters.tracks.species.isEmpty || value > 0.1 * fastest
    }.map(\.label)
    var fits: [(label: String, estimate: DiffusionEstimate, place: Int)] = []
    for species in species {
      guard species.curve.contains(where: { $0 > 0 }) else { continue }
      let estimate = drawn.contains(species.label) ? species.estimate : nil
      if let estimate { fits.append((species.label, estimate, curves.count)) }
      curves += DiffusionEstimate.points(
        species.label, curve: species.curve, estimate: estimate, lags: lags, interval: frameInterval, at: curves.count)
      exponents.append(
        FigureDescription.Series(
          label: species.label, x: lags.map { Double($0) * frameInterval }, y: Self.localSlopes(species.curve, lags: lags)))
    }
    for (label, estimate, place) in fits { curves.append(estimate.line(fits.count == 1 ? "fit" : "fit \(label)", like: place)) }
    guard !curves.isEmpty, let first = lags.first, let last = lags.last else { return [] }
    let time = FigureDescription.Axis(label: "t", unit: "ps", isLogarithmic: true)
    exponents.append(
      FigureDescription.Series(
        label: "diffusive", x: [Double(first) * frameInterval, Double(last) * frameInterval], y: [1, 1], style: .dashed))
    return [
      FigureDescription(
        name: "diffusion", title: "Mean-squared displacements and the fit for D", x: time,
        y: FigureDescription.Axis(label: "MSD", unit: "Å²", isLogarithmic: true), series: curves),
      FigureDescription(
        name: "diffusion-beta", title: "Local slopes of the mean-squared displacements", x: time,
        y: FigureDescription.Axis(label: "β = d ln MSD / d ln t", range: 0...2.1), series: exponents),
    ]
  }
}
