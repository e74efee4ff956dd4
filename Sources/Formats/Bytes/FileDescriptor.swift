#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file of the operating system; closed when the last reference goes.
final class FileDescriptor {
  let path: String
  private let number: Int32

  /// Opens a file for reading.
  init(reading path: String) throws {
    self.path = path
    number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw Self.failure("cannot be opened", path, code: .unreadable) }
    var status = stat()
    if fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      // The file is closed by deinit, which runs here too; twice would close what another thread has opened since.
      throw FormatsError(.unreadable, "\(path) is a directory; name a file in it")
    }
  }

  /// Opens a file for writing.
  ///
  /// - Parameters:
  ///   - exclusive: Whether the file must not exist yet.
  ///   - truncate: Whether what is in the file goes.
  init(writing path: String, exclusive: Bool = false, truncate: Bool) throws {
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (exclusive ? O_EXCL : 0) | (truncate ? O_TRUNC : 0)
    number = open(path, flags, mode_t(0o644))
    guard number >= 0 else { throw Self.failure("cannot be written", path) }
  }

  deinit { if number >= 0 { close(number) } }

  /// Reads up to the size of a buffer; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(number, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(number, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 { return count }
      guard errno == EINTR else { throw Self.failure("cannot be read", path) }
    }
  }

  /// Writes all of a buffer.
  func write(_ buffer: UnsafeRawBufferPointer) throws {
    var offset = 0
    while offset < buffer.count, let base = buffer.baseAddress {
      #if canImport(Glibc)
        let count = Glibc.write(number, base + offset, buffer.count - offset)
      #else
        let count = Darwin.write(number, base + offset, buffer.count - offset)
      #endif
      if count < 0 {
        guard errno == EINTR else { throw Self.failure("cannot be written", path) }
      } else {
        offset += count
      }
    }
  }

  /// The size of the file in bytes.
  func size() throws -> Int {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw Self.failure("has no size", path) }
    return Int(status.st_size)
  }

  /// Cuts the file to a size and goes on writing there.
  func truncate(to size: Int) throws {
    guard ftruncate(number, off_t(size)) == 0, lseek(number, off_t(size), SEEK_SET) == off_t(size) else {
      throw Self.failure("cannot be cut to \(size) bytes", path)
    }
  }

  /// Waits until what was written is on the disk.
  func synchronize() throws {
    guard fsync(number) == 0 else { throw Self.failure("cannot be written to the disk", path) }
  }

  static func failure(_ what: String, _ path: String, code: FormatsError.Code = .inputOutput) -> FormatsError {
    let reason = String(cString: strerror(errno))
    return FormatsError(code, "\(path) \(what): \(reason)")
  }
}
