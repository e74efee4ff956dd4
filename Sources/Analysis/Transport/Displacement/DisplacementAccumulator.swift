import NumericalMethods
import Structures

/// Keeps the tracks of the selected atoms for ``MeanSquaredDisplacement``.
public struct DisplacementAccumulator: AnalysisAccumulator {
  private let parameters: MeanSquaredDisplacement
  private let context: AnalysisContext
  private var recorder: TrackRecorder
  /// For each group x, y and z of the mean displacement by frame.
  private var means: [[[Double]]] = []

  init(_ parameters: MeanSquaredDisplacement, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: MeanSquaredDisplacement.descriptor.name, context: context)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    let step = try recorder.add(frame)
    let groups = recorder.reader.groups
    if means.isEmpty { means = groups.map { _ in [[], [], []] } }
    for (group, rows) in groups.enumerated() {
      let mean = step.displacements[rows].reduce(Vector3.zero, +) * (1 / Double(rows.count))
      for axis in 0..<3 { means[group][axis].append(mean[axis]) }
    }
  }

  public func result() throws -> DisplacementResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 2)
    if let lag = parameters.lags.first(where: { $0 >= store.frameCount }) {
      throw AnalysisError(
        .tooFewFrames, "msd: a lag of \(lag) frames needs at least \(lag + 1) frames; there are \(store.frameCount)")
    }
    let curves = try DisplacementTransform(store: store, pool: context.pool).curves(groups: reader.groups)
    let collective = zip(means, reader.groups).map { mean, rows in
      DisplacementTransform.curve(of: mean).map { $0 * Double(rows.count) }
    }
    return DisplacementResult(
      parameters: parameters, labels: reader.labels, species: Array(curves.dropLast()), collective: collective,
      all: curves[curves.count - 1],
      frameInterval: reader.interval, frameCount: store.frameCount, warnings: reader.warnings)
  }
}
