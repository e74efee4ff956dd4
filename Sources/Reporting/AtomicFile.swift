#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that are complete or untouched, whatever happens while they are written.
enum AtomicFile {
  /// Writes text beside a file, waits until it is on the disk, then renames it over the file.
  ///
  /// - Throws: ``ReportingError`` with code `.cannotWrite`.
  static func write(_ text: String, to path: String) throws {
    let temporary = "\(path).\(getpid()).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    do {
      var text = text
      try text.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
          let written = Self.write(descriptor, rest)
          guard written >= 0 else {
            if errno == EINTR { continue }
            throw failure("write", temporary)
          }
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
      }
      guard fsync(descriptor) == 0 else { throw failure("save", temporary) }
    } catch {
      _ = close(descriptor)
      _ = unlink(temporary)
      throw error
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = failure("rename to \(path) the file", temporary)
      _ = unlink(temporary)
      throw error
    }
  }

  /// The text of a file.
  static func read(_ path: String) throws -> String {
    guard let file = fopen(path, "rb") else { throw failure("read", path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else { throw failure("read", path) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Makes a folder and those above it.
  static func makeDirectory(_ path: String) throws {
    var information = stat()
    if path.isEmpty || (stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR) { return }
    if let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex { try makeDirectory(String(path[..<slash])) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
  }

  private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private static func failure(_ action: String, _ path: String) -> ReportingError {
    ReportingError(
      .cannotWrite,
      "cannot \(action) \(path): \(String(cString: strerror(errno))); check that the folder exists, is yours to write and has space left")
  }
}
