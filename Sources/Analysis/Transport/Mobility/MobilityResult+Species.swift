import NumericalMethods

extension MobilityResult.Species {
  init(label: String, rows: Range<Int>, parts: [MobilityCounts], plan: MobilityCounts.Plan, clusters: [MobileClusters]) {
    self.label = label
    self.rows = rows
    let number = Double(rows.count)
    let origins = plan.frames - plan.lag
    let atoms = parts.flatMap(\.atoms)
    let sums = atoms.reduce(.zero, +)
    let samples = number * Double(origins)
    share = sums.x / samples
    meanDisplacement = sums.y / samples
    meanSquare = sums.z / samples
    gaussianShare = MobilityCounts.gaussianShare(beyond: plan.distance, meanSquare: sums.z / samples)
    shareOfTime = atoms.map { $0.x / Double(origins) }
    meanDisplacements = atoms.map { $0.y / Double(origins) }
    totalDisplacements = parts.flatMap(\.total)
    let counts = Self.added(parts.map(\.mobile))
    series = counts.map { Double($0) / number }
    shareError = Self.timeError(series, lag: plan.lag / plan.stride).map { $0.error }
    timeBlocks = Self.timeError(series, lag: plan.lag / plan.stride)?.blocks ?? 0
    let bins = MobilityResult.bins
    var total = [Double](repeating: 0, count: bins + 1)
    for part in parts {
      for bin in total.indices { total[bin] += Double(part.histogram.counts[bin]) }
    }
    let width = (parts.first?.histogram.range ?? 1) / Double(bins)
    density = total.dropLast().map { $0 / (samples * width) }
    let stayed = plan.overlapLags.indices.map { lag in Self.added(parts.map { $0.stayed[lag] }) }
    overlap = stayed.map { counts in counts.reduce(0) { $0 + Double($1) } / (number * Double(counts.count)) }
    chi4 = stayed.map { Self.fluctuation($0, atoms: number) }
    chi4Error = stayed.map { Self.fluctuationError($0, atoms: number) }
    let peak = CurvePeak(x: plan.overlapLags.map(Double.init), y: chi4, upTo: Double(plan.frames / 4))
    chi4Peak = peak.map { ($0.position, $0.height) }
    self.clusters = clusters
    let expected = clusters.reduce(0) { $0 + $1.expectedPairs }
    clustering = expected > 0 ? clusters.reduce(0) { $0 + Double($1.pairs) } / expected : nil
    let ratio = Jackknife.standardError(of: clusters.map { [Double($0.pairs), $0.expectedPairs] }) { $0[1] > 0 ? [$0[0] / $0[1]] : [.nan] }
    clusteringError = expected > 0 ? ratio.first.flatMap { $0.isFinite ? $0 : nil } : nil
  }

  private static func added(_ counts: [[UInt32]]) -> [UInt32] {
    guard var sum = counts.first else { return [] }
    for part in counts.dropFirst() {
      for i in sum.indices { sum[i] += part[i] }
    }
    return sum
  }

  /// The standard error of the mean over up to 16 blocks of time, each at least as long as the interval; `nil` where there are fewer than 4.
  private static func timeError(_ series: [Double], lag: Int) -> (error: Double, blocks: Int)? {
    let blocks = min(16, series.count / max(1, lag))
    guard blocks >= 4 else { return nil }
    let means = (0..<blocks).map { block in
      let part = series[block * series.count / blocks..<(block + 1) * series.count / blocks]
      return [part.reduce(0, +) / Double(part.count)]
    }
    return BlockAverage.standardError(of: means).first.map { ($0, blocks) }
  }

  /// `N (<Q²> - <Q>²)`.
  private static func fluctuation(_ stayed: [UInt32], atoms: Double) -> Double {
    guard stayed.count > 1 else { return 0 }
    let mean = stayed.reduce(0) { $0 + Double($1) } / Double(stayed.count)
    return stayed.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / (Double(stayed.count) * atoms)
  }

  /// Jackknife over up to 10 blocks of time, or `nil` for fewer than 8 origins.
  private static func fluctuationError(_ stayed: [UInt32], atoms: Double) -> Double? {
    guard stayed.count >= 8 else { return nil }
    let blocks = min(10, stayed.count / 2)
    let samples = (0..<blocks).map { block -> [Double] in
      let part = stayed[block * stayed.count / blocks..<(block + 1) * stayed.count / blocks].map(Double.init)
      return [Double(part.count), part.reduce(0, +), part.reduce(0) { $0 + $1 * $1 }]
    }
    return Jackknife.standardError(of: samples) { sums in
      [(sums[2] / sums[0] - (sums[1] / sums[0]) * (sums[1] / sums[0])) / atoms]
    }.first
  }
}
