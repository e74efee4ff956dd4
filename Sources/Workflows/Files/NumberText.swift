#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers as text for files and terminals, the same on every machine and in every locale.
public enum NumberText {
  /// A number with at most the given number of significant digits, without trailing zeros (`%g` of C).
  public static func significant(_ value: Double, _ digits: Int) -> String {
    formatted("%.*g", digits, value)
  }

  /// A number with a fixed number of decimals.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    formatted("%.*f", decimals, value)
  }

  /// A number that reads back to the same bits, without `.0` on whole numbers.
  public static func exact(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A whole number with blanks between thousands, `1 234 567`.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(" ") }
      result.append(digit)
    }
    return value < 0 ? "-" + result : result
  }

  /// A span of time in seconds as people read it: `0.05 s`, `42 s`, `3:07 min`, `2:05 h`, `3.2 days`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "unknown" }
    if seconds < 0.95 { return "\(significant(seconds, 2)) s" }
    if seconds < 9.95 { return "\(fixed(seconds, 1)) s" }
    if seconds < 59.5 { return "\(fixed(seconds, 0)) s" }
    func pair(_ whole: Int, _ part: Int) -> String { "\(whole):\(part < 10 ? "0" : "")\(part)" }
    if seconds < 3570 {
      let total = Int(seconds.rounded())
      return "\(pair(total / 60, total % 60)) min"
    }
    if seconds < 172_800 {
      let total = Int((seconds / 60).rounded())
      return "\(pair(total / 60, total % 60)) h"
    }
    return "\(fixed(seconds / 86_400, 1)) days"
  }

  /// A size in bytes as people read it: `512 B`, `3.4 MB`; decimal prefixes.
  public static func bytes(_ count: Double) -> String {
    var value = count
    for unit in ["B", "kB", "MB", "GB", "TB"] {
      if value < 999.5 || unit == "TB" { return "\(significant(value, 3)) \(unit)" }
      value /= 1000
    }
    return "\(count) B"
  }

  private static func formatted(_ format: String, _ precision: Int, _ value: Double) -> String {
    // 400 characters hold the longest fixed number that a double makes.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      _ = withVaList([Int32(precision), value]) { vsnprintf(base, 400, format, $0) }
      return String(cString: base)
    }
  }
}
