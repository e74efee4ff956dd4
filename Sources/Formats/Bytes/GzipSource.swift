import CZlib

/// Decompresses gzip, concatenated members included.
final class GzipSource: ByteSource {
  private let source: any ByteSource
  private let path: String
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private var isWithinMember = true
  private var isFinished = false
  private var mayHoldOutput = false
  private(set) var warnings: [String] = []

  init(_ source: any ByteSource, path: String) throws {
    self.source = source
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: 1 << 17, alignment: 16)
    // 15 bits of window and 16 for the gzip header.
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FormatsError(.inputOutput, "\(path): zlib does not start; its version may differ from the one built against")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !isFinished, buffer.count > 0 else { return 0 }
    let room = min(buffer.count, 1 << 30)
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    while Int(stream.pointee.avail_out) == room {
      // A decoder that filled its output may hold more back, even when all input has been taken.
      if stream.pointee.avail_in == 0 && !mayHoldOutput, try !refill() { break }
      mayHoldOutput = false
      if !isWithinMember {
        if stream.pointee.avail_in == 0 { continue }
        if !startMember() { break }
      }
      let status = inflate(stream, Z_NO_FLUSH)
      switch status {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isWithinMember = false
      default:
        let detail = stream.pointee.msg.map { " (\(String(cString: $0)))" } ?? ""
        throw FormatsError(.malformed, "\(path): the gzip data are damaged\(detail); copy or make the file again")
      }
    }
    mayHoldOutput = isWithinMember && stream.pointee.avail_out == 0
    return room - Int(stream.pointee.avail_out)
  }

  private func refill() throws -> Bool {
    let count = try source.read(into: input)
    guard count > 0 else {
      isFinished = true
      if isWithinMember { warnings.append("\(path): the gzip data end early; what comes before the cut is used") }
      return false
    }
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
    return true
  }

  /// Prepares for the member that follows the last one, if one does.
  private func startMember() -> Bool {
    // A tape or a file system may pad with zeros; anything else but a member is no gzip.
    guard let first = stream.pointee.next_in?.pointee, first == 0x1f else {
      if stream.pointee.next_in?.pointee != 0 {
        warnings.append("\(path): bytes that are no gzip follow the compressed data and are left out")
      }
      isFinished = true
      return false
    }
    inflateReset(stream)
    isWithinMember = true
    return true
  }
}
