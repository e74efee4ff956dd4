import NumericalMethods
import Structures

/// Keeps the tracks of the selected atoms for ``NonGaussianParameter``.
public struct NonGaussianAccumulator: AnalysisAccumulator {
  private let parameters: NonGaussianParameter
  private let context: AnalysisContext
  private var recorder: TrackRecorder

  init(_ parameters: NonGaussianParameter, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: NonGaussianParameter.descriptor.name, context: context)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    try recorder.add(frame)
  }

  public func result() throws -> NonGaussianResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 2)
    if let lag = parameters.lags.first(where: { $0 >= store.frameCount }) {
      throw AnalysisError(
        .tooFewFrames, "ngp: a lag of \(lag) frames needs at least \(lag + 1) frames; there are \(store.frameCount)")
    }
    let lags = Set(LagSpacing.logarithmic(upTo: store.frameCount - 1) + parameters.lags).sorted()
    let blocks = TrackBlocks(groups: reader.groups)
    let sums = try context.pool.map(blocks.rows.count) { block in
      var moments = DisplacementMoments(lags: lags)
      try store.forEachBatch(of: blocks.rows[block]) { rows, signals in
        for row in 0..<rows.count {
          moments.add(track: signals + 3 * row * store.frameCount, pitch: store.frameCount, frames: store.frameCount)
        }
      }
      return moments
    }
    func curve(_ members: [Int]) -> NonGaussianResult.Curve {
      NonGaussianResult.Curve(
        blocks: members.map { sums[$0] }, atoms: members.reduce(0) { $0 + blocks.rows[$1].count }, lastOfPeak: store.frameCount / 2)
    }
    return NonGaussianResult(
      parameters: parameters, labels: reader.labels, species: blocks.owners.map { curve(Array($0)) },
      all: curve(Array(blocks.rows.indices)), lags: lags, frameInterval: reader.interval, frameCount: store.frameCount,
      readerWarnings: reader.warnings)
  }
}
