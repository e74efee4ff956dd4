import Analysis
import Reporting
import Structures

/// Several series against temperature, with everything that is written of them: summary, tables, figures.
struct ArrheniusStudy {
  var series: [TemperatureSeries]
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
    // What people look for stands first: a page may be too narrow for all.
    var columns = [
      column("Series", "") { $0.name },
      column("Energy", "eV") {
        let interval = $0.fit.activationEnergy.interval
        return "\(NumberText.fixed($0.fit.activationEnergy.value, 4)) (\(NumberText.fixed(interval.lowerBound, 3)) to "
          + "\(NumberText.fixed(interval.upperBound, 3)))"
      },
    ]
    for (index, prediction) in (series.first?.predictions ?? []).enumerated() {
      let place = "(\(NumberText.exact(prediction.temperature)) K)"
      for quantity in [TransportQuantity.conductivity, .diffusion] {
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
    columns += [
      column("p value", "") { $0.fit.goodnessOfFit.map { NumberText.significant($0, 2) } ?? "–" },
      column("Temperatures", "") { String($0.temperatureCount) },
      column("Standard error", "eV") { NumberText.fixed($0.fit.activationEnergy.error, 4) },
      column("Energy", "kJ/mol") { NumberText.fixed($0.fit.activationEnergy.value * TemperatureSeries.kilojoulePerMole, 2) },
    ]
    return DataTable(
      name: "arrhenius-results",
      title: "Activation energies and values of the lines with 95 % intervals, p value, number of temperatures, standard error.",
      columns: columns)
  }

  private var laws: DataTable {
    let rows = series.flatMap { series -> [[String]] in
      let fitted = zip(series.models.fits, series.models.probabilities).map { fit, probability in
        [
          series.name, fit.model.rawValue, fit.model.law(series.fit.quantity), NumberText.significant(fit.chiSquared, 4),
          NumberText.significant(fit.bic, 4),
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
  /// A group that cannot be fitted is a remark as long as another can.
  ///
  /// - Parameter name: Of the series; empty for that of quantity and species.
  /// - Throws: ``WorkflowsError`` with code `.invalidOption` where there is nothing to fit, or a run is given twice.
  static func fitted(_ readings: [TransportReading], name: String, _ options: Options) throws -> ArrheniusStudy {
    try refuseRepetitions(readings)
    var groups: [(quantity: TransportQuantity, species: String, readings: [TransportReading])] = []
    let known = readings.map(\.species).filter { !$0.isEmpty }
    if let species = options.species, !known.contains(species), options.quantity != .conductivity {
      throw WorkflowsError(
        .invalidOption,
        "there is no diffusion coefficient of \(species) among the results"
          + (known.isEmpty ? "" : "; there are coefficients of \(Set(known).sorted().joined(separator: ", "))"))
    }
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
    var study = ArrheniusStudy(series: [])
    var failures: [String] = []
    for group in groups {
      var title = name
      if title.isEmpty || groups.count > 1 {
        let own = group.quantity == .diffusion ? (group.species.isEmpty ? "D" : group.species) : "conductivity"
        title = name.isEmpty ? own : "\(name) \(own)"
      }
      let (used, remarks) = usable(group.readings, title, options)
      let own = used.compactMap { reading in
        (options.carriers ?? reading.carriers).map { TemperatureSeries.Carriers(temperature: reading.point.temperature, ions: $0) }
      }
      let carriers = own.count == used.count ? own : []
      do {
        study.series.append(
          try TemperatureSeries(
            name: title, points: used.map(\.point), quantity: group.quantity, errors: options.errors,
            temperatures: options.temperatures, carriers: carriers, excluded: remarks))
      } catch let error as AnalysisError {
        failures.append((["\(title): no line: \(error.message)"] + remarks).joined(separator: ". "))
      }
    }
    guard !study.series.isEmpty else { throw WorkflowsError(.invalidOption, failures.joined(separator: ". ")) }
    study.remarks = failures
    return study
  }

  /// A run counts once: its number a second time would make errors smaller than they are.
  private static func refuseRepetitions(_ readings: [TransportReading]) throws {
    var seen: Set<[String]> = []
    for reading in readings where !reading.origin.isEmpty {
      let key = [reading.origin, reading.quantity.rawValue, reading.species, NumberText.exact(reading.point.temperature)]
      guard seen.insert(key).inserted else {
        throw WorkflowsError(.invalidOption, "\(reading.origin) is given twice; leave one out, or its number would count twice")
      }
    }
  }

  /// What is fitted of readings of one kind, and what is to be said of the rest.
  private static func usable(
    _ readings: [TransportReading], _ title: String, _ options: Options
  ) -> (used: [TransportReading], remarks: [String]) {
    var remarks: [String] = []
    var used: [TransportReading] = []
    for reading in readings {
      let point = reading.point
      let symbol = reading.quantity == .diffusion ? "D" : "σ"
      let place = "at \(NumberText.exact(point.temperature)) K (\(point.source))"
      let value = "\(title): \(symbol) = \(NumberText.significant(point.value, 3)) \(reading.quantity.unit) \(place)"
      let reasons = reading.refusals.joined(separator: "; ")
      if reading.isRefused, !point.isValid || !options.includesDoubtful {
        let hint = point.isValid ? "; --include-doubtful takes in \(NumberText.significant(point.value, 3)) \(reading.quantity.unit)" : ""
        remarks.append("\(title): \(symbol) \(place) was refused by its analysis and is left out: \(reasons)\(hint)")
      } else if !point.isValid {
        remarks.append("\(value) has no logarithm and is left out")
      } else if !reading.isTrusted, !options.includesDoubtful {
        remarks.append("\(value) fails its own quality test and is left out; --include-doubtful takes it in")
      } else {
        if reading.isRefused {
          remarks.append("\(value) was refused by its analysis and is taken in all the same: \(reasons)")
        } else if !reading.isTrusted {
          remarks.append("\(value) fails its own quality test and is taken in all the same")
        }
        used.append(reading)
      }
    }
    return (used, remarks)
  }
}
