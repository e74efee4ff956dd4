#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a file that another program writes, as far as it is.
struct GrowingFile {
  let path: String
  private var offset: off_t = 0

  init(path: String) { self.path = path }

  /// What has been added since the last call; nothing while the file is not there.
  mutating func read() throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return [] }
      throw Files.failure("cannot open \(path)")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
      guard count > 0 else {
        if count < 0, errno == EINTR { continue }
        guard count == 0 else { throw Files.failure("cannot read \(path)") }
        return bytes
      }
      bytes += chunk[..<count]
      offset += off_t(count)
    }
  }
}
