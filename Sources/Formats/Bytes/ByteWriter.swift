/// Text made of bytes, with numbers written fast.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []
  /// Digits after the decimal point of reals; `nil` for as many as read back to the same bits.
  var decimals: Int?

  init(decimals: Int? = nil, capacity: Int = 0) {
    self.decimals = decimals
    bytes.reserveCapacity(capacity)
  }

  mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

  mutating func byte(_ byte: UInt8) { bytes.append(byte) }

  mutating func space() { bytes.append(0x20) }

  mutating func newline() { bytes.append(0x0a) }

  mutating func integer(_ value: Int) {
    if value < 0 { bytes.append(0x2d) }
    magnitude(UInt64(value.magnitude), width: 1)
  }

  /// A real number with the writer's decimals.
  mutating func real(_ value: Double) {
    guard let decimals else { return exact(value) }
    let scale = Self.scales[decimals]
    let scaled = (abs(value) * scale).rounded()
    // Beyond 2^53 the scaled number is no whole number any more.
    guard scaled < 9e15 else { return exact(value) }
    if value < 0 && scaled > 0 { bytes.append(0x2d) }
    let whole = UInt64(scaled)
    let unit = UInt64(scale)
    magnitude(whole / unit, width: 1)
    guard decimals > 0 else { return }
    bytes.append(0x2e)
    magnitude(whole % unit, width: decimals)
  }

  /// A real number with the fewest digits that read back to the same bits.
  mutating func exact(_ value: Double) {
    let text = value.description.utf8
    // 1.0 says no more than 1.
    bytes.append(contentsOf: text.reversed().starts(with: [0x30, 0x2e]) ? text.dropLast(2) : text[...])
  }

  mutating func vector(_ vector: SIMD3<Double>) {
    real(vector.x)
    space()
    real(vector.y)
    space()
    real(vector.z)
  }

  /// A label as one word: blanks become underscores, and a label of nothing too.
  static func word(_ label: String) -> String {
    label.isEmpty ? "_" : String(label.map { $0.isWhitespace || $0 == "#" ? "_" : $0 })
  }

  private mutating func magnitude(_ value: UInt64, width: Int) {
    var rest = value
    let start = bytes.count
    repeat {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0 || bytes.count - start < width
    bytes[start...].reverse()
  }

  private static let scales: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]
}
