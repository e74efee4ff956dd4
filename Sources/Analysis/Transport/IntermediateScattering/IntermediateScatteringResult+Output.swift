import Structures

extension IntermediateScatteringResult {
  private var shownLags: [Int] { [0] + LagSpacing.logarithmic(upTo: max(1, frameCount / 2), perDecade: 20) }

  /// The frequencies worth a table, by their places: up to the end, or where 2000 points are reached.
  private var shownFrequencies: Range<Int> { 0..<min(2000, species.first?.curves.first?.frequencies.count ?? 0) }

  public var tables: [DataTable] {
    var tables = [relaxations]
    if let jumps { tables.append(jumps) }
    for part in species {
      let lags = shownLags
      var columns = [
        DataTable.Column("lag", unit: "frames", lags.map(Double.init)),
        DataTable.Column("time", unit: "ps", lags.map { Double($0) * frameInterval }),
      ]
      for curve in part.curves {
        let name = "Fs(\(brief(curve.wavenumber)))"
        columns.append(DataTable.Column(name, lags.map { curve.values[$0] }))
        if !curve.error.isEmpty { columns.append(DataTable.Column("\(name)_error", lags.map { curve.error[$0] })) }
      }
      tables.append(DataTable(name: "scattering-\(part.label)", title: "Self-intermediate scattering of \(part.label)", columns: columns))
      guard let frequencies = part.curves.first?.frequencies else { continue }
      let shown = shownFrequencies
      tables.append(
        DataTable(
          name: "scattering-spectrum-\(part.label)", title: "Incoherent dynamic structure factor of \(part.label)",
          columns: [
            DataTable.Column("energy", unit: "meV", shown.map { frequencies[$0] * EnergySpectrum.reducedPlanck }),
            DataTable.Column("omega", unit: "rad/ps", shown.map { frequencies[$0] }),
          ]
            + part.curves.map { curve in
              DataTable.Column("S(\(brief(curve.wavenumber)))", unit: "ps", shown.map { curve.spectralDensity[$0] })
            }))
    }
    return tables
  }

  /// One row a species and wave number.
  private var relaxations: DataTable {
    let rows = species.flatMap { part in part.curves.map { (part.label, $0) } }
    func column(_ name: String, _ unit: String = "", _ value: (Curve) -> Double?) -> DataTable.Column {
      DataTable.Column(name, unit: unit, rows.map { value($0.1) ?? .nan })
    }
    return DataTable(
      name: "scattering", title: "Relaxation of the self-intermediate scattering",
      columns: [
        DataTable.Column("species", rows.map(\.0)), column("q", "1/A") { $0.wavenumber }, column("amplitude") { $0.amplitude },
        column("tau", "ps") { $0.relaxation?.time }, column("tau_error", "ps") { $0.error(of: .time) },
        column("beta") { $0.exponent }, column("beta_error") { $0.error(of: .exponent) },
        column("rate", "1/ps") { $0.rate }, column("rate_error", "1/ps") { $0.error(of: .rate) },
        column("half_width", "meV") { $0.halfWidth }, column("Fs_at_half_run") { $0.values.last },
      ])
  }

  /// One row a species whose rates are those of jumps.
  private var jumps: DataTable? {
    let parts = species.compactMap { part in part.hopping.map { (part.label, $0) } }
    guard !parts.isEmpty else { return nil }
    return DataTable(
      name: "scattering-jumps", title: "Jumps after Chudley and Elliott",
      columns: [
        DataTable.Column("species", parts.map(\.0)), DataTable.Column("jump_length", unit: "A", parts.map(\.1.jumpLength)),
        DataTable.Column("residence_time", unit: "ps", parts.map(\.1.residenceTime)),
        DataTable.Column("D", unit: "cm2/s", parts.map { $0.1.diffusionCoefficient * 1e-4 }),
        DataTable.Column("relative_deviation", parts.map(\.1.deviation)),
      ])
  }

  public var figures: [FigureDescription] {
    var figures: [FigureDescription] = []
    let lags = shownLags.dropFirst()
    let times = lags.map { Double($0) * frameInterval }
    for part in species {
      figures.append(
        FigureDescription(
          name: "scattering-\(part.label)", title: "Self-intermediate scattering of \(part.label)",
          x: FigureDescription.Axis(label: "t", unit: "ps", isLogarithmic: true), y: FigureDescription.Axis(label: "F_{s}(q,t)"),
          series: part.curves.flatMap { curve -> [FigureDescription.Series] in
            let label = "q = \(brief(curve.wavenumber)) Å^{-1}"
            return [FigureDescription.Series(label: label, x: times, y: lags.map { curve.values[$0] })]
          }))
      let reach = spectralReach(part)
      figures.append(
        FigureDescription(
          name: "scattering-spectrum-\(part.label)", title: "Incoherent dynamic structure factor of \(part.label)",
          x: FigureDescription.Axis(label: "ħω", unit: "meV"),
          y: FigureDescription.Axis(label: "S_{s}(q,ω)", unit: "ps", isLogarithmic: true),
          series: part.curves.map { curve in
            FigureDescription.Series(
              label: "q = \(brief(curve.wavenumber)) Å^{-1}", x: reach.map { curve.frequencies[$0] * EnergySpectrum.reducedPlanck },
              y: reach.map { curve.spectralDensity[$0] > 0 ? curve.spectralDensity[$0] : .nan })
          }))
      let rates = part.curves.filter { $0.relaxation != nil }
      guard rates.count > 1 else { continue }
      var series = [
        FigureDescription.Series(
          label: "1/⟨τ⟩", x: rates.map { $0.wavenumber * $0.wavenumber }, y: rates.map { $0.rate ?? .nan },
          error: rates.allSatisfy { $0.relaxationErrors.count == 4 } ? rates.map { $0.relaxationErrors[3] } : [], style: .points)
      ]
      if let hopping = part.hopping {
        let last = rates.map(\.wavenumber).max() ?? 0
        let q = (1...100).map { Double($0) / 100 * last }
        series.append(
          FigureDescription.Series(label: "Chudley–Elliott", x: q.map { $0 * $0 }, y: q.map(hopping.rate)))
        let slope = hopping.diffusionCoefficient
        let end = min(last * last, 1.1 * (rates.compactMap(\.rate).max() ?? 0) / slope)
        series.append(FigureDescription.Series(label: "D q^{2}", x: [0, end], y: [0, slope * end], style: .dashed))
      }
      figures.append(
        FigureDescription(
          name: "scattering-rates-\(part.label)", title: "Relaxation rates of \(part.label)",
          x: FigureDescription.Axis(label: "q^{2}", unit: "Å^{-2}"), y: FigureDescription.Axis(label: "Γ", unit: "ps^{-1}"), series: series)
      )
    }
    return figures
  }

  /// The places of frequencies up to where all spectra have fallen to a thousandth, or to ten times the resolution.
  private func spectralReach(_ part: Curves) -> [Int] {
    guard let frequencies = part.curves.first?.frequencies else { return [] }
    var last = frequencies.firstIndex { $0 > 5 * resolution } ?? frequencies.count - 1
    for curve in part.curves {
      let height = (curve.spectralDensity.first ?? 0) * 1e-3
      last = max(last, curve.spectralDensity.firstIndex { $0 < height } ?? frequencies.count - 1)
    }
    let step = max(1, last / 1000)
    return Array(stride(from: 0, through: min(last, frequencies.count - 1), by: step))
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    func numbers(_ part: Curves, _ pick: (Curve) -> Double?) -> SummaryValue { .array(part.curves.map { number(pick($0)) }) }
    func error(_ part: Curves, _ quantity: Curve.Quantity) -> SummaryValue { numbers(part) { $0.error(of: quantity) } }
    let own = species.map { part -> (key: String, value: SummaryValue) in
      let hopping = part.hopping.map { hopping in
        SummaryValue.object([
          ("jump_length_A", .number(hopping.jumpLength)), ("residence_time_ps", .number(hopping.residenceTime)),
          ("D_cm2_per_s", .number(hopping.diffusionCoefficient * 1e-4)), ("relative_deviation", .number(hopping.deviation)),
        ])
      }
      let values: [(key: String, value: SummaryValue)] = [
        ("atoms", .integer(part.atoms)),
        ("amplitude", numbers(part) { $0.amplitude }), ("amplitude_error", error(part, .amplitude)),
        ("relaxation_time_ps", numbers(part) { $0.relaxation?.time }), ("relaxation_time_error_ps", error(part, .time)),
        ("stretching_exponent", numbers(part) { $0.exponent }), ("stretching_exponent_error", error(part, .exponent)),
        ("mean_relaxation_time_ps", numbers(part) { $0.relaxation?.meanTime }),
        ("rate_1_per_ps", numbers(part) { $0.rate }), ("rate_error_1_per_ps", error(part, .rate)),
        ("rate_over_q2_cm2_per_s", numbers(part) { curve in curve.rate.map { $0 / (curve.wavenumber * curve.wavenumber) * 1e-4 } }),
        ("half_width_meV", numbers(part) { $0.halfWidth }),
        ("final", numbers(part) { $0.values.last }),
        ("chudley_elliott", hopping ?? .null),
        ("chudley_elliott_missing", part.withoutHopping.map { .text($0) } ?? .null),
      ]
      return (part.label, .object(values))
    }
    return [
      ("q_1_per_A", .numbers(parameters.wavenumbers)), ("resolution_meV", .number(resolutionEnergy)),
      ("half_run_ps", .number(Double(frameCount / 2) * frameInterval)), ("species", .object(own)),
    ]
  }
}
