import NumericalMethods
import Structures

/// Keeps the tracks of the ions for ``HopAnalysis``.
public struct HopAccumulator: AnalysisAccumulator {
  private let parameters: HopAnalysis
  private let context: AnalysisContext
  private var recorder: TrackRecorder
  private var cellSum: [Vector3] = [.zero, .zero, .zero]

  init(_ parameters: HopAnalysis, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: HopAnalysis.descriptor.name, context: context)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    try recorder.add(frame)
    for axis in 0..<3 { cellSum[axis] += frame.configuration.cell.vectors[axis] }
  }

  public func result() throws -> HopResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 2)
    guard let firstFrame = reader.firstFrame else { throw AnalysisError(.noFrames, "hops got no frame") }
    let interval = try reader.requireInterval()
    let half = Int((parameters.window / 2 / interval).rounded())
    guard half >= 2 else {
      throw AnalysisError(
        .invalidSetting,
        "window of hops: \(brief(parameters.window)) ps hold \(2 * half) frames of \(brief(interval)) ps; a cage is told from a hop by at "
          + "least 4: take a longer window, or write frames more often")
    }
    try reader.requireFrames(2 * half + 1)
    let count = Double(store.frameCount)
    let cell = try Cell(
      vectors: Matrix3(cellSum[0] * (1 / count), cellSum[1] * (1 / count), cellSum[2] * (1 / count)),
      origin: firstFrame.configuration.cell.origin, periodic: firstFrame.configuration.cell.periodic)
    let survey = HopSurvey(parameters: parameters, store: store, interval: interval, halfWindow: half, pool: context.pool)
    let first = reader.atoms.map { reader.first[$0] }
    let species = try zip(reader.labels, reader.groups).map { try survey.species($0, rows: $1, first: first, cell: cell) }
    return HopResult(
      parameters: parameters, species: species, atoms: reader.atoms, firstFrame: firstFrame, frameInterval: interval, halfWindow: half,
      frameCount: store.frameCount, trackWarnings: reader.warnings)
  }
}
