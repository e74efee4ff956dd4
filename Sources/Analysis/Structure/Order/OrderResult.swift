import Structures

/// What ``OrderAnalysis`` gives.
public struct OrderResult: AnalysisResult {
  public typealias Value = VoronoiResult.Value

  /// The bond-order parameters; the raw value, with the degree behind it, is their name in tables.
  public enum Quantity: String, CaseIterable, Sendable {
    case q
    case averagedQ = "averaged_q"
    case w
    case averagedW = "averaged_w"

    func values(_ order: BondOrder, _ degree: Int) -> [Double] {
      switch self {
      case .q: order.q[degree]
      case .averagedQ: order.averagedQ[degree]
      case .w: order.w[degree]
      case .averagedW: order.averagedW[degree]
      }
    }
  }

  /// The order around the atoms of one species, or of all.
  public struct Entry: Sendable {
    public var species: String
    /// By quantity, then by degree.
    public var parameters: [[Value]]
    /// Shares by the raw value of ``LocalStructure``.
    public var structures: [Value]
    /// The share of crystalline atoms.
    public var crystalline: Value
    /// Distributions by quantity, then by degree, in bins from ``lowest`` on.
    public var densities: [[[Double]]]
  }

  /// Where the bins of distributions begin; third-order invariants lie above, and all parameters below 1.
  static let lowest = -0.4

  static func bins(_ width: Double) -> Int { Int(((1 - lowest) / width).rounded(.up)) + 1 }

  public let parameters: OrderAnalysis
  public let entries: [Entry]
  /// Atoms of the largest crystalline cluster as a share of all.
  public let largestCluster: Value
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  let labelled: Frame?

  public var analysis: String { OrderAnalysis.descriptor.name }
  public var convention: String { OrderAnalysis.descriptor.convention }

  /// The order around a species, or around `all`.
  public subscript(species: String) -> Entry? { entries.first { $0.species == species } }

  /// The mean of one parameter around a species; `nil` for a degree that was not asked for.
  public func mean(_ quantity: Quantity, l: Int, species: String) -> Double? {
    guard let place = Quantity.allCases.firstIndex(of: quantity), let degree = parameters.degrees.firstIndex(of: l) else { return nil }
    return self[species]?.parameters[place][degree].mean
  }

  public var settings: [AnalysisSetting] {
    let neighbors =
      switch parameters.neighbors {
      case .nearest: "nearest \(parameters.number)"
      case .cutoff: "cutoff"
      case .voronoi: parameters.areaWeights ? "voronoi, weighted by area" : "voronoi, all alike"
      }
    var settings = [
      AnalysisSetting("l", parameters.degrees.map(String.init).joined(separator: ",")), AnalysisSetting("neighbors", neighbors),
    ]
    if parameters.neighbors == .cutoff { settings.append(AnalysisSetting("cutoff", "\(brief(parameters.cutoff ?? 0)) A")) }
    return settings + [
      AnalysisSetting("species", entries.map(\.species).filter { $0 != "all" }.joined(separator: ",")),
      AnalysisSetting("bond-threshold", brief(parameters.bondThreshold)), AnalysisSetting("connections", String(parameters.connections)),
      AnalysisSetting("bin-width", brief(parameters.binWidth)),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  public var warnings: [String] {
    entries.count > 1
      ? ["the sublattice has several species, which are taken for alike; name one with species to see the order of a compound"] : []
  }

  public var tables: [DataTable] {
    func columns(_ name: String, _ value: (Entry) -> Value) -> [DataTable.Column] {
      [
        DataTable.Column(name, entries.map { value($0).mean }), DataTable.Column(name + "_error", entries.map { value($0).error ?? .nan }),
      ]
    }
    var means = [DataTable.Column("species", entries.map(\.species))]
    for (place, quantity) in Quantity.allCases.enumerated() {
      for (degree, l) in parameters.degrees.enumerated() { means += columns("\(quantity.rawValue)\(l)") { $0.parameters[place][degree] } }
    }
    for structure in LocalStructure.allCases { means += columns("share_\(structure.name)") { $0.structures[structure.rawValue] } }
    means += columns("share_crystalline", \.crystalline)
    let width = parameters.binWidth
    let rows = 0..<Self.bins(width)
    var distributions = [DataTable.Column("value", rows.map { Self.lowest + (Double($0) + 0.5) * width })]
    for entry in entries {
      for (place, quantity) in Quantity.allCases.enumerated() {
        for (degree, l) in parameters.degrees.enumerated() {
          distributions.append(DataTable.Column("density_\(quantity.rawValue)\(l)_\(entry.species)", entry.densities[place][degree]))
        }
      }
    }
    return [
      DataTable(name: "order", title: "Means of bond-order parameters and shares of local structures", columns: means),
      DataTable(name: "order-distributions", title: "Distributions of bond-order parameters", columns: distributions),
    ]
  }

  public var figures: [FigureDescription] {
    let width = parameters.binWidth
    func curves(_ quantity: Quantity, _ symbol: String) -> [FigureDescription.Series] {
      guard let place = Quantity.allCases.firstIndex(of: quantity) else { return [] }
      return entries.flatMap { entry in
        parameters.degrees.enumerated().map { degree, l in
          let density = entry.densities[place][degree]
          let first = max(0, (density.firstIndex { $0 > 0 } ?? 0) - 1)
          let last = min(density.count - 1, (density.lastIndex { $0 > 0 } ?? 0) + 1)
          return FigureDescription.Series(
            label: "\(symbol)_{\(l)}, \(entry.species)", x: (first...last).map { Self.lowest + (Double($0) + 0.5) * width },
            y: Array(density[first...last]), style: .steps)
        }
      }
    }
    func figure(_ name: String, _ title: String, _ axis: String, _ series: [FigureDescription.Series]) -> FigureDescription {
      FigureDescription(
        name: name, title: title, x: FigureDescription.Axis(label: axis), y: FigureDescription.Axis(label: "probability density"),
        series: series)
    }
    let shares = FigureDescription(
      name: "order-structures", title: "Local structures, and crystalline atoms by q_6",
      x: FigureDescription.Axis(label: "0 other, 1 fcc, 2 hcp, 3 bcc, 4 icosahedral, 5 crystalline"),
      y: FigureDescription.Axis(label: "share of atoms", range: 0...1),
      series: entries.map { entry in
        let values = entry.structures + [entry.crystalline]
        return FigureDescription.Series(
          label: entry.species, x: values.indices.map { Double($0) }, y: values.map(\.mean),
          error: blocks == nil ? [] : values.map { $0.error ?? .nan }, style: .bars)
      })
    return [
      figure("order-q", "Bond-order parameters", "q_{l}", curves(.q, "q")),
      figure("order-averaged-q", "Averaged bond-order parameters", "averaged q_{l}", curves(.averagedQ, "averaged q")),
      figure("order-w", "Third-order invariants", "w_{l}", curves(.w, "w")), shares,
    ]
  }

  public var files: [AnalysisFile] {
    labelled.map { [AnalysisFile(name: "order-atoms", title: "Local order in the last frame", contents: .frames([$0]))] } ?? []
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    let species = entries.map { entry -> (key: String, value: SummaryValue) in
      var values: [(key: String, value: SummaryValue)] = []
      for (place, quantity) in Quantity.allCases.enumerated() {
        for (degree, l) in parameters.degrees.enumerated() {
          let value = entry.parameters[place][degree]
          values.append(("\(quantity.rawValue)\(l)", .number(value.mean)))
          values.append(("\(quantity.rawValue)\(l)_error", number(value.error)))
        }
      }
      let shares = LocalStructure.allCases.map { ($0.name, SummaryValue.number(entry.structures[$0.rawValue].mean)) }
      values.append(("structures", .object(shares)))
      let errors = LocalStructure.allCases.map { ($0.name, number(entry.structures[$0.rawValue].error)) }
      values.append(("structures_error", .object(blocks == nil ? [] : errors)))
      values.append(("crystalline", .number(entry.crystalline.mean)))
      values.append(("crystalline_error", number(entry.crystalline.error)))
      return (entry.species, .object(values))
    }
    return [
      ("species", .object(species)), ("largest_cluster_share", .number(largestCluster.mean)),
      ("largest_cluster_share_error", number(largestCluster.error)),
    ]
  }
}
