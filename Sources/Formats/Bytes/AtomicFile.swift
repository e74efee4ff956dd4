#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that are complete or absent, whenever the process or the machine stops.
public enum AtomicFile {
  /// Writes bytes beside the file, brings them to the disk and renames them into place.
  ///
  /// Whoever opens the path sees the old content or the new, never a part. The directory must exist.
  /// - Throws: ``FormatsError`` with code `.inputOutput`; the old content then is untouched.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard !name.isEmpty else { throw FormatsError(.inputOutput, "\"\(path)\" names no file") }
    let temporary = "\(directory)/.\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part"
    do {
      let file = try FileDescriptor(writing: temporary, exclusive: true, truncate: true)
      let done: Void? = try bytes.withContiguousStorageIfAvailable { try file.write(UnsafeRawBufferPointer($0)) }
      if done == nil { try Array(bytes).withUnsafeBytes { try file.write($0) } }
      try file.synchronize()
      guard rename(temporary, path) == 0 else { throw FileDescriptor.failure("cannot be put in place", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    // The name is on the disk only when the directory is; some file systems refuse this, and then nothing is lost by going on.
    let handle = open(directory, O_RDONLY | O_CLOEXEC)
    if handle >= 0 {
      fsync(handle)
      close(handle)
    }
  }

  /// Writes text as UTF-8, as ``write(_:to:)-(Collection<UInt8>,_)`` does.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }
}
