import Structures

/// Reads an array of two dimensions from a NumPy file (`.npy`), row by row.
///
/// Real numbers of 4 or 8 bytes, little-endian, in C order.
/// Source: NEP 1, the .npy format, https://numpy.org/neps/nep-0001-npy-format.html.
final class NumPyArrayReader {
  let path: String
  /// The number of rows, and of numbers in each; 1 number where the array has one dimension.
  let rows: Int
  let columns: Int
  private let width: Int
  private let source: any ByteSource
  private var buffer: [UInt8]
  private var row = 0

  /// - Throws: ``FormatsError`` where the file is no such array.
  init(path: String) throws {
    self.path = path
    source = try Compression.open(path)
    func fail(_ what: String, code: FormatsError.Code = .malformed) -> FormatsError { FormatsError(code, "\(path): \(what)") }
    let head = try Self.read(10, from: source)
    guard head.count == 10, head.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw fail("this is no NumPy array: it does not begin with \\x93NUMPY")
    }
    var length = Int(head[8]) | Int(head[9]) << 8
    if head[6] > 1 {
      // From version 2 on, the length has four bytes.
      let more = try Self.read(2, from: source)
      guard more.count == 2 else { throw fail("the file ends within its header", code: .endsEarly) }
      length |= Int(more[0]) << 16 | Int(more[1]) << 24
    }
    guard length < 1 << 16 else { throw fail("the header claims \(length) bytes; expected a few dozen") }
    let bytes = try Self.read(length, from: source)
    guard bytes.count == length else { throw fail("the file ends within its header", code: .endsEarly) }
    let header = String(decoding: bytes, as: UTF8.self)
    switch Self.value("descr", in: header) {
    case "<f4": width = 4
    case "<f8": width = 8
    case let other:
      throw fail("the numbers are of the kind \(other ?? "?"); expected <f4 or <f8 (numpy.float32 or float64)", code: .unsupported)
    }
    guard Self.value("fortran_order", in: header) == "False" else {
      throw fail("the array is in Fortran order; write it with numpy.ascontiguousarray", code: .unsupported)
    }
    let shape = (Self.value("shape", in: header) ?? "").split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    let sizes = shape.compactMap { Int($0) }
    guard sizes.count == shape.count, (1...2).contains(sizes.count), sizes.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else {
      throw fail("the shape (\(shape.joined(separator: ", "))) is not that of an array of one or two dimensions")
    }
    rows = sizes[0]
    columns = sizes.count > 1 ? sizes[1] : 1
    guard columns < 1 << 31 else { throw fail("a row has \(columns) numbers; that is no frame") }
    buffer = []
  }

  /// The value of a key of the header, without quotes and brackets.
  private static func value(_ key: String, in header: String) -> String? {
    guard let found = header.range(of: "'\(key)':") else { return nil }
    let rest = header[found.upperBound...].drop { $0 == " " }
    switch rest.first {
    case "'": return String(rest.dropFirst().prefix { $0 != "'" })
    case "(": return String(rest.dropFirst().prefix { $0 != ")" })
    default: return String(rest.prefix { $0 != "," && $0 != "}" && $0 != " " })
    }
  }

  private static func read(_ count: Int, from source: any ByteSource) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var have = 0
    while have < count {
      let more = try bytes.withUnsafeMutableBytes { try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[have...])) }
      if more == 0 { break }
      have += more
    }
    bytes.removeLast(count - have)
    return bytes
  }

  /// The next row; `nil` after the last.
  ///
  /// - Throws: ``FormatsError`` with code `.endsEarly` where the file ends before the rows that it promised.
  func next() throws -> [Double]? {
    guard row < rows else { return nil }
    buffer = try Self.read(columns * width, from: source)
    guard buffer.count == columns * width else {
      throw FormatsError(.endsEarly, "\(path): the file ends within row \(row + 1) of \(rows)")
    }
    row += 1
    return buffer.withUnsafeBytes { bytes in
      (0..<columns).map { column in
        width == 4
          ? Double(Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * column, as: UInt32.self))))
          : Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * column, as: UInt64.self)))
      }
    }
  }
}

extension String {
  /// The first place of a text in this one.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      formIndex(after: &start)
    }
    return nil
  }
}
