import NumericalMethods
import Structures

/// Keeps the tracks of the selected atoms for the self part of ``VanHoveCorrelation``, and counts pairs for the distinct part.
public struct VanHoveAccumulator: AnalysisAccumulator {
  private let parameters: VanHoveCorrelation
  private let context: AnalysisContext
  private var recorder: TrackRecorder
  private var distinct: DistinctPart?
  private var isOpen = false

  init(_ parameters: VanHoveCorrelation, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: VanHoveCorrelation.descriptor.name, context: context)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes + (distinct?.memoryInBytes ?? 0) }

  public mutating func add(_ frame: Frame) throws {
    let step = try recorder.add(frame)
    let cell = step.frame.configuration.cell
    let reader = recorder.reader
    if reader.frameCount == 1, parameters.distinct {
      isOpen = !cell.isPeriodic
      if !isOpen { distinct = DistinctPart(parameters, groups: reader.groups) }
    }
    guard distinct != nil else { return }
    guard cell.isPeriodic else {
      distinct = nil
      isOpen = true
      return
    }
    let positions = reader.atoms.map { step.frame.configuration.positions[$0] - step.drift }
    try distinct?.add(
      frame: reader.frameCount - 1, cell: cell, positions: positions, lags: Self.lags(parameters, interval: reader.interval),
      pool: context.pool)
  }

  /// The lags that were asked for; `nil` for 1, 2, 5 … frames.
  private static func lags(_ parameters: VanHoveCorrelation, interval: Double?) -> [Int]? {
    if !parameters.lags.isEmpty { return Set(parameters.lags).sorted() }
    guard !parameters.times.isEmpty else { return nil }
    // Before the second frame there may be no interval, and no lag either.
    guard let interval else { return [] }
    return Set(parameters.times.map { max(1, Int(($0 / interval).rounded())) }).sorted()
  }

  public func result() throws -> VanHoveResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 2)
    if !parameters.times.isEmpty { _ = try reader.requireInterval() }
    let frames = store.frameCount
    let lags = Self.lags(parameters, interval: reader.interval) ?? LagSpacing.oneTwoFive(upTo: max(1, frames / 2))
    if let lag = lags.first(where: { $0 >= frames }) {
      let time = reader.interval.map { " (\(brief((Double(lag) * $0 * 1e6).rounded() / 1e6)) ps)" } ?? ""
      throw AnalysisError(
        .tooFewFrames, "van-hove: a lag of \(lag) frames\(time) needs at least \(lag + 1) frames; there are \(frames)")
    }
    let blocks = TrackBlocks(groups: reader.groups)
    let bins = parameters.bins(parameters.range)
    let counts = try context.pool.map(blocks.rows.count) { block in
      var histogram = DisplacementHistogram(lags: lags, range: parameters.range, bins: bins, distance: parameters.distance)
      try store.forEachBatch(of: blocks.rows[block]) { rows, signals in
        for row in 0..<rows.count { histogram.add(track: signals + 3 * row * frames, pitch: frames, frames: frames) }
      }
      return histogram
    }
    let species = zip(reader.labels, blocks.owners).map { label, members in
      VanHoveResult.SelfPart(
        label: label, atoms: members.reduce(0) { $0 + blocks.rows[$1].count }, blocks: members.map { counts[$0] })
    }
    var warnings = reader.warnings
    if let interval = reader.interval {
      for time in parameters.times {
        let used = max(1, (time / interval).rounded()) * interval
        if abs(used - time) > 1e-3 * time { warnings.append("\(brief(time)) ps is no whole number of frames; \(brief(used)) ps is taken") }
      }
    }
    if isOpen { warnings.append("the cell is not periodic along all edges: it has no density, and the distinct part is left out") }
    return VanHoveResult(
      parameters: parameters, labels: reader.labels, lags: lags, species: species,
      distinct: distinct?.pairs(labels: reader.labels, lags: [0] + lags) ?? [], originStride: distinct?.originStride ?? 0,
      originCount: distinct?.originCount ?? 0,
      frameInterval: reader.interval, frameCount: frames, trackWarnings: warnings)
  }
}
