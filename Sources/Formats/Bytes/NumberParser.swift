/// Numbers read from bytes, exactly rounded.
///
/// Every function expects that some byte which is no part of a number follows the text (a line's end does), so that no
/// digit needs a bounds check.
///
/// A decimal number w · 10^e with at most 19 digits and |e| <= 27 needs no arbitrary precision: 5^27 < 2^63, so that one
/// exact 128-bit product or quotient and the bit that says whether a rest is left round it rightly. Where w < 2^53 and
/// |e| <= 22 one operation on doubles does (Clinger, PLDI 1990, doi:10.1145/93542.93557). The rest goes to the standard
/// library.
enum NumberParser {
  /// Reads a real number; `false`, with the pointer anywhere, where there is none.
  @inline(__always)
  static func real(_ pointer: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<Double>, _ value: inout Double) -> Bool {
    let start = pointer
    var p = pointer
    let isNegative = p.pointee == 0x2d
    if isNegative || p.pointee == 0x2b { p += 1 }
    var mantissa: UInt64 = 0
    let first = p
    while true {
      let digit = p.pointee &- 0x30
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      p += 1
    }
    var digits = p - first
    var exponent = 0
    if p.pointee == 0x2e {
      p += 1
      let point = p
      while true {
        let digit = p.pointee &- 0x30
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        p += 1
      }
      exponent = point - p
      digits -= exponent
    }
    if digits == 0 { return special(&pointer, &value) }
    let letter = p.pointee | 0x20
    if letter == 0x65 || letter == 0x64 {
      guard scale(&p, &exponent) else { return false }
    }
    pointer = p
    if digits <= 19 {
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

  /// Reads a whole number; `false` where there is none or it does not fit.
  @inline(__always)
  static func integer(_ pointer: inout UnsafePointer<UInt8>, _ value: inout Int) -> Bool {
    var p = pointer
    let isNegative = p.pointee == 0x2d
    if isNegative || p.pointee == 0x2b { p += 1 }
    let first = p
    var magnitude = 0
    while true {
      let digit = p.pointee &- 0x30
      if digit > 9 { break }
      magnitude = magnitude &* 10 &+ Int(digit)
      p += 1
    }
    let digits = p - first
    pointer = p
    value = isNegative ? -magnitude : magnitude
    return digits > 0 && digits <= 18
  }

  /// 10^0 … 10^22, the powers that a double holds exactly.
  static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
  ]

  /// A whole text as a real number, `nil` where it is none; infinities and NaN are numbers here.
  static func real(_ text: some StringProtocol) -> Double? {
    var value = 0.0
    return parse(text) { pointer in powersOfTen.withUnsafeBufferPointer { powers in
      powers.baseAddress.map { real(&pointer, $0, &value) } ?? false } } ? value : nil
  }

  /// A whole text as a whole number, `nil` where it is none.
  static func integer(_ text: some StringProtocol) -> Int? {
    var value = 0
    return parse(text) { integer(&$0, &value) } ? value : nil
  }

  private static func parse(_ text: some StringProtocol, _ body: (inout UnsafePointer<UInt8>) -> Bool) -> Bool {
    let bytes = Array(text.utf8) + [0x0a]
    return bytes.withUnsafeBufferPointer { buffer in
      guard var pointer = buffer.baseAddress else { return false }
      let end = pointer + bytes.count - 1
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
