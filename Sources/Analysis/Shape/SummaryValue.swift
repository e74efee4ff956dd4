/// A JSON value that keeps the order of its keys.
public enum SummaryValue: Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  /// Written as `null` where it is not finite: JSON has no word for that.
  case number(Double)
  case text(String)
  case array([SummaryValue])
  case object([(key: String, value: SummaryValue)])

  /// Numbers as an array.
  public static func numbers(_ values: [Double]) -> SummaryValue { .array(values.map { .number($0) }) }

  /// Whole numbers as an array.
  public static func integers(_ values: [Int]) -> SummaryValue { .array(values.map { .integer($0) }) }

  /// The value of a key, or `nil`.
  public subscript(key: String) -> SummaryValue? {
    guard case .object(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The number, whole or not, or `nil`.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as JSON text, keys in their order.
  ///
  /// - Parameter indent: Blanks a level, or `nil` for one line.
  public func json(indent: Int? = nil) -> String {
    var text = ""
    write(to: &text, indent: indent, level: 0)
    return text
  }

  private func write(to text: inout String, indent: Int?, level: Int) {
    switch self {
    case .null: text += "null"
    case .flag(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? String(value) : "null"
    case .text(let value): Self.write(value, to: &text)
    case .array(let values):
      // Arrays of numbers stay on one line.
      let deep = values.contains { if case .object = $0 { true } else { false } }
      Self.write(values, brackets: "[", "]", to: &text, indent: deep ? indent : nil, level: level) { value, text in
        value.write(to: &text, indent: deep ? indent : nil, level: level + 1)
      }
    case .object(let entries):
      Self.write(entries, brackets: "{", "}", to: &text, indent: indent, level: level) { entry, text in
        Self.write(entry.key, to: &text)
        text += ": "
        entry.value.write(to: &text, indent: indent, level: level + 1)
      }
    }
  }

  private static func write<T>(
    _ items: [T], brackets open: String, _ close: String, to text: inout String, indent: Int?, level: Int,
    item: (T, inout String) -> Void
  ) {
    func newLine(_ level: Int) {
      if let indent, !items.isEmpty { text += "\n" + String(repeating: " ", count: indent * level) }
    }
    text += open
    for (index, value) in items.enumerated() {
      if index > 0 { text += indent == nil ? ", " : "," }
      newLine(level + 1)
      item(value, &text)
    }
    newLine(level)
    text += close
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      default:
        if scalar.value < 0x20 {
          let hex = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}

extension SummaryValue: Encodable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .object(let entries) = self {
      var container = encoder.container(keyedBy: Key.self)
      for entry in entries { try container.encode(entry.value, forKey: Key(entry.key)) }
      return
    }
    if case .array(let values) = self {
      var container = encoder.unkeyedContainer()
      for value in values { try container.encode(value) }
      return
    }
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value) where value.isFinite: try container.encode(value)
    case .text(let value): try container.encode(value)
    default: try container.encodeNil()
    }
  }
}
