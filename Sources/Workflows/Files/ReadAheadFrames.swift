import Dispatch
import Structures
import Synchronization

/// Reads frames ahead of those who use them, on a thread of its own, so that reading and computing share the cores.
///
/// Frames, errors and warnings are those of the source, in its order; after the end or an error nothing more is read.
final class ReadAheadFrames: FrameSource {
  /// The frames that may wait: enough to smooth out a slow moment.
  private static let mostWaiting = 3

  /// The source, which the queue alone touches, and what it gave.
  private final class Reader: @unchecked Sendable {
    let source: any FrameSource
    let outcomes = Mutex<[Result<Frame?, any Error>]>([])
    let isAvailable = DispatchSemaphore(value: 0)
    private var hasEnded = false

    init(_ source: any FrameSource) { self.source = source }

    func read() {
      let outcome = hasEnded ? .success(nil) : Result { try source.next() }
      if case .success(.some) = outcome {} else { hasEnded = true }
      outcomes.withLock { $0.append(outcome) }
      isAvailable.signal()
    }
  }

  private let reader: Reader
  private let queue = DispatchQueue(label: "vitrolyte.read-ahead")

  init(_ source: any FrameSource) {
    reader = Reader(source)
    for _ in 0..<Self.mostWaiting { readOne() }
  }

  var warnings: [String] { queue.sync { reader.source.warnings } }

  func next() throws -> Frame? {
    reader.isAvailable.wait()
    let outcome = reader.outcomes.withLock { $0.removeFirst() }
    readOne()
    return try outcome.get()
  }

  private func readOne() {
    queue.async { [reader] in reader.read() }
  }
}

extension FrameSource {
  /// The same frames, read ahead where there is more than one thread to share the work.
  func readAhead(threads: Int) -> any FrameSource { threads > 1 ? ReadAheadFrames(self) : self }
}
