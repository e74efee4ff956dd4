/// Numbers of any length and form, off the path that nearly all take.
extension NumberParser {
  /// Reads a real number of any form.
  @inline(never)
  static func anyReal(_ pointer: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<Double>, _ value: inout Double) -> Bool {
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
  static func anyInteger(_ pointer: inout UnsafePointer<UInt8>, _ value: inout Int) -> Bool {
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
    let block = UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)) ^ zeros
    let others = ((block &+ limits) | block) & tops
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
    let five = powersOfFive[abs(exponent)]
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

  /// value · 2^exponent for |exponent| < 1000.
  private static func ldexp(_ value: Double, _ exponent: Int) -> Double {
    value * Double(bitPattern: UInt64(truncatingIfNeeded: 1023 &+ exponent) &<< 52)
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

  /// 5^0 … 5^27, the powers that 64 bits hold.
  private static let powersOfFive: [UInt64] = [
    1, 5, 25, 125, 625, 3125, 15625, 78125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625, 1_220_703_125, 6_103_515_625,
    30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625, 19_073_486_328_125, 95_367_431_640_625,
    476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625, 298_023_223_876_953_125,
    1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
  ]
}
