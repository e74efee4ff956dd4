import Structures
import Testing

@Suite struct FrameRangeTests {
  @Test(
    arguments: [
      (":", Array(0..<12)), ("::", Array(0..<12)), ("8:", [8, 9, 10, 11]), (":3", [0, 1, 2]), ("::5", [0, 5, 10]), ("1:9:3", [1, 4, 7]),
      ("7", [7]), ("5:5", []), ("100:", []),
    ])
  func selectsAsPythonDoes(_ text: String, _ expected: [Int]) throws {
    let range = try FrameRange(text)
    #expect((0..<12).filter(range.contains) == expected)
    // Reading may stop where the range is past, and never before its last frame.
    if let last = expected.last { #expect((0...last).allSatisfy { !range.isPast($0) }) }
    if let end = range.end { #expect(range.isPast(end)) }
  }

  @Test func theWholeIsTheDefault() throws {
    #expect(try FrameRange(":") == FrameRange())
    #expect(!FrameRange().isPast(.max))
  }

  @Test(arguments: ["", "a", "-1", "-5:", "1:2:0", "1:2:-1", "1:2:3:4", "1.5", "1 : 2", "99999999999999999999", "1-5"])
  func refusesWhatIsNoRange(_ text: String) throws {
    let error = try structuresError { try FrameRange(text) }
    #expect(error.code == .invalidSelection)
    #expect(error.message.contains("first:end:stride"))
  }

  @Test func theLargestNumberDoesNotOverflow() throws {
    #expect(!(try FrameRange("\(Int.max)").contains(0)))
  }
}
