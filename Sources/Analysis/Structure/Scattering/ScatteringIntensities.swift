import NumericalMethods
import Structures

/// I_ab(Q) = < Re rho_a rho_b* > / N at a set of Q, from which every formalism and total follows, with what its errors need.
struct ScatteringIntensities: Sendable {
  let labels: [String]
  let elements: [Element]
  let concentrations: [Double]
  /// In 1/Å, ascending.
  let q: [Double]
  /// By pair, then by Q.
  let mean: [[Double]]
  /// The same of each block of frames.
  let blocks: [[[Double]]]
  let blockLength: Int
  let frameCount: Int
  /// How many vectors went in at each Q, a frame; empty for a transform.
  let vectors: [Double]
  /// I_ab of each vector, averaged over frames, by pair, then by vector; and where in ``q`` each vector counts, -1 for nowhere. Empty for a
  /// transform.
  private let vectorMeans: [Double]
  private let placeOf: [Int]
  /// Where g(r) ended, in Å, and its largest deviation from 1 just before; `nil` for direct sums.
  let truncation: (radius: Double, deviation: Double)?
  let warnings: [String]

  /// From sums over vectors.
  init(
    labels: [String], elements: [Element], atoms: [Int], bins: Int, average: BlockAverage, vectorMeans: [Double],
    binOf: [Int32]
  ) {
    self.labels = labels
    self.elements = elements
    let all = Double(atoms.reduce(0, +))
    concentrations = atoms.map { Double($0) / all }
    let pairs = labels.count * (labels.count + 1) / 2
    let mean = average.mean
    // Bins without a vector are left out.
    let filled = (0..<bins).filter { mean[pairs * bins + $0] > 0 }
    q = filled.map { mean[(pairs + 1) * bins + $0] / mean[pairs * bins + $0] }
    vectors = filled.map { mean[pairs * bins + $0] }
    func intensities(_ entry: [Double]) -> [[Double]] {
      (0..<pairs).map { pair in filled.map { entry[pair * bins + $0] / entry[pairs * bins + $0] } }
    }
    self.mean = intensities(mean)
    blocks = average.blockCount > 1 ? average.blockMeans.map(intensities) : []
    blockLength = average.blockLength
    frameCount = average.count
    truncation = nil
    warnings = []
    self.vectorMeans = vectorMeans
    var placeOfBin = [Int](repeating: -1, count: bins)
    for (place, bin) in filled.enumerated() { placeOfBin[bin] = place }
    placeOf = binOf.map { $0 < 0 ? -1 : placeOfBin[Int($0)] }
  }

  /// From g(r).
  init(_ transform: RadialTransform) {
    let curves = transform.curves
    labels = curves.labels
    elements = curves.elements
    concentrations = curves.concentrations
    q = transform.q
    mean = transform.intensities(curves.mean)
    blocks = curves.average.blockCount > 1 ? curves.average.blockMeans.map(transform.intensities) : []
    blockLength = curves.average.blockLength
    frameCount = curves.frameCount
    vectors = []
    vectorMeans = []
    placeOf = []
    truncation = (curves.cutoff, RadialTransform.deviationAtEnd(curves))
    warnings = curves.warnings
  }

  /// Q in the middle of bins.
  static func grid(from low: Double, to high: Double, step: Double) -> [Double] {
    let first = Int((low / step).rounded(.up))
    return (first...max(first, Int(high / step * (1 + 1e-12)))).map { Double($0) * step }.filter { $0 > 0 }
  }

  /// The standard error of a linear combination of I_ab that comes from the scatter of the vectors of a bin, averaged over all frames.
  ///
  /// In a glass, frames repeat each other and this is the error that counts: other pieces of the same glass differ by it.
  ///
  /// - Parameter factors: Of each pair at a place in ``q``.
  /// - Returns: Not numbers where a bin has less than four vectors; empty for a transform.
  func scatter(_ factors: (Int) -> [Double]) -> [Double] {
    let count = placeOf.count
    guard count > 0 else { return [] }
    let factors = q.indices.map(factors)
    var moments = [SIMD3<Double>](repeating: .zero, count: q.count)
    var values = [Double](repeating: 0, count: count)
    for vector in 0..<count where placeOf[vector] >= 0 {
      let factor = factors[placeOf[vector]]
      for pair in factor.indices { values[vector] += factor[pair] * vectorMeans[pair * count + vector] }
      moments[placeOf[vector]] += SIMD3(1, values[vector], 0)
    }
    for vector in 0..<count where placeOf[vector] >= 0 {
      let place = placeOf[vector]
      let off = values[vector] - moments[place].y / moments[place].x
      moments[place].z += off * off
    }
    return q.indices.map { place in
      let n = moments[place].x
      return n < 4 ? .nan : (moments[place].z / (n * (n - 1))).squareRoot()
    }
  }

  /// The value of a function of I_ab and its standard error, empty where there are too few frames.
  func derived(_ function: ([[Double]]) -> [Double]) -> (value: [Double], error: [Double]) {
    (function(mean), BlockAverage.standardError(of: blocks.map(function)))
  }
}
