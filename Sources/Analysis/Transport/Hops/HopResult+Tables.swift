import Structures

extension HopResult {
  /// The bins of lengths and cosines.
  private static let lengthBin = 0.1
  private static let cosineBins = 20

  public var tables: [DataTable] { [rates, model, events, lengths, cosines].compactMap(\.self) + waits }

  private var rates: DataTable {
    func columns(_ name: String, _ unit: String, scale: Double = 1, _ estimate: (HopStatistics) -> HopEstimate) -> [DataTable.Column] {
      HopStatistics.columns(name, unit, species.map(estimate), scale: scale)
    }
    return DataTable(
      name: "hop-rates", title: "Hops of each species and what they make; errors include half and twice the window",
      columns: [DataTable.Column("species", species.map(\.label)), DataTable.Column("hops", species.map { Double($0.hops) })]
        + columns("rate", "1/ps", \.rate) + columns("length", "A", \.meanLength)
        + columns("D_hops", "cm2/s", scale: 1e-4, \.hopDiffusivity) + columns("correlation_factor", "", \.correlationFactor))
  }

  /// Needs a temperature.
  private var model: DataTable? {
    parameters.temperature.map { temperature in
      DataTable(
        name: "hopping-model", title: "Activation energies and conductivities of the hopping model",
        columns: [DataTable.Column("species", species.map(\.label))]
          + HopStatistics.columns(
            "activation_energy", "eV",
            species.map { $0.activationEnergy(attemptFrequency: parameters.attemptFrequency, temperature: temperature) })
          + HopStatistics.columns(
            "conductivity", "S/cm", species.map { $0.conductivity(charge: parameters.charge, temperature: temperature) }))
    }
  }

  private var events: DataTable {
    let all = species.flatMap { part in part.events.prefix(Self.mostRows).map { (part.label, $0) } }.prefix(Self.mostRows)
    let identifiers = firstFrame.configuration.identifiers
    func column(_ name: String, _ unit: String, _ value: (Hop) -> Double) -> DataTable.Column {
      DataTable.Column(name, unit: unit, all.map { value($0.1.hop) })
    }
    return DataTable(
      name: "hops", title: "Hops, by atom and time; positions unwrapped, without the drift that was removed",
      columns: [
        DataTable.Column("atom", all.map { Double(identifiers.isEmpty ? atoms[$0.1.ion] + 1 : identifiers[atoms[$0.1.ion]]) }),
        DataTable.Column("species", all.map(\.0)), column("time", "ps") { Double($0.frame) * frameInterval },
        column("from_x", "A", \.from.x), column("from_y", "A", \.from.y), column("from_z", "A", \.from.z), column("to_x", "A", \.to.x),
        column("to_y", "A", \.to.y), column("to_z", "A", \.to.z), column("length", "A", \.length), column("strength", "A2", \.strength),
      ])
  }

  /// The number of hops by length, per ångström and hop.
  func lengthDistribution(_ part: HopStatistics, bins: Int) -> [Double] {
    var counts = [Double](repeating: 0, count: bins)
    for event in part.events { counts[min(bins - 1, Int(event.hop.length / Self.lengthBin))] += 1 }
    let scale = part.hops == 0 ? 0 : 1 / (Double(part.hops) * Self.lengthBin)
    return counts.map { $0 * scale }
  }

  var lengthBins: Int {
    let longest = species.flatMap { $0.events.map(\.hop.length) }.max() ?? 0
    return max(1, min(1000, Int(longest / Self.lengthBin) + 1))
  }

  /// The empty bin before the shortest hop.
  private func firstLength(_ distributions: [[Double]]) -> Int {
    max(0, (distributions.compactMap { $0.firstIndex { $0 > 0 } }.min() ?? 1) - 1)
  }

  func lengthCentres(_ bins: Int) -> [Double] { (0..<bins).map { (Double($0) + 0.5) * Self.lengthBin } }

  private var lengths: DataTable {
    let bins = lengthBins
    let distributions = species.map { lengthDistribution($0, bins: bins) }
    let first = firstLength(distributions)
    return DataTable(
      name: "hop-lengths", title: "Lengths of hops",
      columns: [DataTable.Column("length", unit: "A", Array(lengthCentres(bins)[first...]))]
        + zip(species, distributions).map { DataTable.Column("density_\($0.label)", unit: "1/A", Array($1[first...])) })
  }

  private var cosines: DataTable {
    let width = 2 / Double(Self.cosineBins)
    let columns = species.map { part in
      var counts = [Double](repeating: 0, count: Self.cosineBins)
      var total = 0.0
      for (event, next) in zip(part.events, part.events.dropFirst()) where event.ion == next.ion {
        let cosine = event.hop.displacement.dot(next.hop.displacement) / (event.hop.length * next.hop.length)
        counts[max(0, min(Self.cosineBins - 1, Int((cosine + 1) / width)))] += 1
        total += 1
      }
      return DataTable.Column("density_\(part.label)", counts.map { total > 0 ? $0 / (total * width) : 0 })
    }
    return DataTable(
      name: "hop-angles", title: "Cosines of the angle between successive hops of an ion; 0.5 everywhere at random",
      columns: [DataTable.Column("cosine", (0..<Self.cosineBins).map { -1 + (Double($0) + 0.5) * width })] + columns)
  }

  private var waits: [DataTable] {
    species.map { part in
      let curve = part.survival
      return DataTable(
        name: species.count == 1 ? "waiting-times" : "waiting-times-\(part.label)",
        title: "Waiting times of \(part.label) from hop to hop: the share that is longer (Kaplan and Meier)",
        columns: [
          DataTable.Column("time", unit: "ps", curve.frames.map { Double($0) * frameInterval }),
          DataTable.Column("survival", curve.values), DataTable.Column("survival_error", curve.errors),
          DataTable.Column("exponential", curve.frames.map { part.randomSurvival(frames: $0) }),
        ])
    }
  }

  public var figures: [FigureDescription] {
    let hopping = species.filter { $0.hops > 0 }
    guard !hopping.isEmpty else { return [] }
    let waits = Self.waitingFigure(
      hopping.filter { $0.survival.ended > 0 }, interval: frameInterval, name: "waiting-times", title: "Waiting times from hop to hop")
    return [waits, lengthFigure(hopping)].compactMap(\.self)
      + hopping.compactMap(exampleFigure)
  }

  static func waitingFigure(_ parts: [HopStatistics], interval: Double, name: String, title: String) -> FigureDescription? {
    guard !parts.isEmpty else { return nil }
    let series = parts.flatMap { part -> [FigureDescription.Series] in
      let curve = part.survival
      // The last wait of all may end at 0, which a logarithmic axis does not show.
      let shown = curve.frames.indices.filter { curve.values[$0] > 0 }
      let last = curve.frames[shown.last ?? 0]
      let grid = (0...100).map { Double(part.minimumResidence) + Double($0) * Double(max(0, last - part.minimumResidence)) / 100 }
      let label = parts.count == 1 ? "" : "\(part.label): "
      return [
        FigureDescription.Series(
          label: label + "observed", x: shown.map { Double(curve.frames[$0]) * interval }, y: shown.map { curve.values[$0] }),
        FigureDescription.Series(
          label: label + "at random", x: grid.map { $0 * interval }, y: grid.map { part.randomSurvival(frames: Int($0)) },
          style: .dashed),
      ]
    }
    return FigureDescription(
      name: name, title: title, x: FigureDescription.Axis(label: "t", unit: "ps"),
      y: FigureDescription.Axis(label: "share longer than t", isLogarithmic: true), series: series)
  }

  private func lengthFigure(_ parts: [HopStatistics]) -> FigureDescription {
    let bins = lengthBins + 1
    let distributions = parts.map { lengthDistribution($0, bins: bins) }
    // From one empty bin before the shortest hop to one after the longest.
    let first = firstLength(distributions)
    return FigureDescription(
      name: "hop-lengths", title: "Lengths of hops", x: FigureDescription.Axis(label: "length of hop", unit: "Å"),
      y: FigureDescription.Axis(label: "density", unit: "1/Å"),
      series: zip(parts, distributions).map { part, values in
        FigureDescription.Series(
          label: part.label, x: Array(lengthCentres(bins)[first...]), y: Array(values[first...]), style: .steps)
      })
  }

  private func exampleFigure(_ part: HopStatistics) -> FigureDescription? {
    guard let example = part.example else { return nil }
    let times = example.frames.map { Double($0) * frameInterval }
    guard let first = times.first, let last = times.last else { return nil }
    let identifiers = firstFrame.configuration.identifiers
    let atom = identifiers.isEmpty ? atoms[example.row] + 1 : identifiers[atoms[example.row]]
    return FigureDescription(
      name: species.count == 1 ? "p-hop" : "p-hop-\(part.label)", title: "p_{hop} of \(part.label) atom \(atom), and its hops",
      x: FigureDescription.Axis(label: "t", unit: "ps"), y: FigureDescription.Axis(label: "p_{hop}", unit: "Å²"),
      series: [
        FigureDescription.Series(label: "p_{hop}", x: times, y: example.activity),
        FigureDescription.Series(
          label: "hops", x: example.hops.map { Double($0) * frameInterval },
          y: example.hops.map { example.activity[$0 - example.frames.lowerBound] }, style: .points),
        FigureDescription.Series(
          label: "threshold", x: [first, last], y: [part.threshold, part.threshold], style: .dashed),
      ])
  }
}
