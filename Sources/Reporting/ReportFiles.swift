import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file operations that reports need, with errors of this module.
enum ReportFiles {
  /// Writes text; the file is complete or untouched.
  ///
  /// - Throws: ``ReportingError`` with code `.cannotWrite`.
  static func write(_ text: String, to path: String) throws {
    do {
      try AtomicFile.write(text, to: path)
    } catch let error as StructuresError {
      throw ReportingError(.cannotWrite, error.message)
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

  private static func failure(_ action: String, _ path: String) -> ReportingError {
    ReportingError(
      .cannotWrite,
      "cannot \(action) \(path): \(String(cString: strerror(errno))); check that the folder exists, is yours to write and has space left")
  }
}
