import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that grows during a run and is cut back to a checkpoint when the run goes on.
///
/// Text is kept until ``flush()``, so that the file holds whole pieces only, whenever the process ends.
public final class AppendedFile {
  public let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var written: UInt64
  /// Enough that system calls do not count, little enough that a look at the file shows the last seconds.
  private static let capacity = 1 << 15

  /// Creates a file, or goes on with one.
  ///
  /// - Parameter offset: `nil` creates an empty file; otherwise the file is cut to this length first.
  /// - Throws: ``WorkflowsError`` with code `.file` where the file cannot be opened or is shorter than the offset.
  public init(path: String, continuingAt offset: UInt64? = nil) throws {
    self.path = path
    if let offset { try Files.truncate(path, to: offset) }
    descriptor = open(path, O_WRONLY | O_CLOEXEC | O_APPEND | (offset == nil ? O_CREAT | O_TRUNC : 0), 0o666)
    guard descriptor >= 0 else { throw Files.failure("cannot open \(path) for writing") }
    written = offset ?? 0
  }

  deinit {
    close(descriptor)
  }

  /// The length of the file with what is still to be written, in bytes.
  public var offset: UInt64 { written + UInt64(buffer.count) }

  /// Adds a whole piece, such as a line with its line break.
  public func append(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Hands everything to the system.
  public func flush() throws {
    guard !buffer.isEmpty else { return }
    try AtomicFile.writeAll(buffer, to: descriptor, path: path)
    written += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Brings everything to the disk.
  ///
  /// - Returns: The length of the file in bytes, for a checkpoint.
  @discardableResult
  public func synchronize() throws -> UInt64 {
    try flush()
    try AtomicFile.synchronize(descriptor, path: path)
    return written
  }
}
