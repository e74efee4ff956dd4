import CZstd

/// Decompresses Zstandard, concatenated frames included.
final class ZstandardSource: ByteSource {
  private let source: any ByteSource
  private let path: String
  private let stream: OpaquePointer
  private let storage: UnsafeMutableRawBufferPointer
  private var input: ZSTD_inBuffer
  private var isWithinFrame = true
  private var isFinished = false
  private var mayHoldOutput = false
  private(set) var warnings: [String] = []

  init(_ source: any ByteSource, path: String) throws {
    guard let stream = ZSTD_createDStream() else {
      throw FormatsError(.inputOutput, "\(path): there is no memory to decompress it")
    }
    self.source = source
    self.path = path
    self.stream = stream
    storage = .allocate(byteCount: 1 << 17, alignment: 16)
    input = ZSTD_inBuffer(src: storage.baseAddress, size: 0, pos: 0)
  }

  deinit {
    ZSTD_freeDStream(stream)
    storage.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !isFinished, buffer.count > 0 else { return 0 }
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while output.pos == 0 {
      // A decoder that filled its output may hold more back, even when all input has been taken.
      if input.pos == input.size && !mayHoldOutput, try !refill() { break }
      let before = input.pos
      let status = ZSTD_decompressStream(stream, &output, &input)
      guard ZSTD_isError(status) == 0 else {
        let reason = String(cString: ZSTD_getErrorName(status))
        throw FormatsError(.malformed, "\(path): the Zstandard data are damaged (\(reason)); copy or make the file again")
      }
      if input.pos > before || output.pos > 0 { isWithinFrame = status != 0 }
      mayHoldOutput = output.pos == output.size
    }
    return output.pos
  }

  private func refill() throws -> Bool {
    input = ZSTD_inBuffer(src: storage.baseAddress, size: try source.read(into: storage), pos: 0)
    guard input.size == 0 else { return true }
    isFinished = true
    if isWithinFrame { warnings.append("\(path): the Zstandard data end early; what comes before the cut is used") }
    return false
  }
}
