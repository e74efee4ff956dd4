import Dispatch
import Formats
import Structures
import Synchronization

/// Writes frames beside the simulation, which only waits where the disk is much slower than it.
///
/// Formatting and compressing a frame takes as long as some steps. Frames come to the file in their order; ``flush()`` waits for all of them,
/// and an error comes out of the next call.
final class BackgroundFrameWriter: FrameWriter {
  /// The frames that may wait: enough to smooth out a slow moment, little memory beside the simulation.
  private static let mostWaiting = 4

  /// The writer, which the queue alone touches.
  private final class Target: @unchecked Sendable {
    let writer: any FrameWriter
    let failure = Mutex<(any Error)?>(nil)

    init(_ writer: any FrameWriter) { self.writer = writer }
  }

  private let target: Target
  private let queue = DispatchQueue(label: "vitrolyte.frames")
  private let places = DispatchSemaphore(value: BackgroundFrameWriter.mostWaiting)

  init(_ writer: any FrameWriter) { target = Target(writer) }

  func append(_ frame: Frame) throws {
    try throwFailure()
    places.wait()
    queue.async { [target, places] in
      defer { places.signal() }
      // After a failure the file stays as it was: a frame must not follow one that is missing.
      guard target.failure.withLock({ $0 == nil }) else { return }
      do { try target.writer.append(frame) } catch { target.failure.withLock { $0 = error } }
    }
  }

  func flush() throws {
    queue.sync {}
    try throwFailure()
    try queue.sync { try target.writer.flush() }
  }

  var byteOffset: Int { queue.sync { target.writer.byteOffset } }

  var frameCount: Int { queue.sync { target.writer.frameCount } }

  private func throwFailure() throws {
    if let failure = target.failure.withLock({ $0 }) { throw failure }
  }
}
