import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct FrameClockTests {
  static func frames(_ times: [Double], steps: [Int] = []) throws -> [Frame] {
    try times.enumerated().map { number, time in
      var frame = Frame(
        try Configuration(
          cell: Cell(lengths: Vector3(repeating: 10)), species: species("Li"), types: [0], positions: [Vector3(repeating: 1)]))
      frame.time = time
      if !steps.isEmpty { frame.step = steps[number] }
      return frame
    }
  }

  static func clock(_ frames: [Frame], interval: Double?, stride: Int = 1) throws -> FrameClock {
    var clock = FrameClock(interval: interval, stride: stride)
    for frame in frames { try clock.add(frame, frameName: "a frame") }
    return clock
  }

  @Test func gapsAreSeenWhoeverTellsTheTime() throws {
    let gap = try Self.frames([0, 1, 2, 4, 5])
    for interval in [nil, 1, 0.5] {
      #expect(try analysisError { _ = try Self.clock(gap, interval: interval) }.code == .unevenTimes, "\(String(describing: interval))")
    }
    let steps = try Self.frames([0, 1, 2, 3], steps: [0, 10, 30, 40])
    #expect(try analysisError { _ = try Self.clock(steps, interval: 1) }.code == .unevenTimes)
  }

  @Test func anotherTimeThanThatOfTheFileIsTold() throws {
    let even = try Self.frames([0, 0.2, 0.4, 0.6])
    let other = try Self.clock(even, interval: 0.05, stride: 2)
    #expect(other.interval == 0.1 && other.warnings.count == 1 && other.warnings[0].contains("0.2 ps"))
    // The same time is no matter: 0.1 ps between frames of the file, every other one used.
    #expect(try Self.clock(even, interval: 0.1, stride: 2).warnings.isEmpty)
    let silent = try Self.clock(even, interval: nil)
    #expect(silent.interval == 0.2 && silent.warnings.isEmpty)
  }

  @Test func timesThatMeanNothingDoNotCount() throws {
    // A file whose times are all alike, or rounded to less than a tenth of a frame.
    #expect(try Self.clock(try Self.frames([0, 0, 0, 0]), interval: 0.5).interval == 0.5)
    #expect(try Self.clock(try Self.frames([0, 0.33, 0.67, 1]), interval: 1.0 / 3).interval == 1.0 / 3)
    #expect(try analysisError { _ = try Self.clock(try Self.frames([0, 0, 0]), interval: nil) }.code == .unevenTimes)
  }
}
