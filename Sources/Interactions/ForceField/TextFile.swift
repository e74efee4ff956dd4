#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small text files, read whole.
enum TextFile {
  /// The text of a file of at most 256 MB in UTF-8.
  static func read(_ path: String) throws -> String {
    guard let file = fopen(path, "rb") else {
      let reason = String(cString: strerror(errno))
      throw InteractionsError(.unknownForceField, "\(path) cannot be opened (\(reason)); check the path")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    let limit = 256_000_000
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= limit else {
        throw InteractionsError(.invalidForceField, "\(path) is larger than 256 MB; this is no force field")
      }
    }
    guard ferror(file) == 0, let text = String(validating: bytes, as: UTF8.self) else {
      throw InteractionsError(.invalidForceField, "\(path) is no readable text in UTF-8; give the path of a YAML file")
    }
    return text
  }

  /// The directory of a path with its final slash; empty for a bare name.
  static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
