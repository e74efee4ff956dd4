import Testing

@testable import Workflows

@Suite("Numbers as text")
struct NumberTextTests {
  @Test("significant digits")
  func significant() {
    #expect(NumberText.significant(1234.5678, 6) == "1234.57")
    #expect(NumberText.significant(-0.00001234, 3) == "-1.23e-05")
    #expect(NumberText.significant(.nan, 3).lowercased().contains("nan"))
  }

  @Test("exact numbers read back to the same bits")
  func exact() {
    for value in [0.1, 1.0, 3000, 0.0007000000000000001, 1e300, .leastNonzeroMagnitude, -0.0] {
      #expect(Double(NumberText.exact(value))?.bitPattern == value.bitPattern)
    }
    #expect(NumberText.exact(300) == "300")
  }

  @Test("thousands are set apart")
  func grouped() {
    #expect([0, 999, 1000, -1_234_567].map(NumberText.grouped) == ["0", "999", "1 000", "-1 234 567"])
  }

  @Test("durations and sizes, at the edges of their units")
  func durations() {
    #expect(
      [0.04, 9.96, 59.4, 59.6, 187, 3569, 3571, 7500, 172_801, .nan].map(NumberText.duration)
        == ["0.04 s", "10 s", "59 s", "1:00 min", "3:07 min", "59:29 min", "1:00 h", "2:05 h", "2.0 days", "unknown"])
    #expect([1, 999, 1000, 3_440_000, 2e15].map(NumberText.bytes) == ["1 B", "999 B", "1 kB", "3.44 MB", "2e+03 TB"])
  }
}
