extension NonGaussianResult.Curve {
  /// - Parameters:
  ///   - blocks: The sums of each block of atoms, at the same lags.
  ///   - last: The largest lag at which a peak counts.
  init(blocks: [DisplacementMoments], atoms: Int, lastOfPeak last: Int) {
    let lags = blocks.first?.lags ?? []
    let x = lags.map(Double.init)
    // Sums and how many there are go together, so that leaving out a block leaves out both.
    let samples = blocks.map { $0.sums + $0.counts.map(Double.init) }
    let total = Jackknife.sum(samples)
    self.atoms = atoms
    alpha2 = Self.spherical(total, lags.count)
    axes = (0..<3).map { axis in Self.ratio(total, lags.count, 3, { $0[axis] }, { $0[3 + axis] }) }
    planes = (0..<3).map { normal in
      let (a, b) = ((normal + 1) % 3, (normal + 2) % 3)
      return Self.ratio(total, lags.count, 2, { $0[a] + $0[b] }, { $0[3 + a] + $0[3 + b] + 2 * $0[6 + normal] })
    }
    meanSquare = lags.indices.map { lag in
      let sums = total[DisplacementMoments.width * lag..<DisplacementMoments.width * lag + 3]
      return sums.reduce(0, +) / total[DisplacementMoments.width * lags.count + lag]
    }
    error = Jackknife.standardError(of: samples) { Self.spherical($0, lags.count) }
    let curve = alpha2
    peak = CurvePeak(x: x, y: curve, upTo: Double(last)).map { peak in
      let others =
        samples.count < 2
        ? []
        : samples.compactMap { block in
          CurvePeak(x: x, y: Self.spherical(total.indices.map { total[$0] - block[$0] }, lags.count), upTo: Double(last))
        }
      // A peak that comes and goes with a block has no error that means something.
      let errors = others.count == samples.count ? Jackknife.standardError(of: others.map { [$0.position, $0.height] }) : []
      return NonGaussianResult.Peak(lag: peak.position, height: peak.height, lagError: errors.first, heightError: errors.last)
    }
  }

  private static func spherical(_ total: [Double], _ lags: Int) -> [Double] {
    ratio(
      total, lags, 5.0 / 3, { $0[0] + $0[1] + $0[2] }, { $0[3] + $0[4] + $0[5] + 2 * ($0[6] + $0[7] + $0[8]) })
  }

  /// `<s^4> / (factor <s²>²) - 1` at each lag.
  private static func ratio(
    _ total: [Double], _ lags: Int, _ factor: Double, _ second: ([Double]) -> Double, _ fourth: ([Double]) -> Double
  ) -> [Double] {
    (0..<lags).map { lag in
      let width = DisplacementMoments.width
      let sums = Array(total[width * lag..<width * lag + width])
      let count = total[width * lags + lag]
      let mean = second(sums) / count
      return mean > 0 ? fourth(sums) / count / (factor * mean * mean) - 1 : .nan
    }
  }
}
