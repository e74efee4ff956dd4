import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// From g(r) to what an experiment with a finite range of Q sees of it.
struct FiniteRangeTransform: Sendable {
  let curves: PairCurves
  private let parameters: PairDistribution
  /// `nil` for an infinite range.
  private let forward: RadialTransform?
  /// Between the points of Q, in 1/Å.
  private let step: Double
  /// Window and broadening at each Q.
  private let damping: [Double]
  /// sin(Qr), by r, then by Q.
  private let sines: [Double]

  init(_ parameters: PairDistribution, curves: PairCurves) {
    self.curves = curves
    self.parameters = parameters
    guard parameters.window != .none else {
      (forward, step, damping, sines) = (nil, 0, [], [])
      return
    }
    let highest = parameters.highestQ
    // The transform of what ends at R has no detail finer than pi / R; eight points over that leave the rule of trapezoids an error
    // of about 1e-3 of the ripple of the last point.
    let count = Int((highest * 8 * curves.cutoff / Double.pi).rounded(.up))
    let step = highest / Double(count)
    let q = (1...count).map { Double($0) * step }
    self.step = step
    forward = RadialTransform(curves: curves, q: q, window: .step, leavesSelfOut: false)
    damping = q.enumerated().map { i, q in
      let x = Double.pi * q / highest
      let window = parameters.window == .lorch ? (i == count - 1 ? 0 : sin(x) / x) : 1
      let end = i == count - 1 ? 0.5 : 1.0
      return end * window * exp(-0.5 * q * q * parameters.broadening * parameters.broadening)
    }
    sines = curves.radii.flatMap { r in q.map { sin($0 * r) } }
  }

  /// D(r) divided by |<f>|², in 1/Å².
  ///
  /// - Parameters:
  ///   - entry: Of ``PairCurves``.
  ///   - pair: One pair of species, or `nil` for the sum of all.
  func reduced(_ entry: [Double], weights: ScatteringWeights, pair: Int? = nil) -> [Double] {
    reduced(intensities: intensities(entry), entry, weights: weights, pair: pair)
  }

  /// I_ab at the points of Q; empty for an infinite range.
  func intensities(_ entry: [Double]) -> [[Double]] { forward?.intensities(entry) ?? [] }

  /// The same from I_ab that are at hand.
  func reduced(intensities: [[Double]], _ entry: [Double], weights: ScatteringWeights, pair: Int? = nil) -> [Double] {
    let c = curves.concentrations
    guard let forward else { return unbounded(entry, weights: weights, pair: pair) }
    let excess = forward.q.indices.map { i -> Double in
      let (w, norm, _) = weights.pairs(forward.q[i], concentrations: c)
      var sum = 0.0
      for (number, (a, b)) in curves.pairsOfSpecies.enumerated() where pair == nil || pair == number {
        let partial = (intensities[number][i] - (a == b ? c[a] : 0)) / (c[a] * c[b])
        sum += w[number] / norm * partial
      }
      return forward.q[i] * sum * damping[i]
    }
    let factor = 2 / Double.pi * step
    return curves.radii.indices.map { row in
      var sum = 0.0
      for i in excess.indices { sum += excess[i] * sines[row * excess.count + i] }
      return factor * sum
    }
  }

  /// D(r) for an infinite range, with the weights at Q = 0.
  private func unbounded(_ entry: [Double], weights: ScatteringWeights, pair: Int?) -> [Double] {
    let (w, norm, _) = weights.pairs(0, concentrations: curves.concentrations)
    let density = curves.density(entry)
    let g = curves.partials(entry)
    var d = [Double](repeating: 0, count: curves.bins)
    for number in g.indices where pair == nil || pair == number {
      let factor = w[number] / norm * 4 * Double.pi * density
      for bin in d.indices { d[bin] += factor * curves.radii[bin] * (g[number][bin] - 1) }
    }
    return parameters.broadening > 0 ? Self.folded(d, width: parameters.broadening / curves.binWidth) : d
  }

  /// An odd function folded with a Gaussian; what lies beyond the end counts as 0.
  private static func folded(_ d: [Double], width: Double) -> [Double] {
    let reach = Int((6 * width).rounded(.up))
    let weights = (0...reach).map { exp(-0.5 * (Double($0) / width) * (Double($0) / width)) }
    let norm = 1 / (2 * weights.reduce(0, +) - 1)
    return d.indices.map { i in
      var sum = 0.0
      for j in i - reach...i + reach {
        // Bins lie half a width from zero: bin -1 mirrors bin 0.
        let value = j < 0 ? (-1 - j < d.count ? -d[-1 - j] : 0) : j < d.count ? d[j] : 0
        sum += weights[abs(i - j)] * value
      }
      return sum * norm
    }
  }
}
