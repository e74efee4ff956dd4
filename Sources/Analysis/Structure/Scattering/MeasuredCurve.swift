import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A measured function as columns of a text file.
///
/// Numbers are separated by blanks, commas or semicolons. Lines that do not begin with a number are headings, except between numbers
/// when they do not begin with `#`, `!`, `%` or `;`.
public struct MeasuredCurve: Sendable {
  /// Ascending.
  public var x: [Double]
  public var y: [Double]
  /// Where it came from.
  public var name: String

  public init(x: [Double], y: [Double], name: String) {
    self.x = x
    self.y = y
    self.name = name
  }

  /// Reads a file.
  ///
  /// - Parameter columns: Which columns are x and y, counted from 1.
  /// - Throws: ``AnalysisError`` with code `.invalidSetting` that names file and line.
  public init(path: String, columns: (x: Int, y: Int) = (1, 2)) throws {
    try self.init(text: Self.text(path), name: path, columns: columns)
  }

  /// Reads the text of a file.
  public init(text: String, name: String, columns: (x: Int, y: Int) = (1, 2)) throws {
    var points: [(Double, Double)] = []
    let wanted = max(columns.x, columns.y)
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let fields = line.split { $0 == " " || $0 == "\t" || $0 == "," || $0 == ";" }
      guard let first = fields.first else { continue }
      guard let lead = first.first, !"#!%;".contains(lead) else { continue }
      let isData = Double(first) != nil
      if !isData, points.isEmpty { continue }
      guard isData, fields.count >= wanted, let x = Double(fields[columns.x - 1]), let y = Double(fields[columns.y - 1]) else {
        throw AnalysisError(
          .invalidSetting, "\(name):\(number + 1): \"\(line)\" does not hold numbers in columns \(columns.x) and \(columns.y)")
      }
      // Programs write NaN where they have no value.
      if x.isFinite, y.isFinite { points.append((x, y)) }
    }
    guard points.count > 4 else {
      throw AnalysisError(.invalidSetting, "\(name) holds \(points.count) points; columns of numbers are expected, x and y")
    }
    points.sort { $0.0 < $1.0 }
    self.init(x: points.map(\.0), y: points.map(\.1), name: name)
  }

  private static func text(_ path: String) throws -> String {
    guard let file = fopen(path, "rb") else {
      throw AnalysisError(.invalidSetting, "there is no file \(path) that can be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
      guard bytes.count < 200 << 20 else { throw AnalysisError(.invalidSetting, "\(path) is too long for a measured curve") }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
