import Testing

@testable import Formats

/// The parser against the standard library, which rounds exactly.
struct NumberParserTests {
  @Test func realsAreExactlyRounded() {
    var generator = Seeded(state: 1)
    for _ in 0..<200_000 {
      let digits = Int.random(in: 1...24, using: &generator)
      var text = ["", "-", "+"].randomElement(using: &generator) ?? ""
      let point = Int.random(in: -1...digits, using: &generator)
      for index in 0..<digits {
        if index == point { text += "." }
        text += String(Int.random(in: 0...9, using: &generator))
      }
      if Bool.random(using: &generator) { text += "e\(Int.random(in: -40...40, using: &generator))" }
      // Bit for bit: there is one right answer.
      #expect(NumberParser.real(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  @Test func shortestTextReadsBackToTheSameBits() {
    var generator = Seeded(state: 2)
    for _ in 0..<100_000 {
      let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
      guard value.isFinite else { continue }
      #expect(NumberParser.real(value.description)?.bitPattern == value.bitPattern)
      let near = Double.random(in: -100...100, using: &generator)
      #expect(NumberParser.real(near.description) == near)
    }
  }

  @Test(arguments: [
    "", "-", ".", "-.", "e5", "1e", "1e+", "1.2.3", "--1", "1a", "0x10", "1,5", "nano", "in", "infinite", "1.e5x", "12345678.x", "..1",
  ])
  func whatIsNoNumberIsRefused(_ text: String) {
    #expect(NumberParser.real(text) == nil)
  }

  @Test func formsOfNumbers() {
    #expect(NumberParser.real("1.") == 1)
    #expect(NumberParser.real(".5") == 0.5)
    #expect(NumberParser.real("-0.0")?.sign == .minus)
    #expect(NumberParser.real("1D-3") == 1e-3)
    #expect(NumberParser.real("-inf") == -.infinity)
    #expect(NumberParser.real("nan")?.isNaN == true)
    #expect(NumberParser.real("1e400") == .infinity)
    #expect(NumberParser.real("1e-99999999999999999999") == 0)
    #expect(NumberParser.real("123456789012345678901234567890") == 1.2345678901234568e29)
  }

  @Test func integers() {
    #expect(NumberParser.integer("0") == 0)
    #expect(NumberParser.integer("-12345678") == -12_345_678)
    #expect(NumberParser.integer("123456789012345678") == 123_456_789_012_345_678)
    for text in ["", "-", "1.0", "1e3", "9999999999999999999999", "12a", "1234567a"] { #expect(NumberParser.integer(text) == nil) }
  }

  @Test func writtenDecimalsAreThoseOfTheNumber() {
    var out = ByteWriter(decimals: 6)
    for value in [0, -0.0000001, 12.3456785, -3.25, 1e12, 1e300] {
      out.real(value)
      out.space()
    }
    #expect(
      String(decoding: out.bytes, as: UTF8.self)
        == "0.000000 0.000000 12.345679 -3.250000 1000000000000.000000 1e+300 ".replacing("1000000000000.000000", with: "1000000000000"))
  }
}

/// A generator whose numbers are the same every time (SplitMix64, Steele, Lea, Flood 2014).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
