/// Numbers read from bytes, exactly rounded.
///
/// Every function expects that some byte which is no part of a number follows the text (a line's end does) and that ``padding``
/// more bytes can be read, so that no digit needs a bounds check.
///
/// A decimal number w · 10^e with at most 19 digits and |e| <= 27 needs no arbitrary precision: 5^27 < 2^63, so that one
/// exact 128-bit product or quotient and the bit that says whether a rest is left round it rightly. Where w < 2^53 and
/// |e| <= 22 one operation on doubles does (Clinger, PLDI 1990, doi:10.1145/93542.93557). The rest goes to the standard
/// library.
enum NumberParser {
  /// The bytes that must be readable after the text, whatever they hold.
  static let padding = 16

  /// Reads a real number; `false`, with the pointer anywhere, where there is none.
  @inline(__always)
  static func real(_ pointer: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<Double>, _ value: inout Double) -> Bool {
    let (number, length) = shortReal(pointer, powers)
    guard length > 0 else { return anyReal(&pointer, powers, &value) }
    value = number
    pointer += length
    return true
  }

  /// Reads a whole number; `false` where there is none or it has more than 18 digits.
  @inline(__always)
  static func integer(_ pointer: inout UnsafePointer<UInt8>, _ value: inout Int) -> Bool {
    let (number, length) = shortInteger(pointer)
    guard length > 0 else { return anyInteger(&pointer, &value) }
    value = number
    pointer += length
    return true
  }

  /// A real number of at most eight digits (a sign counts as one) with a point, as nearly all are, and its length; length 0 for others.
  ///
  /// Where the number ends, its sign and its point come from the same sixteen bytes, without a loop and without a branch that depends
  /// on the text, so that the processor goes on to the next number before this one is known.
  @inline(__always)
  static func shortReal(_ pointer: UnsafePointer<UInt8>, _ powers: UnsafePointer<Double>) -> (value: Double, length: Int) {
    let token = Token(pointer)
    let point = ((token.low ^ points) &- ones) & ~(token.low ^ points) & tops
    let place = UInt64(truncatingIfNeeded: point.trailingZeroBitCount & 0x78)
    let count = token.length &- 1
    // The point goes: what follows it moves one byte down.
    let before = (1 &<< place) &- 1
    let text = token.low & before | (token.low &>> 8 | token.next &<< 56) & ~before
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let digits = (text ^ zeros) &<< shift
    let exponent = count &- Int(truncatingIfNeeded: place &>> 3)
    let isShort = point != 0 && UInt(bitPattern: count &- 1) < 8 && exponent >= 0
    guard isShort && ((digits &+ limits) | digits) & tops == 0 && count > Int(truncatingIfNeeded: token.sign &>> 63) else { return (0, 0) }
    // Below 10^8, so that the one division rounds rightly.
    let magnitude = Double(Int64(truncatingIfNeeded: sum(digits))) / powers[exponent]
    return (Double(bitPattern: magnitude.bitPattern | token.sign), token.length)
  }

  /// A whole number of at most eight digits (a sign counts as one) and its length; length 0 for others.
  @inline(__always)
  static func shortInteger(_ pointer: UnsafePointer<UInt8>) -> (value: Int, length: Int) {
    let token = Token(pointer)
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* token.length)
    let digits = (token.low ^ zeros) &<< shift
    guard UInt(bitPattern: token.length &- 1) < 8, ((digits &+ limits) | digits) & tops == 0,
      token.length > Int(truncatingIfNeeded: token.sign &>> 63)
    else { return (0, 0) }
    let magnitude = Int(truncatingIfNeeded: sum(digits))
    return (token.sign != 0 ? 0 &- magnitude : magnitude, token.length)
  }

  /// The word of up to sixteen bytes at a pointer.
  private struct Token {
    /// The first eight bytes, with a zero in place of a minus sign, and the next ones.
    var low: UInt64
    var next: UInt64
    /// The number of bytes; 16 where there are more.
    var length: Int
    /// The bit of a double's sign.
    var sign: UInt64

    @inline(__always)
    init(_ pointer: UnsafePointer<UInt8>) {
      let raw = UnsafeRawPointer(pointer)
      let first = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
      next = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      let ends = Self.blanks(first)
      let later = 8 &+ Self.blanks(next).trailingZeroBitCount &>> 3
      length = ends != 0 ? ends.trailingZeroBitCount &>> 3 : later
      let isNegative = first & 0xff == 0x2d
      low = first ^ (isNegative ? 0x2d ^ 0x30 : 0)
      sign = isNegative ? 1 &<< 63 : 0
    }

    /// The top bit of every byte that is a blank, a line's end or another control character.
    @inline(__always)
    private static func blanks(_ word: UInt64) -> UInt64 {
      // Of seven bits, those from 0x21 reach the eighth when 0x5f is added; bytes beyond ASCII have it already.
      ~(((word & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x5f5f_5f5f_5f5f_5f5f) | word) & tops
    }
  }

  private static let points: UInt64 = 0x2e2e_2e2e_2e2e_2e2e
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  static let tops: UInt64 = 0x8080_8080_8080_8080
  static let zeros: UInt64 = 0x3030_3030_3030_3030
  /// Sets the top bit of a byte that is more than 9. Carries only go to bytes after the first of these.
  static let limits: UInt64 = 0x7676_7676_7676_7676

  /// The number of eight digits, each a byte from 0 to 9, the first in the lowest byte.
  ///
  /// Digits are summed in pairs, fours and eights: Lemire, "Quickly parsing eight digits", https://lemire.me/blog/2018/10/03/.
  @inline(__always)
  static func sum(_ digits: UInt64) -> UInt64 {
    let pairs = digits &* 10 &+ (digits &>> 8)
    let odd = (pairs & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
    let even = ((pairs &>> 16) & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
    return (odd &+ even) &>> 32
  }

  /// 10^0 … 10^22, the powers that a double holds exactly.
  static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
  ]

  /// A whole text as a real number, `nil` where it is none; infinities and NaN are numbers here.
  static func real(_ text: some StringProtocol) -> Double? {
    var value = 0.0
    return parse(text) { pointer in
      powersOfTen.withUnsafeBufferPointer { powers in
        powers.baseAddress.map { real(&pointer, $0, &value) } ?? false
      }
    } ? value : nil
  }

  /// A whole text as a whole number, `nil` where it is none.
  static func integer(_ text: some StringProtocol) -> Int? {
    var value = 0
    return parse(text) { integer(&$0, &value) } ? value : nil
  }

  private static func parse(_ text: some StringProtocol, _ body: (inout UnsafePointer<UInt8>) -> Bool) -> Bool {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0x0a, count: 1 + padding)
    return bytes.withUnsafeBufferPointer { buffer in
      guard var pointer = buffer.baseAddress else { return false }
      let end = pointer + bytes.count - 1 - padding
      return body(&pointer) && pointer == end
    }
  }
}
