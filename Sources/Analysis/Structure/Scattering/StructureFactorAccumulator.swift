import NumericalMethods
import Structures

/// Sums amplitudes or counts pairs, frame by frame, for ``StructureFactor``.
public struct StructureFactorAccumulator: AnalysisAccumulator {
  private let parameters: StructureFactor
  private let context: AnalysisContext
  private let name: String
  private var pairs: RadialDistributionAccumulator?
  private var setup: Setup?
  private var frames = 0
  private var lowestQ = 0.0

  private struct Setup: Sendable {
    var selection: SpeciesSelection
    var elements: [Element]
    var atoms: [Int]
    var bins: Int
    var vectors: ReciprocalVectors
    /// One entry a frame: sums of Re rho_a rho_b* / N over the vectors of each bin, pair by pair, then the number of vectors, then the
    /// sum of their lengths.
    var average: BlockAverage
    /// Sums of Re rho_a rho_b* / N over frames, pair by pair, of each vector since the vectors were chosen, and the bin of each in the last
    /// frame, -1 outside of all.
    var sums: [Double] = []
    /// How many frames went into ``sums``.
    var summed = 0
    var binOf: [Int32] = []
  }

  /// - Parameter name: The analysis that errors name.
  init(_ parameters: StructureFactor, context: AnalysisContext, name: String = StructureFactor.descriptor.name) {
    self.parameters = parameters
    self.context = context
    self.name = name
    if parameters.method == .transform {
      var distances = RadialDistribution()
      distances.binWidth = 0.01
      distances.cutoff = parameters.cutoff
      distances.automaticCutoff = StructureFactor.automaticCutoff
      pairs = RadialDistributionAccumulator(distances, context: context, name: name)
    }
  }

  public var memoryInBytes: Int {
    guard let setup else { return pairs?.memoryInBytes ?? 0 }
    return 8 * setup.average.width * 35 + setup.vectors.count * (16 * setup.elements.count + 64) + 8 * setup.sums.count
  }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let frameName = context.frameName(frames, frame)
    guard configuration.cell.isPeriodic else {
      throw AnalysisError(
        .invalidSetting,
        "\(name): the cell of \(frameName) does not repeat along all edges, and has no reciprocal lattice; a structure factor needs one "
          + "that does")
    }
    if frames == 0 { try begin(configuration) }
    if pairs != nil {
      try pairs?.add(frame)
    } else {
      try addDirect(configuration, frameName: frameName)
    }
    frames += 1
  }

  /// Checks the range of Q against the first cell.
  private mutating func begin(_ configuration: Configuration) throws {
    let cell = configuration.cell
    let shortest =
      parameters.method == .direct
      ? ReciprocalVectors.shortest(cell.vectors) : 2 * Double.pi / cell.widths.min()
    if let wanted = parameters.lowestQ, wanted < shortest * (1 - 1e-6) {
      throw AnalysisError(
        .invalidSetting,
        "\(name): Q below 2 pi / L = \(brief((shortest * 1e4).rounded() / 1e4)) 1/A means nothing in this cell, whose images repeat; take a "
          + "larger cell or q-min from there on")
    }
    guard shortest < parameters.highestQ else {
      throw AnalysisError(
        .invalidSetting, "\(name): this cell resolves nothing below \(brief((shortest * 1e4).rounded() / 1e4)) 1/A; take a larger q-max")
    }
    lowestQ = parameters.lowestQ ?? shortest
  }

  private mutating func addDirect(_ configuration: Configuration, frameName: String) throws {
    try configuration.requireFinitePositions(analysis: name, frameName: frameName)
    if setup == nil { setup = try start(configuration) }
    guard var setup = self.setup.take() else { return }
    let classes = setup.selection.classes(of: configuration)
    let kinds = setup.elements.count
    var atoms = [Int](repeating: 0, count: kinds)
    for kind in classes where kind >= 0 { atoms[Int(kind)] += 1 }
    guard atoms == setup.atoms else {
      throw AnalysisError(
        .changedAtoms,
        "\(name): \(frameName) has \(atoms) atoms of \(setup.selection.labels), the first had \(setup.atoms); analyse them apart")
    }
    if Self.differs(configuration.cell.vectors, setup.vectors.cell) {
      setup.vectors = try choose(configuration.cell)
      setup.sums = []
      setup.summed = 0
    }
    let (re, im) = PhaseSums(classOf: classes, classes: kinds).amplitudes(
      setup.vectors, positions: configuration.positions, inverse: configuration.cell.inverse, pool: context.pool)
    let entry = entry(re, im, cell: configuration.cell, setup: &setup)
    setup.average.add(entry)
    self.setup = setup
  }

  private func start(_ configuration: Configuration) throws -> Setup {
    let selection = try SpeciesSelection([], in: configuration, analysis: name)
    let elements = selection.labels.compactMap { label in configuration.species.first { $0.label == label }?.element }
    var atoms = [Int](repeating: 0, count: elements.count)
    for kind in selection.classes(of: configuration) where kind >= 0 { atoms[Int(kind)] += 1 }
    let bins = Int((parameters.highestQ / parameters.binWidth).rounded(.up))
    let pairs = elements.count * (elements.count + 1) / 2
    return Setup(
      selection: selection, elements: elements, atoms: atoms, bins: bins, vectors: try choose(configuration.cell),
      average: BlockAverage(width: (pairs + 2) * bins))
  }

  /// Chooses vectors with a margin for edges that change.
  private func choose(_ cell: Cell) throws -> ReciprocalVectors {
    let inSphere = ReciprocalVectors.expectedCount(volume: cell.volume, length: parameters.highestQ * (1 + Self.margin))
    let thinned = Double(parameters.vectorsPerBin) * parameters.highestQ / parameters.binWidth
    guard min(inSphere, thinned) < Self.mostVectors else {
      throw AnalysisError(
        .tooMuchMemory,
        "\(name): this takes \(Int(min(inSphere, thinned) / 1e6)) million reciprocal vectors, and \(Int(Self.mostVectors / 1e6)) million are the "
          + "limit; lower q-max or max-vectors")
    }
    return ReciprocalVectors(
      cell: cell.vectors, lengths: lowestQ * (1 - Self.margin)...parameters.highestQ * (1 + Self.margin), binWidth: parameters.binWidth,
      limit: parameters.vectorsPerBin)
  }

  /// How far vectors may move before others are chosen, relative.
  private static let margin = 0.01
  private static let mostVectors = 8e6

  private static func differs(_ a: Matrix3, _ b: Matrix3) -> Bool {
    (0..<3).contains { (a[$0] - b[$0]).length > margin / 2 * b[$0].length }
  }

  private func entry(_ re: [Double], _ im: [Double], cell: Cell, setup: inout Setup) -> [Double] {
    let vectors = setup.vectors
    let count = vectors.count
    let bins = setup.bins
    let kinds = setup.elements.count
    let pairs = kinds * (kinds + 1) / 2
    let reciprocal = cell.inverse.transposed * (2 * Double.pi)
    let share = 1 / Double(setup.atoms.reduce(0, +))
    var entry = [Double](repeating: 0, count: (pairs + 2) * bins)
    if setup.sums.isEmpty { setup.sums = [Double](repeating: 0, count: pairs * count) }
    setup.summed += 1
    if setup.binOf.count != count { setup.binOf = [Int32](repeating: -1, count: count) }
    let width = parameters.binWidth
    // At the ends, half a unit in the tenth digit, so that a vector of the wanted length counts.
    let low = lowestQ * (1 - 1e-10)
    let high = parameters.highestQ * (1 + 1e-10)
    // The intensities of each vector, pair by pair, and its length.
    var values = [Double](repeating: 0, count: (pairs + 1) * count)
    // Taken out, so that they are not copied.
    var (sums, binOf) = (setup.sums, setup.binOf)
    (setup.sums, setup.binOf) = ([], [])
    values.withUnsafeMutableBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        binOf.withUnsafeMutableBufferPointer { binOf in
          nonisolated(unsafe) let (values, sums, binOf) = (values, sums, binOf)
          re.withUnsafeBufferPointer { re in
            im.withUnsafeBufferPointer { im in
              nonisolated(unsafe) let (re, im) = (re, im)
              context.pool.forEachRange(count, grain: 1024) { part in
                for vector in part {
                  let indices = vectors.indices(vector)
                  let q = Vector3(Double(indices.x), Double(indices.y), Double(indices.z)) * reciprocal
                  let length = q.length
                  values[pairs * count + vector] = length
                  let isWanted = length >= low && length <= high
                  binOf[vector] = isWanted ? Int32(min(bins - 1, Int(length / width))) : -1
                  var pair = 0
                  for a in 0..<kinds {
                    let (x, y) = (re[a * count + vector] * share, im[a * count + vector] * share)
                    for b in a..<kinds {
                      let value = x * re[b * count + vector] + y * im[b * count + vector]
                      values[pair * count + vector] = value
                      if isWanted { sums[pair * count + vector] += value }
                      pair += 1
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    for vector in 0..<count where binOf[vector] >= 0 {
      let bin = Int(binOf[vector])
      for pair in 0..<pairs { entry[pair * bins + bin] += values[pair * count + vector] }
      entry[pairs * bins + bin] += 1
      entry[(pairs + 1) * bins + bin] += values[pairs * count + vector]
    }
    (setup.sums, setup.binOf) = (sums, binOf)
    return entry
  }

  /// I_ab with all that totals need.
  ///
  /// - Throws: ``AnalysisError`` with code `.noFrames`.
  func intensities() throws -> ScatteringIntensities {
    guard frames > 0 else { throw AnalysisError(.noFrames, "\(name) got no frame") }
    if let pairs {
      let transform = RadialTransform(
        curves: try pairs.curves(), q: ScatteringIntensities.grid(from: lowestQ, to: parameters.highestQ, step: parameters.binWidth),
        window: parameters.window)
      return ScatteringIntensities(transform)
    }
    guard let setup else { throw AnalysisError(.noFrames, "\(name) got no frame") }
    return ScatteringIntensities(
      labels: setup.selection.labels, elements: setup.elements, atoms: setup.atoms, bins: setup.bins, average: setup.average,
      vectorMeans: setup.sums.map { $0 / Double(setup.summed) }, binOf: setup.binOf)
  }

  public func result() throws -> StructureFactorResult {
    try StructureFactorResult(parameters, intensities: intensities())
  }
}
