import NumericalMethods
import Structures

/// What ``PairDistribution`` gives.
public struct PairDistributionResult: AnalysisResult {
  /// The functions of one radiation over ``PairDistributionResult/radii``.
  public struct Total: Sendable {
    public var radiation: Radiation
    /// D(r) over |<f>|², the G(r) of the PDF community, in 1/Å².
    public var reduced: [Double]
    /// The standard error of D(r), and of T(r); empty where there are too few frames.
    public var error: [Double]
    /// T(r) over |<f>|², in 1/Å².
    public var total: [Double]
    /// What each pair of species adds to D(r), in the order of ``PairDistributionResult/pairs``.
    public var partials: [[Double]]
    /// |<b>|² in barn; `nil` but for neutrons.
    public var squareOfMean: Double?
  }

  public let parameters: PairDistribution
  /// In Å.
  public let radii: [Double]
  public let cutoff: Double
  public let totals: [Total]
  public let pairs: [SpeciesPair]
  /// Running coordination numbers at the outer borders of bins.
  public let running: [RadialDistributionResult.Running]
  /// rho_0 in atoms per Å³.
  public let density: Double
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  init(_ parameters: PairDistribution, curves: PairCurves) throws {
    self.parameters = parameters
    let name = PairDistribution.descriptor.name
    let transform = FiniteRangeTransform(parameters, curves: curves)
    let mean = curves.mean
    let density = curves.density(mean)
    self.density = density
    radii = curves.radii
    cutoff = curves.cutoff
    frameCount = curves.frameCount
    blocks = curves.blocks
    pairs = curves.pairsOfSpecies.map { SpeciesPair(curves.labels[$0.a], curves.labels[$0.b]) }
    running = curves.pairsOfSpecies.flatMap { curves.runningNumbers($0.a, $0.b) }
    let intensities = transform.intensities(mean)
    // The same for all radiations, and the dearest step.
    let blockEntries = curves.average.blockCount > 1 ? curves.average.blockMeans.map { ($0, transform.intensities($0)) } : []
    totals = try parameters.radiations.map { radiation in
      let weights = try ScatteringWeights(radiation, elements: curves.elements, scatterers: parameters.scatterers, analysis: name)
      try weights.requireMean(concentrations: curves.concentrations, analysis: name)
      let reduced = transform.reduced(intensities: intensities, mean, weights: weights)
      let samples = blockEntries.map { transform.reduced(intensities: $0.1, $0.0, weights: weights) }
      return Total(
        radiation: radiation, reduced: reduced, error: BlockAverage.standardError(of: samples),
        total: zip(reduced, curves.radii).map { $0 + 4 * Double.pi * density * $1 },
        partials: curves.pairsOfSpecies.indices.map { transform.reduced(intensities: intensities, mean, weights: weights, pair: $0) },
        squareOfMean: radiation == .neutron ? weights.pairs(0, concentrations: curves.concentrations).squareOfMean / 100 : nil)
    }
    var warnings = curves.warnings
    let deviation = RadialTransform.deviationAtEnd(curves)
    if deviation > 0.02 {
      warnings.append(
        "g(r) still deviates from 1 by up to \(brief((deviation * 1e3).rounded() / 1e3)) at the cutoff of \(brief((curves.cutoff * 1e3).rounded() / 1e3)) "
          + "A, beyond which it counts as 1: D(r) is wrong within a few times 2 pi / Q_max of the end")
    }
    if parameters.window == .none, parameters.radiations.contains(where: { $0 != .neutron }) {
      warnings.append("without a window the weights of X-rays and electrons are those at Q = 0")
    }
    self.warnings = warnings
  }

  public var analysis: String { PairDistribution.descriptor.name }
  public var convention: String { PairDistribution.descriptor.convention }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("radiation", parameters.radiations.map(\.rawValue).joined(separator: ",")),
      AnalysisSetting("q-max", parameters.window == .none ? "infinite" : "\(brief(parameters.highestQ)) 1/A"),
      AnalysisSetting("window", parameters.window.rawValue), AnalysisSetting("broadening", "\(brief(parameters.broadening)) A"),
      AnalysisSetting("cutoff", "\(brief(cutoff)) A"), AnalysisSetting("bin-width", "\(brief(cutoff / Double(radii.count))) A"),
      AnalysisSetting("isotopes", parameters.scatterers.isotopeText), AnalysisSetting("ions", parameters.scatterers.ionText),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  public func total(_ radiation: Radiation) -> Total? { totals.first { $0.radiation == radiation } }

  public var tables: [DataTable] {
    var tables = totals.map { total -> DataTable in
      var columns = [
        DataTable.Column("r", unit: "A", radii), DataTable.Column("G", unit: "1/A2", total.reduced),
        DataTable.Column("T", unit: "1/A2", total.total),
        DataTable.Column("g", zip(total.total, radii).map { $0 / (4 * Double.pi * density * $1) }),
      ]
      if !total.error.isEmpty { columns.append(DataTable.Column("G_error", unit: "1/A2", total.error)) }
      if let square = total.squareOfMean {
        columns.append(DataTable.Column("D", unit: "barn/A2", total.reduced.map { $0 * square }))
        columns.append(DataTable.Column("T_barn", unit: "barn/A2", total.total.map { $0 * square }))
      }
      for (pair, values) in zip(pairs, total.partials) { columns.append(DataTable.Column("G_\(pair)", unit: "1/A2", values)) }
      return DataTable(
        name: "pdf-\(total.radiation.rawValue)", title: "Total correlation functions, \(total.radiation.rawValue)", columns: columns)
    }
    let half = radii.first ?? 0
    tables.append(
      DataTable(
        name: "pdf-coordination", title: "Running coordination numbers",
        columns: [DataTable.Column("r", unit: "A", radii.map { $0 + half })]
          + running.map { DataTable.Column("n_\($0.pair)", $0.numbers) }))
    return tables
  }

  public var figures: [FigureDescription] {
    let distance = FigureDescription.Axis(label: "r", unit: "Å", range: 0...min(cutoff, 20))
    func figure(_ name: String, _ title: String, _ label: String, _ curve: (Total) -> [Double]) -> FigureDescription {
      FigureDescription(
        name: name, title: title, x: distance, y: FigureDescription.Axis(label: label, unit: "Å^{-2}"),
        series: totals.map { FigureDescription.Series(label: $0.radiation.rawValue, x: radii, y: curve($0)) })
    }
    return [
      figure("pdf", "Reduced pair distribution functions", "G(r)") { $0.reduced },
      figure("pdf-total", "Total correlation functions", "T(r)") { $0.total },
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let radiations = totals.map { total -> (key: String, value: SummaryValue) in
      let peak = firstPeak(total.reduced)
      return (
        total.radiation.rawValue,
        .object([
          ("first_peak_A", peak.map { .number($0.position) } ?? .null), ("first_peak_G_1_per_A2", peak.map { .number($0.height) } ?? .null),
          ("mean_b_squared_barn", total.squareOfMean.map { .number($0) } ?? .null),
        ])
      )
    }
    return [("number_density_1_per_A3", .number(density)), ("radiations", .object(radiations))]
  }

  /// The highest point of the first stretch of G(r), smoothed by 0.03 Å, above 0.3 of its highest value below 5 Å; the ripples of a step
  /// reach a fifth of a peak.
  private func firstPeak(_ values: [Double]) -> (position: Double, height: Double)? {
    guard radii.count > 2 else { return nil }
    let step = radii[1] - radii[0]
    let smooth = DiffractionPeak.smoothed(values, width: 0.03 / step)
    let floor = 0.3 * (zip(smooth, radii).filter { $0.1 < 5 }.map(\.0).max() ?? 0)
    guard let rise = smooth.firstIndex(where: { $0 > floor }), let fall = smooth[rise...].firstIndex(where: { $0 <= floor }),
      let top = (rise..<fall).max(by: { smooth[$0] < smooth[$1] })
    else { return nil }
    return (radii[top] + step * DiffractionPeak.vertex(smooth, top), smooth[top])
  }
}
