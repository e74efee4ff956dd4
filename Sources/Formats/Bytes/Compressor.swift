import CZlib
import CZstd

/// Compresses blocks so that each is a gzip member or a Zstandard frame of its own.
///
/// A file made of such blocks can be cut after any of them and continued.
struct Compressor {
  let compression: Compression

  /// The bytes of a block as they go into the file.
  ///
  /// Levels are the fast ones (gzip 1, Zstandard 1): digits of positions are noise that higher levels do not shrink.
  func compress(_ block: [UInt8]) throws -> [UInt8] {
    switch compression {
    case .none: return block
    case .gzip: return try gzip(block)
    case .zstandard: return try zstandard(block)
    }
  }

  private func gzip(_ block: [UInt8]) throws -> [UInt8] {
    guard block.count < 1 << 31 else { throw Self.failure("more than 2 GB in one frame") }
    var stream = z_stream()
    return try withUnsafeMutablePointer(to: &stream) { stream in
      let status = deflateInit2_(
        stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      guard status == Z_OK else { throw Self.failure("zlib does not start") }
      defer { deflateEnd(stream) }
      var result = [UInt8](repeating: 0, count: Int(deflateBound(stream, UInt(block.count))) + 64)
      let end = block.withUnsafeBufferPointer { input in
        result.withUnsafeMutableBufferPointer { output in
          // zlib reads through this pointer and does not write to it.
          stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
          stream.pointee.avail_in = UInt32(input.count)
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          return deflate(stream, Z_FINISH)
        }
      }
      guard end == Z_STREAM_END else { throw Self.failure("zlib stops with status \(end)") }
      result.removeLast(result.count - Int(stream.pointee.total_out))
      return result
    }
  }

  private func zstandard(_ block: [UInt8]) throws -> [UInt8] {
    var result = [UInt8](repeating: 0, count: ZSTD_compressBound(block.count))
    let size = block.withUnsafeBytes { input in
      result.withUnsafeMutableBytes { ZSTD_compress($0.baseAddress, $0.count, input.baseAddress, input.count, 1) }
    }
    guard ZSTD_isError(size) == 0 else { throw Self.failure(String(cString: ZSTD_getErrorName(size))) }
    result.removeLast(result.count - size)
    return result
  }

  private static func failure(_ reason: String) -> FormatsError {
    FormatsError(.inputOutput, "a frame cannot be compressed: \(reason)")
  }
}
