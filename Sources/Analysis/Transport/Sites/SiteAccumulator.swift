import NumericalMethods
import Structures

/// Follows ions from site to site for ``SiteAnalysis``.
public struct SiteAccumulator: AnalysisAccumulator {
  /// What needs the first frame.
  private struct State: Sendable {
    var reader: TrackReader
    var store: TrackStore
    var tracker: SiteTracker
    /// The framework: its atoms, their weights, and where they are along the edges.
    var framework: [Int]
    var weights: [Double]
    var last: [Vector3]
    /// How far the framework has moved along the edges since the reference.
    var shift: Vector3
    /// How far it is from that of the reference in the first frame, in Å.
    var mismatch: Double?
    var cellSum: [Vector3] = [.zero, .zero, .zero]
  }

  private let parameters: SiteAnalysis
  private let context: AnalysisContext
  private var state: State?

  init(_ parameters: SiteAnalysis, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int { state.map { $0.store.memoryInBytes + $0.tracker.memoryInBytes } ?? 0 }

  public mutating func add(_ frame: Frame) throws {
    var (state, step) = try next(frame)
    let configuration = step.frame.configuration
    let cell = configuration.cell
    let places = state.framework.map { cell.fractional(configuration.positions[$0]) }
    for (index, place) in places.enumerated() {
      let way = place - state.last[index]
      state.shift += (way - way.rounded(.toNearestOrEven)) * state.weights[index]
    }
    state.last = places
    state.tracker.add(
      state.reader.atoms.map { cell.fractional(configuration.positions[$0]) - state.shift }, vectors: cell.vectors, pool: context.pool)
    try state.store.append(step.displacements)
    for axis in 0..<3 { state.cellSum[axis] += cell.vectors[axis] }
    self.state = state
  }

  /// Follows the atoms to the next frame; makes everything at the first.
  private mutating func next(_ frame: Frame) throws -> (State, TrackReader.Step) {
    if var known = state {
      // The copy in self would make what grows be copied.
      state = nil
      let step = try known.reader.next(frame)
      return (known, step)
    }
    let cell = frame.configuration.cell
    guard cell.isPeriodic else {
      throw AnalysisError(.invalidSetting, "sites: the cell must be periodic along all edges; sites of a crystal repeat")
    }
    var settings = parameters.tracks
    let labels = frame.configuration.species.map(\.label)
    if settings.driftSpecies.isEmpty, !parameters.keepsDrift, !settings.species.isEmpty {
      let present = zip(labels, frame.configuration.speciesCounts).filter { $0.1 > 0 }.map(\.0)
      settings.driftSpecies = present.filter { !settings.species.contains($0) }
    }
    var reader = TrackReader(settings, analysis: SiteAnalysis.descriptor.name, context: context)
    let step = try reader.next(frame)
    let configuration = step.frame.configuration
    var isMobile = [Bool](repeating: false, count: configuration.count)
    for atom in reader.atoms { isMobile[atom] = true }
    let elements = Set(reader.atoms.map { configuration.species[Int(configuration.types[$0])].element })
    let reference = try context.frame(ofFile: parameters.sites, analysis: "sites")
    let network = try SiteNetwork(
      reference: reference, wanted: parameters.siteSpecies, elements: elements, column: parameters.labelColumn,
      supercell: parameters.supercell, cell: cell, place: parameters.sites)
    let found = parameters.aligns ? try network.shift(of: configuration, isMobile: isMobile) : nil
    let radius = try parameters.radius ?? SiteAnalysis.radiusShare * network.shortestDistance(in: cell)
    let tracker = SiteTracker(
      locator: try SiteLocator(network.fractions, cell: cell), network: network, ions: reader.atoms.count,
      assignment: parameters.assignment, radius: radius, hysteresis: parameters.hysteresis)
    let framework = configuration.positions.indices.filter {
      settings.driftSpecies == ["all"] || settings.driftSpecies.contains(configuration.species[Int(configuration.types[$0])].label)
    }
    let masses = framework.map { settings.driftWeights == .mass ? configuration.masses[$0] : 1 }
    let total = masses.reduce(0, +)
    return (
      State(
        reader: reader, store: TrackStore(rows: reader.atoms.count, memoryLimit: context.trackMemory), tracker: tracker,
        framework: framework, weights: masses.map { $0 / total }, last: framework.map { cell.fractional(configuration.positions[$0]) },
        shift: found?.shift ?? .zero, mismatch: found?.distance), step
    )
  }

  public func result() throws -> SiteResult {
    guard let state, let firstFrame = state.reader.firstFrame else { throw AnalysisError(.noFrames, "sites got no frame") }
    try state.reader.requireFrames(3)
    let interval = try state.reader.requireInterval()
    let scale = 1 / Double(state.tracker.frameCount)
    let cell = try Cell(
      vectors: Matrix3(state.cellSum[0] * scale, state.cellSum[1] * scale, state.cellSum[2] * scale),
      origin: firstFrame.configuration.cell.origin)
    let survey = SiteSurvey(
      parameters: parameters, tracker: state.tracker, store: state.store, interval: interval, cell: cell, pool: context.pool)
    return try SiteResult(
      parameters: parameters, survey: survey, labels: state.reader.labels, groups: state.reader.groups, atoms: state.reader.atoms,
      firstFrame: firstFrame, mismatch: state.mismatch, driftSpecies: state.reader.settings.driftSpecies,
      trackWarnings: state.reader.warnings)
  }
}
