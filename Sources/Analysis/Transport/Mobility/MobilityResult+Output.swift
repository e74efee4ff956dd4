import Structures

extension MobilityResult {
  public var figures: [FigureDescription] {
    let radii = (0..<Self.bins).map { (Double($0) + 0.5) * range / Double(Self.bins) }
    let time = FigureDescription.Axis(label: "t", unit: "ps")
    // As many points as a line can show.
    let step = max(1, (species.first?.series.count ?? 1) / 400)
    let shown = Array(stride(from: 0, to: species.first?.series.count ?? 0, by: step))
    var figures = [
      FigureDescription(
        name: "mobility-series", title: "Share of atoms that move \(brief(parameters.distance)) Å in \(brief(interval)) ps", x: time,
        y: FigureDescription.Axis(label: "mobile", unit: "%"),
        series: species.map { part in
          FigureDescription.Series(
            label: part.label, x: shown.map { Double($0 * plan.stride) * frameInterval },
            y: shown.map { place in
              let members = part.series[place..<min(part.series.count, place + step)]
              return 100 * members.reduce(0, +) / Double(members.count)
            })
        }),
      FigureDescription(
        name: "mobility-distribution", title: "Displacements in \(brief(interval)) ps", x: FigureDescription.Axis(label: "|Δr|", unit: "Å"),
        y: FigureDescription.Axis(label: "probability density", unit: "Å^{-1}"),
        series: species.map { FigureDescription.Series(label: $0.label, x: radii, y: $0.density) },
        markers: [FigureDescription.Marker(x: parameters.distance, label: "\(brief(parameters.distance)) Å")]),
    ]
    let lags = plan.overlapLags.indices.filter { plan.overlapLags[$0] <= max(2, frameCount / 4) }
    if lags.count > 2 {
      figures.append(
        FigureDescription(
          name: "mobility-chi4", title: "Four-point susceptibility",
          x: FigureDescription.Axis(label: "t", unit: "ps", isLogarithmic: true), y: FigureDescription.Axis(label: "χ_{4}(t)"),
          series: species.map { part in
            let errors = lags.compactMap { part.chi4Error[$0] }
            return FigureDescription.Series(
              label: part.label, x: lags.map { Double(plan.overlapLags[$0]) * frameInterval }, y: lags.map { part.chi4[$0] },
              error: errors.count == lags.count ? errors : [])
          }))
    }
    return figures
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    let own = species.map { part -> (key: String, value: SummaryValue) in
      let ever = part.shareOfTime.filter { $0 > 0 }.count
      let clusters = part.clusters
      func mean(_ pick: (MobileClusters) -> Double) -> SummaryValue {
        clusters.isEmpty ? .null : .number(clusters.reduce(0) { $0 + pick($1) } / Double(clusters.count))
      }
      let values: [(key: String, value: SummaryValue)] = [
        ("atoms", .integer(part.rows.count)), ("mobile_share", .number(part.share)), ("mobile_share_error", number(part.shareError)),
        ("gaussian_share", .number(part.gaussianShare)), ("ever_mobile_share", .number(Double(ever) / Double(part.rows.count))),
        ("mean_displacement_A", .number(part.meanDisplacement)), ("msd_A2", .number(part.meanSquare)),
        ("clustering", number(part.clustering)), ("clustering_error", number(part.clusteringError)),
        ("largest_cluster", mean { Double($0.largest) }), ("largest_cluster_random", mean { $0.expectedLargest }),
        (
          "chi4_peak",
          part.chi4Peak.map { .object([("time_ps", .number($0.lag * frameInterval)), ("height", .number($0.height))]) } ?? .null
        ),
      ]
      return (part.label, .object(values))
    }
    return [
      ("distance_A", .number(parameters.distance)), ("interval_ps", .number(interval)), ("interval_frames", .integer(plan.lag)),
      ("instants_frames", .integers(plan.instants)), ("species", .object(own)),
    ]
  }
}
