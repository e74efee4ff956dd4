/// One line of a header, for parts of a file where speed does not matter.
struct TextLine {
  let text: String
  /// The bytes of the line with its end.
  let byteCount: Int
  let position: FilePosition
  /// Whether the file stops in this line.
  let isCut: Bool

  /// A word of a line and its column, from 1.
  struct Word {
    let text: String
    let position: FilePosition
  }

  /// The words between blanks.
  var words: [Word] {
    words(of: Array(text.utf8)[...])
  }

  /// The words before a `#`, and the words after it.
  var wordsAndComment: (words: [Word], comment: [Word]) {
    let bytes = Array(text.utf8)
    guard let mark = bytes.firstIndex(of: 0x23) else { return (words(of: bytes[...]), []) }
    return (words(of: bytes[..<mark]), words(of: bytes[(mark + 1)...]))
  }

  var isBlank: Bool { text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }

  private func words(of bytes: ArraySlice<UInt8>) -> [Word] {
    bytes.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }.map { part in
      var position = position
      position.column = part.startIndex + 1
      return Word(text: String(decoding: part, as: UTF8.self), position: position)
    }
  }

  /// An error about this line; a line that the file cuts short is an early end rather than a broken line.
  func failure(_ code: FormatsError.Code, _ message: String) -> FormatsError {
    FormatsError(isCut ? .endsEarly : code, at: position, message)
  }

  /// An error about the text of this line.
  func failure(_ message: String) -> FormatsError { failure(.malformed, message) }

  /// The finite real numbers with which the line begins.
  ///
  /// - Throws: ``FormatsError`` where there are fewer.
  func reals(_ count: Int, _ expected: String) throws -> [Double] {
    let words = words
    guard words.count >= count else { throw failure("expected \(expected), found \"\(text.prefix(60))\"") }
    return try words.prefix(count).map { word in
      guard let value = NumberParser.real(word.text), value.isFinite else {
        throw FormatsError(
          isCut ? .endsEarly : .malformed, at: word.position, "expected \(expected), found \"\(word.text.prefix(40))\"")
      }
      return value
    }
  }

  /// The whole number that the line holds, at least `least`.
  func integer(_ expected: String, least: Int = 0) throws -> Int {
    guard let word = words.first, let value = NumberParser.integer(word.text), value >= least else {
      throw failure("expected \(expected), found \"\(text.prefix(60))\"")
    }
    return value
  }
}
