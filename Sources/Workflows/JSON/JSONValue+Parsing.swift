extension JSONValue {
  /// Reads a JSON text (RFC 8259).
  ///
  /// - Parameter file: The name that errors give.
  /// - Throws: ``WorkflowsError`` with code `.invalidJSON` and the place.
  public init(parsing text: String, file: String) throws {
    var parser = JSONParser(bytes: Array(text.utf8), file: file)
    self = try parser.document()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let file: String
  var place = 0
  /// Deep nesting is a mistake or an attack on the stack.
  static let deepest = 200

  mutating func document() throws -> JSONValue {
    let result = try value(depth: 0)
    skipBlanks()
    guard place == bytes.count else { throw failure("the end of the text") }
    return result
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < Self.deepest else { throw failure("at most \(Self.deepest) levels of nesting") }
    skipBlanks()
    guard place < bytes.count else { throw failure("a value") }
    switch bytes[place] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    place += 1
    var members: [JSONValue.Member] = []
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw failure("a key in quotes") }
      let key = try string()
      guard take(":") else { throw failure("\":\"") }
      members.append(.init(key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw failure("\",\" or \"}\"") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws -> JSONValue {
    place += 1
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw failure("\",\" or \"]\"") }
    return .array(values)
  }

  private mutating func number() throws -> JSONValue {
    let start = place
    while place < bytes.count, "+-.eE0123456789".utf8.contains(bytes[place]) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if let whole = Int(text) { return .integer(whole) }
    guard let value = Double(text), value.isFinite else {
      place = start
      throw failure("a value")
    }
    return .number(value)
  }

  private mutating func string() throws -> String {
    place += 1
    var units: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else { throw failure("UTF-8 text") }
        return text
      case UInt8(ascii: "\\"):
        try escape(into: &units)
      case 0..<0x20:
        place -= 1
        throw failure("no control character inside a string")
      default: units.append(byte)
      }
    }
    throw failure("the closing quote of a string")
  }

  private mutating func escape(into units: inout [UInt8]) throws {
    guard place < bytes.count else { throw failure("a character after the backslash") }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "n"): units.append(10)
    case UInt8(ascii: "t"): units.append(9)
    case UInt8(ascii: "r"): units.append(13)
    case UInt8(ascii: "b"): units.append(8)
    case UInt8(ascii: "f"): units.append(12)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
    case UInt8(ascii: "u"):
      var code = try fourHexadecimalDigits()
      // Characters beyond the basic plane come as two escapes.
      if (0xd800..<0xdc00).contains(code), place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
        bytes[place + 1] == UInt8(ascii: "u")
      {
        place += 2
        let low = try fourHexadecimalDigits()
        guard (0xdc00..<0xe000).contains(low) else { throw failure("the second half of a surrogate pair") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("a Unicode scalar") }
      units.append(contentsOf: String(Character(scalar)).utf8)
    default:
      place -= 1
      throw failure("one of n t r b f u \" \\ / after the backslash")
    }
  }

  private mutating func fourHexadecimalDigits() throws -> UInt32 {
    guard place + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16) else {
      throw failure("four hexadecimal digits")
    }
    place += 4
    return code
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[place...].starts(with: text.utf8) else { throw failure("a value") }
    place += text.utf8.count
    return value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [9, 10, 13, 32].contains(bytes[place]) { place += 1 }
  }

  private func failure(_ expected: String) -> WorkflowsError {
    let before = bytes[..<min(place, bytes.count)]
    let line = before.reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
    let column = before.count - (before.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
    return WorkflowsError(
      .invalidJSON, "expected \(expected); the file is damaged or no JSON", at: SourceLocation(file: file, line: line, column: column))
  }
}
