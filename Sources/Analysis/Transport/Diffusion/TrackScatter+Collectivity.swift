import NumericalMethods

extension TrackScatter {
  /// How much less independent rows are than many: the factor by which the variance of a mean over rows grows.
  ///
  ///     1 + sum_{i != j} ρ_ij² / N,   ρ_ij = < u_i · u_j > / sqrt(< u_i² > < u_j² >)
  ///
  /// for displacements `u` over windows that do not overlap. Squares of measured correlations are biased upwards by their noise; products
  /// of different windows are not:
  ///
  ///     sum_{i != j} ρ_ij² ~ mean over k, l of [ sum_ab (sum_i u_iak u_ibl)² - sum_i |u_ik|² |u_il|² ],   |k - l| > 1
  ///
  /// Windows side by side are left out, since an ion that jumps back correlates with itself.
  ///
  /// - Parameters:
  ///   - window: The length of a window in frames; there are at most 48.
  /// - Returns: At least 1; 1 where there are fewer than four windows or two rows.
  static func collectivity(_ store: TrackStore, rows: Range<Int>, axes: [Int], window: Int, pool: WorkerPool) throws -> Double {
    let windows = min(48, (store.frameCount - 1) / max(1, window))
    guard windows >= 4, rows.count >= 2, !axes.isEmpty else { return 1 }
    let frames = store.frameCount
    let parts = max(1, min(32, rows.count / 4))
    let width = windows * axes.count
    let length = (frames - 1) / windows
    let sums = try pool.map(parts) { part -> (gram: [Double], own: [Double], squares: Double) in
      let range = rows.lowerBound + part * rows.count / parts..<rows.lowerBound + (part + 1) * rows.count / parts
      var gram = [Double](repeating: 0, count: width * width)
      var own = [Double](repeating: 0, count: windows * windows)
      var squares = 0.0
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
            squares += lengths[k]
          }
          for k in 0..<width { for l in 0..<k { gram[k * width + l] += steps[k] * steps[l] } }
          for k in 0..<windows { for l in 0..<k { own[k * windows + l] += lengths[k] * lengths[l] } }
        }
      }
      return (gram, own, squares)
    }
    var gram = [Double](repeating: 0, count: width * width)
    var own = [Double](repeating: 0, count: windows * windows)
    var squares = 0.0
    for sum in sums {
      for i in gram.indices { gram[i] += sum.gram[i] }
      for i in own.indices { own[i] += sum.own[i] }
      squares += sum.squares
    }
    guard squares > 0 else { return 1 }
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
    // Squares of the mean-squared displacement of all rows in a window.
    let mean = squares / Double(windows)
    return max(1, 1 + Double(rows.count) * total / (Double(pairs) * mean * mean))
  }
}
