import NumericalMethods
import Structures

/// Keeps the tracks of the selected atoms for ``Diffusion``.
public struct DiffusionAccumulator: AnalysisAccumulator {
  private let parameters: Diffusion
  private let context: AnalysisContext
  private var recorder: TrackRecorder
  private var volume = 0.0
  private var isCubic = true

  init(_ parameters: Diffusion, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: Diffusion.descriptor.name, context: context)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    try recorder.add(frame)
    let cell = frame.configuration.cell
    volume += cell.volume
    let edges = (0..<3).map { cell.vectors[$0] }
    let lengths = edges.map(\.length)
    let skew = abs(edges[0].dot(edges[1])) + abs(edges[1].dot(edges[2])) + abs(edges[0].dot(edges[2]))
    if let low = lengths.min(), let high = lengths.max(), high > 1.02 * low || skew > 0.02 * high * high { isCubic = false }
  }

  public func result() throws -> DiffusionResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 12)
    let interval = try reader.requireInterval()
    guard let first = reader.firstFrame else { throw AnalysisError(.noFrames, "diffusion got no frame") }
    let curves = try DisplacementTransform(store: store, pool: context.pool).curves(groups: reader.groups)
    var species: [DiffusionResult.Species] = []
    for (kind, rows) in reader.groups.enumerated() {
      let hop = try parameters.hopLength ?? HopLength.nearest(rows.map { reader.atoms[$0] }, in: first.configuration)
      let estimator = DiffusionEstimator(
        store: store, axes: parameters.axes, interval: interval, fitFrom: parameters.fitFrom, fitTo: parameters.fitTo, hopLength: hop,
        pool: context.pool)
      let curve = (0..<store.frameCount).map { lag in parameters.axes.reduce(0) { $0 + curves[kind].directions[$1][lag] } }
      species.append(
        DiffusionResult.Species(
          label: reader.labels[kind], atoms: rows.count, curve: curve, hopLength: hop,
          estimate: try estimator.estimate(rows: rows, directions: curves[kind].directions, analysis: Diffusion.descriptor.name)))
    }
    var finiteSize: FiniteSizeCorrection?
    if let viscosity = parameters.viscosity, let temperature = parameters.temperature {
      finiteSize = FiniteSizeCorrection(
        viscosity: viscosity, temperature: temperature, volume: volume / Double(store.frameCount), isCubic: isCubic)
    }
    return DiffusionResult(
      parameters: parameters, species: species, frameInterval: interval, frameCount: store.frameCount, finiteSize: finiteSize,
      trackWarnings: reader.warnings)
  }
}
