/// How the species of an electrolyte carry the current, by themselves and with each other.
///
///     σ_ab = e² / (2 d V k T) d < ΔQ_a · ΔQ_b > / dt = F² z_a z_b L_ab
///     < ΔQ_a · ΔQ_b > = [ msd(Q_a + Q_b) - msd(Q_a) - msd(Q_b) ] / 2
///
/// All slopes are the same sum over lags as that of the whole current, so that the sum over all pairs is the conductivity, to rounding.
/// Errors are those of products of two Gaussian coordinates: `var σ_ab = v (σ_aa σ_bb + σ_ab²) / 2` and `var t_a = v (σ_aa / σ - t_a²) / 2`,
/// where `v` is the relative variance of the conductivity.
public struct OnsagerCoefficients: Sendable {
  public let labels: [String]
  /// `σ_ab` in S/cm, row by row.
  public let matrix: [Double]
  /// Standard errors in S/cm.
  public let errors: [Double]
  /// The share of the current of each species, with its standard error; `nil` where there is no current.
  public let transference: [(value: Double, error: Double)]?

  /// - Parameters:
  ///   - curves: Mean-squared charge displacements: of each species, then of pairs (1, 0), (2, 0), (2, 1) …
  ///   - fit: That of the whole current.
  ///   - conversion: From e² Å²/ps to S/cm.
  init(labels: [String], curves: [[Double]], fit: DiffusionEstimate, conversion: Double) {
    let factor = conversion / (2 * Double(fit.dimensions) * fit.interval)
    func slope(_ curve: [Double]) -> Double { zip(fit.weights, fit.lags).reduce(0) { $0 + $1.0 * curve[$1.1] } * factor }
    let count = labels.count
    let own = (0..<count).map { slope(curves[$0]) }
    var matrix = [Double](repeating: 0, count: count * count)
    var next = count
    for a in 0..<count {
      matrix[a * count + a] = own[a]
      for b in 0..<a {
        let value = 0.5 * (slope(curves[next]) - own[a] - own[b])
        matrix[a * count + b] = value
        matrix[b * count + a] = value
        next += 1
      }
    }
    let total = matrix.reduce(0, +)
    let relative = fit.generalized.value != 0 ? fit.generalized.error / fit.generalized.value : 0
    let variance = relative * relative
    errors = (0..<count * count).map { i in
      let (a, b) = (i / count, i % count)
      return (variance / 2 * max(0, own[a] * own[b] + matrix[i] * matrix[i])).squareRoot()
    }
    transference =
      total > 0
      ? (0..<count).map { a in
        let value = (0..<count).reduce(0) { $0 + matrix[a * count + $1] } / total
        return (value, (variance / 2 * max(0, own[a] / total - value * value)).squareRoot())
      } : nil
    self.labels = labels
    self.matrix = matrix
  }
}
