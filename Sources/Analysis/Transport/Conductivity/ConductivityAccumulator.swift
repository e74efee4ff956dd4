import NumericalMethods
import Structures

/// Keeps tracks of atoms, of species as wholes, and currents for ``Conductivity``.
public struct ConductivityAccumulator: AnalysisAccumulator {
  private let parameters: Conductivity
  private let context: AnalysisContext
  private var recorder: TrackRecorder
  /// All charge; then each group; then each pair of groups together.
  private var collective: TrackStore?
  private var charges: IonicCharges?
  /// Whether each group is of ions by themselves.
  private var areIons: [Bool] = []
  /// Whether all that is taken is one species, in the frame of its own centre.
  private var isOwnFrame = false
  private var rowCharges: [Double] = []
  private var frameWeights: [Double] = []
  private var currents: [Vector3] = []
  private var lacksVelocities = false
  private var volume = 0.0

  init(_ parameters: Conductivity, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: Conductivity.descriptor.name, context: context)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes + (collective?.memoryInBytes ?? 0) + currents.count * 32 }

  public mutating func add(_ frame: Frame) throws {
    let step = try recorder.add(frame)
    let reader = recorder.reader
    if collective == nil { try start(step.frame) }
    let groups = reader.groups.map { rows in rows.reduce(Vector3.zero) { $0 + step.displacements[$1] * rowCharges[$1] } }
    var rows = [groups.reduce(.zero, +)] + groups
    for i in groups.indices { for j in 0..<i { rows.append(groups[i] + groups[j]) } }
    try collective?.append(rows)
    volume += step.frame.configuration.cell.volume
    let velocities = step.frame.configuration.velocities
    if velocities.count == step.frame.configuration.count, velocities.allSatisfy({ ($0.x + $0.y + $0.z).isFinite }) {
      let drift = zip(velocities, frameWeights).reduce(Vector3.zero) { $0 + $1.0 * $1.1 }
      currents.append(zip(reader.atoms, rowCharges).reduce(.zero) { $0 + (velocities[$1.0] - drift) * $1.1 })
    } else {
      lacksVelocities = true
    }
  }

  private mutating func start(_ frame: Frame) throws {
    let configuration = frame.configuration
    guard configuration.cell.periodic[0], configuration.cell.periodic[1], configuration.cell.periodic[2], configuration.cell.volume > 0
    else {
      throw AnalysisError(.invalidSetting, "conductivity needs a volume: the cell has to be periodic along all edges")
    }
    let reader = recorder.reader
    let charges = try IonicCharges(parameters.charges, in: configuration, taken: reader.atoms, tracks: parameters.tracks)
    self.charges = charges
    // Who names species means each atom of them.
    areIons =
      try parameters.tracks.species.isEmpty
      ? FreeIons.flags(reader.groups.map { $0.map { reader.atoms[$0] } }, charges: charges.values, in: configuration)
      : reader.groups.map { _ in true }
    rowCharges = reader.atoms.map { charges.values[$0] }
    guard rowCharges.contains(where: { $0 != 0 }) else {
      throw AnalysisError(.invalidSetting, "conductivity: no atom taken has a charge; give charges, as in charges Li=1,P=5,S=-2")
    }
    let groups = reader.groups.count
    collective = TrackStore(rows: 1 + groups + groups * (groups - 1) / 2, memoryLimit: 32 << 20)
    frameWeights = try weights(configuration)
    let taken = Set(reader.atoms)
    isOwnFrame =
      !frameWeights.isEmpty && frameWeights.indices.allSatisfy { taken.contains($0) == (frameWeights[$0] > 0) }
      && Set(reader.atoms.map { configuration.types[$0] }).count == 1
  }

  /// How the atoms make the frame of reference, as ``TrackReader`` weighs them.
  private func weights(_ configuration: Configuration) throws -> [Double] {
    let settings = parameters.tracks
    guard !settings.driftSpecies.isEmpty else { return [] }
    let wanted = settings.driftSpecies == ["all"] ? [] : settings.driftSpecies
    let classes = try SpeciesSelection(wanted, in: configuration, analysis: "conductivity: remove-drift").classes(of: configuration)
    let masses = configuration.masses
    let weights = classes.indices.map { classes[$0] < 0 ? 0 : settings.driftWeights == .mass ? masses[$0] : 1 }
    let sum = weights.reduce(0, +)
    return weights.map { sum > 0 ? $0 / sum : 0 }
  }

  public func result() throws -> ConductivityResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 12)
    let interval = try reader.requireInterval()
    guard let collective, let charges, let first = reader.firstFrame else {
      throw AnalysisError(.noFrames, "conductivity got no frame")
    }
    let pool = context.pool
    let name = Conductivity.descriptor.name
    let curves = try DisplacementTransform(store: store, pool: pool).curves(groups: reader.groups)
    let volume = volume / Double(store.frameCount)
    let conversion = ConductivityResult.siemensPerCentimetre / (volume * PhysicalConstants.boltzmann * parameters.temperature)
    var species: [ConductivityResult.Species] = []
    for (kind, rows) in reader.groups.enumerated() {
      let squares = rows.reduce(0) { $0 + rowCharges[$1] * rowCharges[$1] }
      let estimator = DiffusionEstimator(
        store: store, axes: [0, 1, 2], interval: interval, fitFrom: parameters.fitFrom, fitTo: parameters.fitTo,
        hopLength: try HopLength.nearest(rows.map { reader.atoms[$0] }, in: first.configuration), pool: pool)
      let estimate = try estimator.estimate(rows: rows, directions: curves[kind].directions, analysis: name)
      species.append(
        ConductivityResult.Species(
          label: reader.labels[kind], atoms: rows.count, charge: rows.reduce(0) { $0 + rowCharges[$1] } / Double(rows.count),
          isIon: areIons[kind], tracer: estimate, conductivity: estimate.map { $0.generalized.scaled(by: squares * conversion) }))
    }
    // The current is one coordinate, too few to tell where its line begins: the tracers tell.
    let mobile = species.filter(\.isMobile)
    let leading = (mobile.contains(where: \.isIon) ? mobile.filter(\.isIon) : mobile)
      .max { ($0.conductivity?.value ?? 0) < ($1.conductivity?.value ?? 0) }
    let fitFrom = parameters.fitFrom ?? leading?.tracer.map { Double($0.lags[0]) * interval }
    let rows = collective.signals / 3
    let all = try DisplacementTransform(store: collective, pool: pool).curves(groups: (0..<rows).map { $0..<$0 + 1 })
    let estimator = DiffusionEstimator(
      store: collective, axes: [0, 1, 2], interval: interval, fitFrom: fitFrom, fitTo: parameters.fitTo, pool: pool)
    // Charges that move only together leave the rounding of large sums, which grows like a walk.
    let half = (store.frameCount - 1) / 2
    let apart = reader.groups.enumerated().reduce(0.0) { sum, group in
      sum + group.element.reduce(0) { $0 + rowCharges[$1] * rowCharges[$1] } * curves[group.offset].total[half]
    }
    let moves = all[0].total[half] > 1e-10 * apart
    let estimate = moves ? try estimator.estimate(rows: 0..<1, directions: all[0].directions, analysis: name) : nil
    let onsager = estimate.map {
      OnsagerCoefficients(labels: reader.labels, curves: all.dropFirst().map(\.total), fit: $0, conversion: conversion)
    }
    var greenKubo: GreenKubo?
    var withoutCurrent: String?
    if currents.isEmpty {
      withoutCurrent = "the file has no velocities"
    } else if lacksVelocities {
      withoutCurrent = "only \(currents.count) of \(store.frameCount) frames have velocities"
    } else if store.frameCount < GreenKubo.leastFrames {
      withoutCurrent = "\(store.frameCount) frames are too few; \(GreenKubo.leastFrames) are the least"
    } else {
      greenKubo = GreenKubo(
        currents: currents, interval: interval, conversion: conversion, upTo: parameters.plateau, pool: pool)
      if greenKubo == nil { withoutCurrent = "there is no current" }
    }
    return ConductivityResult(
      parameters: parameters, species: species, volume: volume, conversion: conversion, collective: estimate, curve: all[0].total,
      onsager: onsager, greenKubo: greenKubo, withoutGreenKubo: withoutCurrent, hasNoVelocities: currents.isEmpty,
      chargeSource: charges.source, isOwnFrame: isOwnFrame, frameInterval: interval, frameCount: store.frameCount,
      otherWarnings: reader.warnings + charges.warnings)
  }
}
