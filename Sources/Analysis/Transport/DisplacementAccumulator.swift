import NumericalMethods
import Structures

/// Keeps the unwrapped tracks of the selected atoms for ``MeanSquaredDisplacement``.
///
/// It holds 24 bytes an atom and frame, and says so instead of taking more than it may.
public struct DisplacementAccumulator: AnalysisAccumulator {
  private let parameters: MeanSquaredDisplacement
  private let context: AnalysisContext
  private var selection: SpeciesSelection?
  private var order = AtomOrder()
  private var unwrapping: Unwrapping
  private var clock: FrameClock
  /// The selected atoms, sorted by class, and where each class begins.
  private var atoms: [Int] = []
  private var starts: [Int] = []
  /// The atoms whose drift is removed and their weights, which sum to 1.
  private var driftAtoms: [Int] = []
  private var driftWeights: [Double] = []
  private var massWeights: [Double] = []
  private var first: [Vector3] = []
  private var center = Vector3.zero
  private var tracks: [[Double]] = []

  init(_ parameters: MeanSquaredDisplacement, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    unwrapping = Unwrapping(parameters.unwrapping)
    clock = FrameClock(interval: parameters.frameInterval, stride: context.frames.stride)
  }

  public var memoryInBytes: Int { tracks.count * atoms.count * 3 * MemoryLayout<Double>.stride }

  public mutating func add(_ frame: Frame) throws {
    let name = context.frameName(tracks.count, frame)
    try frame.configuration.requireFinitePositions(analysis: "msd", frameName: name)
    let frame = try order.ordered(frame, analysis: "msd", frameName: name)
    try clock.add(frame, frameName: name)
    let positions = try unwrapping.next(frame, frameName: name)
    if selection == nil { try start(frame.configuration, positions, frame.selection) }
    // From the first position on, so that nothing is lost to large coordinates.
    var drift = Vector3.zero
    for (atom, weight) in zip(driftAtoms, driftWeights) { drift += (positions[atom] - first[atom]) * weight }
    center = .zero
    for atom in positions.indices { center += (positions[atom] - first[atom]) * massWeights[atom] }
    if memoryInBytes + atoms.count * 24 > context.memoryLimit {
      throw AnalysisError(
        .tooMuchMemory,
        "msd: \(atoms.count) atoms over \(tracks.count + 1) frames need more than \(context.memoryLimit >> 20) MiB (24 bytes an atom and "
          + "frame); choose a species, fewer frames (frames 0::10), or allow more memory")
    }
    var track = [Double](repeating: 0, count: atoms.count * 3)
    for (i, atom) in atoms.enumerated() {
      let displacement = positions[atom] - first[atom] - drift
      track[3 * i] = displacement.x
      track[3 * i + 1] = displacement.y
      track[3 * i + 2] = displacement.z
    }
    tracks.append(track)
  }

  private mutating func start(_ configuration: Configuration, _ positions: [Vector3], _ isSelected: [Bool]) throws {
    let selection = try SpeciesSelection(parameters.species, in: configuration, analysis: "msd")
    let classes = selection.classes(of: configuration)
    for kind in selection.labels.indices {
      starts.append(atoms.count)
      atoms += classes.indices.filter { classes[$0] == Int32(kind) && (isSelected.isEmpty || isSelected[$0]) }
    }
    starts.append(atoms.count)
    for kind in selection.labels.indices where starts[kind] == starts[kind + 1] {
      throw AnalysisError(
        .emptyRegion, "msd: the region holds no \(selection.labels[kind]) in the first frame; choose species that it holds with species")
    }
    first = positions
    let masses = configuration.masses
    let total = masses.reduce(0, +)
    massWeights = masses.map { total > 0 ? $0 / total : 0 }
    if !parameters.driftSpecies.isEmpty {
      let wanted = parameters.driftSpecies == ["all"] ? [] : parameters.driftSpecies
      let group = try SpeciesSelection(wanted, in: configuration, analysis: "msd: remove-drift").classes(of: configuration)
      driftAtoms = group.indices.filter { group[$0] >= 0 }
      let weights = driftAtoms.map { parameters.driftWeights == .mass ? masses[$0] : 1 }
      let sum = weights.reduce(0, +)
      guard sum > 0 else {
        throw AnalysisError(.invalidSetting, "msd: the atoms of remove-drift have no mass; weigh them by number (drift-weights)")
      }
      driftWeights = weights.map { $0 / sum }
    }
    self.selection = selection
  }

  public func result() throws -> DisplacementResult {
    guard let selection, !tracks.isEmpty else { throw AnalysisError(.noFrames, "msd got no frame") }
    guard tracks.count > 1 else { throw AnalysisError(.tooFewFrames, "msd needs at least two frames; there is one") }
    if let lag = parameters.lags.first(where: { $0 >= tracks.count }) {
      throw AnalysisError(
        .tooFewFrames, "msd: a lag of \(lag) frames needs at least \(lag + 1) frames; there are \(tracks.count)")
    }
    let transform = DisplacementTransform(tracks: tracks, pool: context.pool)
    let curves = transform.curves(groups: zip(starts, starts.dropFirst()).map { $0..<$1 })
    var warnings: [String] = []
    if driftAtoms.isEmpty, center.length > 0.1 {
      warnings.append(
        "the centre of mass moved \((center.length * 1000).rounded() / 1000) Å between the first and the last frame; if it should "
          + "stand still, remove its drift (remove-drift all)")
    }
    if clock.interval == nil { warnings.append("the file does not tell the time between frames; give it with dt to get lags in ps") }
    return DisplacementResult(
      parameters: parameters, labels: selection.labels, species: Array(curves.dropLast()), all: curves[curves.count - 1],
      frameInterval: clock.interval, frameCount: tracks.count, warnings: warnings)
  }
}
