/// A colour as shares of red, green and blue, 0 to 1.
struct RGB: Sendable {
  var channels: SIMD3<Double>

  static let white = RGB(0xFFFFFF)
  static let black = RGB(0)

  /// From `0xRRGGBB`.
  init(_ code: UInt32) {
    channels = SIMD3(Double(code >> 16 & 0xFF), Double(code >> 8 & 0xFF), Double(code & 0xFF)) / 255
  }

  /// The colour with a share of another, 0 to 1.
  func mixed(_ other: RGB, _ share: Double) -> RGB {
    var result = self
    result.channels = channels * (1 - share) + other.channels * share
    return result
  }

  /// `#rrggbb`.
  var hex: String {
    let code = (0..<3).reduce(0) { $0 << 8 | Int((max(0, min(1, channels[$1])) * 255).rounded()) }
    let digits = String(code, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
