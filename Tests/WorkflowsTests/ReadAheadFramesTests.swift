import NumericalMethods
import Structures
import Testing

@testable import Workflows

@Suite("Frames read ahead")
struct ReadAheadFramesTests {
  /// Gives a number of frames, then ends or fails for good.
  private final class Source: FrameSource {
    struct Failure: Error, Equatable {}
    var left: Int
    let fails: Bool
    private(set) var calls = 0
    var warnings: [String] { ["\(calls) calls"] }

    init(frames: Int, fails: Bool) { (left, self.fails) = (frames, fails) }

    func next() throws -> Frame? {
      calls += 1
      guard left > 0 else {
        if fails { throw Failure() }
        return nil
      }
      left -= 1
      let cell = try Cell(lengths: Vector3(repeating: 5))
      var frame = Frame(try Configuration(cell: cell, species: [], types: [], positions: []))
      frame.step = left
      return frame
    }
  }

  @Test("come in the order of the source, to its end", arguments: [0, 1, 2, 3, 4, 50])
  func order(_ count: Int) throws {
    let source = Source(frames: count, fails: false)
    let frames = source.readAhead(threads: 2)
    #expect(try frames.allFrames().map(\.step) == (0..<count).reversed().map { $0 })
    #expect(try frames.next() == nil && frames.next() == nil)
    // The end is asked for once, however often it is told.
    #expect(frames.warnings == ["\(count + 1) calls"])
  }

  @Test("bring an error where the source threw it, and nothing behind it", arguments: [0, 2, 9])
  func failure(_ count: Int) throws {
    let frames = Source(frames: count, fails: true).readAhead(threads: 2)
    for _ in 0..<count { #expect(try frames.next() != nil) }
    #expect(throws: Source.Failure()) { try frames.next() }
    #expect(try frames.next() == nil)
  }

  @Test("one thread reads when asked")
  func oneThread() {
    let source = Source(frames: 1, fails: false)
    #expect(source.readAhead(threads: 1) === source)
  }
}
