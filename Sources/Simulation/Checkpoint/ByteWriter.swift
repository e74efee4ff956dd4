import NumericalMethods
import Structures

/// Writes numbers as little-endian bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  mutating func write(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value))) }

  mutating func write(_ value: Double) { write(value.bitPattern) }

  mutating func write(_ value: Bool) { write(value ? 1 : 0 as UInt64) }

  mutating func write(_ vector: Vector3) {
    write(vector.x)
    write(vector.y)
    write(vector.z)
  }

  mutating func write(_ matrix: Matrix3) {
    for row in 0..<3 { write(matrix[row]) }
  }

  mutating func write(_ values: [Double]) {
    write(values.count)
    for value in values { write(value) }
  }

  mutating func write(_ vectors: [Vector3]) {
    write(vectors.count)
    for vector in vectors { write(vector) }
  }

  mutating func write(_ cell: Cell) {
    write(cell.vectors)
    write(cell.origin)
    for axis in 0..<3 { write(cell.periodic[axis]) }
  }

  mutating func write(_ text: String) {
    let utf8 = Array(text.utf8)
    write(utf8.count)
    bytes.append(contentsOf: utf8)
  }
}
