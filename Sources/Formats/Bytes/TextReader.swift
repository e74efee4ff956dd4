#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a text file block by block and hands out whole lines.
///
/// It never holds more than a block and the longest line.
final class TextReader {
  /// The longest line that a reader takes, in bytes.
  static let longestLine = 1 << 24

  let path: String
  /// The number of the line that comes next, from 1.
  private(set) var lineNumber = 1
  /// Whether the last line of the file lacks its end, as in a file that was cut.
  private(set) var lacksLastLineEnd = false
  private let source: any ByteSource
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 18
  /// What was not handed out yet, up to the end of the last whole line, and what was read after it.
  private var position = 0
  private var lineLimit = 0
  private var filled = 0
  private var isAtEnd = false

  /// Opens a file, compressed or not.
  init(path: String) throws {
    self.path = path
    source = try Compression.open(path)
    buffer = .allocate(capacity: capacity + 1 + NumberParser.padding)
    try fill()
    let hasByteOrderMark = filled >= 3 && buffer[0] == 0xef && buffer[1] == 0xbb && buffer[2] == 0xbf
    if hasByteOrderMark && lineLimit >= 3 { position = 3 }
  }

  deinit { buffer.deallocate() }

  /// What a person should know about the bytes.
  var warnings: [String] { source.warnings }

  /// The whole lines at hand, each with its end; empty only at the end of the file. Valid until the next call.
  func wholeLines() throws -> UnsafeBufferPointer<UInt8> {
    if position == lineLimit { try fill() }
    return UnsafeBufferPointer(start: buffer + position, count: lineLimit - position)
  }

  /// Goes on after bytes that ``wholeLines()`` has handed out.
  func advance(bytes: Int, lines: Int) {
    position += bytes
    lineNumber += lines
  }

  /// Whether the line in hand, whose bytes begin here, is the last one and lacks its end.
  func isCutLine(at pointer: UnsafePointer<UInt8>) -> Bool {
    guard lacksLastLineEnd, isAtEnd else { return false }
    let offset = pointer - UnsafePointer(buffer)
    return memchr(buffer + offset, 0x0a, lineLimit - offset).map { $0 == UnsafeMutableRawPointer(buffer + lineLimit - 1) } ?? false
  }

  /// Whether all lines have been handed out and the last one lacked its end.
  var isAtCutEnd: Bool { lacksLastLineEnd && position == lineLimit }

  /// The next line without its end, or `nil` at the end of the file.
  func nextLine() throws -> TextLine? {
    guard let line = try peekLine() else { return nil }
    advance(bytes: line.byteCount, lines: 1)
    return line
  }

  /// The line that ``nextLine()`` will give.
  func peekLine() throws -> TextLine? {
    let bytes = try wholeLines()
    guard let base = bytes.baseAddress, bytes.count > 0 else { return nil }
    let end = memchr(base, 0x0a, bytes.count)
    let length = end.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
    var visible = length
    if visible > 0 && base[visible - 1] == 0x0d { visible -= 1 }
    return TextLine(
      text: String(decoding: UnsafeBufferPointer(start: base, count: visible), as: UTF8.self), byteCount: length + 1,
      position: FilePosition(path: path, line: lineNumber), isCut: isCutLine(at: base))
  }

  /// The next line, where one must follow.
  ///
  /// - Throws: ``FormatsError`` with code `.endsEarly` where none does.
  func requireLine(_ expected: String) throws -> TextLine {
    guard let line = try nextLine() else {
      throw FormatsError(.endsEarly, at: FilePosition(path: path, line: lineNumber), "the file ends where \(expected) is expected")
    }
    return line
  }

  /// Reads on until there is a whole line or the file ends.
  private func fill() throws {
    if position > 0 {
      memmove(buffer, buffer + position, filled - position)
      (lineLimit, filled, position) = (lineLimit - position, filled - position, 0)
    }
    while !isAtEnd && lineLimit == 0 {
      if filled == capacity { try grow() }
      let room = UnsafeMutableRawBufferPointer(start: buffer + filled, count: capacity - filled)
      let count = try source.read(into: room)
      if count == 0 {
        isAtEnd = true
        if filled > 0 {
          // The buffer has a byte beyond its capacity for this, and the padding that numbers need.
          buffer[filled] = 0x0a
          filled += 1
          lineLimit = filled
          lacksLastLineEnd = true
        }
      } else {
        let before = filled
        filled += count
        var end = filled
        while end > before && buffer[end - 1] != 0x0a { end -= 1 }
        if end > before { lineLimit = end }
      }
    }
  }

  private func grow() throws {
    guard capacity < Self.longestLine else {
      throw FormatsError(
        .malformed, at: FilePosition(path: path, line: lineNumber),
        "the line is longer than \(Self.longestLine >> 20) MiB; this is no text file that can be read here")
    }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + 1 + NumberParser.padding)
    larger.update(from: buffer, count: filled)
    buffer.deallocate()
    buffer = larger
    capacity *= 2
  }
}
