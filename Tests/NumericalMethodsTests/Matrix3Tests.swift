import NumericalMethods
import Testing

@Suite struct Matrix3Tests {
  private let a = Matrix3(Vector3(1, 2, 3), Vector3(0, 1, 4), Vector3(5, 6, 0))

  @Test func knownDeterminantAndInverse() {
    #expect(a.determinant == 1)
    // Whole numbers all through: exact.
    #expect(a.inverse == Matrix3(Vector3(-24, 18, 5), Vector3(20, -15, -4), Vector3(-5, 4, 1)))
    #expect(a.trace == 2)
    #expect(a.transposed == Matrix3(Vector3(1, 0, 5), Vector3(2, 1, 6), Vector3(3, 4, 0)))
    #expect(!Matrix3.zero.inverse[0, 0].isFinite)
  }

  @Test func rowsAndColumnsMultiplyAsTheirSideSays() {
    let v = Vector3(1, -1, 2)
    #expect(a * v == Vector3(5, 7, -1))
    #expect(v * a == Vector3(11, 13, -1))
    #expect(v * a == a.transposed * v)
    #expect(a * Matrix3.identity == a && Matrix3.identity * a == a)
    #expect(Matrix3.outer(Vector3(1, 2, 3), Vector3(4, 5, 6)) == Matrix3(Vector3(4, 5, 6), Vector3(8, 10, 12), Vector3(12, 15, 18)))
  }

  @Test func identitiesHoldForRandomMatrices() {
    var random = RandomStream(seed: 1)
    func matrix() -> Matrix3 {
      func row() -> Vector3 { Vector3(random.normal(), random.normal(), random.normal()) }
      return Matrix3(row(), row(), row())
    }
    func size(_ m: Matrix3) -> Double { (m[0].squaredLength + m[1].squaredLength + m[2].squaredLength).squareRoot() }
    for _ in 0..<1000 {
      let (m, n) = (matrix(), matrix())
      let v = Vector3(random.normal(), random.normal(), random.normal())
      // Errors grow with the condition of the matrix, |m| |m⁻¹|.
      let condition = size(m) * size(m.inverse)
      #expect(size(m * m.inverse - .identity) < 1e-14 * condition)
      #expect(size(m.inverse * m - .identity) < 1e-14 * condition)
      // Sums of products of numbers of order one: a few rounding errors of their size.
      #expect(abs((m * n).determinant - m.determinant * n.determinant) < 1e-14 * size(m) * size(m) * size(m) * size(n) * size(n) * size(n))
      #expect(((m * n) * v - m * (n * v)).length < 1e-14 * size(m) * size(n) * v.length)
      #expect(((v * m) * n - v * (m * n)).length < 1e-14 * size(m) * size(n) * v.length)
    }
  }

  @Test func vectorsCrossAndElementsAreSet() {
    let (x, y, z) = (Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))
    #expect(x.cross(y) == z && y.cross(z) == x && z.cross(x) == y)
    #expect(Vector3(3, 4, 12).length == 13 && Vector3(3, 4, 12).squaredLength == 169)
    var m = a
    m[2, 1] = 9
    m[0] = .zero
    #expect(m == Matrix3(.zero, Vector3(0, 1, 4), Vector3(5, 9, 0)))
    m += a
    #expect(m - a + a == m && m[0] == Vector3(1, 2, 3) && (a * 2)[1, 2] == 8)
  }
}
