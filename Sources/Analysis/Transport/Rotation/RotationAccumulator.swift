import NumericalMethods
import Structures

/// Follows units frame by frame for ``UnitRotation``; a first pass finds automatic cutoffs.
public struct RotationAccumulator: AnalysisAccumulator {
  private let parameters: UnitRotation
  private let context: AnalysisContext
  private var cutoffs: AutomaticCutoffs
  /// Tells atoms that change while cutoffs are searched for.
  private var searched = AtomOrder()
  private var searchedFrames = 0
  private var reader: TrackReader?
  private var finder: RotorFinder?
  private var roles: [NetworkRoles.Role] = []
  private var rows = RotorRows(ions: 0, rotors: [])
  private var store: TrackStore?
  private var states: [State] = []
  private var cells = CellSequence()
  private var fastest = 0.0

  /// What is remembered of a unit from frame to frame.
  private struct State: Sendable {
    var reference: [Vector3] = []
    var orientation = Orientation.identity
    var turned = Vector3.zero
    /// The sum over frames of the mean squared distance of atoms from where a rotation alone would have them, in Å².
    var deviation = 0.0
    var frames = 0
    var strangers = 0
    /// The frame from which on it is left out.
    var end = Int.max
  }

  static let name = UnitRotation.descriptor.name

  init(_ parameters: UnitRotation, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    cutoffs = AutomaticCutoffs(parameters.cutoffs, analysis: Self.name, context: context)
  }

  public var memoryInBytes: Int { cutoffs.memoryInBytes + (store?.memoryInBytes ?? 0) + cells.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    if !cutoffs.hasStarted { try startCutoffs(frame.configuration) }
    if cutoffs.isSearching {
      let frameName = context.frameName(searchedFrames, frame)
      searchedFrames += 1
      try frame.configuration.requireFinitePositions(analysis: Self.name, frameName: frameName)
      return try cutoffs.add(searched.ordered(frame, analysis: Self.name, frameName: frameName))
    }
    let number = reader?.frameCount ?? 0
    let frameName = context.frameName(number, frame)
    var reader = try self.reader.take() ?? makeReader(frame.configuration)
    let step = try reader.next(frame)
    // Rates need times: that they are missing is said before a long run is read.
    if reader.frameCount == 2 { _ = try reader.requireInterval() }
    let ions = parameters.mobile?.isEmpty == true ? 0 : reader.atoms.count
    self.reader = reader
    let configuration = step.frame.configuration
    let graph = try BondGraph(configuration, cutoffs: cutoffs.cutoffs, pool: context.pool)
    try requireRoom(configuration, frameName)
    if finder == nil { try start(configuration, graph, ions: ions) }
    cells.append(configuration.cell)
    updateMembers(graph, configuration, frame: number)
    var values = [Vector3](repeating: .zero, count: rows.count)
    for ion in 0..<ions { values[ion] = step.displacements[ion] }
    turn(configuration, positions: step.positions, drift: step.drift, first: reader.first, frame: number, into: &values)
    try store?.append(values)
  }

  public mutating func endPass() throws -> Bool { try cutoffs.finish() }

  private mutating func startCutoffs(_ configuration: Configuration) throws {
    if !parameters.center.isEmpty {
      let centers = try SpeciesSelection(parameters.center, in: configuration, analysis: Self.name).labels
      let neighbors = try SpeciesSelection(parameters.neighbor, in: configuration, analysis: Self.name).labels
      if let both = centers.first(where: neighbors.contains) {
        throw AnalysisError(
          .invalidSetting, "\(Self.name): \(both) is among center and neighbor; polyhedra have corners of another species")
      }
      try cutoffs.start(centers.flatMap { center in neighbors.map { SpeciesPair(center, $0) } }, in: configuration)
    } else {
      let roles = try NetworkRoles(formers: parameters.formers, anions: parameters.anions, in: configuration, analysis: Self.name)
      try roles.requireFormers(analysis: Self.name)
      try cutoffs.start(roles.networkPairs, rare: roles.homopolarPairs, in: configuration)
    }
  }

  private func makeReader(_ configuration: Configuration) throws -> TrackReader {
    var tracks = parameters.tracks
    let present = try SpeciesSelection([], in: configuration, analysis: Self.name).labels
    if let mobile = parameters.mobile {
      tracks.species = mobile
    } else if let ions = ["Li", "Na", "K", "Rb", "Cs", "Ag"].lazy.map({ symbol in
      configuration.species.filter { $0.element.symbol == symbol && present.contains($0.label) }.map(\.label)
    }).first(where: { !$0.isEmpty }) {
      tracks.species = ions
    } else {
      throw AnalysisError(
        .invalidSetting,
        "\(Self.name): there is no Li, Na, K, Rb, Cs or Ag whose hops could be set against rotations; name ions with mobile, "
          + "or write mobile none")
    }
    return TrackReader(tracks, analysis: Self.name, context: context)
  }

  private mutating func start(_ configuration: Configuration, _ graph: BondGraph, ions: Int) throws {
    let choice: RotorFinder.Choice
    if !parameters.center.isEmpty {
      func chosen(_ words: [String]) throws -> [Bool] {
        let labels = try SpeciesSelection(words, in: configuration, analysis: Self.name).labels
        return configuration.species.map { labels.contains($0.label) }
      }
      choice = .polyhedra(centers: try chosen(parameters.center), neighbors: try chosen(parameters.neighbor))
    } else {
      let roles = try NetworkRoles(formers: parameters.formers, anions: parameters.anions, in: configuration, analysis: Self.name)
      choice = .units(roles.roles(configuration.species))
    }
    let finder = RotorFinder(choice, graph: graph, configuration: configuration)
    guard !finder.rotors.isEmpty else {
      throw AnalysisError(
        .invalidSetting,
        "\(Self.name): no unit of at least three atoms that are not on one line ends within the cell, with bonds up to \(cutoffs.cutoffs.text) A; "
          + "name center and neighbor for polyhedra, or other cutoffs")
    }
    self.finder = finder
    rows = RotorRows(ions: ions, rotors: finder.rotors)
    states = finder.rotors.map { rotor in
      var state = State()
      state.reference = Self.centered(rotor, configuration)
      return state
    }
    store = TrackStore(rows: rows.count, memoryLimit: context.trackMemory)
  }

  /// The nearest image of a bonded atom is the bonded one only where bonds are shorter than half the cell.
  private func requireRoom(_ configuration: Configuration, _ frameName: String) throws {
    let widths = configuration.cell.widths
    let longest = cutoffs.cutoffs.lengths.max() ?? 0
    guard let narrow = (0..<3).first(where: { configuration.cell.periodic[$0] && widths[$0] < 2 * longest }) else { return }
    throw AnalysisError(
      .invalidSetting,
      "\(Self.name): the cell of \(frameName) is \(brief((widths[narrow] * 100).rounded() / 100)) Å wide, less than twice the longest bond cutoff "
        + "(\(brief((longest * 100).rounded() / 100)) Å), so that a bond cannot be told from its image; take a larger cell or shorter cutoffs"
    )
  }

  private static func centered(_ rotor: Rotor, _ configuration: Configuration) -> [Vector3] {
    var shape = [Vector3](repeating: .zero, count: rotor.atoms.count)
    shape.withUnsafeMutableBufferPointer { rotor.shape(configuration.positions, cell: configuration.cell, into: $0) }
    let center = shape.reduce(.zero, +) * (1 / Double(shape.count))
    return shape.map { $0 - center }
  }

  private mutating func updateMembers(_ graph: BondGraph, _ configuration: Configuration, frame: Int) {
    guard let finder else { return }
    let isWhole = finder.areWhole(graph, types: configuration.types)
    for rotor in states.indices where states[rotor].end == .max {
      if isWhole[rotor] {
        states[rotor].strangers = 0
      } else {
        states[rotor].strangers += 1
        // What happened since its members changed does not count either.
        if states[rotor].strangers > parameters.patience { states[rotor].end = frame + 1 - states[rotor].strangers }
      }
    }
  }

  /// Where units are, how they stand and how far they have turned.
  private mutating func turn(
    _ configuration: Configuration, positions: [Vector3], drift: Vector3, first: [Vector3], frame: Int, into values: inout [Vector3]
  ) {
    guard let rotors = finder?.rotors else { return }
    let rows = rows
    let cell = configuration.cell
    var steps = [Double](repeating: 0, count: rotors.count)
    values.withUnsafeMutableBufferPointer { values in
      states.withUnsafeMutableBufferPointer { states in
        steps.withUnsafeMutableBufferPointer { steps in
          nonisolated(unsafe) let (values, states, steps) = (values, states, steps)
          context.pool.forEachRange(rotors.count, grain: 32) { range in
            for index in range where states[index].end == .max {
              let rotor = rotors[index]
              withUnsafeTemporaryAllocation(of: Vector3.self, capacity: rotor.atoms.count) { shape in
                shape.initialize(repeating: .zero)
                rotor.shape(configuration.positions, cell: cell, into: shape)
                for place in 1..<shape.count { values[rows.bonds[index] + place - 1] = shape[place] * (1 / shape[place].length) }
                values[rows.center(index)] = positions[rotor.atoms[0]] - drift
                var middle = Vector3.zero
                for point in shape { middle += point }
                middle *= 1 / Double(shape.count)
                for place in shape.indices { shape[place] -= middle }
                states[index].reference.withUnsafeBufferPointer { reference in
                  let orientation = OptimalRotation.orientation(from: reference, to: UnsafeBufferPointer(shape))
                  let step = (orientation * states[index].orientation.inverse).rotationVector
                  if frame > 0 {
                    states[index].turned += step
                    steps[index] = step.length
                  }
                  states[index].orientation = orientation
                  var squares = 0.0
                  for place in shape.indices { squares += (orientation.rotated(reference[place]) - shape[place]).squaredLength }
                  states[index].deviation += squares / Double(shape.count)
                  states[index].frames += 1
                }
                values[rows.turned(index)] = states[index].turned
                values[rows.orientation(index)] = states[index].orientation.rotationVector
              }
            }
          }
        }
      }
    }
    fastest = max(fastest, steps.max() ?? 0)
  }

  /// Warnings of kinds that no rotation takes from frame to frame.
  private func flexibleKinds(_ data: RotorData) -> [String] {
    data.kinds.indices.compactMap { kind in
      let (sum, frames) = data.members(of: kind).reduce(into: (0.0, 0)) {
        $0.0 += states[$1].deviation
        $0.1 += states[$1].frames
      }
      let distance = (sum / Double(max(1, frames))).squareRoot()
      // Vibrations of PS4 at 800 K are 0.2 Å; at half an ångström the nearest rotation is a matter of chance.
      guard distance > 0.5 else { return nil }
      return
        "the atoms of \(data.kinds[kind]) are \(brief((distance * 100).rounded() / 100)) Å (root mean square) from where a rotation of their "
        + "first shape would have them: these are not rigid, and only C1 and C2 mean something"
    }
  }

  public func result() throws -> RotationResult {
    guard let reader, let finder, let store else { throw AnalysisError(.noFrames, "\(Self.name) got no frame") }
    try reader.requireFrames(4)
    let interval = try reader.requireInterval()
    let frames = store.frameCount
    let window = max(1, Int((parameters.window / interval).rounded()))
    guard frames >= 4 * window else {
      throw AnalysisError(
        .tooFewFrames,
        "\(Self.name): the run is \(brief((Double(frames) * interval * 1000).rounded() / 1000)) ps long, less than four windows of "
          + "\(brief(parameters.window)) ps; take more frames or a shorter window")
    }
    let ends = states.map { min($0.end, frames) }
    var warnings = cutoffs.warnings + reader.warnings.filter { !$0.hasPrefix("the centre of mass") }
    if fastest > 2 {
      warnings.append(
        "a unit turned by \(Int(fastest * 180 / Double.pi)) degrees from one frame to the next: turns by more than 180 cannot be told from those "
          + "back, and angular displacements are too small; write frames more often, unless what turns is not rigid")
    }
    let data = RotorData(store: store, rows: rows, rotors: finder.rotors, ends: ends, kinds: finder.kinds, pool: context.pool)
    warnings += flexibleKinds(data)
    let curves = try OrientationCorrelation(data).curves()
    let reorientations = try Reorientations(data, window: window, angle: parameters.angle * Double.pi / 180)
    var pairing: RotationPairing?
    if rows.ions > 0 {
      let first = reader.atoms.map { reader.first[$0] }
      pairing = try RotationPairing(
        data, first: first, cells: cells, events: reorientations.events, window: window, interval: interval, parameters: parameters,
        memoryLimit: context.trackMemory, label: reader.labels.joined(separator: "+"))
    }
    return RotationResult(
      parameters: parameters, cutoffs: cutoffs.setting, data: data, leftOut: finder.leftOut, curves: curves, reorientations: reorientations,
      pairing: pairing, interval: interval, frameCount: frames, window: window, tracks: reader.settings, warnings: warnings)
  }
}
