import Structures

/// What ``BondValence`` gives.
public struct BondValenceResult: AnalysisResult {
  /// The sums of one species.
  public struct Species: Sendable {
    public var label: String
    /// The formal charge in e.
    public var charge: Int
    /// The mean bond-valence sum in valence units, positive for anions too.
    public var mean: Double
    public var meanError: Double?
    /// The standard deviation of the sums of the atoms.
    public var deviation: Double
    /// The root mean square of `V - |q|`.
    public var mismatch: Double
    /// Counts by bins of 0.02 valence units from 0 on; all frames together.
    public var histogram: [Double]
  }

  /// A percolation barrier.
  public struct Barrier: Sendable {
    /// `1D`, `2D`, `3D`; `a`, `b`, `c` for a path that winds along that edge at all.
    public var name: String
    /// In eV above the lowest point; `nil` where some frame has no such path.
    public var energy: Double?
    public var error: Double?
  }

  /// The landscape of one frame.
  public struct Landscape: Sendable {
    public var mobile: String
    /// In eV.
    public var grid: VolumetricGrid
    /// The lowest energy in eV.
    public var minimum: Double
    /// In one, two, three dimensions, in eV above the lowest.
    public var barriers: [Double?]
    /// Along a, b, c, in eV above the lowest.
    public var alongEdges: [Double?]
  }

  public let parameters: BondValence
  /// The global instability index in valence units.
  public let instability: Double
  public let instabilityError: Double?
  public let species: [Species]
  /// Empty without a landscape.
  public let barriers: [Barrier]
  /// Of the first frame.
  public let landscape: Landscape?
  /// The first frame with the column `bond_valence`.
  let labelled: Frame?
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  public var analysis: String { BondValence.descriptor.name }
  public var convention: String { BondValence.descriptor.convention }

  /// The barrier with a name, in eV.
  public func barrier(_ name: String) -> Double? { barriers.first { $0.name == name }?.energy }

  public var settings: [AnalysisSetting] {
    var settings = [
      AnalysisSetting("charges", species.map { "\($0.label)=\($0.charge)" }.joined(separator: ",")),
      AnalysisSetting("parameters", parameters.set.rawValue), AnalysisSetting("cutoff", "\(brief(parameters.cutoff)) A"),
      AnalysisSetting("mobile", landscape?.mobile ?? "none"),
    ]
    if let landscape {
      let size = landscape.grid.size
      settings += [
        AnalysisSetting("grid-spacing", "\(brief(parameters.gridSpacing)) A (\(size.x) x \(size.y) x \(size.z) points)"),
        AnalysisSetting("screening", brief(parameters.screening)), AnalysisSetting("connectivity", String(parameters.connectivity)),
      ]
    }
    settings.append(AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"))
    return settings
  }

  public var tables: [DataTable] {
    var tables = [
      DataTable(
        name: "bond-valence", title: "Bond-valence sums; the global instability index is \(brief((instability * 1e4).rounded() / 1e4))",
        columns: [
          DataTable.Column("species", species.map(\.label)), DataTable.Column("charge", unit: "e", species.map { Double($0.charge) }),
          DataTable.Column("sum", species.map(\.mean)), DataTable.Column("sum_error", species.map { $0.meanError ?? .nan }),
          DataTable.Column("deviation", species.map(\.deviation)), DataTable.Column("mismatch", species.map(\.mismatch)),
        ])
    ]
    if !barriers.isEmpty {
      tables.append(
        DataTable(
          name: "bond-valence-barriers", title: "Percolation barriers of \(landscape?.mobile ?? "")",
          columns: [
            DataTable.Column("path", barriers.map(\.name)), DataTable.Column("barrier", unit: "eV", barriers.map { $0.energy ?? .nan }),
            DataTable.Column("barrier_error", unit: "eV", barriers.map { $0.error ?? .nan }),
          ]))
      let (energies, shares) = accessible
      tables.append(
        DataTable(
          name: "bond-valence-volume", title: "Share of the cell with a site energy up to a level above the lowest, first frame",
          columns: [DataTable.Column("energy", unit: "eV", energies), DataTable.Column("share", shares)]))
    }
    return tables
  }

  /// The share of the grid below each level.
  private var accessible: (energies: [Double], shares: [Double]) {
    guard let landscape else { return ([], []) }
    let top = max(1, 1.3 * (barriers.prefix(3).compactMap(\.energy).max() ?? 2))
    let bins = 200
    var counts = [Double](repeating: 0, count: bins)
    for value in landscape.grid.values where value - landscape.minimum < top {
      counts[min(bins - 1, Int((value - landscape.minimum) / top * Double(bins)))] += 1
    }
    var sum = 0.0
    let shares = counts.map {
      sum += $0
      return sum / Double(landscape.grid.values.count)
    }
    return (counts.indices.map { Double($0 + 1) * top / Double(bins) }, shares)
  }

  public var figures: [FigureDescription] {
    let used = species.flatMap { entry in entry.histogram.indices.filter { entry.histogram[$0] > 0 } }
    let width = BondValenceAccumulator.binWidth
    let range = max(0, (used.min() ?? 0) - 3)...min((species.first?.histogram.count ?? 1) - 1, (used.max() ?? 0) + 3)
    var figures = [
      FigureDescription(
        name: "bond-valence", title: "Distributions of bond-valence sums",
        x: FigureDescription.Axis(label: "bond-valence sum", unit: "v.u."), y: FigureDescription.Axis(label: "share of atoms"),
        series: species.map { entry in
          let total = max(1, entry.histogram.reduce(0, +))
          return FigureDescription.Series(
            label: entry.label, x: range.map { (Double($0) + 0.5) * width }, y: range.map { entry.histogram[$0] / total }, style: .steps)
        })
    ]
    if let landscape {
      let (energies, shares) = accessible
      // Markers that would overprint each other are one.
      var markers: [FigureDescription.Marker] = []
      for barrier in barriers.prefix(3) {
        guard let energy = barrier.energy else { continue }
        if let last = markers.last, energy - last.x < 0.08 * (energies.last ?? 1) {
          markers[markers.count - 1].label += ", \(barrier.name)"
        } else {
          markers.append(FigureDescription.Marker(x: energy, label: barrier.name))
        }
      }
      figures.append(
        FigureDescription(
          name: "bond-valence-volume", title: "Volume open to \(landscape.mobile) and percolation barriers",
          x: FigureDescription.Axis(label: "site energy above the lowest", unit: "eV", range: 0...(energies.last ?? 1)),
          y: FigureDescription.Axis(label: "share of volume"),
          series: [FigureDescription.Series(label: "", x: energies, y: shares)], markers: markers))
    }
    return figures
  }

  public var files: [AnalysisFile] {
    var files: [AnalysisFile] = []
    if let landscape {
      files.append(
        AnalysisFile(
          name: "\(landscape.mobile.lowercased())-site-energy", title: "\(landscape.grid.quantity) of the first frame, in eV",
          contents: .grid(landscape.grid, labelled?.configuration)))
    }
    if let labelled {
      files.append(
        AnalysisFile(name: "bond-valence", title: "First frame with the bond-valence sum of each atom", contents: .frames([labelled])))
    }
    return files
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func optional(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    var values: [(key: String, value: SummaryValue)] = [
      ("global_instability_index", .number(instability)), ("global_instability_index_error", optional(instabilityError)),
      (
        "species",
        .object(
          species.map {
            (
              $0.label,
              .object([
                ("charge_e", .integer($0.charge)), ("sum", .number($0.mean)), ("sum_error", optional($0.meanError)),
                ("deviation", .number($0.deviation)), ("mismatch", .number($0.mismatch)),
              ])
            )
          })
      ),
    ]
    if let landscape {
      values += [
        ("mobile", .text(landscape.mobile)), ("minimum_eV", .number(landscape.minimum)),
        ("barriers_eV", .object(barriers.map { ($0.name, optional($0.energy)) })),
        ("barriers_error_eV", .object(barriers.map { ($0.name, optional($0.error)) })),
      ]
    }
    return values
  }
}
