/// What a run needs to go on to the same bits.
///
/// The module that owns a state hands it over as opaque bytes; this file adds where the run stands and how long each
/// growing file was, so that what was written afterwards is cut off and written again.
///
/// Layout: the magic `VITRCKPT`, the format's version (`UInt32`), the length of the content (`UInt64`), the content's
/// SHA-256 (32 bytes), the content. Integers are little-endian.
public struct RunCheckpoint: Hashable, Sendable {
  /// The index of the stage at work, from 0; the number of stages where all are done.
  public var stage: Int
  /// The steps of that stage that are done.
  public var stageStep: Int
  /// The steps of the run that are done.
  public var step: Int
  /// The length of each growing file in bytes, by its name in the run folder.
  public var fileLengths: [String: UInt64]
  /// States of other modules by name.
  public var states: [String: [UInt8]]

  public init(stage: Int, stageStep: Int, step: Int, fileLengths: [String: UInt64] = [:], states: [String: [UInt8]] = [:]) {
    self.stage = stage
    self.stageStep = stageStep
    self.step = step
    self.fileLengths = fileLengths
    self.states = states
  }

  /// Raised when the layout changes; older files are refused, never misread.
  static let formatVersion: UInt32 = 1
  private static let magic = Array("VITRCKPT".utf8)
  private static let headerLength = 8 + 4 + 8 + 32

  /// The bytes of the file.
  public func encoded() -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(states.values.reduce(1024) { $0 + $1.count })
    for value in [stage, stageStep, step, fileLengths.count] { content.appendInteger(UInt64(value)) }
    for (name, length) in fileLengths.sorted(by: { $0.key < $1.key }) {
      content.appendBytes(Array(name.utf8))
      content.appendInteger(length)
    }
    content.appendInteger(UInt64(states.count))
    for (name, bytes) in states.sorted(by: { $0.key < $1.key }) {
      content.appendBytes(Array(name.utf8))
      content.appendBytes(bytes)
    }
    var result = Self.magic
    result.reserveCapacity(Self.headerLength + content.count)
    result.appendInteger(Self.formatVersion)
    result.appendInteger(UInt64(content.count))
    result += SHA256.digest(content)
    result += content
    return result
  }

  /// Reads the bytes of a file.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidCheckpoint` where they are cut short, changed, or of another version.
  public init(decoding bytes: [UInt8], file: String) throws {
    func failure(_ what: String) -> WorkflowsError {
      WorkflowsError(
        .invalidCheckpoint,
        "\(file) \(what); the run cannot go on from it: remove the file to begin the stages anew in the same folder with --resume")
    }
    guard bytes.count >= Self.headerLength, Array(bytes[..<8]) == Self.magic else { throw failure("is no checkpoint of this program") }
    var header = ByteReader(bytes: bytes[8..<Self.headerLength])
    guard let version: UInt32 = header.integer(), let length: UInt64 = header.integer() else { throw failure("is cut short") }
    guard version == Self.formatVersion else {
      throw failure("was written by another version of the program (format \(version), this one reads \(Self.formatVersion))")
    }
    let content = bytes[Self.headerLength...]
    guard UInt64(content.count) == length else { throw failure("has \(content.count) bytes of content where \(length) are expected") }
    guard SHA256.digest(Array(content)) == Array(bytes[20..<52]) else { throw failure("is damaged (its checksum does not match)") }
    var reader = ByteReader(bytes: content)
    guard let stage = reader.count(), let stageStep = reader.count(), let step = reader.count(), let files = reader.count() else {
      throw failure("is cut short")
    }
    self.init(stage: stage, stageStep: stageStep, step: step)
    for _ in 0..<files {
      guard let name = reader.block(), let length: UInt64 = reader.integer() else { throw failure("is cut short") }
      fileLengths[String(decoding: name, as: UTF8.self)] = length
    }
    guard let states = reader.count() else { throw failure("is cut short") }
    for _ in 0..<states {
      guard let name = reader.block(), let state = reader.block() else { throw failure("is cut short") }
      self.states[String(decoding: name, as: UTF8.self)] = Array(state)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func appendInteger(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func appendBytes(_ bytes: [UInt8]) {
    appendInteger(UInt64(bytes.count))
    append(contentsOf: bytes)
  }
}

/// Takes values from bytes, `nil` where there are not enough left.
private struct ByteReader {
  var bytes: ArraySlice<UInt8>

  mutating func integer<Integer: FixedWidthInteger>() -> Integer? {
    let size = MemoryLayout<Integer>.size
    guard bytes.count >= size else { return nil }
    let value = bytes.prefix(size).withUnsafeBytes { $0.loadUnaligned(as: Integer.self) }
    bytes = bytes.dropFirst(size)
    return Integer(littleEndian: value)
  }

  /// A whole number that can count something.
  mutating func count() -> Int? {
    guard let value: UInt64 = integer() else { return nil }
    return Int(exactly: value)
  }

  mutating func block() -> ArraySlice<UInt8>? {
    guard let length = count(), length <= bytes.count else { return nil }
    defer { bytes = bytes.dropFirst(length) }
    return bytes.prefix(length)
  }
}
