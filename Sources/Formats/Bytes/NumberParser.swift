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
  ///
  /// Nearly all numbers are a sign, at most eight digits and a point. These are taken from two words at once: where the number ends,
  /// its sign and its point come from the same bytes, so that the processor goes on to the next number before this one is known.
  @inline(__always)
  static func real(_ pointer: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<Double>, _ value: inout Double) -> Bool {
    let token = Token(pointer)
    let point = ((token.low ^ points) &- ones) & ~(token.low ^ points) & tops
    let place = UInt64(truncatingIfNeeded: point.trailingZeroBitCount & 0x78)
    let count = token.length &- 1
    if point != 0 && count &- 1 < 8 {
      // The point goes: what follows it moves one byte down, and the ninth byte comes into the word.
      let before = token.low & ((1 &<< place) &- 1)
      let after = ((token.low &>> place) &>> 8 | token.next &<< (56 &- place)) &<< place
      let (digits, isNumber) = number(before | after, count: count)
      let exponent = Int(truncatingIfNeeded: count &- place &>> 3)
      if isNumber && exponent >= 0 {
        // Below 10^8, so that the one division rounds rightly.
        let magnitude = Double(Int64(truncatingIfNeeded: digits)) / powers[exponent]
        value = Double(bitPattern: magnitude.bitPattern | token.sign)
        pointer = token.end
        return true
      }
    }
    return anyReal(&pointer, powers, &value)
  }

  /// Reads a whole number; `false` where there is none or it has more than 18 digits.
  @inline(__always)
  static func integer(_ pointer: inout UnsafePointer<UInt8>, _ value: inout Int) -> Bool {
    let token = Token(pointer)
    if token.length &- 1 < 8 {
      let (digits, isNumber) = number(token.low, count: token.length)
      if isNumber {
        let magnitude = Int(truncatingIfNeeded: digits)
        value = token.sign != 0 ? 0 &- magnitude : magnitude
        pointer = token.end
        return true
      }
    }
    return anyInteger(&pointer, &value)
  }

  /// The word of up to sixteen bytes at a pointer.
  private struct Token {
    /// The bytes after the sign: the first eight, and the next ones.
    var low: UInt64
    var next: UInt64
    /// The number of bytes without the sign; 16 or so where there are more.
    var length: UInt64
    /// The bit of a double's sign.
    var sign: UInt64
    var end: UnsafePointer<UInt8>

    @inline(__always)
    init(_ pointer: UnsafePointer<UInt8>) {
      let raw = UnsafeRawPointer(pointer)
      let first = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
      let second = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      let ends = Self.blanks(first)
      let count = ends != 0 ? ends.trailingZeroBitCount &>> 3 : 8 &+ Self.blanks(second).trailingZeroBitCount &>> 3
      let isNegative: UInt64 = first & 0xff == 0x2d ? 1 : 0
      low = isNegative != 0 ? first &>> 8 | second &<< 56 : first
      next = isNegative != 0 ? second &>> 8 : second
      length = UInt64(truncatingIfNeeded: count) &- isNegative
      sign = isNegative &<< 63
      end = pointer + count
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
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The number that the first 1 to 8 bytes of a word spell, and whether all of them are digits.
  @inline(__always)
  private static func number(_ word: UInt64, count: UInt64) -> (value: UInt64, isNumber: Bool) {
    // The digits move to the end of the word, and zeros come before them.
    let shift = 64 &- 8 &* count
    let digits = (word ^ 0x3030_3030_3030_3030) &<< shift
    return (sum(digits), ((digits &+ 0x7676_7676_7676_7676) | digits) & tops == 0)
  }

  /// The number of eight digits, each a byte from 0 to 9, the first in the lowest byte.
  ///
  /// Digits are summed in pairs, fours and eights: Lemire, "Quickly parsing eight digits", https://lemire.me/blog/2018/10/03/.
  @inline(__always)
  private static func sum(_ digits: UInt64) -> UInt64 {
    let pairs = digits &* 10 &+ (digits &>> 8)
    let odd = (pairs & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
    let even = ((pairs &>> 16) & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
    return (odd &+ even) &>> 32
  }

  /// Reads a real number of any form.
  @inline(never)
  private static func anyReal(_ pointer: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<Double>, _ value: inout Double) -> Bool {
    let start = pointer
    var p = pointer
    let isNegative = p.pointee == 0x2d
    p += isNegative || p.pointee == 0x2b ? 1 : 0
    let first = p
    var mantissa: UInt64 = 0
    append(&p, &mantissa)
    var digitCount = p - first
    var exponent = 0
    if p.pointee == 0x2e {
      p += 1
      let point = p
      append(&p, &mantissa)
      exponent = point - p
      digitCount -= exponent
    }
    if digitCount == 0 { return special(&pointer, &value) }
    let letter = p.pointee | 0x20
    if letter == 0x65 || letter == 0x64 {
      guard scale(&p, &exponent) else { return false }
    }
    pointer = p
    if digitCount <= 19 {
      if mantissa < 1 << 53 && exponent >= -22 && exponent <= 22 {
        let magnitude = Double(mantissa)
        let scaled = exponent < 0 ? magnitude / powers[-exponent] : magnitude * powers[exponent]
        value = isNegative ? -scaled : scaled
        return true
      }
      if exponent >= -27 && exponent <= 27 {
        let scaled = exact(mantissa, exponent)
        value = isNegative ? -scaled : scaled
        return true
      }
    }
    return general(start, p, &value)
  }

  /// Appends all digits that follow to a number, modulo 2^64.
  @inline(__always)
  private static func append(_ p: inout UnsafePointer<UInt8>, _ number: inout UInt64) {
    var count = 0
    repeat {
      let (more, next) = digits(p)
      number = number &* unsignedPower(next) &+ more
      count = next
      p += count
    } while count == 8
  }

  /// Reads a whole number of any length.
  @inline(never)
  private static func anyInteger(_ pointer: inout UnsafePointer<UInt8>, _ value: inout Int) -> Bool {
    var p = pointer
    let isNegative = p.pointee == 0x2d
    p += isNegative || p.pointee == 0x2b ? 1 : 0
    let first = p
    var magnitude: UInt64 = 0
    append(&p, &magnitude)
    pointer = p
    let signed = Int(truncatingIfNeeded: magnitude)
    value = isNegative ? 0 &- signed : signed
    let count = p - first
    return count > 0 && count <= 18
  }

  /// The value of the digits at a pointer, at most eight, and how many there are.
  @inline(__always)
  private static func digits(_ pointer: UnsafePointer<UInt8>) -> (value: UInt64, count: Int) {
    let block = UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
    // A digit is 0 to 9 now; adding 0x76 sets the top bit of every byte that is more. Carries only go to bytes after the first of these.
    let others = ((block &+ 0x7676_7676_7676_7676) | block) & tops
    let count = others == 0 ? 8 : others.trailingZeroBitCount &>> 3
    return (count == 0 ? 0 : sum(block &<< UInt64(64 &- 8 &* count)), count)
  }

  /// 10^n for 0 <= n <= 8; a switch becomes a table without a check of bounds.
  @inline(__always)
  private static func unsignedPower(_ n: Int) -> UInt64 {
    switch n {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1000
    case 4: 10_000
    case 5: 100_000
    case 6: 1_000_000
    case 7: 10_000_000
    default: 100_000_000
    }
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

  /// Reads the exponent after its letter (Fortran's `d` as well) and adds it.
  @inline(never)
  private static func scale(_ p: inout UnsafePointer<UInt8>, _ exponent: inout Int) -> Bool {
    p += 1
    let isNegative = p.pointee == 0x2d
    if isNegative || p.pointee == 0x2b { p += 1 }
    let first = p
    var written = 0
    while true {
      let digit = p.pointee &- 0x30
      if digit > 9 { break }
      if written < 100_000 { written = written * 10 + Int(digit) }
      p += 1
    }
    exponent += isNegative ? -written : written
    return p > first
  }

  /// w · 10^e for |e| <= 27, rounded to nearest even.
  @inline(never)
  private static func exact(_ mantissa: UInt64, _ exponent: Int) -> Double {
    guard mantissa != 0 else { return 0 }
    var five: UInt64 = 1
    for _ in 0..<abs(exponent) { five &*= 5 }
    if exponent >= 0 {
      let product = mantissa.multipliedFullWidth(by: five)
      if product.high == 0 { return ldexp(Double(product.low), exponent) }
      let shift = product.high.leadingZeroBitCount
      let rest = product.low << shift
      let top = shift == 0 ? product.high : product.high << shift | product.low >> (64 - shift)
      return ldexp(Double(top | (rest != 0 ? 1 : 0)), exponent + 64 - shift)
    }
    let shift = mantissa.leadingZeroBitCount
    let dividend = mantissa << shift
    let divisorShift = five.leadingZeroBitCount
    // The quotient has 63 or 64 bits; its last one may stand for the remainder, far below the 53 that stay.
    let (quotient, remainder) = (five << divisorShift).dividingFullWidth((dividend >> 1, dividend << 63))
    return ldexp(Double(quotient | (remainder != 0 ? 1 : 0)), divisorShift - shift + exponent - 63)
  }

  private static func ldexp(_ value: Double, _ exponent: Int) -> Double {
    value * Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// Numbers with many digits or a large exponent.
  @inline(never)
  private static func general(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ value: inout Double) -> Bool {
    let buffer = UnsafeBufferPointer(start: start, count: end - start)
    let text = String(decoding: buffer.map { $0 | 0x20 == 0x64 ? 0x65 : $0 }, as: UTF8.self)
    guard let number = Double(text) else { return false }
    value = number
    return true
  }

  /// `nan` and `inf`, as C prints them.
  @inline(never)
  private static func special(_ pointer: inout UnsafePointer<UInt8>, _ value: inout Double) -> Bool {
    var p = pointer
    let isNegative = p.pointee == 0x2d
    if isNegative || p.pointee == 0x2b { p += 1 }
    var word: UInt32 = 0
    for _ in 0..<3 {
      let letter = p.pointee | 0x20
      guard letter >= 0x61 && letter <= 0x7a else { return false }
      word = word << 8 | UInt32(letter)
      p += 1
    }
    switch word {
    case 0x6e616e: value = .nan
    case 0x696e66: value = isNegative ? -.infinity : .infinity
    default: return false
    }
    pointer = p
    return true
  }
}
