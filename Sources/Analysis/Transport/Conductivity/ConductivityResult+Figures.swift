import Structures

extension ConductivityResult {
  public var tables: [DataTable] {
    let times = (0..<frameCount).map { Double($0) * frameInterval }
    var tables = [
      overview,
      DataTable(
        name: "conductivity-msd", title: "Mean-squared charge displacement",
        columns: [DataTable.Column("time", unit: "ps", times), DataTable.Column("charge_msd", unit: "e2 A2", curve)]),
    ]
    if value != nil, let onsager {
      let count = onsager.labels.count
      tables.append(
        DataTable(
          name: "onsager", title: "Parts of the conductivity by pairs of species",
          columns: [
            DataTable.Column("species_a", (0..<count * count).map { onsager.labels[$0 / count] }),
            DataTable.Column("species_b", (0..<count * count).map { onsager.labels[$0 % count] }),
            DataTable.Column("sigma_ab", unit: "S/cm", onsager.matrix), DataTable.Column("error", unit: "S/cm", onsager.errors),
          ]))
    }
    if let greenKubo {
      let lags = greenKubo.integral.indices
      tables.append(
        DataTable(
          name: "green-kubo", title: "Autocorrelation of the current and its running integral",
          columns: [
            DataTable.Column("time", unit: "ps", lags.map { times[$0] }), DataTable.Column("correlation", greenKubo.correlation),
            DataTable.Column("integral", unit: "S/cm", greenKubo.integral),
            DataTable.Column("error", unit: "S/cm", greenKubo.integralError),
          ]))
    }
    return tables
  }

  private var overview: DataTable {
    var (names, values, errors, low, high): ([String], [Double], [Double], [Double], [Double]) = ([], [], [], [], [])
    func add(_ name: String, _ value: DiffusionEstimate.Value?) {
      guard let value else { return }
      names.append(name)
      values.append(value.value)
      errors.append(value.error)
      low.append(value.interval.lowerBound)
      high.append(value.interval.upperBound)
    }
    add("collective (Einstein)", value)
    add("collective (Green-Kubo)", greenKubo.flatMap { $0.isResolved ? $0.value : nil })
    add("Nernst-Einstein", nernstEinstein)
    for species in species where species.isMobile && species.isIon { add("Nernst-Einstein \(species.label)", species.conductivity) }
    return DataTable(
      name: "conductivity", title: "Ionic conductivities",
      columns: [
        DataTable.Column("what", names), DataTable.Column("sigma", unit: "S/cm", values), DataTable.Column("error", unit: "S/cm", errors),
        DataTable.Column("interval95_low", unit: "S/cm", low), DataTable.Column("interval95_high", unit: "S/cm", high),
      ])
  }

  public var figures: [FigureDescription] {
    var figures: [FigureDescription] = []
    let lags = LagSpacing.logarithmic(upTo: max(1, (frameCount - 1) / 2), perDecade: 24).filter { curve[$0] > 0 }
    if !lags.isEmpty {
      let valid = collective.flatMap { $0.isValid ? $0 : nil }
      var series = DiffusionEstimate.points("charge", curve: curve, estimate: valid, lags: lags, interval: frameInterval, at: 0)
      if let valid { series.append(valid.line("fit", like: 0)) }
      figures.append(
        FigureDescription(
          name: "conductivity-msd", title: "Mean-squared charge displacement",
          x: FigureDescription.Axis(label: "t", unit: "ps", isLogarithmic: true),
          y: FigureDescription.Axis(label: "⟨ΔQ²⟩", unit: "e² Å²", isLogarithmic: true), series: series))
    }
    if let greenKubo, greenKubo.isResolved {
      // Beyond some plateaus there is only noise.
      let last = min(greenKubo.integral.count - 1, greenKubo.plateau.map { 3 * $0.upperBound } ?? .max)
      let times = (0...last).map { Double($0) * frameInterval }
      let milli = greenKubo.integral[0...last].map { 1000 * $0 }
      let error = greenKubo.integralError[0...last].map { 1000 * $0 }
      var series = [FigureDescription.Series(label: "Green-Kubo", x: times, y: milli, error: error)]
      if let value, let end = times.last {
        series.append(FigureDescription.Series(label: "Einstein", x: [0, end], y: [1000 * value.value, 1000 * value.value]))
      }
      figures.append(
        FigureDescription(
          name: "green-kubo", title: "Running Green-Kubo integral", x: FigureDescription.Axis(label: "t", unit: "ps"),
          y: FigureDescription.Axis(label: "σ", unit: "mS/cm"), series: series,
          markers: greenKubo.plateau.map { plateau in
            [
              FigureDescription.Marker(x: Double(plateau.lowerBound) * frameInterval, label: "plateau"),
              FigureDescription.Marker(x: Double(plateau.upperBound) * frameInterval, label: ""),
            ]
          } ?? []))
    }
    return figures
  }
}
