import Structures

/// What ``RadialDistribution`` gives.
public struct RadialDistributionResult: AnalysisResult {
  /// g(r) of one pair of species.
  public struct Partial: Sendable {
    public var pair: SpeciesPair
    /// g at each of ``RadialDistributionResult/radii``.
    public var values: [Double]
    /// Standard errors, or empty where there are too few frames.
    public var error: [Double]
    /// First peak and minimum, as far as they stand out.
    public var shell: FirstShell
    /// The standard error of the position of the first peak in Å, or `nil` where there are too few frames or no peak.
    public var peakError: Double?
    /// The standard error of the width of the first peak in Å, or `nil`.
    public var widthError: Double?
    /// Running coordination numbers: of both directions where the species differ.
    public var running: [Running]
  }

  /// The mean number of neighbours closer than the outer border of each bin.
  public struct Running: Sendable {
    public var pair: SpeciesPair
    public var numbers: [Double]
    /// Standard errors, or empty.
    public var error: [Double]
  }

  /// g(r) of all atoms, weighted by their scattering amplitudes at Q = 0.
  public struct Weighted: Sendable {
    public var radiation: Radiation
    public var values: [Double]
    /// Standard errors, or empty.
    public var error: [Double]
  }

  public let parameters: RadialDistribution
  /// The cutoff used, in Å.
  public let cutoff: Double
  /// The middles of the bins in Å.
  public let radii: [Double]
  /// g(r) of all atoms alike.
  public let total: [Double]
  public let totalError: [Double]
  /// Weighted totals, of radiations for which every species has an amplitude.
  public let weighted: [Weighted]
  public let partials: [Partial]
  public let labels: [String]
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  public var analysis: String { RadialDistribution.descriptor.name }
  public var convention: String { RadialDistribution.descriptor.convention }

  /// The width of a bin in Å.
  public var binWidth: Double { cutoff / Double(radii.count) }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("cutoff", "\(brief(cutoff)) A"), AnalysisSetting("bin-width", "\(brief(binWidth)) A"),
      AnalysisSetting("smoothing", "\(brief(parameters.smoothing)) A"),
      AnalysisSetting("species", labels.joined(separator: ",")),
      AnalysisSetting("isotopes", parameters.scatterers.isotopeText), AnalysisSetting("ions", parameters.scatterers.ionText),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  /// The partial of two species, in either order.
  public func partial(_ a: String, _ b: String) -> Partial? {
    partials.first { $0.pair == SpeciesPair(a, b) || $0.pair == SpeciesPair(b, a) }
  }

  /// The mean number of neighbours up to the first minimum and its error; `nil` where there is no minimum.
  public func coordination(_ pair: SpeciesPair) -> (value: Double, error: Double?)? {
    guard let partial = partial(pair.center, pair.neighbor), let minimum = partial.shell.minimum,
      let running = partial.running.first(where: { $0.pair == pair })
    else { return nil }
    return (interpolated(running.numbers, at: minimum), running.error.isEmpty ? nil : interpolated(running.error, at: minimum))
  }

  /// A running number between the outer borders of bins.
  private func interpolated(_ numbers: [Double], at radius: Double) -> Double {
    let place = radius / binWidth - 1
    let low = max(0, min(numbers.count - 1, Int(place)))
    let high = min(numbers.count - 1, low + 1)
    return numbers[low] + (numbers[high] - numbers[low]) * max(0, min(1, place - Double(low)))
  }

  public var tables: [DataTable] {
    var columns = [DataTable.Column("r", unit: "A", radii), DataTable.Column("g_total", total)]
    if !totalError.isEmpty { columns.append(DataTable.Column("g_total_error", totalError)) }
    for total in weighted {
      columns.append(DataTable.Column("g_\(total.radiation.rawValue)", total.values))
      if !total.error.isEmpty { columns.append(DataTable.Column("g_\(total.radiation.rawValue)_error", total.error)) }
    }
    for partial in partials {
      columns.append(DataTable.Column("g_\(partial.pair)", partial.values))
      if !partial.error.isEmpty { columns.append(DataTable.Column("g_\(partial.pair)_error", partial.error)) }
    }
    var running = [DataTable.Column("r", unit: "A", radii.map { $0 + binWidth / 2 })]
    for entry in partials.flatMap(\.running) {
      running.append(DataTable.Column("n_\(entry.pair)", entry.numbers))
      if !entry.error.isEmpty { running.append(DataTable.Column("n_\(entry.pair)_error", entry.error)) }
    }
    return [
      DataTable(name: "rdf", title: "Radial distribution functions", columns: columns),
      DataTable(name: "rdf-coordination", title: "Running coordination numbers", columns: running),
      shellTable,
    ]
  }

  private var shellTable: DataTable {
    let rows = partials.flatMap { partial in partial.running.map { (partial, $0.pair) } }
    func numbers(_ value: (Partial, SpeciesPair) -> Double?) -> [Double] { rows.map { value($0.0, $0.1) ?? .nan } }
    return DataTable(
      name: "rdf-shells", title: "First shells",
      columns: [
        DataTable.Column("pair", rows.map(\.1.description)),
        DataTable.Column("first_peak", unit: "A", numbers { partial, _ in partial.shell.peak }),
        DataTable.Column("first_peak_error", unit: "A", numbers { partial, _ in partial.peakError }),
        DataTable.Column("first_peak_height", numbers { partial, _ in partial.shell.height }),
        DataTable.Column("first_peak_width", unit: "A", numbers { partial, _ in partial.shell.width }),
        DataTable.Column("first_peak_width_error", unit: "A", numbers { partial, _ in partial.widthError }),
        DataTable.Column("first_minimum", unit: "A", numbers { partial, _ in partial.shell.minimum }),
        DataTable.Column("coordination", numbers { _, pair in coordination(pair)?.value }),
        DataTable.Column("coordination_error", numbers { _, pair in coordination(pair)?.error }),
      ])
  }

  public var figures: [FigureDescription] {
    let distance = FigureDescription.Axis(label: "r", unit: "Å", range: 0...cutoff)
    var series = partials.map {
      FigureDescription.Series(label: $0.pair.description, x: radii, y: $0.values)
    }
    if partials.count > 1 { series.append(FigureDescription.Series(label: "total", x: radii, y: total, style: .dashed)) }
    let running = partials.flatMap(\.running).map {
      FigureDescription.Series(label: $0.pair.description, x: radii.map { $0 + binWidth / 2 }, y: $0.numbers)
    }
    return [
      FigureDescription(
        name: "rdf", title: "Radial distribution functions", x: distance, y: FigureDescription.Axis(label: "g(r)"), series: series),
      FigureDescription(
        name: "rdf-coordination", title: "Running coordination numbers", x: distance,
        y: FigureDescription.Axis(label: "n(r)", range: 0...16), series: running),
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    var pairs: [(key: String, value: SummaryValue)] = []
    for partial in partials {
      for running in partial.running {
        let coordination = coordination(running.pair)
        func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
        pairs.append(
          (
            running.pair.description,
            .object([
              ("first_peak_A", number(partial.shell.peak)), ("first_peak_error_A", number(partial.peakError)),
              ("first_peak_height", number(partial.shell.height)), ("first_peak_width_A", number(partial.shell.width)),
              ("first_peak_width_error_A", number(partial.widthError)),
              ("first_minimum_A", number(partial.shell.minimum)), ("coordination", number(coordination?.value)),
              ("coordination_error", number(coordination?.error)),
            ])
          ))
      }
    }
    return [("pairs", .object(pairs))]
  }
}
