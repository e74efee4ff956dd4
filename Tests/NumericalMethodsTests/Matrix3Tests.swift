import Testing

@testable import NumericalMethods

@Suite struct Matrix3Tests {
  private func random(_ stream: inout RandomStream) -> Matrix3 {
    func row() -> Vector3 { Vector3(stream.normal(), stream.normal(), stream.normal()) }
    return Matrix3(row(), row(), row())
  }

  @Test func inverseDeterminantAndProducts() {
    var stream = RandomStream(seed: 1)
    for _ in 0..<200 {
      let a = random(&stream)
      let b = random(&stream)
      guard abs(a.determinant) > 0.05, abs(b.determinant) > 0.05 else { continue }
      let product = a * a.inverse
      for i in 0..<3 {
        // Entries of the inverse are at most some 100 where the determinant is above 0.05.
        for j in 0..<3 { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 1e-12) }
      }
      #expect(abs((a * b).determinant - a.determinant * b.determinant) < 1e-12 * max(1, abs(a.determinant * b.determinant)) * 100)
      let v = Vector3(stream.normal(), stream.normal(), stream.normal())
      #expect(((a * b) * v - a * (b * v)).length < 1e-12)
      #expect((v * a - a.transposed * v).length < 1e-14)
      #expect(abs((a - b + b).trace - a.trace) < 1e-13)
    }
  }

  @Test func knownValues() {
    let m = Matrix3(Vector3(1, 2, 3), Vector3(0, 4, 5), Vector3(0, 0, 6))
    #expect(m.determinant == 24)
    #expect(m.trace == 11)
    #expect(m * Vector3(1, 1, 1) == Vector3(6, 9, 6))
    #expect(Vector3(1, 1, 1) * m == Vector3(1, 6, 14))
    #expect(m[1, 2] == 5)
    #expect(Matrix3.outer(Vector3(1, 2, 3), Vector3(4, 5, 6))[2, 0] == 12)
    #expect(Vector3(1, 0, 0).cross(Vector3(0, 1, 0)) == Vector3(0, 0, 1))
    var n = m
    n[2, 0] = 7
    n[0] = Vector3(9, 8, 7)
    #expect(n.rows.z.x == 7 && n[0, 1] == 8)
  }
}
