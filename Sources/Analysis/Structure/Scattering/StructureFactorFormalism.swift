/// How partial structure factors are defined.
///
/// All three are combinations of I_ab = < Re rho_a rho_b* > / N with the concentrations c:
///
///     Faber-Ziman:        S_ab = 1 + (I_ab - delta_ab c_a) / (c_a c_b)
///     Ashcroft-Langreth:  S_ab = I_ab / sqrt(c_a c_b)
///     Bhatia-Thornton:    S_NN = sum_ab I_ab,  S_NC = c_2 I_11 - c_1 I_22 + (c_2 - c_1) I_12,
///                         S_CC = c_2² I_11 + c_1² I_22 - 2 c_1 c_2 I_12                        (two species)
///
/// and the totals, with the scattering amplitudes f,
///
///     Faber-Ziman:  S = 1 + (sum_ab Re(f_a f_b*) I_ab - <|f|²>) / |<f>|²
///     the others:   S = sum_ab Re(f_a f_b*) I_ab / <|f|²>
///
/// Sources: Faber and Ziman, Phil. Mag. 11, 153 (1965), doi:10.1080/14786436508211931; Ashcroft and Langreth, Phys. Rev. 156, 685 (1967),
/// doi:10.1103/PhysRev.156.685; Bhatia and Thornton, Phys. Rev. B 2, 3004 (1970), doi:10.1103/PhysRevB.2.3004.
public enum StructureFactorFormalism: String, CaseIterable, Sendable {
  case faberZiman = "faber-ziman"
  case ashcroftLangreth = "ashcroft-langreth"
  case bhatiaThornton = "bhatia-thornton"

  /// The names of the partials.
  func names(_ labels: [String]) -> [String] {
    if self == .bhatiaThornton { return ["NN", "NC", "CC"] }
    return labels.indices.flatMap { a in labels[a...].map { "\(labels[a])-\($0)" } }
  }

  /// The partials from I_ab.
  ///
  /// - Parameter intensities: `[pair][bin]`, pairs as ``PairHistogram/pairIndex(_:_:classes:)`` counts them.
  func partials(_ intensities: [[Double]], concentrations c: [Double]) -> [[Double]] {
    switch self {
    case .faberZiman, .ashcroftLangreth:
      return c.indices.flatMap { a in
        (a..<c.count).map { b in
          let values = intensities[PairHistogram.pairIndex(a, b, classes: c.count)]
          if self == .ashcroftLangreth { return values.map { $0 / (c[a] * c[b]).squareRoot() } }
          return values.map { 1 + ($0 - (a == b ? c[a] : 0)) / (c[a] * c[b]) }
        }
      }
    case .bhatiaThornton:
      guard c.count == 2, intensities.count == 3 else { return [] }
      let (c1, c2) = (c[0], c[1])
      let bins = intensities[0].indices
      func combination(_ x: Double, _ y: Double, _ z: Double) -> [Double] {
        bins.map { x * intensities[0][$0] + y * intensities[1][$0] + z * intensities[2][$0] }
      }
      return [combination(1, 2, 1), combination(c2, c2 - c1, -c1), combination(c2 * c2, -2 * c1 * c2, c1 * c1)]
    }
  }

  /// By what I_ab is multiplied in the total at one Q, and what is added to the sum.
  func factors(amplitudes f: [SIMD2<Double>], concentrations c: [Double]) -> (pairs: [Double], constant: Double) {
    var (mean, squares) = (SIMD2<Double>.zero, 0.0)
    for a in c.indices {
      mean += c[a] * f[a]
      squares += c[a] * (f[a] * f[a]).sum()
    }
    let norm = self == .faberZiman ? (mean * mean).sum() : squares
    let pairs = c.indices.flatMap { a in (a..<c.count).map { b in (a == b ? 1 : 2) * (f[a] * f[b]).sum() / norm } }
    return (pairs, self == .faberZiman ? 1 - squares / norm : 0)
  }

  /// The total from I_ab.
  func total(_ intensities: [[Double]], q: [Double], weights: ScatteringWeights, concentrations c: [Double]) -> [Double] {
    q.indices.map { bin in
      let (pairs, constant) = factors(amplitudes: weights.amplitudes(q[bin]), concentrations: c)
      return constant + pairs.indices.reduce(0) { $0 + pairs[$1] * intensities[$1][bin] }
    }
  }
}
