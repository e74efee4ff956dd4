import NumericalMethods
import Structures

/// Keeps the tracks of the selected atoms for ``MobilityAnalysis``, and some frames to label.
public struct MobilityAccumulator: AnalysisAccumulator {
  private let parameters: MobilityAnalysis
  private let context: AnalysisContext
  private var recorder: TrackRecorder
  private var instants: OriginThinning<Frame>

  init(_ parameters: MobilityAnalysis, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    recorder = TrackRecorder(parameters.tracks, analysis: MobilityAnalysis.descriptor.name, context: context)
    instants = OriginThinning(limit: parameters.origins)
  }

  public var memoryInBytes: Int { recorder.memoryInBytes + instants.kept.reduce(0) { $0 + 48 * $1.value.configuration.count } }

  public mutating func add(_ frame: Frame) throws {
    let step = try recorder.add(frame)
    let number = recorder.reader.frameCount - 1
    guard instants.wants(number) else { return }
    // What an atom did is told of its place and kind; the rest would only fill memory.
    var kept = Frame(step.frame.configuration)
    kept.configuration.velocities = []
    kept.configuration.topology = Topology()
    (kept.step, kept.time) = (frame.step, frame.time)
    instants.add(number, kept)
  }

  public func result() throws -> MobilityResult {
    let reader = recorder.reader
    let store = try recorder.tracks(atLeast: 2)
    let interval = try reader.requireInterval()
    let frames = store.frameCount
    let lag = max(1, Int((parameters.interval / interval).rounded()))
    guard lag < frames else {
      throw AnalysisError(
        .tooFewFrames,
        "mobility: an interval of \(brief(parameters.interval)) ps is \(lag) frames, and there are \(frames); give a shorter interval")
    }
    let labelled = instants.kept.filter { $0.frame + lag < frames }
    let plan = MobilityCounts.Plan(parameters, lag: lag, frames: frames, instants: labelled.map(\.frame))
    let blocks = TrackBlocks(groups: reader.groups)
    let range = max(10, 4 * parameters.distance)
    let counts = try context.pool.map(blocks.rows.count) { block in
      var counts = MobilityCounts(plan, range: range, bins: MobilityResult.bins)
      try store.forEachBatch(of: blocks.rows[block]) { rows, signals in
        for row in 0..<rows.count { counts.add(signals + 3 * row * frames, plan) }
      }
      return counts
    }
    var species: [MobilityResult.Species] = []
    for (group, label) in reader.labels.enumerated() {
      let parts = blocks.owners[group].map { counts[$0] }
      let atoms = reader.groups[group].map { reader.atoms[$0] }
      let moved = parts.flatMap(\.moved)
      let clusters = try context.pool.map(labelled.count) { instant in
        let configuration = labelled[instant].value.configuration
        return try MobileClusters(
          cell: configuration.cell, positions: atoms.map { configuration.positions[$0] },
          isMobile: atoms.indices.map { Double(moved[$0 * labelled.count + instant]) >= parameters.distance },
          cutoff: parameters.cutoff, stream: instant)
      }
      species.append(MobilityResult.Species(label: label, rows: reader.groups[group], parts: parts, plan: plan, clusters: clusters))
    }
    var warnings = reader.warnings
    let used = Double(lag) * interval
    if abs(used - parameters.interval) > 1e-3 * parameters.interval {
      warnings.append("an interval of \(brief(parameters.interval)) ps is no whole number of frames; \(brief(used)) ps is taken")
    }
    return MobilityResult(
      parameters: parameters, labels: reader.labels, species: species, plan: plan, frameInterval: interval, frameCount: frames,
      identifiers: identifiers, labelledFrames: labelledFrames(labelled, counts), range: range, trackWarnings: warnings)
  }

  /// The number of the atom of each row, as files give it.
  private var identifiers: [Int] {
    let reader = recorder.reader
    let known = reader.firstFrame?.configuration.identifiers ?? []
    return reader.atoms.map { known.isEmpty ? $0 + 1 : known[$0] }
  }

  /// The kept frames with the columns `moved_A` and `mobile`, 0 for atoms that were not selected.
  private func labelledFrames(_ labelled: [(frame: Int, value: Frame)], _ counts: [MobilityCounts]) -> [Frame] {
    let moved = counts.flatMap(\.moved)
    return labelled.enumerated().map { instant, kept in
      var frame = kept.value
      var distances = [Double](repeating: 0, count: frame.configuration.count)
      for (row, atom) in recorder.reader.atoms.enumerated() { distances[atom] = Double(moved[row * labelled.count + instant]) }
      frame.columns = ["moved_A": distances, "mobile": distances.map { $0 >= parameters.distance ? 1 : 0 }]
      return frame
    }
  }
}
