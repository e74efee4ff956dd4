#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few file operations that runs need, with errors that name the file and the system's reason.
public enum Files {
  /// Whether something exists at a path, a link's target included.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a path is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == S_IFDIR
  }

  /// The size of a file in bytes, or `nil` where there is none.
  public static func size(_ path: String) -> UInt64? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(max(0, status.st_size)) : nil
  }

  /// All bytes of a file.
  public static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot open \(path)", isInputError: true) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(size(path) ?? 0))
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw failure("cannot read \(path)", isInputError: true)
      }
      bytes.append(contentsOf: chunk[0..<count])
    }
  }

  /// A file as UTF-8 text.
  ///
  /// - Throws: ``WorkflowsError`` with code `.file` where the bytes are not UTF-8.
  public static func readText(_ path: String) throws -> String {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw WorkflowsError(.file, "\(path) is no UTF-8 text; is it the right file?")
    }
    return text
  }

  /// Creates a folder and those that hold it; one that is there already is left as it is.
  public static func createFolder(_ path: String) throws {
    if path.isEmpty || isFolder(path) { return }
    try createFolder(parent(of: path))
    guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) else { throw failure("cannot create the folder \(path)") }
  }

  /// The names in a folder, sorted.
  public static func list(_ path: String) throws -> [String] {
    guard let directory = opendir(path) else { throw failure("cannot list the folder \(path)", isInputError: true) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file; one that is not there is no error.
  public static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("cannot remove \(path)") }
  }

  /// Cuts a file to a length.
  ///
  /// - Throws: ``WorkflowsError`` with code `.file` where the file is absent or shorter already: the bytes that were once
  ///   there are lost, and zeros in their place would be a wrong result.
  public static func truncate(_ path: String, to length: UInt64) throws {
    guard let current = size(path) else {
      throw WorkflowsError(.file, "\(path) is gone; it must hold at least \(length) bytes for the run to go on")
    }
    guard current >= length else {
      throw WorkflowsError(
        .file, "\(path) has \(current) bytes, but the checkpoint was written when it had \(length); it was changed or damaged since")
    }
    guard systemTruncate(path, off_t(length)) == 0 else { throw failure("cannot cut \(path) to \(length) bytes") }
  }

  /// The folder part of a path, without a final slash; empty where the path has none.
  public static func parent(of path: String) -> String {
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "" }
    return slash == trimmed.startIndex ? (trimmed == "/" ? "" : "/") : String(trimmed[..<slash])
  }

  /// The last part of a path.
  public static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  /// A path inside a folder; an absolute path stays as it is.
  public static func path(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }

  /// A path that does not depend on the current folder, without `.` and `..`.
  public static func absolute(_ path: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let current = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? ""
    var parts: [Substring] = []
    for part in self.path(path, in: current).split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// An error with the system's reason for the last call that failed.
  static func failure(_ what: String, isInputError: Bool = false) -> WorkflowsError {
    WorkflowsError(.file, "\(what): \(String(cString: strerror(errno)))", isInputError: isInputError)
  }
}

// The names of these calls are those of members above.
#if canImport(Glibc)
  private let systemRead = Glibc.read
  private let systemTruncate: @Sendable (UnsafePointer<CChar>, off_t) -> Int32 = Glibc.truncate
#elseif canImport(Darwin)
  private let systemRead = Darwin.read
  private let systemTruncate: @Sendable (UnsafePointer<CChar>, off_t) -> Int32 = Darwin.truncate
#endif
