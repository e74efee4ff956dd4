import Formats
import NumericalMethods
import Structures
import Testing

@testable import Workflows

@Suite struct BackgroundFrameWriterTests {
  /// Takes its time, notes what comes, and fails at one frame.
  final class SlowWriter: FrameWriter {
    private(set) var steps: [Int?] = []
    var failsAt: Int?
    var byteOffset: Int { 10 * steps.count }
    var frameCount: Int { steps.count }

    func append(_ frame: Frame) throws {
      if frame.step == failsAt { throw WorkflowsError(.file, "the disk is full") }
      for _ in 0..<1000 { steps.reserveCapacity(steps.count + 1) }
      steps.append(frame.step)
    }

    func flush() {}
  }

  static func frame(_ step: Int) throws -> Frame {
    var frame = Frame(try Configuration(cell: Cell(lengths: Vector3(repeating: 5)), species: [], types: [], positions: []))
    frame.step = step
    return frame
  }

  @Test func framesComeInTheirOrder() throws {
    let slow = SlowWriter()
    let writer = BackgroundFrameWriter(slow)
    for step in 0..<50 { try writer.append(Self.frame(step)) }
    try writer.flush()
    #expect(slow.steps == Array(0..<50))
    #expect(writer.byteOffset == 500 && writer.frameCount == 50)
  }

  @Test func failuresComeOutAndNothingFollowsThem() throws {
    let slow = SlowWriter()
    slow.failsAt = 3
    let writer = BackgroundFrameWriter(slow)
    #expect(throws: WorkflowsError.self) {
      for step in 0..<50 { try writer.append(Self.frame(step)) }
      try writer.flush()
    }
    #expect(throws: WorkflowsError.self) { try writer.flush() }
    #expect(writer.frameCount == 3 && slow.steps == [0, 1, 2])
  }
}
