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
    /// One entry a frame: g of all pairs and the total, then the counts of all pairs.
    var average: BlockAverage
    var totalCounts: [UInt64]
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
    let counts = setup.histogram.count(
      cell: configuration.cell, positions: configuration.positions, classOf: classes, pool: context.pool)
    setup.average.add(Self.entry(counts, volume: configuration.cell.volume, setup: setup))
    for i in counts.indices { setup.totalCounts[i] += counts[i] }
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
      average: BlockAverage(width: (2 * histogram.pairs + 1) * bins),
      totalCounts: [UInt64](repeating: 0, count: histogram.pairs * bins), atoms: [])
  }

  private static func entry(_ counts: [UInt64], volume: Double, setup: Setup) -> [Double] {
    let bins = setup.radii.count
    let classes = setup.histogram.classes
    let pairs = setup.histogram.pairs
    let all = Double(setup.atoms.reduce(0, +))
    var entry = [Double](repeating: 0, count: (2 * pairs + 1) * bins)
    for a in 0..<classes {
      for b in a..<classes {
        let pair = PairHistogram.pairIndex(a, b, classes: classes)
        // A pair of like atoms is two ordered pairs of the same kind.
        let multiplicity = a == b ? 2.0 : 1.0
        let factor = multiplicity * volume / (Double(setup.atoms[a]) * Double(setup.atoms[b]))
        for bin in 0..<bins {
          let count = Double(counts[pair * bins + bin])
          entry[pair * bins + bin] = count * factor / setup.shellVolumes[bin]
          entry[pairs * bins + bin] += 2 * count * volume / (all * all) / setup.shellVolumes[bin]
          entry[(pairs + 1 + pair) * bins + bin] = count
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
    func cumulated(_ values: [Double], per atoms: Int) -> [Double] {
      var sum = 0.0
      return values.map {
        sum += $0
        return sum / Double(atoms)
      }
    }
    var partials: [RadialDistributionResult.Partial] = []
    for a in labels.indices {
      for b in a..<labels.count {
        let pair = PairHistogram.pairIndex(a, b, classes: labels.count)
        let g = part(mean, pair)
        let counts = part(mean, pairs + 1 + pair)
        let shell = FirstShell(
          radii: setup.radii, values: g, counts: setup.totalCounts[pair * bins..<(pair + 1) * bins].map { Double($0) },
          smoothing: parameters.smoothing)
        let multiplicity = a == b ? 2.0 : 1.0
        func directed(_ center: Int, _ neighbor: Int) -> RadialDistributionResult.Running {
          RadialDistributionResult.Running(
            pair: SpeciesPair(labels[center], labels[neighbor]),
            numbers: cumulated(counts.map { $0 * multiplicity }, per: setup.atoms[center]),
            error: setup.average.standardError { block in
              cumulated(part(block, pairs + 1 + pair).map { $0 * multiplicity }, per: setup.atoms[center])
            })
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
