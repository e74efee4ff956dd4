import NumericalMethods

/// The displacements of many atoms over many frames, in bounded memory.
///
/// Chunks of frames are kept with the values of each row side by side, since analyses of motion read a few atoms over all
/// frames. Beyond a limit, chunks go to a scratch file; what is read is the same to the last bit.
struct TrackStore: Sendable {
  /// Values a frame: three for each row.
  let signals: Int
  private(set) var frameCount = 0

  private let framesPerChunk: Int
  private let chunksInMemory: Int
  /// Frames that do not fill a chunk yet, one after the other.
  private var recent: [Double] = []
  /// Full chunks: signal by signal, ``framesPerChunk`` values each.
  private var chunks: [[Double]] = []
  private var scratch: ScratchFile?

  /// - Parameter memoryLimit: About how many bytes may be held in memory.
  init(rows: Int, memoryLimit: Int = 256 << 20) {
    signals = 3 * rows
    let frame = max(1, signals * MemoryLayout<Double>.stride)
    framesPerChunk = max(1, min(256, memoryLimit / 4 / frame))
    chunksInMemory = max(0, (memoryLimit - 2 * framesPerChunk * frame) / (framesPerChunk * frame))
  }

  var memoryInBytes: Int { (recent.count + chunks.count * framesPerChunk * signals) * MemoryLayout<Double>.stride }

  /// Whether chunks had to go to a file.
  var usesScratchFile: Bool { scratch != nil }

  /// Takes the displacements of all rows at the next frame.
  ///
  /// - Throws: ``AnalysisError`` with code `.scratchFile` where the disk is full.
  mutating func append(_ displacements: [Vector3]) throws {
    precondition(3 * displacements.count == signals, "one displacement a row")
    recent.reserveCapacity(framesPerChunk * signals)
    for displacement in displacements {
      recent.append(displacement.x)
      recent.append(displacement.y)
      recent.append(displacement.z)
    }
    frameCount += 1
    if recent.count == framesPerChunk * signals { try closeChunk() }
  }

  private mutating func closeChunk() throws {
    let frames = framesPerChunk
    let chunk = [Double](unsafeUninitializedCapacity: frames * signals) { chunk, count in
      recent.withUnsafeBufferPointer { recent in
        // Tiles of eight by eight read and write whole lines of memory.
        for begin in stride(from: 0, to: signals, by: 8) {
          for frame in 0..<frames {
            for signal in begin..<min(begin + 8, signals) { chunk[signal * frames + frame] = recent[frame * signals + signal] }
          }
        }
      }
      count = frames * signals
    }
    recent.removeAll(keepingCapacity: true)
    if chunks.count < chunksInMemory {
      chunks.append(chunk)
    } else {
      let file = try scratch ?? ScratchFile()
      scratch = file
      try file.append(chunk)
    }
  }

  /// Reads some rows over all frames.
  ///
  /// - Parameters:
  ///   - rows: A part of the rows.
  ///   - target: Gets x, y and z of each row one after the other: value `frame` of axis `a` of row `r` at
  ///     `(3 (r - rows.lowerBound) + a) pitch + frame`.
  ///   - pitch: The distance between signals, at least ``frameCount``.
  /// - Throws: ``AnalysisError`` with code `.scratchFile`.
  func read(rows: Range<Int>, into target: UnsafeMutablePointer<Double>, pitch: Int) throws {
    let wanted = 3 * rows.lowerBound..<3 * rows.upperBound
    let frames = framesPerChunk
    func place(_ part: UnsafePointer<Double>, at begin: Int) {
      for signal in 0..<wanted.count { (target + signal * pitch + begin).update(from: part + signal * frames, count: frames) }
    }
    for (index, chunk) in chunks.enumerated() {
      chunk.withUnsafeBufferPointer { chunk in
        if let base = chunk.baseAddress { place(base + wanted.lowerBound * frames, at: index * frames) }
      }
    }
    var begin = chunks.count * frames
    if let scratch {
      try withUnsafeTemporaryAllocation(of: Double.self, capacity: wanted.count * frames) { part in
        while begin + frames <= frameCount - recent.count / max(1, signals) {
          let index = begin / frames - chunks.count
          try scratch.read(at: (index * signals + wanted.lowerBound) * frames, into: part)
          if let base = part.baseAddress { place(base, at: begin) }
          begin += frames
        }
      }
    }
    recent.withUnsafeBufferPointer { recent in
      for frame in begin..<frameCount {
        for (place, signal) in wanted.enumerated() { target[place * pitch + frame] = recent[(frame - begin) * signals + signal] }
      }
    }
  }

  /// Runs a closure over parts of the rows, each with x, y and z of its rows over all frames.
  ///
  /// - Parameters:
  ///   - rows: A part of the rows.
  ///   - batch: How many rows at a time.
  ///   - pitch: The distance between signals, at least ``frameCount``; what is beyond the frames is undefined.
  ///   - body: Gets the rows and their signals, which it may change.
  func forEachBatch(
    of rows: Range<Int>, batch: Int = 8, pitch: Int? = nil, _ body: (Range<Int>, UnsafeMutablePointer<Double>) throws -> Void
  ) throws {
    let pitch = pitch ?? frameCount
    var signals = [Double](repeating: 0, count: 3 * min(batch, rows.count) * pitch)
    try signals.withUnsafeMutableBufferPointer { signals in
      guard let base = signals.baseAddress else { return }
      for begin in stride(from: rows.lowerBound, to: rows.upperBound, by: batch) {
        let part = begin..<min(begin + batch, rows.upperBound)
        try read(rows: part, into: base, pitch: pitch)
        try body(part, base)
      }
    }
  }
}
