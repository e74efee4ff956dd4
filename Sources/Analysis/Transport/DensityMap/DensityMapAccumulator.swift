import NumericalMethods
import Structures

/// Counts where ions are, frame by frame, for ``DensityMap``.
public struct DensityMapAccumulator: AnalysisAccumulator {
  private let parameters: DensityMap
  private let context: AnalysisContext
  private var reader: TrackReader?
  private var cell = MeanCell()
  private var size = SIMD3(1, 1, 1)
  private var periodic = Periodicity(repeating: true)
  private var counts: VisitCounts?
  private var traces = IonTraces(atoms: [])
  private var traced: [Int] = []
  /// The atoms whose common shift is the drift, and their weights.
  private var driftAtoms: [Int] = []
  private var driftWeights: [Double] = []
  /// Coordinates along the edges of the frame before, and how far each atom has gone since the first, in edges.
  private var before: [Vector3] = []
  private var beforePositions: [Vector3] = []
  private var travelled: [Vector3] = []
  private var firstPlaces: [Vector3] = []
  private var largestDrift = 0.0
  /// Whether the ways of atoms matter: where ions are needs none.
  private let follows: Bool

  private static let name = DensityMap.descriptor.name

  init(_ parameters: DensityMap, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    follows = parameters.traced > 0 || !parameters.atoms.isEmpty || !parameters.tracks.driftSpecies.isEmpty
  }

  public var memoryInBytes: Int { (counts?.memoryInBytes ?? 0) + traces.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    let number = reader?.frameCount ?? 0
    let frameName = context.frameName(number, frame)
    var reader = try self.reader.take() ?? makeReader(frame)
    let step = try nextStep(&reader, frame)
    self.reader = reader
    let configuration = step.frame.configuration
    let edges = try cell.next(configuration.cell, analysis: Self.name, frameName: frameName)
    let inverse = edges.inverse
    let origin = configuration.cell.origin
    let places = configuration.positions.map { ($0 - origin) * inverse }
    if counts == nil { try start(configuration, edges: edges, places: places, frameName: frameName) }
    guard follows else {
      let visits = reader.atoms.map { point(of: places[$0]) }
      counts?.add(visits)
      return
    }
    if number == 0 {
      travelled = [Vector3](repeating: .zero, count: places.count)
    } else {
      for atom in places.indices {
        // How many edges were crossed is in the step; what is left is exact whatever the cell did.
        let difference = places[atom] - before[atom]
        let crossed = ((step.positions[atom] - beforePositions[atom]) * inverse - difference).rounded(.toNearestOrEven)
        travelled[atom] += difference + crossed
      }
    }
    before = places
    beforePositions = step.positions
    var shift = Vector3.zero
    for (atom, weight) in zip(driftAtoms, driftWeights) { shift += travelled[atom] * weight }
    largestDrift = max(largestDrift, (shift * edges).length)
    if parameters.tracks.driftSpecies.isEmpty { shift = .zero }
    let visits = reader.atoms.map { point(of: places[$0] - shift) }
    counts?.add(visits)
    let next = traces.atoms.map { firstPlaces[$0] + travelled[$0] - shift }
    traces.add(next)
  }

  private func nextStep(_ reader: inout TrackReader, _ frame: Frame) throws -> TrackReader.Step {
    do {
      return try reader.next(frame)
    } catch let error as StructuresError where error.code == .ambiguousDisplacement {
      throw StructuresError(
        error.code, error.message + "; the density alone needs no ways: trace 0, and no remove-drift or atoms", cause: error.cause)
    }
  }

  private func point(of place: Vector3) -> Int {
    var index = 0
    for axis in 0..<3 {
      let count = Double(size[axis])
      var nearest = ((place[axis] - place[axis].rounded(.down)) * count).rounded(.toNearestOrAwayFromZero)
      if nearest >= count { nearest = 0 }
      index = index * size[axis] + Int(nearest)
    }
    return index
  }

  private func makeReader(_ frame: Frame) throws -> TrackReader {
    var tracks = parameters.tracks
    if tracks.species.isEmpty {
      let present = try SpeciesSelection([], in: frame.configuration, analysis: Self.name).labels
      let ions = ["Li", "Na", "K", "Rb", "Cs", "Ag"].lazy.map { symbol in
        frame.configuration.species.filter { $0.element.symbol == symbol && present.contains($0.label) }.map(\.label)
      }.first { !$0.isEmpty }
      guard let ions else {
        throw AnalysisError(
          .invalidSetting,
          "\(Self.name): there is no Li, Na, K, Rb, Cs or Ag; name the ions to map with species (there are "
            + present.joined(separator: ", ") + ")")
      }
      tracks.species = ions
    }
    return TrackReader(tracks, analysis: Self.name, context: context, unwraps: follows)
  }

  private mutating func start(_ configuration: Configuration, edges: Matrix3, places: [Vector3], frameName: String) throws {
    guard let reader else { return }
    guard configuration.cell.isPeriodic else {
      throw AnalysisError(
        .invalidSetting,
        "\(Self.name): the cell of \(frameName) is not periodic along all edges, so that no grid fills it; map a periodic one")
    }
    periodic = configuration.cell.periodic
    size = VolumetricGrid.size(for: configuration.cell, spacing: parameters.spacing)
    let points = Double(size.x) * Double(size.y) * Double(size.z)
    // Counts, density, energies, places in clusters, parts.
    let bytes = points * 64
    guard bytes < Double(context.memoryLimit), points < 2e9 else {
      throw AnalysisError(
        .tooMuchMemory,
        "\(Self.name): a grid of \(size.x) x \(size.y) x \(size.z) points needs about \(Int(min(1e18, bytes)) >> 20) MiB, more than "
          + "\(context.memoryLimit >> 20); give a larger spacing")
    }
    counts = VisitCounts(points: Int(points), memoryLimit: min(64 << 20, context.memoryLimit / 4))
    firstPlaces = places
    traced = try tracedAtoms(configuration)
    traces = IonTraces(atoms: !traced.isEmpty ? traced : parameters.traced > 0 ? reader.atoms : [])
    let mobile = Set(reader.atoms)
    if parameters.tracks.driftSpecies.isEmpty {
      // Nothing is removed, but a framework that moves is told.
      driftAtoms = configuration.positions.indices.filter { !mobile.contains($0) }
    } else {
      let wanted = parameters.tracks.driftSpecies == ["all"] ? [] : parameters.tracks.driftSpecies
      let classes = try SpeciesSelection(wanted, in: configuration, analysis: "\(Self.name): remove-drift").classes(of: configuration)
      driftAtoms = classes.indices.filter { classes[$0] >= 0 }
    }
    let masses = configuration.masses
    let weights = driftAtoms.map { parameters.tracks.driftWeights == .mass && masses[$0] > 0 ? masses[$0] : 1 }
    let sum = weights.reduce(0, +)
    driftWeights = weights.map { $0 / sum }
  }

  /// The atoms asked for by number.
  private func tracedAtoms(_ configuration: Configuration) throws -> [Int] {
    try parameters.atoms.map { number in
      let place = configuration.identifiers.isEmpty ? number - 1 : configuration.identifiers.firstIndex(of: number) ?? -1
      guard configuration.positions.indices.contains(place) else {
        throw AnalysisError(
          .invalidSetting, "\(Self.name): there is no atom \(number); atoms have their numbers in the file, or count from 1")
      }
      return place
    }
  }

  public func result() throws -> DensityMapResult {
    guard let reader, let counts, let first = reader.firstFrame?.configuration else {
      throw AnalysisError(.noFrames, "\(Self.name) got no frame")
    }
    let cell = try cell.mean(periodic: periodic)
    let steps = Matrix3(cell.vectors[0] / Double(size.x), cell.vectors[1] / Double(size.y), cell.vectors[2] / Double(size.z))
    let smearing = GridSmearing(steps: steps, width: parameters.smearing)
    let volume = cell.volume / Double(counts.points)
    let sampled = GridSmearing.sampledVolume(point: volume, width: parameters.smearing)
    /// The density of one visit, less some rounding.
    func least(_ block: VisitCounts.Block) -> Double { 0.999 / (Double(max(1, block.frames)) * sampled) }
    func density(_ block: VisitCounts.Block, _ pool: WorkerPool) -> [Double] {
      let factor = 1 / (Double(max(1, block.frames)) * volume)
      return smearing.applied(to: block.counts.map { Double($0) * factor }, size: size, pool: pool)
    }
    let visits = counts.total
    let total = density(visits, context.pool)
    let single = WorkerPool(threads: 1)
    let blocks = counts.blocks
    let scatter =
      blocks.count < 4
      ? []
      : try context.pool.map(blocks.count) {
        DensityChannels(density(blocks[$0], single), least: least(blocks[$0]), size: size, periodic: periodic).barriers
      }
    var warnings = reader.warnings.filter { !$0.hasPrefix("the centre of mass") }
    if parameters.tracks.driftSpecies.isEmpty, largestDrift > 0.1 {
      warnings.append(
        "the atoms that are not mapped moved by up to \(brief((largestDrift * 1000).rounded() / 1000)) Å together, which blurs the map; remove "
          + "their drift (remove-drift \(framework(of: first, without: reader.labels)))")
    }
    if !counts.keepsBlocks {
      warnings.append(
        "there are no errors, since blocks of frames on \(counts.points) points do not fit into memory; take a larger spacing")
    }
    let mobile = Set(reader.atoms)
    var framework = first
    framework.cell = cell
    framework.positions = firstPlaces.map { cell.wrap(cell.cartesian($0)).position }
    framework.images = []
    let kept = framework.positions.indices.map { !mobile.contains($0) }
    return DensityMapResult(
      parameters: parameters, labels: reader.labels, ions: reader.atoms.count,
      grid: VolumetricGrid(
        cell: cell, size: size, values: total, quantity: "\(reader.labels.joined(separator: "+")) density", unit: "1/A3"),
      channels: DensityChannels(total, least: least(visits), size: size, periodic: periodic), least: least(visits), sampledVolume: sampled,
      scatter: scatter, traces: traces,
      isChosen: !traced.isEmpty, configuration: first,
      framework: Frame(framework).keeping(kept).configuration, frameInterval: reader.interval, frameCount: reader.frameCount,
      tracks: reader.settings, warnings: warnings)
  }

  /// What else there is, by element where no species has that name, as one writes it for `remove-drift`.
  private func framework(of configuration: Configuration, without labels: [String]) -> String {
    let present = zip(configuration.species, configuration.speciesCounts).filter { $0.1 > 0 }.map(\.0)
    var words: [String] = []
    for species in present where !labels.contains(species.label) {
      let symbol = species.element.symbol
      let isFree = !present.contains { $0.label == symbol || $0.element.symbol == symbol && labels.contains($0.label) }
      let word = isFree ? symbol : species.label
      if !words.contains(word) { words.append(word) }
    }
    return words.joined(separator: ",")
  }
}
