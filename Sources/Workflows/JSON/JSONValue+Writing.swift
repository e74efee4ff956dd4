extension JSONValue {
  /// The value as indented JSON text that ends with a line break; numbers read back to the same bits.
  public var serialized: String {
    var text = ""
    write(to: &text, indentation: 0)
    text.append("\n")
    return text
  }

  private func write(to text: inout String, indentation: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.writeString(value, to: &text)
    case .array(let values):
      // Rows of numbers, such as a stress tensor, stay on one line.
      let isRow = values.allSatisfy(\.isPlain)
      Self.writeList(values, brackets: ("[", "]"), onOneLine: isRow, indentation, to: &text) { value, text, depth in
        value.write(to: &text, indentation: depth)
      }
    case .object(let members):
      Self.writeList(members, brackets: ("{", "}"), onOneLine: false, indentation, to: &text) { member, text, depth in
        Self.writeString(member.key, to: &text)
        text += ": "
        member.value.write(to: &text, indentation: depth)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .null, .bool, .integer, .number: true
    case .string(let value): value.utf8.count < 24
    case .array, .object: false
    }
  }

  private static func writeList<Item>(
    _ items: [Item], brackets: (String, String), onOneLine: Bool, _ indentation: Int, to text: inout String,
    _ writeItem: (Item, inout String, Int) -> Void
  ) {
    text += brackets.0
    for (index, item) in items.enumerated() {
      if index > 0 { text += onOneLine ? ", " : "," }
      if !onOneLine { text += "\n" + String(repeating: "  ", count: indentation + 1) }
      writeItem(item, &text, indentation + 1)
    }
    if !onOneLine, !items.isEmpty { text += "\n" + String(repeating: "  ", count: indentation) }
    text += brackets.1
  }

  static func writeString(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
