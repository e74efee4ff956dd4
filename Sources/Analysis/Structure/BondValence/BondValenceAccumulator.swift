import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sums valences and finds barriers frame by frame for ``BondValence``.
public struct BondValenceAccumulator: AnalysisAccumulator {
  private let parameters: BondValence
  private let context: AnalysisContext
  private var setup: Setup?
  private var frames = 0

  /// The width of a bin of the distributions, in valence units.
  static let binWidth = 0.02

  private struct Setup: Sendable {
    var charges: FormalCharges
    var labels: [String]
    var mobile: Species?
    /// GII; then of each species the mean sum, its mean square, and the mean squared deviation from the charge.
    var sums: BlockAverage
    /// The lowest energy, and the barriers in 1, 2, 3 dimensions and along a, b, c.
    var barriers: BlockAverage?
    var histograms: [[Double]]
    /// Of the first frame.
    var landscape: BondValenceResult.Landscape?
    var labelled: Frame?
  }

  init(_ parameters: BondValence, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int { setup?.landscape.map { 32 * $0.grid.values.count } ?? 0 }

  static func missing(_ cation: String, _ anion: String, _ charges: [String: Int], _ set: BondValenceSet) -> AnalysisError {
    AnalysisError(
      .invalidSetting,
      "bond-valence: \(set.rawValue) has no parameters of \(cation) (\(charges[cation] ?? 0)) with \(anion) (\(charges[anion] ?? 0)); "
        + (set == .softBV ? "check the charges, or take parameters okeeffe-brese" : "take parameters softbv"))
  }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "bond-valence", frameName: name)
    if setup == nil { setup = try start(configuration) }
    guard var setup = self.setup.take() else { return }
    let sums = try valences(configuration, setup.charges.byLabel)
    try add(sums, of: frame, name: name, to: &setup)
    if let mobile = setup.mobile {
      let found = try landscape(configuration, mobile, setup.charges.byLabel)
      var barriers = setup.barriers ?? BlockAverage(width: 7)
      barriers.add([found.minimum] + (found.barriers + found.alongEdges).map { $0 ?? .nan })
      setup.barriers = barriers
      if frames == 0 { setup.landscape = found }
    }
    if frames == 0 {
      var labelled = frame
      labelled.selection = []
      labelled.columns["bond_valence"] = sums
      setup.labelled = labelled
    }
    self.setup = setup
    frames += 1
  }

  private func start(_ configuration: Configuration) throws -> Setup {
    let charges = try FormalCharges(parameters.charges, in: configuration)
    let labels = try SpeciesSelection([], in: configuration, analysis: "bond-valence").labels
    var mobile: Species?
    if let label = parameters.mobile {
      guard labels.contains(label), let index = configuration.speciesIndex(label) else {
        throw SpeciesSelection.unknown(label, among: labels, analysis: "bond-valence: mobile")
      }
      mobile = configuration.species[index]
    } else if parameters.landscape {
      for symbol in ["Li", "Na", "K", "Rb", "Cs", "Ag"] where mobile == nil {
        mobile = configuration.species.first { $0.element.symbol == symbol && labels.contains($0.label) }
      }
      if mobile == nil {
        throw AnalysisError(
          .invalidSetting, "bond-valence: there is no Li, Na, K, Rb, Cs or Ag to move; name the mobile species with mobile, or write none")
      }
    }
    let bins = Int(10 / Self.binWidth)
    return Setup(
      charges: charges, labels: labels, mobile: mobile, sums: BlockAverage(width: 1 + 3 * labels.count),
      histograms: labels.map { _ in [Double](repeating: 0, count: bins) })
  }

  /// The bond-valence sum of each atom, positive.
  private func valences(_ configuration: Configuration, _ charges: [String: Int]) throws -> [Double] {
    let species = configuration.species
    let present = configuration.speciesCounts
    var pairs = [BondValencePair?](repeating: nil, count: species.count * species.count)
    for (i, cation) in species.enumerated() where (charges[cation.label] ?? 0) > 0 && present[i] > 0 {
      for (j, anion) in species.enumerated() where (charges[anion.label] ?? 0) < 0 && present[j] > 0 {
        guard
          let pair = parameters.set.pair(
            cation: (cation.element.symbol, charges[cation.label] ?? 0), anion: (anion.element.symbol, charges[anion.label] ?? 0))
        else { throw Self.missing(cation.label, anion.label, charges, parameters.set) }
        pairs[i * species.count + j] = pair
        pairs[j * species.count + i] = pair
      }
    }
    let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: parameters.cutoff)
    let types = configuration.types
    let count = species.count
    let blocks = max(1, min(64, types.count / 64))
    var sums = [Double](repeating: 0, count: types.count)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      context.pool.forEachBlock(blocks) { block in
        for atom in block * types.count / blocks..<(block + 1) * types.count / blocks {
          let row = Int(types[atom]) * count
          var sum = 0.0
          search.forEachNeighbor(of: atom) { neighbor in
            guard let pair = pairs[row + Int(types[neighbor.index])] else { return }
            sum += exp((pair.length - neighbor.squaredDistance.squareRoot()) / pair.softness)
          }
          sums[atom] = sum
        }
      }
    }
    return sums
  }

  private func add(_ sums: [Double], of frame: Frame, name: String, to setup: inout Setup) throws {
    let configuration = frame.configuration
    var entry = [Double](repeating: 0, count: setup.sums.width)
    var atoms = 0.0
    let classes = try SpeciesSelection(setup.labels, in: configuration, analysis: "bond-valence: \(name)").classes(of: configuration)
    var counts = [Double](repeating: 0, count: setup.labels.count)
    for atom in sums.indices where classes[atom] >= 0 && (frame.selection.isEmpty || frame.selection[atom]) {
      let kind = Int(classes[atom])
      let deviation = sums[atom] - Double(abs(setup.charges.byLabel[setup.labels[kind]] ?? 0))
      counts[kind] += 1
      entry[1 + 3 * kind] += sums[atom]
      entry[2 + 3 * kind] += sums[atom] * sums[atom]
      entry[3 + 3 * kind] += deviation * deviation
      entry[0] += deviation * deviation
      atoms += 1
      let bin = min(Double(setup.histograms[kind].count - 1), sums[atom] / Self.binWidth)
      setup.histograms[kind][Int(bin)] += 1
    }
    guard atoms > 0 else { throw AnalysisError(.emptyRegion, "bond-valence: the region holds no atom in \(name)") }
    entry[0] = (entry[0] / atoms).squareRoot()
    for kind in counts.indices {
      for i in 1...3 { entry[3 * kind + i] = counts[kind] > 0 ? entry[3 * kind + i] / counts[kind] : .nan }
    }
    setup.sums.add(entry)
  }

  private func landscape(_ configuration: Configuration, _ mobile: Species, _ charges: [String: Int]) throws -> BondValenceResult.Landscape
  {
    let terms = try SiteEnergyTerms(mobile: mobile, charges: charges, configuration: configuration, parameters: parameters)
    let size = VolumetricGrid.size(for: configuration.cell, spacing: parameters.gridSpacing)
    let points = Double(size.x) * Double(size.y) * Double(size.z)
    // Energy, parent, size and way of each point.
    guard points * 32 < Double(context.memoryLimit), points < 2e9 else {
      throw AnalysisError(
        .tooMuchMemory,
        "bond-valence: a grid of \(size.x) x \(size.y) x \(size.z) points needs \(Int(points * 32) >> 20) MiB, more than "
          + "\(context.memoryLimit >> 20); give a larger grid-spacing")
    }
    let values = try SiteEnergyGrid.energies(configuration, terms: terms, size: size, pool: context.pool)
    let percolation = Percolation(
      values, size: size, periodic: configuration.cell.periodic, connectivity: parameters.connectivity)
    let minimum = values.min() ?? 0
    let grid = VolumetricGrid(
      cell: configuration.cell, size: size, values: values, quantity: "\(mobile.label) bond-valence site energy", unit: "eV")
    return BondValenceResult.Landscape(
      mobile: mobile.label, grid: grid, minimum: minimum, barriers: percolation.thresholds.map { $0.map { $0 - minimum } },
      alongEdges: percolation.alongEdges.map { $0.map { $0 - minimum } })
  }

  public func result() throws -> BondValenceResult {
    guard let setup, frames > 0 else { throw AnalysisError(.noFrames, "bond-valence got no frame") }
    let mean = setup.sums.mean
    let error = setup.sums.standardError
    let species = setup.labels.enumerated().map { kind, label -> BondValenceResult.Species in
      let value = mean[1 + 3 * kind]
      return BondValenceResult.Species(
        label: label, charge: setup.charges.byLabel[label] ?? 0, mean: value, meanError: error.isEmpty ? nil : error[1 + 3 * kind],
        deviation: max(0, mean[2 + 3 * kind] - value * value).squareRoot(), mismatch: mean[3 + 3 * kind].squareRoot(),
        histogram: setup.histograms[kind])
    }
    var warnings = setup.charges.warning.map { [$0] } ?? []
    var barriers: [BondValenceResult.Barrier] = []
    if let average = setup.barriers {
      let (values, errors) = (average.mean, average.standardError)
      barriers = ["1D", "2D", "3D", "a", "b", "c"].enumerated().map { index, name in
        let value = values[1 + index]
        let error = errors.isEmpty || value.isNaN ? nil : errors[1 + index]
        return BondValenceResult.Barrier(name: name, energy: value.isNaN ? nil : value, error: error)
      }
      if values.contains(where: \.isNaN) {
        warnings.append(
          "some barriers are left out: in one frame at least, no path of any energy winds around the cell in this many directions")
      }
    }
    return BondValenceResult(
      parameters: parameters, instability: mean[0], instabilityError: error.first, species: species, barriers: barriers,
      landscape: setup.landscape, labelled: setup.labelled, frameCount: frames,
      blocks: setup.sums.blockCount > 1 ? (setup.sums.blockCount, setup.sums.blockLength) : nil, warnings: warnings)
  }
}
