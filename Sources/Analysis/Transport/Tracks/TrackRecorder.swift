import Structures

/// Follows the selected atoms and keeps where they were: what most analyses of motion begin with.
struct TrackRecorder: Sendable {
  private(set) var reader: TrackReader
  private var store: TrackStore?
  private let memoryLimit: Int

  init(_ settings: TrackSettings, analysis: String, context: AnalysisContext) {
    reader = TrackReader(settings, analysis: analysis, context: context)
    memoryLimit = context.trackMemory
  }

  var memoryInBytes: Int { store?.memoryInBytes ?? 0 }

  /// Takes the next frame.
  ///
  /// - Throws: As ``TrackReader/next(_:)`` and ``TrackStore/append(_:)``.
  @discardableResult
  mutating func add(_ frame: Frame) throws -> TrackReader.Step {
    let step = try reader.next(frame)
    if store == nil { store = TrackStore(rows: reader.atoms.count, memoryLimit: memoryLimit) }
    try store?.append(step.displacements)
    return step
  }

  /// The displacements of all rows.
  ///
  /// - Parameter frames: How many there have to be.
  /// - Throws: ``AnalysisError`` with code `.noFrames` or `.tooFewFrames`.
  func tracks(atLeast frames: Int) throws -> TrackStore {
    try reader.requireFrames(frames)
    guard let store else { throw AnalysisError(.noFrames, "\(reader.analysis) got no frame") }
    return store
  }
}
