import Structures

extension DataTable {
  /// Reads comma-separated values with a header such as ``csv`` writes.
  ///
  /// A column whose every field is a number, or empty, holds numbers, where empty is not a number; any other holds
  /// text. `name (unit)` in the header gives the unit.
  ///
  /// - Throws: ``ReportingError`` with code `.invalidTable` where there is no header, a row has another number of fields
  ///   than the header, or a quote is not closed; the message names the line.
  public init(csv: String, name: String, title: String = "") throws {
    var reader = CSVReader(csv, name: name)
    guard let header = try reader.next(), !header.fields.isEmpty else {
      throw ReportingError(.invalidTable, "table \(name): the text is empty; its first line must name the columns")
    }
    var fields = [[CSVReader.Field]](repeating: [], count: header.fields.count)
    while let row = try reader.next() {
      guard row.fields.count == fields.count else {
        throw ReportingError(
          .invalidTable,
          "table \(name), line \(row.line): \(row.fields.count) fields where the header names \(fields.count); "
            + "give every row as many, and put a text that holds a comma between double quotes")
      }
      for (index, field) in row.fields.enumerated() { fields[index].append(field) }
    }
    let columns = zip(header.fields, fields).map { heading, entries in
      let (name, unit) = Self.nameAndUnit(heading.text)
      return Column(name: name, unit: unit, values: Self.values(entries))
    }
    self.init(name: name, title: title, columns: columns)
  }

  private static func values(_ fields: [CSVReader.Field]) -> Column.Values {
    var numbers: [Double] = []
    numbers.reserveCapacity(fields.count)
    for field in fields {
      if field.isQuoted { return .text(fields.map(\.text)) }
      if field.text.isEmpty {
        numbers.append(.nan)
      } else if let value = Double(field.text) {
        numbers.append(value)
      } else {
        return .text(fields.map(\.text))
      }
    }
    return .numbers(numbers)
  }

  private static func nameAndUnit(_ heading: String) -> (name: String, unit: String) {
    guard heading.hasSuffix(")") else { return (heading, "") }
    let characters = Array(heading)
    guard let open = characters.indices.dropFirst().last(where: { characters[$0] == "(" && characters[$0 - 1] == " " }) else {
      return (heading, "")
    }
    let unit = String(characters[(open + 1)..<(characters.count - 1)])
    return (String(characters[..<(open - 1)]), unit == "1" ? "" : unit)
  }
}

/// Cuts comma-separated values into rows of fields.
struct CSVReader {
  struct Field {
    var text: String
    var isQuoted: Bool
  }

  private let bytes: [UInt8]
  private let name: String
  private var position = 0
  private var line = 1

  init(_ text: String, name: String) {
    bytes = Array(text.utf8)
    self.name = name
  }

  /// The next row that is not blank, with the number of its first line; `nil` at the end.
  mutating func next() throws -> (line: Int, fields: [Field])? {
    while position < bytes.count, bytes[position] == UInt8(ascii: "\n") || bytes[position] == UInt8(ascii: "\r") {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
    guard position < bytes.count else { return nil }
    let first = line
    var fields: [Field] = []
    while true {
      fields.append(try field())
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    return (first, fields)
  }

  private var isAtEndOfField: Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private mutating func field() throws -> Field {
    var text: [UInt8] = []
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      while !isAtEndOfField {
        text.append(bytes[position])
        position += 1
      }
      return Field(text: String(decoding: text, as: UTF8.self).trimmingBlanks, isQuoted: false)
    }
    let opened = line
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard byte == UInt8(ascii: "\"") else {
        text.append(byte)
        continue
      }
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        guard isAtEndOfField else {
          throw ReportingError(
            .invalidTable, "table \(name), line \(line): text follows a closing double quote; write a quote inside a field twice")
        }
        return Field(text: String(decoding: text, as: UTF8.self), isQuoted: true)
      }
      text.append(byte)
      position += 1
    }
    throw ReportingError(.invalidTable, "table \(name), line \(opened): a double quote is opened and never closed")
  }
}
