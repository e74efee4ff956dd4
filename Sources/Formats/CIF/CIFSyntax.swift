/// The words of a CIF and the data blocks that they make.
///
/// Source: Hall, Allen, Brown, Acta Cryst. A47, 655 (1991), doi:10.1107/S010876739101067X.
struct CIFSyntax {
  /// A word or a text, and where it begins.
  struct Token {
    var text: String
    /// Whether it stood in quotes or between semicolons, so that it is a value whatever it looks like.
    var isQuoted: Bool
    var position: FilePosition
  }

  /// Rows of values under names.
  struct Loop {
    var names: [String]
    var rows: [[Token]]

    /// The index of the first of several names that the loop has.
    func column(_ candidates: String...) -> Int? {
      candidates.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
  }

  struct Block {
    var name: String
    var position: FilePosition
    var values: [String: Token] = [:]
    var loops: [Loop] = []

    /// The loop that has a name.
    func loop(_ name: String) -> Loop? { loops.first { $0.names.contains(name) } }

    /// The first of several values that the block has and that is known.
    func value(_ candidates: String...) -> Token? {
      candidates.lazy.compactMap { values[$0] }.first { $0.isQuoted || $0.text != "?" && $0.text != "." }
    }
  }

  private(set) var blocks: [Block] = []

  /// - Throws: ``FormatsError`` where a text does not end, a name has no value or a loop is not full.
  init(_ reader: TextReader) throws {
    let tokens = try Self.tokens(reader)
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      let word = token.isQuoted ? "" : token.text.lowercased()
      index += 1
      if word.hasPrefix("data_") {
        blocks.append(Block(name: String(token.text.dropFirst(5)), position: token.position))
      } else if blocks.isEmpty {
        throw FormatsError(.malformed, at: token.position, "expected data_ and a name, found \"\(token.text.prefix(40))\"")
      } else if word == "loop_" {
        blocks[blocks.count - 1].loops.append(try Self.loop(tokens, &index, token.position))
      } else if word.hasPrefix("_") {
        guard index < tokens.count, Self.isValue(tokens[index]) else {
          throw FormatsError(.malformed, at: token.position, "expected a value after \(token.text.prefix(60))")
        }
        blocks[blocks.count - 1].values[Self.name(word)] = tokens[index]
        index += 1
      } else if word.hasPrefix("save_") || word == "global_" || word == "stop_" {
        continue
      } else {
        throw FormatsError(.malformed, at: token.position, "expected a name that begins with _, found \"\(token.text.prefix(40))\"")
      }
    }
  }

  /// A name in one spelling: lower case, and an underscore for the dot of newer dictionaries.
  private static func name(_ word: String) -> String {
    String(word.lowercased().map { $0 == "." ? "_" : $0 })
  }

  private static func isValue(_ token: Token) -> Bool {
    if token.isQuoted { return true }
    let word = token.text.lowercased()
    return !word.hasPrefix("_") && word != "loop_" && !word.hasPrefix("data_") && !word.hasPrefix("save_")
  }

  private static func loop(_ tokens: [Token], _ index: inout Int, _ position: FilePosition) throws -> Loop {
    var names: [String] = []
    while index < tokens.count, !tokens[index].isQuoted, tokens[index].text.hasPrefix("_") {
      names.append(name(tokens[index].text))
      index += 1
    }
    guard !names.isEmpty else { throw FormatsError(.malformed, at: position, "expected names that begin with _ after loop_") }
    var values: [Token] = []
    while index < tokens.count, isValue(tokens[index]) {
      values.append(tokens[index])
      index += 1
    }
    guard values.count % names.count == 0 else {
      throw FormatsError(
        .malformed, at: values.last?.position ?? position,
        "the loop in line \(position.line) has \(values.count) values for \(names.count) columns; expected a multiple")
    }
    let rows = stride(from: 0, to: values.count, by: names.count).map { Array(values[$0..<($0 + names.count)]) }
    return Loop(names: names, rows: rows)
  }

  private static func tokens(_ reader: TextReader) throws -> [Token] {
    var tokens: [Token] = []
    while let line = try reader.nextLine() {
      if line.text.utf8.first == 0x3b {
        tokens.append(try textField(line, reader))
      } else {
        try append(line, &tokens)
      }
    }
    return tokens
  }

  /// A text between lines that begin with a semicolon.
  private static func textField(_ first: TextLine, _ reader: TextReader) throws -> Token {
    var lines = [String(first.text.dropFirst())]
    while true {
      guard let line = try reader.nextLine() else {
        throw FormatsError(.endsEarly, at: first.position, "the text that begins here does not end; expected a line that begins with ;")
      }
      if line.text.utf8.first == 0x3b { break }
      lines.append(line.text)
    }
    return Token(text: lines.joined(separator: "\n"), isQuoted: true, position: first.position)
  }

  private static func append(_ line: TextLine, _ tokens: inout [Token]) throws {
    let bytes = Array(line.text.utf8)
    func isBlank(_ index: Int) -> Bool { index >= bytes.count || bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0d }
    var index = 0
    while index < bytes.count {
      if isBlank(index) {
        index += 1
        continue
      }
      if bytes[index] == 0x23 { return }
      var position = line.position
      position.column = index + 1
      let start = index
      let quote = bytes[index]
      if quote == 0x27 || quote == 0x22 {
        index += 1
        // A quote ends a text only before a blank: 'O3'' is O3'.
        while index < bytes.count && !(bytes[index] == quote && isBlank(index + 1)) { index += 1 }
        guard index < bytes.count else {
          throw FormatsError(
            .malformed, at: position, "the quoted text that begins here does not end in this line; expected a closing quote")
        }
        tokens.append(Token(text: String(decoding: bytes[(start + 1)..<index], as: UTF8.self), isQuoted: true, position: position))
        index += 1
      } else {
        while !isBlank(index) { index += 1 }
        tokens.append(Token(text: String(decoding: bytes[start..<index], as: UTF8.self), isQuoted: false, position: position))
      }
    }
  }
}
