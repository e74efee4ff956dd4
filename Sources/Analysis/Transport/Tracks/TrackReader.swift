import NumericalMethods
import Structures

/// Follows the selected atoms from frame to frame: in the order of the first frame, unwrapped, without drift, evenly in time.
struct TrackReader: Sendable {
  /// One instant.
  struct Step: Sendable {
    /// The frame with its atoms in the order of the first.
    var frame: Frame
    /// The unwrapped positions of all atoms in Å, drift included, in the order of the first frame.
    var positions: [Vector3]
    /// How far the group whose drift is removed has moved since the first frame, in Å.
    var drift: Vector3
    /// One entry a row: how far the atom has moved since the first frame, without the drift, in Å.
    var displacements: [Vector3]
  }

  let settings: TrackSettings
  /// The name of the analysis, for errors.
  let analysis: String
  /// What the rows are grouped by: labels of species, with the value of the column ``TrackSettings/split`` in brackets.
  private(set) var labels: [String] = []
  /// The rows of each group.
  private(set) var groups: [Range<Int>] = []
  /// The atom of each row, by its place in the first frame.
  private(set) var atoms: [Int] = []
  /// The unwrapped positions of all atoms in the first frame.
  private(set) var first: [Vector3] = []
  /// The first frame as it was read.
  private(set) var firstFrame: Frame?
  private(set) var frameCount = 0

  private let context: AnalysisContext
  private let unwraps: Bool
  private var order = AtomOrder()
  private var unwrapping: Unwrapping
  private var clock: FrameClock
  private var driftAtoms: [Int] = []
  private var driftWeights: [Double] = []
  private var massWeights: [Double] = []
  private var center = Vector3.zero

  /// - Parameter unwraps: Whether the ways of atoms are followed; positions are otherwise as in the file, and steps may be of any length.
  init(_ settings: TrackSettings, analysis: String, context: AnalysisContext, unwraps: Bool = true) {
    self.settings = settings
    self.unwraps = unwraps
    self.analysis = analysis
    self.context = context
    unwrapping = Unwrapping(settings.unwrapping)
    clock = FrameClock(interval: settings.frameInterval, stride: context.frames.stride)
  }

  /// The time between the frames used in ps, or `nil` where nobody told.
  var interval: Double? { clock.interval }

  /// Takes the next frame.
  ///
  /// - Throws: ``AnalysisError`` where atoms change, are lost or come at uneven times; ``StructuresError`` where they cannot be unwrapped.
  mutating func next(_ frame: Frame) throws -> Step {
    let name = context.frameName(frameCount, frame)
    try frame.configuration.requireFinitePositions(analysis: analysis, frameName: name)
    let frame = try order.ordered(frame, analysis: analysis, frameName: name)
    try clock.add(frame, frameName: name)
    let positions = unwraps ? try unwrapping.next(frame, frameName: name) : frame.configuration.positions
    if frameCount == 0 { try start(frame, positions) }
    frameCount += 1
    // From the first position on, so that nothing is lost to large coordinates.
    var drift = Vector3.zero
    for (atom, weight) in zip(driftAtoms, driftWeights) { drift += (positions[atom] - first[atom]) * weight }
    center = .zero
    for atom in positions.indices { center += (positions[atom] - first[atom]) * massWeights[atom] }
    return Step(frame: frame, positions: positions, drift: drift, displacements: atoms.map { positions[$0] - first[$0] - drift })
  }

  /// What a person should know about how the atoms were followed.
  var warnings: [String] {
    var warnings = clock.warnings
    if driftAtoms.isEmpty, center.length > 0.1 {
      warnings.append(
        "the centre of mass moved \((center.length * 1000).rounded() / 1000) Å between the first and the last frame; if it should "
          + "stand still, remove its drift (remove-drift all)")
    }
    if clock.interval == nil { warnings.append("the file does not tell the time between frames; give it with dt to get times in ps") }
    return warnings
  }

  /// - Throws: ``AnalysisError`` with code `.noFrames` or `.tooFewFrames` where there are fewer frames than needed.
  func requireFrames(_ least: Int) throws {
    if frameCount == 0 { throw AnalysisError(.noFrames, "\(analysis) got no frame") }
    guard frameCount >= least else {
      throw AnalysisError(
        .tooFewFrames, "\(analysis) needs at least \(least) frames; there \(frameCount == 1 ? "is one" : "are \(frameCount)")")
    }
  }

  /// The time between the frames used in ps.
  ///
  /// - Throws: ``AnalysisError`` with code `.unevenTimes` where nobody told it.
  func requireInterval() throws -> Double {
    guard let interval else {
      throw AnalysisError(
        .unevenTimes, "\(analysis): the file does not tell the time between frames; give it with dt, such as dt \"50 fs\"")
    }
    return interval
  }

  private mutating func start(_ frame: Frame, _ positions: [Vector3]) throws {
    let configuration = frame.configuration
    let selection = try SpeciesSelection(settings.species, in: configuration, analysis: analysis)
    let classes = selection.classes(of: configuration)
    let parts = try parts(of: frame)
    for (kind, label) in selection.labels.enumerated() {
      let members = classes.indices.filter { classes[$0] == Int32(kind) && (frame.selection.isEmpty || frame.selection[$0]) }
      guard !members.isEmpty else {
        throw AnalysisError(
          .emptyRegion, "\(analysis): the region holds no \(label) in the first frame; choose species that it holds with species")
      }
      guard let parts else {
        append(members, label)
        continue
      }
      for value in Set(members.map { parts.values[$0] }).sorted() {
        append(members.filter { parts.values[$0] == value }, "\(label)[\(AnalysisRegion(column: parts.column, value: value))]")
      }
    }
    firstFrame = frame
    first = positions
    let masses = configuration.masses
    let total = masses.reduce(0, +)
    massWeights = masses.map { total > 0 ? $0 / total : 0 }
    guard !settings.driftSpecies.isEmpty else { return }
    let wanted = settings.driftSpecies == ["all"] ? [] : settings.driftSpecies
    let group = try SpeciesSelection(wanted, in: configuration, analysis: "\(analysis): remove-drift").classes(of: configuration)
    driftAtoms = group.indices.filter { group[$0] >= 0 }
    let weights = driftAtoms.map { settings.driftWeights == .mass ? masses[$0] : 1 }
    let sum = weights.reduce(0, +)
    guard sum > 0 else {
      throw AnalysisError(.invalidSetting, "\(analysis): the atoms of remove-drift have no mass; weigh them by number (drift-weights)")
    }
    driftWeights = weights.map { $0 / sum }
  }

  private mutating func append(_ members: [Int], _ label: String) {
    labels.append(label)
    groups.append(atoms.count..<atoms.count + members.count)
    atoms += members
  }

  /// The column that parts the species, and its value for each atom.
  private func parts(of frame: Frame) throws -> (column: String, values: [Double])? {
    guard let column = settings.split else { return nil }
    let source = try settings.labelsFile.map { try context.frame(ofFile: $0, analysis: analysis) } ?? frame
    let place = settings.labelsFile ?? "the first frame"
    let labels = try AnalysisRegion.values(of: column, in: source, place: place)
    let values = try LabelledAtoms(source.configuration).places(of: frame.configuration, analysis: analysis, place: "the first frame")
      .map { labels[$0] }
    if let atom = values.firstIndex(where: \.isNaN) {
      throw AnalysisError(
        .unknownRegion, "\(analysis): \(column) is no number for atom \(atom + 1) in \(place); every atom needs a label")
    }
    guard Set(values).count <= 16 else {
      throw AnalysisError(
        .invalidSetting, "split of \(analysis): \(column) has \(Set(values).count) values in \(place); a column of labels has at most 16")
    }
    return (column, values)
  }
}
