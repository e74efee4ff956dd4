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
  /// The latest frames, one after the other: few enough to stay in the cache until they are turned into rows.
  private var recent: [Double] = []
  /// The chunk that is not full yet, signal by signal, and how many frames it has.
  private var open: [Double] = []
  private var openFrames = 0
  /// Full chunks: signal by signal, ``framesPerChunk`` values each.
  private var chunks: [[Double]] = []
  private var scratch: ScratchFile?

  private static let recentFrames = 16

  /// - Parameter memoryLimit: About how many bytes may be held in memory.
  init(rows: Int, memoryLimit: Int = 256 << 20) {
    signals = 3 * rows
    let frame = max(1, signals * MemoryLayout<Double>.stride)
    framesPerChunk = max(1, min(256, memoryLimit / 4 / frame))
    chunksInMemory = max(0, (memoryLimit - 2 * framesPerChunk * frame) / (framesPerChunk * frame))
  }

  var memoryInBytes: Int { (recent.count + open.count + chunks.count * framesPerChunk * signals) * MemoryLayout<Double>.stride }

  /// Whether chunks had to go to a file.
  var usesScratchFile: Bool { scratch != nil }

  /// Takes the displacements of all rows at the next frame.
  ///
  /// - Throws: ``AnalysisError`` with code `.scratchFile` where the disk is full.
  mutating func append(_ displacements: [Vector3]) throws {
    precondition(3 * displacements.count == signals, "one displacement a row")
    recent.reserveCapacity(Self.recentFrames * signals)
    for displacement in displacements {
      recent.append(displacement.x)
      recent.append(displacement.y)
      recent.append(displacement.z)
    }
    frameCount += 1
    let frames = frameCount % framesPerChunk
    if frames == 0 || frames % Self.recentFrames == 0 { try turnRecent() }
  }

  /// Moves the recent frames into the open chunk, and that to the others once it is full.
  private mutating func turnRecent() throws {
    if open.isEmpty {
      open = [Double](unsafeUninitializedCapacity: framesPerChunk * signals) { open, count in
        LargePages.advise(UnsafeMutableRawBufferPointer(open))
        open.initialize(repeating: 0)
        count = open.count
      }
    }
    guard signals > 0 else { return }
    let frames = recent.count / signals
    let (pitch, begin, signals) = (framesPerChunk, openFrames, signals)
    open.withUnsafeMutableBufferPointer { open in
      recent.withUnsafeBufferPointer { recent in
        for signal in 0..<signals {
          for frame in 0..<frames { open[signal * pitch + begin + frame] = recent[frame * signals + signal] }
        }
      }
    }
    recent.removeAll(keepingCapacity: true)
    openFrames += frames
    guard openFrames == framesPerChunk else { return }
    let chunk = open
    (open, openFrames) = ([], 0)
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
    func place(_ part: UnsafePointer<Double>, at begin: Int, count: Int) {
      for signal in 0..<wanted.count { (target + signal * pitch + begin).update(from: part + signal * frames, count: count) }
    }
    func place(_ chunk: [Double], at begin: Int, count: Int) {
      chunk.withUnsafeBufferPointer { chunk in
        if let base = chunk.baseAddress { place(base + wanted.lowerBound * frames, at: begin, count: count) }
      }
    }
    for (index, chunk) in chunks.enumerated() { place(chunk, at: index * frames, count: frames) }
    var begin = chunks.count * frames
    if let scratch {
      try withUnsafeTemporaryAllocation(of: Double.self, capacity: wanted.count * frames) { part in
        while begin + frames <= frameCount {
          let index = begin / frames - chunks.count
          try scratch.read(at: (index * signals + wanted.lowerBound) * frames, into: part)
          if let base = part.baseAddress { place(base, at: begin, count: frames) }
          begin += frames
        }
      }
    }
    place(open, at: begin, count: openFrames)
    begin += openFrames
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
