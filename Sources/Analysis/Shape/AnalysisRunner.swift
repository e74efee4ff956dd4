import NumericalMethods
import Structures

/// Runs several analyses over one trajectory: each frame is read once a pass and fed to all.
public struct AnalysisRunner: Sendable {
  /// What a run gives.
  public struct Outcome: Sendable {
    /// One result a job, in their order.
    public var results: [any AnalysisResult]
    /// How many frames the source had, as far as they were read.
    public var framesRead: Int
    /// What the source warned of.
    public var warnings: [String]
  }

  public var jobs: [AnalysisJob]
  public var pool: WorkerPool
  /// The most that one analysis may hold, in bytes.
  public var memoryLimit: Int
  /// Reads files that settings name, such as labels of regions.
  public var reader: AnalysisReader?

  public init(_ jobs: [AnalysisJob], pool: WorkerPool, memoryLimit: Int = 4 << 30, reader: AnalysisReader? = nil) {
    self.jobs = jobs
    self.pool = pool
    self.memoryLimit = memoryLimit
    self.reader = reader
  }

  /// Runs all jobs.
  ///
  /// - Parameters:
  ///   - progress: Is told the pass and the number of frames read, after each frame.
  ///   - open: Opens the trajectory at its beginning; called once a pass. Most runs take one pass; automatic cutoffs
  ///     take two.
  /// - Throws: ``AnalysisError`` with code `.noFrames` where a job got none; what reading and the analyses throw.
  public func run(
    progress: ((_ pass: Int, _ frames: Int) -> Void)? = nil, open: () throws -> any FrameSource
  ) throws -> Outcome {
    var accumulators: [any AnalysisAccumulator] = jobs.map { job in
      job.parameters.makeAccumulator(in: AnalysisContext(pool: pool, frames: job.frames, memoryLimit: memoryLimit, reader: reader))
    }
    var regions = try jobs.map { try RegionSelector($0, reader: reader) }
    var waiting = Array(jobs.indices)
    var framesRead = 0
    var warnings: [String] = []
    var pass = 0
    while !waiting.isEmpty {
      let source = try open()
      var number = 0
      while waiting.contains(where: { !jobs[$0].frames.isPast(number) }), let frame = try source.next() {
        for job in waiting where jobs[job].frames.contains(number) {
          try accumulators[job].add(try regions[job]?.selected(frame, number: number) ?? frame)
        }
        number += 1
        progress?(pass, number)
      }
      if pass == 0 { warnings = source.warnings }
      framesRead = max(framesRead, number)
      for job in waiting where !(0..<number).contains(where: jobs[job].frames.contains) {
        let frames = jobs[job].frames
        if let end = frames.end, end <= frames.first {
          throw AnalysisError(
            .noFrames, "\(jobs[job].descriptor.name) got no frame: frames \(frames.first):\(end) end before they begin; write first:end")
        }
        throw AnalysisError(
          .noFrames,
          number == 0
            ? "the trajectory has no complete frame"
            : "\(jobs[job].descriptor.name) got no frame: the trajectory has \(number), counted from 0; choose others with frames")
      }
      waiting = try waiting.filter { try accumulators[$0].endPass() }
      pass += 1
    }
    let results = try accumulators.indices.map { job -> any AnalysisResult in
      let result = try accumulators[job].result()
      return regions[job]?.described(result) ?? result
    }
    return Outcome(results: results, framesRead: framesRead, warnings: warnings)
  }

  /// Runs all jobs over frames in memory.
  public func run(_ frames: [Frame]) throws -> Outcome {
    try run { FrameArraySource(frames) }
  }
}

/// Frames in memory as a source.
public final class FrameArraySource: FrameSource {
  private var frames: ArraySlice<Frame>
  public let warnings: [String] = []

  public init(_ frames: [Frame]) { self.frames = frames[...] }

  public func next() -> Frame? { frames.popFirst() }
}

extension AnalysisParameters {
  /// Runs this analysis over frames in memory.
  ///
  /// - Throws: ``AnalysisError``; with code `.noFrames` where there are none.
  public func analyze(_ frames: [Frame], pool: WorkerPool = WorkerPool(threads: 1)) throws -> Accumulator.Result {
    var accumulator = makeAccumulator(in: AnalysisContext(pool: pool))
    repeat {
      for frame in frames { try accumulator.add(frame) }
    } while try accumulator.endPass()
    return try accumulator.result()
  }
}
