/// The outside of a checkpoint: magic, version and length before the payload, a checksum after it.
enum CheckpointEnvelope {
  /// `VITROCHK` as bytes.
  private static let magic: [UInt8] = Array("VITROCHK".utf8)
  /// Grows by one when the payload changes.
  static let version: UInt64 = 3

  static func seal(_ payload: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.reserve(payload.count)
    writer.write(version)
    writer.write(payload.count)
    var result = magic + writer.bytes
    result.reserveCapacity(result.count + payload.count + 8)
    result += payload
    var tail = ByteWriter()
    tail.write(checksum(result[...]))
    return result + tail.bytes
  }

  /// - Returns: The payload.
  /// - Throws: ``SimulationError`` with code `.corruptCheckpoint`.
  static func open(_ bytes: [UInt8]) throws -> ArraySlice<UInt8> {
    guard bytes.count >= 32 else { throw ByteReader.corrupt("it has only \(bytes.count) bytes") }
    guard Array(bytes[..<8]) == magic else { throw ByteReader.corrupt("it does not begin as a checkpoint does") }
    var reader = ByteReader(bytes[8..<24])
    let found = try reader.readWord()
    guard found == version else {
      throw ByteReader.corrupt("it has version \(found) of the format, and this program reads version \(version)")
    }
    let count = try reader.readInt()
    guard count >= 0, count == bytes.count - 32 else {
      throw ByteReader.corrupt("it says that it holds \(count) bytes, but has \(bytes.count - 32): it was cut off or mixed up")
    }
    var tail = ByteReader(bytes[(bytes.count - 8)...])
    guard try tail.readWord() == checksum(bytes[..<(bytes.count - 8)]) else {
      throw ByteReader.corrupt("its checksum is wrong: bytes have changed since it was written")
    }
    return bytes[24..<(bytes.count - 8)]
  }

  /// The hash FNV-1a with 64 bits. Source: Fowler, Noll, Vo, RFC 9923.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.withUnsafeBufferPointer { buffer in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in buffer { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      return hash
    }
  }
}
