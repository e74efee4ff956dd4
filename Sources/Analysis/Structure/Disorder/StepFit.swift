#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A smooth step through points, `c + d tanh((x - center) / scale)`, by least squares.
struct StepFit: Sendable {
  private(set) var center: Double
  private(set) var scale: Double
  private(set) var middle = 0.0
  private(set) var height = 0.0

  /// From 10 to 90 % of the step.
  var width: Double { 2 * atanh(0.8) * scale }

  /// - Parameters:
  ///   - center: A guess.
  ///   - scale: A guess, positive.
  init(x: [Double], y: [Double], center: Double, scale: Double) {
    (self.center, self.scale) = (center, scale)
    let (low, high) = ((x.min() ?? 0), (x.max() ?? 0))
    let points = zip(x, y).filter { $0.1.isFinite }
    // Middle and height are linear: only centre and logarithm of the scale are sought.
    func squares(_ center: Double, _ scale: Double) -> (sum: Double, middle: Double, height: Double) {
      var (n, st, stt, sy, sty, syy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
      for (x, y) in points {
        let t = tanh((x - center) / scale)
        n += 1
        st += t
        stt += t * t
        sy += y
        sty += t * y
        syy += y * y
      }
      let determinant = n * stt - st * st
      guard determinant > 1e-12 * n * n else { return (syy - sy * sy / max(1, n), sy / max(1, n), 0) }
      let height = (n * sty - st * sy) / determinant
      let middle = (sy - height * st) / n
      return (syy - middle * sy - height * sty, middle, height)
    }
    var best = squares(center, scale)
    var (stepCenter, stepScale) = (scale, 0.5)
    let narrowest = max(1e-6, (high - low) / Double(max(1, points.count)) / 4)
    while stepCenter > 1e-4 * scale || stepScale > 1e-4 {
      var isBetter = false
      for (dc, ds) in [(stepCenter, 0), (-stepCenter, 0), (0, stepScale), (0, -stepScale)] {
        let trial = (center: min(high, max(low, self.center + dc)), scale: min(high - low, max(narrowest, self.scale * exp(ds))))
        let sum = squares(trial.center, trial.scale)
        if sum.sum < best.sum - 1e-14 {
          (best, self.center, self.scale) = (sum, trial.center, trial.scale)
          isBetter = true
          break
        }
      }
      if !isBetter {
        stepCenter /= 2
        stepScale /= 2
      }
    }
    (middle, height) = (best.middle, best.height)
  }
}
