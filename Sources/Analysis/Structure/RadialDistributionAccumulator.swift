import NumericalMethods
import Structures

/// Counts pairs frame by frame for ``RadialDistribution``.
public struct RadialDistributionAccumulator: AnalysisAccumulator {
  private let parameters: RadialDistribution
  private let context: AnalysisContext
  private var setup: Setup?
  private var frames = 0
  private var beyondHalfCell = false
  private var notPeriodic = false

  private struct Setup: Sendable {
    var selection: SpeciesSelection
    var histogram: PairHistogram
    var radii: [Double]
    var shellVolumes: [Double]
    /// One entry a frame: g of all pairs and the total, then the neighbours of a centre for all ordered pairs.
    var average: BlockAverage
    /// Ordered pairs of classes.
    var totalCounts: [Double]
    var atoms: [Int]
  }

  init(_ parameters: RadialDistribution, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int {
    // Sums, up to 32 blocks, and the histogram.
    setup.map { 8 * $0.average.width * 35 } ?? 0
  }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "rdf", frameName: name)
    if setup == nil { setup = try Self.start(parameters, configuration) }
    guard var setup = self.setup.take() else { return }
    let classes = setup.selection.classes(of: configuration)
    var atoms = [Int](repeating: 0, count: setup.histogram.classes)
    for kind in classes where kind >= 0 { atoms[Int(kind)] += 1 }
    guard frames == 0 || atoms == setup.atoms else {
      throw AnalysisError(
        .changedAtoms, "rdf: \(name) has \(atoms) atoms of \(setup.selection.labels), the first had \(setup.atoms); analyse them apart")
    }
    setup.atoms = atoms
    let widths = configuration.cell.widths
    for axis in 0..<3 {
      if !configuration.cell.periodic[axis] {
        notPeriodic = true
      } else if setup.histogram.cutoff > widths[axis] / 2 * (1 + 1e-9) {
        beyondHalfCell = true
      }
    }
    let counts: [UInt64]
    var centers = atoms
    if frame.selection.isEmpty {
      let pairs = setup.histogram.count(
        cell: configuration.cell, positions: configuration.positions, classOf: classes, pool: context.pool)
      counts = OrderedPairs.counts(pairs, classes: atoms.count, bins: setup.radii.count)
    } else {
      (counts, centers) = OrderedPairs.counts(
        configuration, classOf: classes, around: frame.selection, like: setup.histogram, pool: context.pool)
      if let kind = centers.firstIndex(of: 0) {
        throw AnalysisError(
          .emptyRegion, "rdf: the region holds no \(setup.selection.labels[kind]) in \(name); choose species that it holds with species")
      }
    }
    setup.average.add(Self.entry(counts, centers: centers, volume: configuration.cell.volume, setup: setup))
    for i in counts.indices { setup.totalCounts[i] += Double(counts[i]) }
    self.setup = setup
    frames += 1
  }

  private static func start(_ parameters: RadialDistribution, _ configuration: Configuration) throws -> Setup {
    let selection = try SpeciesSelection(parameters.species, in: configuration, analysis: "rdf")
    let widths = configuration.cell.widths
    let cutoff = parameters.cutoff ?? min(10, min(widths.x, widths.y, widths.z) / 2)
    let bins = max(1, Int((cutoff / parameters.binWidth).rounded()))
    let width = cutoff / Double(bins)
    let classes = selection.labels.count
    let histogram = PairHistogram(classes: classes, cutoff: cutoff, bins: bins)
    let volumes = (0..<bins).map { bin -> Double in
      let (inner, outer) = (Double(bin) * width, Double(bin + 1) * width)
      return 4 / 3 * Double.pi * (outer * outer * outer - inner * inner * inner)
    }
    return Setup(
      selection: selection, histogram: histogram, radii: (0..<bins).map { (Double($0) + 0.5) * width }, shellVolumes: volumes,
      average: BlockAverage(width: (histogram.pairs + 1 + classes * classes) * bins),
      totalCounts: [Double](repeating: 0, count: classes * classes * bins), atoms: [])
  }

  private static func entry(_ counts: [UInt64], centers: [Int], volume: Double, setup: Setup) -> [Double] {
    let bins = setup.radii.count
    let classes = setup.histogram.classes
    let pairs = setup.histogram.pairs
    let all = Double(setup.atoms.reduce(0, +)) * Double(centers.reduce(0, +))
    var entry = [Double](repeating: 0, count: (pairs + 1 + classes * classes) * bins)
    for a in 0..<classes {
      for b in a..<classes {
        let pair = PairHistogram.pairIndex(a, b, classes: classes)
        // In a region a pair counts once for each of its two atoms that is in it.
        let expected = Double(centers[a]) * Double(setup.atoms[b]) + Double(centers[b]) * Double(setup.atoms[a])
        for bin in 0..<bins {
          let count = Double(counts[(a * classes + b) * bins + bin] + counts[(b * classes + a) * bins + bin])
          entry[pair * bins + bin] = count * volume / expected / setup.shellVolumes[bin]
          entry[pairs * bins + bin] += (a == b ? 0.5 : 1) * count * volume / all / setup.shellVolumes[bin]
        }
      }
      for b in 0..<classes {
        for bin in 0..<bins {
          entry[(pairs + 1 + a * classes + b) * bins + bin] = Double(counts[(a * classes + b) * bins + bin]) / Double(centers[a])
        }
      }
    }
    return entry
  }

  public func result() throws -> RadialDistributionResult {
    guard let setup, frames > 0 else { throw AnalysisError(.noFrames, "rdf got no frame") }
    let bins = setup.radii.count
    let pairs = setup.histogram.pairs
    let labels = setup.selection.labels
    let mean = setup.average.mean
    let error = setup.average.standardError
    func part(_ values: [Double], _ index: Int) -> [Double] {
      values.isEmpty ? [] : Array(values[index * bins..<(index + 1) * bins])
    }
    func cumulated(_ values: [Double]) -> [Double] {
      var sum = 0.0
      return values.map {
        sum += $0
        return sum
      }
    }
    var partials: [RadialDistributionResult.Partial] = []
    for a in labels.indices {
      for b in a..<labels.count {
        let pair = PairHistogram.pairIndex(a, b, classes: labels.count)
        let g = part(mean, pair)
        let total = (0..<bins).map { bin in
          (setup.totalCounts[(a * labels.count + b) * bins + bin] + setup.totalCounts[(b * labels.count + a) * bins + bin]) / 2
        }
        let shell = FirstShell(
          radii: setup.radii, values: g, counts: a == b ? total.map { $0 / 2 } : total, smoothing: parameters.smoothing)
        func directed(_ center: Int, _ neighbor: Int) -> RadialDistributionResult.Running {
          let place = pairs + 1 + center * labels.count + neighbor
          return RadialDistributionResult.Running(
            pair: SpeciesPair(labels[center], labels[neighbor]), numbers: cumulated(part(mean, place)),
            error: setup.average.standardError { cumulated(part($0, place)) })
        }
        partials.append(
          RadialDistributionResult.Partial(
            pair: SpeciesPair(labels[a], labels[b]), values: g, error: part(error, pair), shell: shell,
            running: a == b ? [directed(a, b)] : [directed(a, b), directed(b, a)]))
      }
    }
    var warnings: [String] = []
    if beyondHalfCell {
      warnings.append("the cutoff goes beyond half the cell: g(r) there shows periodic images of the same atoms")
    }
    if notPeriodic {
      warnings.append("the cell does not repeat along all edges: g(r) is normalised by its volume and falls off near open faces")
    }
    return RadialDistributionResult(
      parameters: parameters, cutoff: setup.histogram.cutoff, radii: setup.radii, total: part(mean, pairs),
      totalError: part(error, pairs), partials: partials, labels: labels, frameCount: frames,
      blocks: setup.average.blockCount > 1 ? (setup.average.blockCount, setup.average.blockLength) : nil, warnings: warnings)
  }
}
