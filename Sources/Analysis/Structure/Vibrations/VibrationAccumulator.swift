import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps one stretch of velocities at a time for ``Vibrations`` and adds up its spectra; the trajectory is never held.
public struct VibrationAccumulator: AnalysisAccumulator {
  private let parameters: Vibrations
  private let context: AnalysisContext
  private var bonding: AutomaticCutoffs
  private var order = AtomOrder()
  private var clock: FrameClock
  private var unwrapping = Unwrapping()
  private var selection: SpeciesSelection?
  private var usesPositions = false
  private var masses: [Double] = []
  private var charges: [Double] = []
  /// The atoms taken, sorted by class, and where each class begins.
  private var atoms: [Int] = []
  private var starts: [Int] = []
  /// Mass of each class over all mass.
  private var massShares: [Double] = []
  private var before: [Vector3] = []
  private var rows: [[Double]] = []
  private var windows = 0
  private var windowFrames = 0
  private var spectra: BlockAverage?
  private var kinetic: BlockAverage?
  private var volume = 0.0
  private var isPeriodic = true
  private var frames = 0
  private var warnings: [String] = []

  /// Fewer frames than these give no spectrum.
  static let fewestFrames = 8

  init(_ parameters: Vibrations, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    bonding = AutomaticCutoffs(parameters.cutoffs, analysis: "vibrations", context: context)
    clock = FrameClock(interval: parameters.frameInterval, stride: context.frames.stride)
  }

  /// The time between frames in ps, without the rounding of differences of times.
  private var interval: Double? { clock.interval.map { $0 > 1e-6 ? ($0 * 1e9).rounded() / 1e9 : $0 } }

  private var rowWidth: Int { 3 * atoms.count + (charges.isEmpty ? 0 : 3) + (parameters.raman == nil ? 0 : 7) }

  public var memoryInBytes: Int { 8 * (rows.count * rowWidth + 40 * (spectra?.width ?? 0)) }

  public mutating func add(_ frame: Frame) throws {
    if parameters.raman != nil, !bonding.hasStarted {
      var network = Rings()
      network.species = parameters.species
      let pairs = try network.bondedPairs(in: frame.configuration)
      try bonding.start(pairs.usual, rare: pairs.rare, in: frame.configuration)
    }
    if bonding.isSearching { return try bonding.add(frame) }
    let name = context.frameName(frames, frame)
    try frame.configuration.requireFinitePositions(analysis: "vibrations", frameName: name)
    let frame = try order.ordered(frame, analysis: "vibrations", frameName: name)
    try clock.add(frame, frameName: name)
    if selection == nil { try start(frame) }
    frames += 1
    volume += (frame.configuration.cell.volume - volume) / Double(frames)
    isPeriodic = isPeriodic && frame.configuration.cell.isPeriodic
    guard let (velocities, configuration) = try motion(in: frame, name) else { return }
    try keep(velocities, configuration)
    guard let interval else { return }
    if windowFrames == 0 { windowFrames = max(Self.fewestFrames, Int(min(1e9, (parameters.length / interval).rounded()))) }
    guard rows.count >= windowFrames else { return }
    addWindow()
    rows.removeFirst((windowFrames + 1) / 2)
  }

  public mutating func endPass() throws -> Bool { try bonding.finish() }

  private mutating func start(_ frame: Frame) throws {
    let configuration = frame.configuration
    let selection = try SpeciesSelection(parameters.species, in: configuration, analysis: "vibrations")
    let classes = selection.classes(of: configuration)
    for kind in selection.labels.indices {
      starts.append(atoms.count)
      atoms += classes.indices.filter { classes[$0] == Int32(kind) }
    }
    starts.append(atoms.count)
    masses = configuration.masses
    let total = masses.reduce(0, +)
    guard atoms.allSatisfy({ masses[$0] > 0 }), total > 0 else {
      throw AnalysisError(.invalidSetting, "vibrations: some atoms have no mass; take species with masses (species), or give them masses")
    }
    massShares = selection.labels.indices.map { kind in atoms[starts[kind]..<starts[kind + 1]].reduce(0) { $0 + masses[$1] } / total }
    let hasVelocities = !configuration.velocities.isEmpty
    if parameters.source == .velocities, !hasVelocities {
      throw AnalysisError(
        .invalidSetting, "vibrations: the file has no velocities; write them (vx vy vz), or take steps between positions: source positions")
    }
    usesPositions = parameters.source == .positions || !hasVelocities
    if parameters.source == .auto, usesPositions {
      warnings.append(
        "the file has no velocities; they are steps between positions over the time between frames, and spectra are corrected for that "
          + "(by the factor (x / sin x)², x = pi f dt)")
    }
    try startCharges(configuration)
    self.selection = selection
  }

  private mutating func startCharges(_ configuration: Configuration) throws {
    guard !parameters.charges.isEmpty else {
      charges = configuration.charges.contains { $0 != 0 } ? configuration.charges : []
      return
    }
    let given = try SpeciesSelection.byLabel(parameters.charges, among: configuration.species, analysis: "vibrations: charges")
    let bySpecies = configuration.species.map { given[$0.label] ?? 0 }
    charges = configuration.types.map { bySpecies[Int($0)] }
  }

  /// The velocities of a frame, and the configuration that they belong to; `nil` for the first frame where they are steps.
  private mutating func motion(in frame: Frame, _ name: String) throws -> ([Vector3], Configuration)? {
    var configuration = frame.configuration
    guard usesPositions else {
      guard configuration.velocities.count == configuration.count else {
        throw AnalysisError(.changedAtoms, "vibrations: \(name) has no velocities, the frames before had; choose a part with frames")
      }
      if let bad = configuration.velocities.firstIndex(where: { !($0.x + $0.y + $0.z).isFinite }) {
        throw AnalysisError(.lostAtoms, "vibrations: the velocity of atom \(bad + 1) in \(name) is not finite; the run has failed before")
      }
      return (configuration.velocities, configuration)
    }
    let positions = try unwrapping.next(frame, frameName: name)
    defer { before = positions }
    guard !before.isEmpty else { return nil }
    guard let interval else { throw withoutTimes() }
    let steps = zip(positions, before).map { $0 - $1 }
    // A step belongs to the middle between the frames.
    for i in steps.indices { configuration.positions[i] -= 0.5 * steps[i] }
    return (steps.map { $0 / interval }, configuration)
  }

  private func withoutTimes() -> AnalysisError {
    AnalysisError(
      .invalidSetting, "vibrations: the file does not tell the time between frames, and there is no frequency without it; give it with dt")
  }

  /// Adds a row to the stretch: velocities, flux of charge, polarisability.
  private mutating func keep(_ all: [Vector3], _ configuration: Configuration) throws {
    let velocities = parameters.removesDrift ? VibrationalMotion.withoutDrift(all, masses: masses) : all
    if memoryInBytes + 8 * rowWidth > context.memoryLimit {
      throw AnalysisError(
        .tooMuchMemory,
        "vibrations: \(atoms.count) atoms over \(rows.count + 1) frames need more than \(context.memoryLimit >> 20) MiB (24 bytes an atom "
          + "and frame of a stretch); choose shorter stretches (length), a species, or allow more memory")
    }
    var row: [Double] = []
    row.reserveCapacity(rowWidth)
    var energies = [Double](repeating: 0, count: starts.count - 1)
    for kind in energies.indices {
      for atom in atoms[starts[kind]..<starts[kind + 1]] {
        let v = velocities[atom]
        row += [v.x, v.y, v.z]
        energies[kind] += masses[atom] * v.squaredLength
      }
    }
    if !charges.isEmpty {
      let flux = VibrationalMotion.chargeFlux(velocities, charges: charges)
      row += [flux.x, flux.y, flux.z]
    }
    if let model = parameters.raman {
      let bonds = try BondGraph(configuration, cutoffs: bonding.cutoffs, pool: context.pool)
      let rate = VibrationalMotion.polarizabilityRate(bonds, velocities: velocities, model)
      let mean = (rate[0] + rate[1] + rate[2]) / 3
      row += [mean, rate[0] - rate[1], rate[1] - rate[2], rate[2] - rate[0], rate[3], rate[4], rate[5]]
    }
    rows.append(row)
    var average = kinetic ?? BlockAverage(width: energies.count)
    average.add(energies)
    kinetic = average
  }

  /// Adds the spectra of the first ``windowFrames`` rows to the averages.
  ///
  /// Entries: for each class, the sum of m S; S_J; the mean and the anisotropic part of Raman; for each class, the sum of v(0) · v(t).
  private mutating func addWindow() {
    guard let interval else { return }
    let transform = WindowSpectra(length: windowFrames, interval: interval, window: parameters.window)
    var groups = zip(starts, starts.dropFirst()).map { 3 * $0..<3 * $1 }
    var factors = atoms.flatMap { [masses[$0], masses[$0], masses[$0]] }
    var next = 3 * atoms.count
    if !charges.isEmpty {
      groups.append(next..<next + 3)
      factors += [1, 1, 1]
      next += 3
    }
    if parameters.raman != nil {
      // The anisotropy: half the squared differences of the diagonal, three times the squares off it.
      groups += [next..<next + 1, next + 1..<next + 7]
      factors += [1, 0.5, 0.5, 0.5, 3, 3, 3]
    }
    let kinds = starts.count - 1
    let sums = transform.sums(rows[..<windowFrames], groups: groups, factors: factors, correlated: kinds, pool: context.pool)
    var entry: [Double] = []
    for sum in sums { entry += usesPositions ? corrected(sum.spectrum) : sum.spectrum }
    for sum in sums[..<kinds] { entry += sum.correlation }
    var average = spectra ?? BlockAverage(width: entry.count)
    average.add(entry)
    spectra = average
    windows += 1
  }

  /// Undoes what steps between frames do to the spectrum of velocities.
  private func corrected(_ spectrum: [Double]) -> [Double] {
    spectrum.indices.map { k in
      let x = Double.pi * Double(k) / Double(windowFrames)
      return k == 0 ? spectrum[k] : spectrum[k] * (x / sin(x)) * (x / sin(x))
    }
  }

  public func result() throws -> VibrationResult {
    guard frames > 0, let selection, let kinetic else {
      throw AnalysisError(
        frames == 0 ? .noFrames : .tooFewFrames, "vibrations needs at least \(Self.fewestFrames) frames; there are \(frames)")
    }
    guard let interval else { throw withoutTimes() }
    var complete = self
    if windows == 0 {
      guard rows.count >= Self.fewestFrames else {
        throw AnalysisError(.tooFewFrames, "vibrations needs at least \(Self.fewestFrames) frames with velocities; there are \(rows.count)")
      }
      complete.windowFrames = rows.count
      complete.addWindow()
      complete.warnings.append(
        "the trajectory is shorter than one stretch of \(brief(parameters.length)) ps; all \(rows.count) frames make one, without errors")
    }
    guard let spectra = complete.spectra else { throw AnalysisError(.noFrames, "vibrations got no frame") }
    return VibrationResult(
      parameters: parameters, labels: selection.labels, counts: zip(starts, starts.dropFirst()).map { $1 - $0 }, massShares: massShares,
      interval: interval, windowFrames: complete.windowFrames, windows: complete.windows, spectra: spectra, kinetic: kinetic,
      hasCharges: !charges.isEmpty, volume: isPeriodic ? volume : nil, usesPositions: usesPositions,
      cutoffs: parameters.raman == nil ? nil : bonding.setting, frameCount: frames, warnings: complete.warnings + bonding.warnings)
  }
}
