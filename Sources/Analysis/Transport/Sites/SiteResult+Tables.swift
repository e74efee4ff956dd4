import Structures

extension SiteResult {
  public var tables: [DataTable] { [kindTable, jumpTable, pathTable, matrix, siteTable, list, stringTable] + residenceTables }

  private var kindTable: DataTable {
    let kinds = network.labels.indices
    return DataTable(
      name: "site-kinds", title: "Kinds of sites",
      columns: [
        DataTable.Column("label", network.labels), DataTable.Column("sites", network.kindCounts.map(Double.init)),
        DataTable.Column("occupancy", kindOccupancy),
        DataTable.Column("occupancy_error", kindOccupancyError.isEmpty ? kinds.map { _ in Double.nan } : kindOccupancyError),
        DataTable.Column("departures", kinds.map { Double(jumps.departures($0)) }),
      ] + HopStatistics.columns("residence", "ps", kinds.map { jumps.meanResidence($0) }))
  }

  private var jumpTable: DataTable {
    DataTable(
      name: "jump-diffusion", title: "Jumps of each species and what they make",
      columns: [DataTable.Column("species", species.map(\.label)), DataTable.Column("jumps", species.map { Double($0.hops) })]
        + HopStatistics.columns("rate", "1/ps", species.map(\.rate))
        + [DataTable.Column("length", unit: "A", species.map(\.meanLength.value))]
        + HopStatistics.columns("D_jumps", "cm2/s", species.map(\.hopDiffusivity), scale: 1e-4)
        + HopStatistics.columns("D_msd", "cm2/s", species.map(\.tracerDiffusivity), scale: 1e-4)
        + HopStatistics.columns("correlation_factor", "", species.map(\.correlationFactor)))
  }

  private var pathTable: DataTable {
    let axes = zip(["a", "b", "c"], percolation.axes).filter(\.1).map(\.0).joined(separator: " ")
    return DataTable(
      name: "jump-paths", title: "Paths across the cell, and jumps that follow each other",
      columns: [
        DataTable.Column("percolation_dimensions", [Double(percolation.dimensions)]),
        DataTable.Column("percolation_along", [axes.isEmpty ? "none" : axes]),
        DataTable.Column("largest_network", [percolation.largestShare]),
        DataTable.Column("collective_share", [strings.collectiveShare]),
        DataTable.Column("collective_by_chance", [strings.expectedShare]), DataTable.Column("mean_string", [strings.meanSize]),
      ])
  }

  private var siteTable: DataTable {
    let places = network.fractions
    return DataTable(
      name: "sites", title: "Sites and their occupancy",
      columns: [
        DataTable.Column("site", places.indices.map { Double($0 + 1) }),
        DataTable.Column("label", network.kinds.map { network.labels[$0] }),
        DataTable.Column("fraction_a", places.map(\.x)), DataTable.Column("fraction_b", places.map(\.y)),
        DataTable.Column("fraction_c", places.map(\.z)), DataTable.Column("occupancy", occupancy),
      ])
  }

  private var matrix: DataTable {
    var rows: [(from: Int, to: Int)] = []
    for from in network.labels.indices { for to in network.labels.indices { rows.append((from, to)) } }
    let rates = rows.map { jumps.rate(from: $0.from, to: $0.to) }
    return DataTable(
      name: "jump-rates", title: "Jumps between kinds of sites",
      columns: [
        DataTable.Column("from", rows.map { network.labels[$0.from] }), DataTable.Column("to", rows.map { network.labels[$0.to] }),
        DataTable.Column("jumps", rows.map { Double(jumps.count(from: $0.from, to: $0.to)) }),
        DataTable.Column("rate", unit: "1/ps", rates.map(\.value)),
        DataTable.Column("rate_error", unit: "1/ps", rates.map { $0.error ?? .nan }),
        DataTable.Column("mean_length", unit: "A", rows.map { jumps.meanLength(from: $0.from, to: $0.to) }),
      ])
  }

  private var list: DataTable {
    var rows: [(ion: Int, old: SiteVisit, new: SiteVisit)] = []
    for (ion, visits) in visits.enumerated() where rows.count < HopResult.mostRows {
      for (old, new) in zip(visits, visits.dropFirst()) { rows.append((ion, old, new)) }
    }
    let lengths = species.flatMap { $0.events.map(\.hop.length) }.prefix(rows.count)
    let identifiers = firstFrame.configuration.identifiers
    return DataTable(
      name: "jumps", title: "Jumps, by atom and time",
      columns: [
        DataTable.Column("atom", rows.map { Double(identifiers.isEmpty ? atoms[$0.ion] + 1 : identifiers[atoms[$0.ion]]) }),
        DataTable.Column("time", unit: "ps", rows.map { Double($0.new.frame) * frameInterval }),
        DataTable.Column("from_site", rows.map { Double($0.old.site + 1) }),
        DataTable.Column("to_site", rows.map { Double($0.new.site + 1) }),
        DataTable.Column("from", rows.map { network.labels[network.kinds[Int($0.old.site)]] }),
        DataTable.Column("to", rows.map { network.labels[network.kinds[Int($0.new.site)]] }),
        DataTable.Column("length", unit: "A", Array(lengths)),
      ])
  }

  private var stringTable: DataTable {
    DataTable(
      name: "strings", title: "Strings of jumps that follow each other, by their number of jumps",
      columns: [
        DataTable.Column("jumps", strings.sizes.map(Double.init)),
        DataTable.Column("strings", strings.counts.map(Double.init)),
      ])
  }

  private var residenceTables: [DataTable] {
    species.map { part in
      DataTable(
        name: species.count == 1 ? "residence-times" : "residence-times-\(part.label)",
        title: "Residence times of \(part.label) from jump to jump: the share that is longer (Kaplan and Meier)",
        columns: [
          DataTable.Column("time", unit: "ps", part.survival.frames.map { Double($0) * frameInterval }),
          DataTable.Column("survival", part.survival.values), DataTable.Column("survival_error", part.survival.errors),
          DataTable.Column("exponential", part.survival.frames.map { part.randomSurvival(frames: $0) }),
        ])
    }
  }

  public var figures: [FigureDescription] {
    var figures = [occupancyFigure]
    let jumping = species.filter { $0.survival.ended > 0 }
    if let waits = HopResult.waitingFigure(jumping, interval: frameInterval, name: "residence-times", title: "Residence times on sites") {
      figures.append(waits)
    }
    return figures
  }

  private var occupancyFigure: FigureDescription {
    let series = network.labels.indices.map { kind in
      let values = network.kinds.indices.filter { network.kinds[$0] == kind }.map { occupancy[$0] }.sorted(by: >)
      return FigureDescription.Series(
        label: network.labels[kind], x: values.indices.map { (Double($0) + 0.5) / Double(values.count) }, y: values, style: .steps)
    }
    return FigureDescription(
      name: "occupancy", title: "Occupancy of sites, the fullest of each kind first",
      x: FigureDescription.Axis(label: "share of the sites of a kind", range: 0...1), y: FigureDescription.Axis(label: "occupancy"),
      series: series)
  }
}
