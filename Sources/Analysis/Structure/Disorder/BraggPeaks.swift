#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Bragg peaks that ``Disorder`` sums over, and their sum in the reference.
struct BraggPeaks: Sendable {
  /// Indices of the wave vectors; empty where nothing stands out from chance.
  let waves: [Int]
  /// The sum of their intensities in the reference.
  let sum: Double
  /// The slab that is the reference.
  let slab: Int

  /// Finds the slab with the strongest peaks.
  ///
  /// By chance, intensities are distributed exponentially around zero with the mean 1 / N; the largest of M is about ln M / N. Correlations
  /// in a glass multiply that by the structure factor, for which there is a factor of 3.
  ///
  /// - Parameters:
  ///   - intensities: `[slab * waves + wave]`.
  ///   - scatterers: N of each slab.
  ///   - damping: What full order gives at each wave vector.
  ///   - threshold: The weakest peak, as a share of the strongest one.
  init(_ intensities: [Double], scatterers: [Double], damping: [Double], threshold: Double) {
    let count = damping.count
    let chance = 3 * log(Double(max(3, intensities.count)))
    var best: (slab: Int, sum: Double) = (0, 0)
    func standsOut(_ slab: Int, _ wave: Int) -> Bool {
      intensities[slab * count + wave] > damping[wave] * chance / max(1, scatterers[slab])
    }
    for slab in scatterers.indices {
      var sum = 0.0
      for wave in 0..<count where standsOut(slab, wave) { sum += intensities[slab * count + wave] }
      if sum > best.sum { best = (slab, sum) }
    }
    slab = best.slab
    guard best.sum > 0 else {
      (waves, sum) = ([], 0)
      return
    }
    let row = Array(intensities[slab * count..<(slab + 1) * count])
    let least = threshold * (row.max() ?? 0)
    let slab = slab
    waves = (0..<count).filter { standsOut(slab, $0) && row[$0] >= least }
    sum = waves.reduce(0) { $0 + row[$1] }
  }

  init(waves: [Int], sum: Double, slab: Int) {
    (self.waves, self.sum, self.slab) = (waves, sum, slab)
  }
}
