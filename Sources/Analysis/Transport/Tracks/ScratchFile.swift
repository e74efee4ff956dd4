#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file without a name for what does not fit into memory; it vanishes with its last reference, however the program ends.
///
/// It lies in the folder that the environment variable `TMPDIR` names, or in /var/tmp, which is on disk where /tmp may not be.
final class ScratchFile: Sendable {
  private let descriptor: Int32
  private let folder: String

  /// - Throws: ``AnalysisError`` with code `.scratchFile`.
  init() throws {
    folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
    var path = Array("\(folder)/vitrolyte-XXXXXX".utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw Self.failure("make a scratch file", folder) }
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Writes numbers at the end.
  func append(_ values: [Double]) throws {
    try values.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw Self.failure("write to a scratch file", folder) }
        written += count
      }
    }
  }

  /// Reads as many numbers as the buffer holds; several threads may do so at once.
  ///
  /// - Parameter offset: The number of values before the first.
  func read(at offset: Int, into buffer: UnsafeMutableBufferPointer<Double>) throws {
    let bytes = UnsafeMutableRawBufferPointer(buffer)
    var done = 0
    while done < bytes.count {
      let place = offset * MemoryLayout<Double>.stride + done
      let count = pread(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("read a scratch file", folder) }
      done += count
    }
  }

  private static func failure(_ what: String, _ folder: String) -> AnalysisError {
    AnalysisError(
      .scratchFile,
      "cannot \(what) in \(folder): \(String(cString: strerror(errno))); name a folder with room by the environment variable TMPDIR, or take "
        + "fewer atoms or frames")
  }
}
