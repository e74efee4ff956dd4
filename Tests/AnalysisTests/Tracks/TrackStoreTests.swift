import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct TrackStoreTests {
  /// In memory, in part and as a whole in a scratch file; with chunks that end on a frame and those that do not.
  @Test(arguments: [256 << 20, 60_000, 4_000], [1, 7, 64, 101]) func givesBackWhatItTook(memory: Int, frames: Int) throws {
    var random = RandomStream(seed: 51)
    let rows = 23
    let tracks = (0..<frames).map { _ in (0..<rows).map { _ in Vector3(random.normal(), random.normal(), random.normal()) } }
    var store = TrackStore(rows: rows, memoryLimit: memory)
    for displacements in tracks { try store.append(displacements) }
    #expect(store.frameCount == frames)
    for rows in [0..<rows, 5..<6, 3..<17] {
      var signals = [Double](repeating: .nan, count: 3 * rows.count * (frames + 3))
      try signals.withUnsafeMutableBufferPointer { try store.read(rows: rows, into: try #require($0.baseAddress), pitch: frames + 3) }
      for (place, row) in rows.enumerated() {
        for axis in 0..<3 {
          let signal = signals[(3 * place + axis) * (frames + 3)..<(3 * place + axis) * (frames + 3) + frames]
          #expect(Array(signal) == tracks.map { $0[row][axis] })
        }
      }
    }
  }

  @Test func staysInItsBounds() throws {
    let limit = 100_000
    var store = TrackStore(rows: 50, memoryLimit: limit)
    for _ in 0..<2000 {
      try store.append([Vector3](repeating: .zero, count: 50))
      // 2000 frames of 1200 bytes are 24 times the limit.
      #expect(store.memoryInBytes <= limit)
    }
    #expect(store.usesScratchFile)
  }

  @Test func displacementsDoNotDependOnWhereTracksLie() throws {
    var random = RandomStream(seed: 52)
    let tracks = randomWalks(atoms: 30, frames: 90, width: 0.4, random: &random)
    let trajectory = try frames(tracks, cell: { _ in try tiltedCell() }, species: try species("Li"))
    func curve(memory: Int) throws -> [Double] {
      var accumulator = MeanSquaredDisplacement().makeAccumulator(
        in: AnalysisContext(pool: WorkerPool(threads: 2), memoryLimit: memory))
      for frame in trajectory { try accumulator.add(frame) }
      return try accumulator.result().all.values
    }
    #expect(try curve(memory: 10_000) == curve(memory: 1 << 30))
  }
}
