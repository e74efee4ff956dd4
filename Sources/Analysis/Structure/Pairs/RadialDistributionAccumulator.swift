import NumericalMethods
import Structures

/// Counts pairs frame by frame for ``RadialDistribution``.
public struct RadialDistributionAccumulator: AnalysisAccumulator {
  private let parameters: RadialDistribution
  private let context: AnalysisContext
  private let name: String
  private var setup: Setup?
  private var frames = 0
  private var beyondHalfCell = false
  private var notPeriodic = false

  private struct Setup: Sendable {
    var selection: SpeciesSelection
    var elements: [Element]
    var histogram: PairHistogram
    var radii: [Double]
    var shellVolumes: [Double]
    /// One entry a frame, as ``PairCurves`` reads it.
    var average: BlockAverage
    var atoms: [Int]
  }

  /// - Parameter name: The analysis that errors name; others count pairs with this one, too.
  init(_ parameters: RadialDistribution, context: AnalysisContext, name: String = RadialDistribution.descriptor.name) {
    self.parameters = parameters
    self.context = context
    self.name = name
  }

  public var memoryInBytes: Int {
    // Sums, up to 32 blocks, and the histogram.
    setup.map { 8 * $0.average.width * 35 } ?? 0
  }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let frameName = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: name, frameName: frameName)
    if setup == nil { setup = try Self.start(parameters, configuration, name: name) }
    guard var setup = self.setup.take() else { return }
    let classes = setup.selection.classes(of: configuration)
    var atoms = [Int](repeating: 0, count: setup.histogram.classes)
    for kind in classes where kind >= 0 { atoms[Int(kind)] += 1 }
    guard frames == 0 || atoms == setup.atoms else {
      throw AnalysisError(
        .changedAtoms,
        "\(name): \(frameName) has \(atoms) atoms of \(setup.selection.labels), the first had \(setup.atoms); analyse them apart")
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
          .emptyRegion,
          "\(name): the region holds no \(setup.selection.labels[kind]) in \(frameName); choose species that it holds with species")
      }
    }
    setup.average.add(Self.entry(counts, centers: centers, volume: configuration.cell.volume, setup: setup))
    self.setup = setup
    frames += 1
  }

  private static func start(_ parameters: RadialDistribution, _ configuration: Configuration, name: String) throws -> Setup {
    let selection = try SpeciesSelection(parameters.species, in: configuration, analysis: name)
    let widths = configuration.cell.widths
    let cutoff = parameters.cutoff ?? min(parameters.automaticCutoff, widths.min() / 2)
    let bins = max(1, Int((cutoff / parameters.binWidth).rounded()))
    let width = cutoff / Double(bins)
    let classes = selection.labels.count
    let histogram = PairHistogram(classes: classes, cutoff: cutoff, bins: bins)
    let volumes = (0..<bins).map { bin -> Double in
      let (inner, outer) = (Double(bin) * width, Double(bin + 1) * width)
      return 4 / 3 * Double.pi * (outer * outer * outer - inner * inner * inner)
    }
    let elements = selection.labels.compactMap { label in configuration.species.first { $0.label == label }?.element }
    return Setup(
      selection: selection, elements: elements, histogram: histogram, radii: (0..<bins).map { (Double($0) + 0.5) * width },
      shellVolumes: volumes,
      average: BlockAverage(width: (histogram.pairs + 1 + classes * classes) * bins + classes + 1), atoms: [])
  }

  private static func entry(_ counts: [UInt64], centers: [Int], volume: Double, setup: Setup) -> [Double] {
    let bins = setup.radii.count
    let classes = setup.histogram.classes
    let pairs = setup.histogram.pairs
    let all = Double(setup.atoms.reduce(0, +))
    let allPairs = all * Double(centers.reduce(0, +))
    var entry = [Double](repeating: 0, count: (pairs + 1) * bins)
    for a in 0..<classes {
      for b in a..<classes {
        let pair = PairHistogram.pairIndex(a, b, classes: classes)
        // In a region a pair counts once for each of its two atoms that is in it.
        let expected = Double(centers[a]) * Double(setup.atoms[b]) + Double(centers[b]) * Double(setup.atoms[a])
        for bin in 0..<bins {
          let count = Double(counts[(a * classes + b) * bins + bin] + counts[(b * classes + a) * bins + bin])
          entry[pair * bins + bin] = count * volume / expected / setup.shellVolumes[bin]
          entry[pairs * bins + bin] += (a == b ? 0.5 : 1) * count * volume / allPairs / setup.shellVolumes[bin]
        }
      }
    }
    return entry + counts.map { Double($0) } + centers.map { Double($0) } + [all / volume]
  }

  /// What the frames gave.
  ///
  /// - Throws: ``AnalysisError`` with code `.noFrames`.
  func curves() throws -> PairCurves {
    guard let setup, frames > 0 else { throw AnalysisError(.noFrames, "\(name) got no frame") }
    var warnings: [String] = []
    if beyondHalfCell {
      warnings.append("the cutoff goes beyond half the cell: g(r) there shows periodic images of the same atoms")
    }
    if notPeriodic {
      warnings.append("the cell does not repeat along all edges: g(r) is normalised by its volume and falls off near open faces")
    }
    return PairCurves(
      labels: setup.selection.labels, elements: setup.elements, atoms: setup.atoms, radii: setup.radii, cutoff: setup.histogram.cutoff,
      average: setup.average, frameCount: frames, warnings: warnings)
  }

  public func result() throws -> RadialDistributionResult {
    let curves = try curves()
    let mean = curves.mean
    let error = curves.average.standardError
    let partials = curves.pairsOfSpecies.map { a, b -> RadialDistributionResult.Partial in
      let pair = PairHistogram.pairIndex(a, b, classes: curves.labels.count)
      func part(_ entry: [Double]) -> [Double] { entry.isEmpty ? [] : curves.partials(entry)[pair] }
      let g = part(mean)
      let shell = FirstShell(
        radii: curves.radii, values: g, counts: curves.counts(mean, a, b).map { $0 * Double(frames) }, smoothing: parameters.smoothing
      )
      let shellError = curves.average.standardError {
        shell.measured(part($0), radii: curves.radii, smoothing: parameters.smoothing)
      }
      return RadialDistributionResult.Partial(
        pair: SpeciesPair(curves.labels[a], curves.labels[b]), values: g, error: part(error), shell: shell,
        peakError: shellError.first.flatMap { $0.isFinite ? $0 : nil }, widthError: shellError.last.flatMap { $0.isFinite ? $0 : nil },
        running: curves.runningNumbers(a, b))
    }
    var warnings = curves.warnings
    var weighted: [RadialDistributionResult.Weighted] = []
    for radiation in [Radiation.neutron, .xRay] {
      do {
        let weights = try ScatteringWeights(radiation, elements: curves.elements, scatterers: parameters.scatterers, analysis: name)
        try weights.requireMean(concentrations: curves.concentrations, analysis: name)
        weighted.append(
          RadialDistributionResult.Weighted(
            radiation: radiation, values: curves.weighted(mean, by: weights),
            error: curves.average.standardError { curves.weighted($0, by: weights) }))
      } catch let error as AnalysisError {
        warnings.append("no \(radiation.rawValue)-weighted total: \(error.message)")
      }
    }
    return RadialDistributionResult(
      parameters: parameters, cutoff: curves.cutoff, radii: curves.radii, total: curves.total(mean),
      totalError: error.isEmpty ? [] : curves.total(error), weighted: weighted, partials: partials, labels: curves.labels,
      frameCount: frames, blocks: curves.blocks, warnings: warnings)
  }
}
