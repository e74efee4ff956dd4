/// A stream of bytes, read block by block.
protocol ByteSource: AnyObject {
  /// Reads up to the size of a buffer; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
  /// What a person should know about what was read so far.
  var warnings: [String] { get }
}

/// A file as it is.
final class PlainSource: ByteSource {
  private let file: FileDescriptor
  /// What was read already to recognise the compression.
  private var head: ArraySlice<UInt8>
  let warnings: [String] = []

  init(_ file: FileDescriptor, head: [UInt8]) {
    self.file = file
    self.head = head[...]
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !head.isEmpty else { return try file.read(into: buffer) }
    let count = min(head.count, buffer.count)
    buffer.copyBytes(from: head.prefix(count))
    head = head.dropFirst(count)
    return count
  }
}

/// How the bytes of a file are compressed.
enum Compression: Sendable {
  case none, gzip, zstandard

  /// The compression that a file name asks for.
  init(path: String) {
    self = path.hasSuffix(".gz") ? .gzip : path.hasSuffix(".zst") ? .zstandard : .none
  }

  /// The compression of bytes that begin a file.
  init(head: [UInt8]) {
    if head.starts(with: [0x1f, 0x8b]) {
      self = .gzip
    } else if head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
      self = .zstandard
    } else {
      self = .none
    }
  }

  /// A path without the extension of the compression.
  static func stripExtension(_ path: String) -> Substring {
    path.hasSuffix(".gz") ? path.dropLast(3) : path.hasSuffix(".zst") ? path.dropLast(4) : path[...]
  }

  /// Opens a file for reading, by the compression that its first bytes show, whatever its name.
  static func open(_ path: String) throws -> any ByteSource {
    let file = try FileDescriptor(reading: path)
    var head = [UInt8](repeating: 0, count: 4)
    var count = 0
    while count < 4 {
      let more = try head.withUnsafeMutableBytes { try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...])) }
      if more == 0 { break }
      count += more
    }
    head.removeLast(4 - count)
    let plain = PlainSource(file, head: head)
    switch Compression(head: head) {
    case .none: return plain
    case .gzip: return try GzipSource(plain, path: path)
    case .zstandard: return try ZstandardSource(plain, path: path)
    }
  }
}
