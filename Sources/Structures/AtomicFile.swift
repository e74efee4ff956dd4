#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes files that are complete or absent: beside, to the disk, then renamed over the old one.
///
/// A crash between any two steps leaves the old file as it was, or the new one complete; what is left beside carries the
/// suffix ``partialSuffix`` and is overwritten by the next attempt.
package enum AtomicFile {
  /// What a name ends with while the file is being written.
  package static let partialSuffix = ".partial"

  /// The steps of a write, in order; a test can stop after any of them as a crash would.
  package enum Step: CaseIterable, Sendable {
    case opened, written, synchronized, renamed
  }

  /// Writes bytes.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    try write(bytes, to: path, crashingAfter: nil)
  }

  /// Writes text as UTF-8.
  package static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  package static func write(_ bytes: [UInt8], to path: String, crashingAfter last: Step?) throws {
    let partial = path + partialSuffix
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("cannot create \(partial)") }
    do {
      defer { close(descriptor) }
      if last == .opened { return }
      try writeAll(last == .written ? Array(bytes.prefix(bytes.count / 2)) : bytes, to: descriptor, path: partial)
      if last == .written { return }
      try synchronize(descriptor, path: partial)
    }
    if last == .synchronized { return }
    guard rename(partial, path) == 0 else {
      let error = failure("cannot rename \(partial) to \(path)")
      unlink(partial)
      throw error
    }
    if last == .renamed { return }
    try synchronizeFolder(of: path)
  }

  /// Writes all bytes to an open file, however many calls that takes.
  package static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
    try bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        #else
          let count = Darwin.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        #endif
        if count < 0 {
          if errno == EINTR { continue }
          throw failure("cannot write \(path)")
        }
        done += count
      }
    }
  }

  /// Waits until an open file is on the disk.
  package static func synchronize(_ descriptor: Int32, path: String) throws {
    #if canImport(Darwin)
      // fsync on Darwin stops at the drive's own cache.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
    #endif
    guard fsync(descriptor) == 0 else { throw failure("cannot bring \(path) to the disk") }
  }

  /// Waits until the names in a file's folder are on the disk.
  package static func synchronizeFolder(of path: String) throws {
    let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let folder = open(parent, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("cannot open the folder of \(path)") }
    defer { close(folder) }
    // Some file systems refuse to synchronise folders; the rename stands all the same.
    _ = fsync(folder)
  }

  private static func failure(_ what: String) -> StructuresError {
    StructuresError(
      .file, "\(what): \(String(cString: strerror(errno))); check that the folder exists, is yours to write and has space left")
  }
}
