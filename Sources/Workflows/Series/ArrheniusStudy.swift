import Analysis
import Reporting
import Structures

/// Several series against temperature, with everything that is written of them: summary, tables, figures.
struct ArrheniusStudy {
  let series: [TemperatureSeries]
  /// What a person should know that belongs to no series.
  var remarks: [String] = []

  static let name = "arrhenius"

  /// The summary: that of the only series, or one a series under `series`.
  var json: JSONValue {
    guard series.count != 1 else { return JSONValue(series[0].summary) }
    return .object([
      .init("convention", .string(TemperatureSeries.convention)),
      .init("series", .object(series.map { .init($0.name, JSONValue($0.summary)) })),
    ])
  }

  var warnings: [String] { remarks + series.flatMap(\.warnings) }
  var shortcomings: [String] { series.flatMap(\.shortcomings) }

  /// One figure for each quantity.
  var figures: [FigureDescription] {
    let quantities = TransportQuantity.allCases.filter { quantity in series.contains { $0.fit.quantity == quantity } }
    return quantities.map { quantity in
      ArrheniusFigure.figure(
        series.filter { $0.fit.quantity == quantity }, name: quantities.count == 1 ? Self.name : "\(Self.name)-\(quantity.rawValue)")
    }
  }

  /// Tables of points, the results side by side, and the laws.
  var tables: [DataTable] { [results, laws] + series.map(\.table) }

  private var results: DataTable {
    func column(_ name: String, _ unit: String, _ value: (TemperatureSeries) -> String) -> DataTable.Column {
      DataTable.Column(name: unit.isEmpty ? name : "\(name) / \(unit)", values: .text(series.map(value)))
    }
    func range(_ range: ClosedRange<Double>) -> String {
      "\(NumberText.significant(range.lowerBound, 3)) to \(NumberText.significant(range.upperBound, 3))"
    }
    var columns = [
      column("Series", "") { $0.name }, column("Temperatures", "") { String($0.temperatureCount) },
      column("Activation energy", "eV") {
        "\(NumberText.fixed($0.fit.activationEnergy.value, 4)) ± \(NumberText.fixed($0.fit.activationEnergy.error, 4))"
      },
      column("95 % interval", "eV") {
        let interval = $0.fit.activationEnergy.interval
        return "\(NumberText.fixed(interval.lowerBound, 3)) to \(NumberText.fixed(interval.upperBound, 3))"
      },
      column("Activation energy", "kJ/mol") { NumberText.fixed($0.fit.activationEnergy.value * TemperatureSeries.kilojoulePerMole, 2) },
      column("p value", "") { $0.fit.goodnessOfFit.map { NumberText.significant($0, 2) } ?? "–" },
    ]
    for (index, prediction) in (series.first?.predictions ?? []).enumerated() {
      let place = "(\(NumberText.exact(prediction.temperature)) K)"
      for quantity in TransportQuantity.allCases {
        let own = series.map { series in
          quantity == .conductivity ? series.conductivities : series.fit.quantity == .diffusion ? series.predictions : []
        }
        guard own.contains(where: { $0.indices.contains(index) }) else { continue }
        let texts = own.map { values -> String in
          guard values.indices.contains(index) else { return "–" }
          return "\(NumberText.significant(values[index].value, 3)) (\(range(values[index].interval)))"
        }
        columns.append(
          DataTable.Column(name: "\(quantity == .diffusion ? "D" : "σ")\(place) / \(quantity.unit)", values: .text(texts)))
      }
    }
    return DataTable(
      name: "arrhenius-results", title: "Activation energies with standard errors, and extrapolated values with 95 % intervals.",
      columns: columns)
  }

  private var laws: DataTable {
    let rows = series.flatMap { series -> [[String]] in
      let fitted = zip(series.models.fits, series.models.probabilities).map { fit, probability in
        [
          series.name, fit.model.rawValue, fit.model.summary, NumberText.significant(fit.chiSquared, 4), NumberText.significant(fit.bic, 4),
          fit.aicc.map { NumberText.significant($0, 4) } ?? "–", NumberText.significant(fit.logEvidence, 4),
          NumberText.fixed(probability, 3),
        ]
      }
      return fitted
        + series.models.refused.map {
          [series.name, $0.rawValue, "not fitted: needs \($0.neededTemperatures) temperatures", "–", "–", "–", "–", "–"]
        }
    }
    let heads = ["Series", "Model", "Law", "chi2", "BIC", "AICc", "ln evidence", "Probability"]
    return DataTable(
      name: "arrhenius-models", title: "Laws for the same points: lower BIC and AICc, and higher evidence, speak for a law.",
      columns: heads.indices.map { column in .init(name: heads[column], values: .text(rows.map { $0[column] })) })
  }

  /// Lines for a person.
  var text: String { [results, laws].map { $0.textTable(maximumRows: 40) }.joined(separator: "\n") }

  /// Writes tables and figures.
  ///
  /// - Returns: What was written, for a report.
  func write(folder: String, tables tablesFolder: String = "", figures figuresFolder: String = "") throws -> ReportIndex {
    var index = ReportIndex()
    index.remarks = warnings
    for table in tables {
      let file = Files.path(table.name + ".csv", in: tablesFolder)
      let path = Files.path(file, in: folder)
      try Files.createFolder(Files.parent(of: path))
      try table.writeCSV(to: path)
      index.tables.append(.init(analysis: Self.name, file: file, title: table.title))
    }
    let renderer = FigureRenderer(directory: Files.path(figuresFolder, in: folder))
    for figure in figures {
      let drawn = try ReportContent.Figure(drawing: figure, with: renderer)
      if !drawn.note.isEmpty { index.remarks.append(drawn.note) }
      index.figures.append(.init(analysis: Self.name, file: Files.path(figure.name, in: figuresFolder), title: figure.title))
    }
    return index
  }
}

extension ArrheniusStudy {
  /// What decides how readings become series.
  struct Options {
    /// In K.
    var temperatures: [Double] = [300]
    var errors: ArrheniusFit.Errors?
    /// `nil` takes the ions that carry current in glasses, or all where there are none of them.
    var species: String?
    var quantity: TransportQuantity?
    /// What stands in for what runs do not tell.
    var carriers: ChargeCarriers?
    /// Whether numbers that their analysis does not stand by are fitted.
    var includesDoubtful = false
  }

  /// Makes series of readings: one a quantity and species.
  ///
  /// - Parameter name: Of the series; empty for that of quantity and species.
  static func series(_ readings: [TransportReading], name: String, _ options: Options) throws -> [TemperatureSeries] {
    var groups: [(quantity: TransportQuantity, species: String, readings: [TransportReading])] = []
    let known = readings.map(\.species).filter { !$0.isEmpty }
    let mobile = known.filter { TransportReading.formalCharge($0) != nil }
    for reading in readings {
      if let quantity = options.quantity, reading.quantity != quantity { continue }
      if let species = options.species, !reading.species.isEmpty, reading.species != species { continue }
      if options.species == nil, !mobile.isEmpty, !reading.species.isEmpty, !mobile.contains(reading.species) { continue }
      if let place = groups.firstIndex(where: { $0.quantity == reading.quantity && $0.species == reading.species }) {
        groups[place].readings.append(reading)
      } else {
        groups.append((reading.quantity, reading.species, [reading]))
      }
    }
    guard !groups.isEmpty else {
      let asked = [options.quantity?.rawValue, options.species].compactMap(\.self).joined(separator: " of ")
      throw WorkflowsError(
        .invalidOption,
        "there is no \(asked.isEmpty ? "diffusion coefficient or conductivity" : asked) among the results"
          + (known.isEmpty ? "" : "; there are coefficients of \(Set(known).sorted().joined(separator: ", "))"))
    }
    return try groups.map { group in
      var title = name
      if title.isEmpty || groups.count > 1 {
        let own = group.quantity == .diffusion ? (group.species.isEmpty ? "D" : group.species) : "conductivity"
        title = name.isEmpty ? own : "\(name) \(own)"
      }
      var excluded: [String] = []
      var used: [TransportReading] = []
      for reading in group.readings {
        let point = reading.point
        let what = "\(title): \(NumberText.significant(point.value, 3)) \(group.quantity.unit) at \(NumberText.exact(point.temperature)) K"
        if !point.isValid {
          excluded.append("\(what) has no logarithm and is left out (\(point.source))")
        } else if !reading.isTrusted, !options.includesDoubtful {
          excluded.append("\(what) fails its own quality test and is left out (\(point.source)); --include-doubtful takes it in")
        } else {
          if !reading.isTrusted { excluded.append("\(what) fails its own quality test and is taken in all the same (\(point.source))") }
          used.append(reading)
        }
      }
      let own = used.compactMap(\.carriers)
      var carriers = options.carriers
      if carriers == nil, let first = own.first, own.count == used.count {
        carriers = ChargeCarriers(density: own.reduce(0) { $0 + $1.density } / Double(own.count), charge: first.charge)
      }
      do {
        return try TemperatureSeries(
          name: title, points: TransportPoint.combined(used.map(\.point)), quantity: group.quantity, errors: options.errors,
          temperatures: options.temperatures, carriers: carriers, excluded: excluded)
      } catch let error as AnalysisError {
        throw WorkflowsError(.invalidOption, ([error.message] + excluded).joined(separator: ". "), cause: error)
      }
    }
  }
}
