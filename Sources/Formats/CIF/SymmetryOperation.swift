import NumericalMethods

/// A symmetry operation of a crystal, `x' = R x + t` in coordinates along the edges.
struct SymmetryOperation: Hashable {
  /// The rows of R.
  var rotation: Matrix3
  var translation: Vector3

  /// Reads an operation as CIF writes it: `-x+1/2, y, z-1/4` or `1/2+X,Y,-Z`; `nil` where it is none.
  init?(_ text: String) {
    let parts = text.lowercased().filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" }.split(
      separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    rotation = .zero
    translation = .zero
    for (axis, part) in parts.enumerated() {
      guard let (row, shift) = Self.component(Array(part.utf8)) else { return nil }
      rotation[axis] = row
      translation[axis] = shift
    }
    // A symmetry of a lattice keeps volumes.
    guard abs(abs(rotation.determinant) - 1) < 1e-6 else { return nil }
  }

  func callAsFunction(_ position: Vector3) -> Vector3 { rotation * position + translation }

  /// A sum of terms, each a sign, a number or fraction, or a coordinate with an optional number before it.
  private static func component(_ bytes: [UInt8]) -> (Vector3, Double)? {
    var row = Vector3.zero
    var shift = 0.0
    var index = 0
    guard !bytes.isEmpty else { return nil }
    while index < bytes.count {
      var sign = 1.0
      if bytes[index] == 0x2b || bytes[index] == 0x2d {
        sign = bytes[index] == 0x2d ? -1 : 1
        index += 1
      } else if index > 0 {
        return nil
      }
      let value = number(bytes, &index)
      if index < bytes.count && bytes[index] == 0x2a && value != nil { index += 1 }
      if index < bytes.count, bytes[index] >= 0x78, bytes[index] <= 0x7a {
        row[Int(bytes[index] - 0x78)] += sign * (value ?? 1)
        index += 1
      } else if let value {
        shift += sign * value
      } else {
        return nil
      }
    }
    return shift.isFinite ? (row, shift) : nil
  }

  /// A number or a fraction of two.
  private static func number(_ bytes: [UInt8], _ index: inout Int) -> Double? {
    func digits() -> Double? {
      let start = index
      while index < bytes.count, bytes[index] >= 0x30 && bytes[index] <= 0x39 || bytes[index] == 0x2e { index += 1 }
      return NumberParser.real(String(decoding: bytes[start..<index], as: UTF8.self))
    }
    guard let numerator = digits() else { return nil }
    guard index < bytes.count, bytes[index] == 0x2f else { return numerator }
    index += 1
    guard let denominator = digits(), denominator != 0 else { return nil }
    return numerator / denominator
  }
}
