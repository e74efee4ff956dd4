#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rows of numbers and short words, read at the speed of the memory and kept as 64-bit words, row after row.
///
/// A table is reused from frame to frame. It grows with what the file really holds, never by the count that it announces.
final class NumberTable {
  /// What a column holds.
  enum Kind: UInt8 {
    /// A finite real number.
    case real
    /// A real number, infinite or NaN too.
    case anyReal
    /// A whole number.
    case integer
    /// A word, such as an element's symbol.
    case word
    /// Anything; not kept.
    case skip
  }

  /// The columns of a table.
  struct Layout {
    var kinds: [Kind]
    /// What each column is called in errors.
    var names: [String]
    /// Whether `#` ends a row, as in LAMMPS data files.
    var allowsComments = false
    /// Whether more columns may follow.
    var allowsMore = false

    /// Adds a column and gives its index.
    @discardableResult
    mutating func add(_ name: String, _ kind: Kind) -> Int {
      kinds.append(kind)
      names.append(name)
      return kinds.count - 1
    }

    init() { (kinds, names) = ([], []) }
  }

  private(set) var rows = 0
  private(set) var columns = 0
  /// The line of the first row.
  private(set) var firstLine = 0
  private var path = ""
  private var words: UnsafeMutablePointer<UInt64>
  private var capacity = 1 << 12
  /// Words of more than 8 bytes; their 64-bit word is `longMark | index`.
  private var longWords: [String] = []
  private var longWordIndex: [String: Int] = [:]
  private static let longMark: UInt64 = 0xff << 56

  init() { words = .allocate(capacity: capacity) }
  deinit { words.deallocate() }

  /// The whole number in a column of kind `.integer`.
  @inline(__always)
  func integer(_ row: Int, _ column: Int) -> Int { Int(bitPattern: UInt(words[row * columns + column])) }

  /// The real number in a column of kind `.real` or `.anyReal`.
  @inline(__always)
  func real(_ row: Int, _ column: Int) -> Double { Double(bitPattern: words[row * columns + column]) }

  /// A key that is the same for the same word, in a column of kind `.word`.
  @inline(__always)
  func wordKey(_ row: Int, _ column: Int) -> UInt64 { words[row * columns + column] }

  /// The word behind a key.
  func word(_ key: UInt64) -> String {
    if key & Self.longMark == Self.longMark {
      let index = Int(key & ~Self.longMark)
      return longWords.indices.contains(index) ? longWords[index] : ""
    }
    var bytes: [UInt8] = []
    var rest = key
    while rest != 0 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The place of a row in the file.
  func position(row: Int) -> FilePosition { FilePosition(path: path, line: firstLine + row) }

  /// Reads rows.
  ///
  /// - Throws: ``FormatsError`` with code `.endsEarly` where the file ends before or within the last row, `.malformed`
  ///   where a column is not what the layout says.
  func read(rows total: Int, layout: Layout, from reader: TextReader) throws {
    rows = 0
    columns = layout.kinds.count
    path = reader.path
    firstLine = reader.lineNumber
    guard total > 0 else { return }
    while rows < total {
      let lines = try reader.wholeLines()
      guard lines.count > 0, let base = lines.baseAddress else {
        throw FormatsError(
          .endsEarly, at: FilePosition(path: path, line: reader.lineNumber), "the file ends after \(rows) of \(total) rows")
      }
      // A row takes two bytes a column at least, so this is what these lines can hold.
      reserve(min(total, rows + lines.count / (2 * columns) + 1))
      let batch = Batch(reader: base, limit: base + lines.count)
      let end = parse(batch, rowLimit: min(total, capacity / columns), layout)
      reader.advance(bytes: end.pointer - base, lines: end.lines)
      if end.isBroken { throw diagnosis(at: end.pointer, reader: reader, layout: layout) }
    }
  }

  private struct Batch {
    var reader: UnsafePointer<UInt8>
    var limit: UnsafePointer<UInt8>
  }

  private func reserve(_ rows: Int) {
    let needed = rows * columns
    guard needed > capacity else { return }
    var larger = capacity
    while larger < needed { larger *= 2 }
    let grown = UnsafeMutablePointer<UInt64>.allocate(capacity: larger)
    grown.update(from: words, count: self.rows * columns)
    words.deallocate()
    words = grown
    capacity = larger
  }

  /// Parses rows until the limit, the end of the lines or a broken row, whose beginning it then gives.
  private func parse(_ batch: Batch, rowLimit: Int, _ layout: Layout) -> (pointer: UnsafePointer<UInt8>, lines: Int, isBroken: Bool) {
    NumberParser.powersOfTen.withUnsafeBufferPointer { powers in
      layout.kinds.withUnsafeBufferPointer { kinds in
        guard let powers = powers.baseAddress, let kinds = kinds.baseAddress else { return (batch.reader, 0, true) }
        let columns = columns
        var p = batch.reader
        var row = rows
        var lines = 0
        var output = words + row * columns
        defer { rows = row }
        while p < batch.limit && row < rowLimit {
          let start = p
          for column in 0..<columns {
            while p.pointee == 0x20 || p.pointee == 0x09 { p += 1 }
            switch kinds[column] {
            case .real, .anyReal:
              let (number, length) = NumberParser.shortReal(p, powers)
              output[column] = number.bitPattern
              p += length
              if length == 0, !anyReal(&p, powers, &output[column], mayBeInfinite: kinds[column] == .anyReal) {
                return (start, lines, true)
              }
            case .integer:
              let (number, length) = NumberParser.shortInteger(p)
              output[column] = UInt64(bitPattern: Int64(number))
              p += length
              if length == 0, !anyInteger(&p, &output[column]) { return (start, lines, true) }
            case .word, .skip:
              guard word(&p, &output[column], keep: kinds[column] == .word) else { return (start, lines, true) }
            }
            // A number must end where its text ends.
            if p.pointee > 0x20 { return (start, lines, true) }
          }
          while p.pointee == 0x20 || p.pointee == 0x09 || p.pointee == 0x0d { p += 1 }
          if p.pointee != 0x0a {
            guard layout.allowsMore || layout.allowsComments && p.pointee == 0x23,
              let end = memchr(p, 0x0a, batch.limit - p)
            else { return (start, lines, true) }
            p += UnsafeRawPointer(end) - UnsafeRawPointer(p)
          }
          p += 1
          row += 1
          lines += 1
          output += columns
        }
        return (p, lines, false)
      }
    }
  }

  @inline(never)
  private func anyReal(
    _ p: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<Double>, _ output: inout UInt64, mayBeInfinite: Bool
  ) -> Bool {
    var value = 0.0
    guard NumberParser.anyReal(&p, powers, &value), mayBeInfinite || value.isFinite else { return false }
    output = value.bitPattern
    return true
  }

  @inline(never)
  private func anyInteger(_ p: inout UnsafePointer<UInt8>, _ output: inout UInt64) -> Bool {
    var value = 0
    guard NumberParser.anyInteger(&p, &value) else { return false }
    output = UInt64(bitPattern: Int64(value))
    return true
  }

  /// Reads a word; `false` where the line has ended.
  @inline(__always)
  private func word(_ p: inout UnsafePointer<UInt8>, _ key: inout UInt64, keep: Bool) -> Bool {
    let start = p
    var packed: UInt64 = 0
    while p.pointee > 0x20 {
      packed = packed >> 8 | UInt64(p.pointee) << 56
      p += 1
    }
    let length = p - start
    guard length > 0 else { return false }
    if keep {
      if length > 8 || start.pointee == 0x23 {
        guard start.pointee != 0x23 else { return false }
        key = longWord(UnsafeBufferPointer(start: start, count: length))
      } else {
        key = packed >> (64 - 8 * UInt64(length))
        if key & Self.longMark == Self.longMark { key = longWord(UnsafeBufferPointer(start: start, count: length)) }
      }
    }
    return true
  }

  @inline(never)
  private func longWord(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let text = String(decoding: bytes, as: UTF8.self)
    if let index = longWordIndex[text] { return Self.longMark | UInt64(index) }
    longWords.append(text)
    longWordIndex[text] = longWords.count - 1
    return Self.longMark | UInt64(longWords.count - 1)
  }

  /// Why a row cannot be read.
  private func diagnosis(at pointer: UnsafePointer<UInt8>, reader: TextReader, layout: Layout) -> FormatsError {
    let isCut = reader.isCutLine(at: pointer)
    guard let line = try? reader.peekLine() else {
      return FormatsError(.endsEarly, at: FilePosition(path: path, line: reader.lineNumber), "the file ends early")
    }
    let words = layout.allowsComments ? line.wordsAndComment.words : line.words
    let code: FormatsError.Code = isCut ? .endsEarly : .malformed
    for (index, kind) in layout.kinds.enumerated() {
      let name = layout.names[index]
      guard index < words.count else {
        let columns = layout.names.joined(separator: " ")
        return FormatsError(
          code, at: line.position, "the row ends before the column \(name); expected \(words.count < 1 ? "a row of " : "")\(columns)")
      }
      let word = words[index]
      let found = "found \"\(word.text.prefix(40))\""
      switch kind {
      case .real where NumberParser.real(word.text).map { !$0.isFinite } ?? true:
        return FormatsError(code, at: word.position, "expected a finite number for \(name), \(found)")
      case .anyReal where NumberParser.real(word.text) == nil:
        return FormatsError(code, at: word.position, "expected a number for \(name), \(found)")
      case .integer where NumberParser.integer(word.text) == nil:
        return FormatsError(code, at: word.position, "expected a whole number for \(name), \(found)")
      default: continue
      }
    }
    let extra = words.count > layout.kinds.count ? words[layout.kinds.count] : nil
    let columns = layout.names.joined(separator: " ")
    return FormatsError(
      code, at: extra?.position ?? line.position,
      "the row has more than the \(layout.kinds.count) columns \(columns)\(extra.map { "; found \"\($0.text.prefix(40))\"" } ?? "")")
  }
}
