import NumericalMethods

extension TrackScatter {
  /// How much less independent rows are than many.
  struct Collectivity: Sendable {
    /// By partners that stay the same.
    var lasting = 1.0
    /// By hops at the same moment, whoever takes part.
    var momentary = 1.0
    /// How many windows tell.
    var windows = 0

    /// Whether rows move at the same moment by more than partners that stay and chance let them, the latter in 19 of 20 cases.
    var isMomentary: Bool { windows > 1 && momentary > lasting * (1 + 1.645 * (2 / Double(windows - 1)).squareRoot()) }
    /// The factor by which the variance of a mean over rows grows.
    var factor: Double { isMomentary ? momentary : lasting }
  }

  /// How much less independent rows are than many: the factor by which the variance of a mean over rows grows.
  ///
  ///     1 + sum_{i != j} ρ_ij² / N,   ρ_ij = < u_i · u_j > / sqrt(< u_i² > < u_j² >)
  ///
  /// for displacements `u` over windows that do not overlap. Squares of measured correlations are biased upwards by their noise; products
  /// of different windows are not:
  ///
  ///     sum_{i != j} ρ_ij² ~ mean over k, l of [ sum_ab (sum_i u_iak u_ibl)² - sum_i |u_ik|² |u_il|² ],   |k - l| > 1
  ///
  /// Windows side by side are left out, since an ion that jumps back correlates with itself. Partners that change from window to window are
  /// not seen by this; that they move at the same moment is, by
  ///
  ///     Var_k(sum_i |u_ik|²) / sum_i Var_k(|u_ik|²)
  ///
  /// - Parameters:
  ///   - window: The length of a window in frames; there are at most 48.
  /// - Returns: At least 1; 1 where there are fewer than four windows or two rows.
  static func collectivity(_ store: TrackStore, rows: Range<Int>, axes: [Int], window: Int, pool: WorkerPool) throws -> Collectivity {
    let windows = min(48, (store.frameCount - 1) / max(1, window))
    guard windows >= 4, rows.count >= 2, !axes.isEmpty else { return Collectivity() }
    let frames = store.frameCount
    let parts = max(1, min(32, rows.count / 4))
    let width = windows * axes.count
    let length = (frames - 1) / windows
    let sums = try pool.map(parts) { part -> (gram: [Double], own: [Double], sums: [Double], scatter: Double) in
      let range = rows.lowerBound + part * rows.count / parts..<rows.lowerBound + (part + 1) * rows.count / parts
      var gram = [Double](repeating: 0, count: width * width)
      var own = [Double](repeating: 0, count: windows * windows)
      var sums = [Double](repeating: 0, count: windows)
      var scatter = 0.0
      var steps = [Double](repeating: 0, count: width)
      var lengths = [Double](repeating: 0, count: windows)
      try store.forEachBatch(of: range) { batch, signals in
        for row in 0..<batch.count {
          for k in 0..<windows {
            lengths[k] = 0
            for (place, axis) in axes.enumerated() {
              let signal = signals + (3 * row + axis) * frames
              let step = signal[(k + 1) * length] - signal[k * length]
              steps[k * axes.count + place] = step
              lengths[k] += step * step
            }
          }
          let mean = lengths.reduce(0, +) / Double(windows)
          for k in 0..<windows {
            sums[k] += lengths[k]
            scatter += (lengths[k] - mean) * (lengths[k] - mean)
          }
          for k in 0..<width { for l in 0..<k { gram[k * width + l] += steps[k] * steps[l] } }
          for k in 0..<windows { for l in 0..<k { own[k * windows + l] += lengths[k] * lengths[l] } }
        }
      }
      return (gram, own, sums, scatter)
    }
    var gram = [Double](repeating: 0, count: width * width)
    var own = [Double](repeating: 0, count: windows * windows)
    var lengths = [Double](repeating: 0, count: windows)
    var scatter = 0.0
    for sum in sums {
      for i in gram.indices { gram[i] += sum.gram[i] }
      for i in own.indices { own[i] += sum.own[i] }
      for k in lengths.indices { lengths[k] += sum.sums[k] }
      scatter += sum.scatter
    }
    // The mean-squared displacement of all rows in a window, summed over rows.
    let mean = lengths.reduce(0, +) / Double(windows)
    guard mean > 0, scatter > 0 else { return Collectivity() }
    let together = lengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    var total = 0.0
    var pairs = 0
    let d = axes.count
    for k in 0..<windows {
      for l in 0..<max(0, k - 1) {
        for a in 0..<d {
          for b in 0..<d {
            let entry = gram[(k * d + a) * width + l * d + b]
            total += entry * entry
          }
        }
        total -= own[k * windows + l]
        pairs += 1
      }
    }
    return Collectivity(
      lasting: max(1, 1 + Double(rows.count) * total / (Double(pairs) * mean * mean)), momentary: max(1, together / scatter),
      windows: windows)
  }
}
