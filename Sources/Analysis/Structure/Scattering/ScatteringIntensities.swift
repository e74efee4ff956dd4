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
  /// Where g(r) ended, in Å, and its largest deviation from 1 just before; `nil` for direct sums.
  let truncation: (radius: Double, deviation: Double)?
  let warnings: [String]

  /// From sums over vectors.
  init(labels: [String], elements: [Element], atoms: [Int], bins: Int, average: BlockAverage) {
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
    truncation = (curves.cutoff, RadialTransform.deviationAtEnd(curves))
    warnings = curves.warnings
  }

  /// Q in the middle of bins.
  static func grid(from low: Double, to high: Double, step: Double) -> [Double] {
    let first = Int((low / step).rounded(.up))
    return (first...max(first, Int(high / step * (1 + 1e-12)))).map { Double($0) * step }.filter { $0 > 0 }
  }

  /// The value of a function of I_ab and its standard error, empty where there are too few frames.
  func derived(_ function: ([[Double]]) -> [Double]) -> (value: [Double], error: [Double]) {
    (function(mean), BlockAverage.standardError(of: blocks.map(function)))
  }
}
