/// The comment line of an extended XYZ frame: `key=value` pairs, values in quotes or brackets where they have blanks.
///
/// A key without a value is true. Source: https://github.com/libAtoms/extxyz.
struct ExtendedXYZComment {
  private(set) var values: [String: String] = [:]

  /// A column, `name:kind:count`, of the key `Properties`.
  struct Property: Hashable {
    var name: String
    /// S, R, I or L.
    var kind: Character
    var count: Int
  }

  /// - Throws: ``FormatsError`` where a quote or bracket is not closed.
  init(_ line: TextLine) throws {
    let bytes = Array(line.text.utf8)
    var index = 0
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
    func skipBlanks() { while index < bytes.count && isBlank(bytes[index]) { index += 1 } }
    /// Reads a word, what is in quotes, or what is in brackets.
    func value() throws -> String {
      guard index < bytes.count else { return "" }
      let start = index
      let first = bytes[index]
      if first == 0x22 || first == 0x27 {
        index += 1
        var text: [UInt8] = []
        while index < bytes.count && bytes[index] != first {
          if bytes[index] == 0x5c && index + 1 < bytes.count { index += 1 }
          text.append(bytes[index])
          index += 1
        }
        guard index < bytes.count else { throw Self.unclosed(line, start, "quote") }
        index += 1
        return String(decoding: text, as: UTF8.self)
      }
      if first == 0x5b || first == 0x7b {
        var depth = 0
        repeat {
          depth += bytes[index] == 0x5b || bytes[index] == 0x7b ? 1 : bytes[index] == 0x5d || bytes[index] == 0x7d ? -1 : 0
          index += 1
        } while depth > 0 && index < bytes.count
        guard depth == 0 else { throw Self.unclosed(line, start, "bracket") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
      }
      while index < bytes.count && !isBlank(bytes[index]) { index += 1 }
      return String(decoding: bytes[start..<index], as: UTF8.self)
    }
    skipBlanks()
    while index < bytes.count {
      let key: String
      if bytes[index] == 0x22 || bytes[index] == 0x27 {
        key = try value()
      } else {
        let start = index
        while index < bytes.count && !isBlank(bytes[index]) && bytes[index] != 0x3d { index += 1 }
        key = String(decoding: bytes[start..<index], as: UTF8.self)
      }
      skipBlanks()
      if index < bytes.count && bytes[index] == 0x3d {
        index += 1
        skipBlanks()
        values[key] = try value()
      } else {
        values[key] = "T"
      }
      skipBlanks()
    }
  }

  /// Whether the line is one of the extended format at all, rather than any comment of a plain XYZ file.
  var isExtended: Bool { values["Lattice"] != nil || values["Properties"] != nil }

  /// The numbers of a value, or `nil` where the key is missing.
  ///
  /// - Throws: ``FormatsError`` where the value holds anything else or not as many as expected.
  func reals(_ key: String, counts: [Int], _ line: TextLine) throws -> [Double]? {
    guard let text = values[key] else { return nil }
    let parts = text.split { " ,[]{}\t".contains($0) }
    let numbers = parts.compactMap { NumberParser.real($0) }
    guard numbers.count == parts.count, counts.contains(numbers.count), numbers.allSatisfy(\.isFinite) else {
      let expected = counts.map(String.init).joined(separator: " or ")
      throw line.failure("expected \(expected) finite number\(counts == [1] ? "" : "s") for \(key), found \"\(text.prefix(60))\"")
    }
    return numbers
  }

  /// Along which edges the cell repeats, or `nil` where the key is missing.
  func periodic(_ line: TextLine) throws -> [Bool]? {
    guard let text = values["pbc"] else { return nil }
    let parts = text.split { " ,[]{}\t".contains($0) }.map { $0.lowercased() }
    let flags: [Bool] = parts.compactMap { ["t", "true", "1"].contains($0) ? true : ["f", "false", "0"].contains($0) ? false : nil }
    guard flags.count == parts.count, flags.count == 3 || flags.count == 1 else {
      throw line.failure("expected three of T and F for pbc, found \"\(text.prefix(60))\"")
    }
    return flags.count == 3 ? flags : [flags[0], flags[0], flags[0]]
  }

  /// The columns; symbol and position where the key is missing.
  func properties(_ line: TextLine) throws -> [Property] {
    guard let text = values["Properties"] else {
      return [Property(name: "species", kind: "S", count: 1), Property(name: "pos", kind: "R", count: 3)]
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count % 3 == 0, !parts.isEmpty else {
      throw line.failure("expected Properties as name:kind:count triples, found \"\(text.prefix(80))\"")
    }
    return try stride(from: 0, to: parts.count, by: 3).map { start in
      guard let kind = parts[start + 1].uppercased().first, parts[start + 1].utf8.count == 1, "SRIL".contains(kind),
        let count = Int(parts[start + 2]), (1...1000).contains(count)
      else {
        throw line.failure(
          "expected a kind S, R, I or L and a count after \"\(parts[start].prefix(40))\" in Properties, found "
            + "\"\(parts[start + 1].prefix(20)):\(parts[start + 2].prefix(20))\"")
      }
      return Property(name: String(parts[start]), kind: kind, count: count)
    }
  }

  private static func unclosed(_ line: TextLine, _ start: Int, _ what: String) -> FormatsError {
    var position = line.position
    position.column = start + 1
    return FormatsError(line.isCut ? .endsEarly : .malformed, at: position, "the \(what) that begins here is not closed; expected its end")
  }
}
