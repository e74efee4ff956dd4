/// The covariance of mean-squared displacements at different lags, each over all time origins.
///
/// For a motion with Gaussian, stationary steps everything follows from the mean-squared displacement itself. With
/// `A_m = T - m` origins, `d` directions and `N` independent ions:
///
///     cov(m, n) = 2 / (d N A_m A_n) sum_k sum_l c(l - k)²
///     c(u) = [g(u + n) + g(u - m) - g(u) - g(u + n - m)] / 2
///
/// where `c(u)` is the covariance of two displacements that begin `u` frames apart and `g` the mean-squared displacement, which is even.
/// So back and forth jumps and vibrations in cages are in it, since they are in `g`; for a random walk without them it is the known closed
/// form. Motion that is not Gaussian adds `K m n`, which only spreads the slope (``TrackScatter``).
///
/// Source: the identity for the fourth moment of Gaussian numbers (Isserlis), as in Bullerjahn, von Bülow and Hummer, J. Chem. Phys. 153,
/// 024116 (2020), doi:10.1063/5.0008312, where `g` is that of a walk with static noise.
struct DisplacementCovariance: Sendable {
  /// The mean-squared displacement at 0, 1, 2 … frames in Å², as far as it is used as measured.
  let short: [Double]
  /// From `short.count` on: `intercept + slope m`.
  let intercept: Double
  let slope: Double
  let frames: Int
  let dimensions: Int

  /// The mean-squared displacement of the model.
  @inline(__always)
  func model(_ lag: Int) -> Double {
    let lag = abs(lag)
    return lag < short.count ? short[lag] : intercept + slope * Double(lag)
  }

  /// The matrix for one ion, row by row, in Å⁴.
  ///
  /// - Parameter lags: In frames, each between 1 and `frames - 1`.
  func matrix(_ lags: [Int]) -> [Double] {
    var matrix = [Double](repeating: 0, count: lags.count * lags.count)
    let longest = 2 * (lags.max() ?? 0) + short.count + 1
    // One table is faster than the branch a term.
    let table = (0...longest).map { model($0) }
    table.withUnsafeBufferPointer { g in
      for (i, m) in lags.enumerated() {
        for (j, n) in lags.enumerated() where j <= i {
          let (a, b) = (frames - m, frames - n)
          // Displacements further apart have nothing to do with each other, where the model is a straight line.
          let first = max(-(a - 1), -n - short.count)
          let last = min(b - 1, m + short.count)
          var sum = 0.0
          for u in first...last {
            let c = g[abs(u + n)] + g[abs(u - m)] - g[abs(u)] - g[abs(u + n - m)]
            sum += Double(min(a, b - u) - max(0, -u)) * c * c
          }
          let value = 0.5 * sum / (Double(dimensions) * Double(a) * Double(b))
          matrix[i * lags.count + j] = value
          matrix[j * lags.count + i] = value
        }
      }
    }
    return matrix
  }

  /// The plain twin of ``matrix(_:)``: the sum over all pairs of origins.
  func reference(_ lags: [Int]) -> [Double] {
    var matrix: [Double] = []
    for m in lags {
      for n in lags {
        var sum = 0.0
        for k in 0..<frames - m {
          for l in 0..<frames - n {
            let c = 0.5 * (model(l + n - k) + model(l - k - m) - model(l - k) - model(l + n - k - m))
            sum += c * c
          }
        }
        matrix.append(2 * sum / (Double(dimensions) * Double(frames - m) * Double(frames - n)))
      }
    }
    return matrix
  }
}
