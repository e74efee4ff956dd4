import NumericalMethods
import Structures

/// Reads what ``ByteWriter`` wrote; every read checks that the bytes are there and make sense.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var remaining: Int { bytes.endIndex - position }

  mutating func readWord() throws -> UInt64 {
    guard remaining >= 8 else { throw Self.corrupt("it ends in the middle of a number") }
    var value: UInt64 = 0
    for offset in 0..<8 { value |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
    position += 8
    return value
  }

  mutating func readInt() throws -> Int { Int(Int64(bitPattern: try readWord())) }

  mutating func readDouble() throws -> Double { Double(bitPattern: try readWord()) }

  mutating func readBool() throws -> Bool {
    let word = try readWord()
    guard word <= 1 else { throw Self.corrupt("\(word) stands where yes or no is expected") }
    return word == 1
  }

  mutating func readVector() throws -> Vector3 {
    Vector3(try readDouble(), try readDouble(), try readDouble())
  }

  mutating func readMatrix() throws -> Matrix3 {
    Matrix3(try readVector(), try readVector(), try readVector())
  }

  /// The length of an array whose elements take at least some bytes each.
  mutating func readCount(elementSize: Int) throws -> Int {
    let count = try readInt()
    guard count >= 0, count <= remaining / elementSize else {
      throw Self.corrupt("an array of \(count) elements does not fit into the \(remaining) bytes that are left")
    }
    return count
  }

  mutating func readDoubles() throws -> [Double] {
    let count = try readCount(elementSize: 8)
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readDouble()) }
    return values
  }

  mutating func readVectors() throws -> [Vector3] {
    let count = try readCount(elementSize: 24)
    var values: [Vector3] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readVector()) }
    return values
  }

  mutating func readCell() throws -> Cell {
    let vectors = try readMatrix()
    let origin = try readVector()
    let periodic: Periodicity = [try readBool(), try readBool(), try readBool()]
    // A cell as flat as this is nonsense, and finding its shortest images would take for ever.
    let edges = vectors[0].length * vectors[1].length * vectors[2].length
    guard vectors.determinant >= 1e-3 * edges, edges.isFinite else { throw Self.corrupt("its cell is flat") }
    do {
      return try Cell(vectors: vectors, origin: origin, periodic: periodic)
    } catch {
      throw Self.corrupt("its cell is none", cause: error)
    }
  }

  mutating func readString() throws -> String {
    let count = try readCount(elementSize: 1)
    defer { position += count }
    guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
      throw Self.corrupt("a name in it is no text")
    }
    return text
  }

  /// - Throws: Where bytes are left over.
  func finish() throws {
    guard remaining == 0 else { throw Self.corrupt("\(remaining) bytes are left over at its end") }
  }

  static func corrupt(_ what: String, cause: (any Error)? = nil) -> SimulationError {
    SimulationError(
      .corruptCheckpoint, "the checkpoint cannot be used: \(what); go back to an older checkpoint, or start the run again",
      cause: cause)
  }
}
