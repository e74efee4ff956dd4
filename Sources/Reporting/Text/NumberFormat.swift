#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How numbers are written.
enum NumberFormat {
  /// The shortest digits that read back to the same value; whole numbers without a point; `nan`, `inf`, `-inf`.
  static func shortest(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A number with a fixed count of decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let text = formatted("%.*f", max(0, decimals), value)
    // A small negative number rounds to "-0.00".
    return text.hasPrefix("-") && text.dropFirst().allSatisfy { $0 == "0" || $0 == "." } ? String(text.dropFirst()) : text
  }

  /// A number with a count of significant digits, with an exponent where that is shorter.
  static func general(_ value: Double, digits: Int) -> String {
    formatted("%.*g", max(1, digits), value)
  }

  private static func formatted(_ format: String, _ precision: Int, _ value: Double) -> String {
    withVaList([Int32(clamping: precision), value]) { arguments in
      // The widest %f of a double has 309 digits before the point.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
        let length = Int(vsnprintf(buffer.baseAddress, buffer.count, format, arguments))
        let bytes = buffer.prefix(max(0, min(length, buffer.count - 1))).map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
      }
    }
  }
}

/// One way to write all numbers of a column, so that people can compare them at a glance.
struct ColumnFormat: Sendable {
  private enum Style: Sendable {
    case whole, fixed(decimals: Int), general(digits: Int)
  }

  private let style: Style

  /// Chooses a style that shows the largest number with the given count of significant digits.
  init(_ values: [Double], digits: Int = 5) {
    let finite = values.filter(\.isFinite)
    let sizes = finite.filter { $0 != 0 }.map(abs)
    guard let largest = sizes.max(), let smallest = sizes.min() else {
      style = .whole
      return
    }
    if largest < 1e12, finite.allSatisfy({ $0 == $0.rounded() }) {
      style = .whole
    } else if largest >= 1e7 || largest < 1e-3 || largest / smallest > 1e5 {
      style = .general(digits: digits)
    } else {
      var decimals = max(0, digits - 1 - Int(log10(largest).rounded(.down)))
      while decimals > 1, finite.allSatisfy({ NumberFormat.fixed($0, decimals: decimals).hasSuffix("0") }) { decimals -= 1 }
      style = .fixed(decimals: decimals)
    }
  }

  /// A number as the column writes it; a dash for one that is not a number.
  func string(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "-∞" }
    switch style {
    case .whole: return NumberFormat.fixed(value, decimals: 0)
    case .fixed(let decimals): return NumberFormat.fixed(value, decimals: decimals)
    case .general(let digits): return NumberFormat.general(value, digits: digits)
    }
  }
}
