import NumericalMethods
import Structures

/// Keeps the tracks of the selected atoms for ``IntermediateScattering``.
public struct IntermediateScatteringAccumulator: AnalysisAccumulator {
  private let parameters: IntermediateScattering
  private let context: AnalysisContext
  private var recorder: TrackRecorder

  init(_ parameters: IntermediateScattering, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: IntermediateScattering.descriptor.name, context: context)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    try recorder.add(frame)
  }

  public func result() throws -> IntermediateScatteringResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 4)
    let interval = try reader.requireInterval()
    let lags = store.frameCount / 2 + 1
    let finest = EnergySpectrum.finestResolution(Double(lags - 1) * interval)
    let wanted = parameters.resolution.map { $0 * 1000 / EnergySpectrum.reducedPlanck }
    if let wanted, wanted < finest * (1 - 1e-9) {
      let limit = finest * EnergySpectrum.reducedPlanck
      throw AnalysisError(
        .tooFewFrames,
        "scattering: half the run, \(Double(lags - 1) * interval) ps, gives a resolution of \(limit) meV at best; ask for a coarser one or "
          + "take a longer run")
    }
    let correlation = PhaseCorrelation(
      store: store, wavenumbers: parameters.wavenumbers, directions: parameters.directions, lags: lags)
    let blocks = TrackBlocks(groups: reader.groups)
    let sums = try context.pool.map(blocks.rows.count) { try correlation.sums(of: blocks.rows[$0]) }
    let species = zip(reader.labels, blocks.owners).map { label, members in
      IntermediateScatteringResult.Curves(
        label: label, atoms: members.map { blocks.rows[$0].count }, sums: members.map { sums[$0] }, wavenumbers: parameters.wavenumbers,
        interval: interval, fitFrom: parameters.fitFrom, resolution: wanted ?? finest)
    }
    return IntermediateScatteringResult(
      parameters: parameters, labels: reader.labels, species: species, resolution: wanted ?? finest, frameInterval: interval,
      frameCount: store.frameCount, trackWarnings: reader.warnings)
  }
}
