/// A vector of three Cartesian components.
public typealias Vector3 = SIMD3<Double>

extension SIMD3 where Scalar == Double {
  /// The scalar product with another vector.
  @inlinable
  public func dot(_ other: Self) -> Double {
    x * other.x + y * other.y + z * other.z
  }

  /// The vector product with another vector.
  @inlinable
  public func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The squared Euclidean norm.
  @inlinable
  public var squaredLength: Double { dot(self) }

  /// The Euclidean norm.
  @inlinable
  public var length: Double { dot(self).squareRoot() }
}

/// A 3×3 matrix, stored by rows.
///
/// `matrix * v` treats `v` as a column, `v * matrix` as a row. Cells keep their edge vectors as rows, so that Cartesian
/// coordinates are `fractional * cell.vectors`.
public struct Matrix3: Hashable, Sendable, Codable {
  /// The rows.
  public var rows: (x: Vector3, y: Vector3, z: Vector3) {
    get { (row0, row1, row2) }
    set { (row0, row1, row2) = newValue }
  }
  @usableFromInline var row0: Vector3
  @usableFromInline var row1: Vector3
  @usableFromInline var row2: Vector3

  /// Creates a matrix from its rows.
  @inlinable
  public init(_ row0: Vector3, _ row1: Vector3, _ row2: Vector3) {
    self.row0 = row0
    self.row1 = row1
    self.row2 = row2
  }

  /// Creates a matrix with the given diagonal.
  @inlinable
  public init(diagonal: Vector3) {
    self.init(Vector3(diagonal.x, 0, 0), Vector3(0, diagonal.y, 0), Vector3(0, 0, diagonal.z))
  }

  public static let identity = Matrix3(diagonal: Vector3(1, 1, 1))
  public static let zero = Matrix3(diagonal: .zero)

  /// One row, `0 <= index < 3`.
  @inlinable
  public subscript(index: Int) -> Vector3 {
    get { index == 0 ? row0 : index == 1 ? row1 : row2 }
    set {
      switch index {
      case 0: row0 = newValue
      case 1: row1 = newValue
      default: row2 = newValue
      }
    }
  }

  /// The element in a row and a column.
  @inlinable
  public subscript(row: Int, column: Int) -> Double {
    get { self[row][column] }
    set { self[row][column] = newValue }
  }

  @inlinable
  public var determinant: Double { row0.dot(row1.cross(row2)) }

  @inlinable
  public var trace: Double { row0.x + row1.y + row2.z }

  @inlinable
  public var transposed: Matrix3 {
    Matrix3(
      Vector3(row0.x, row1.x, row2.x), Vector3(row0.y, row1.y, row2.y), Vector3(row0.z, row1.z, row2.z))
  }

  /// The inverse; entries are not finite for a singular matrix.
  @inlinable
  public var inverse: Matrix3 {
    let inverseDeterminant = 1 / determinant
    return Matrix3(
      row1.cross(row2) * inverseDeterminant, row2.cross(row0) * inverseDeterminant, row0.cross(row1) * inverseDeterminant
    ).transposed
  }

  /// The dyadic product: element (i, j) is `a[i] b[j]`.
  @inlinable
  public static func outer(_ a: Vector3, _ b: Vector3) -> Matrix3 {
    Matrix3(a.x * b, a.y * b, a.z * b)
  }

  @inlinable
  public static func * (matrix: Matrix3, vector: Vector3) -> Vector3 {
    Vector3(matrix.row0.dot(vector), matrix.row1.dot(vector), matrix.row2.dot(vector))
  }

  @inlinable
  public static func * (vector: Vector3, matrix: Matrix3) -> Vector3 {
    vector.x * matrix.row0 + vector.y * matrix.row1 + vector.z * matrix.row2
  }

  @inlinable
  public static func * (left: Matrix3, right: Matrix3) -> Matrix3 {
    Matrix3(left.row0 * right, left.row1 * right, left.row2 * right)
  }

  @inlinable
  public static func * (left: Matrix3, factor: Double) -> Matrix3 {
    Matrix3(left.row0 * factor, left.row1 * factor, left.row2 * factor)
  }

  @inlinable
  public static func + (left: Matrix3, right: Matrix3) -> Matrix3 {
    Matrix3(left.row0 + right.row0, left.row1 + right.row1, left.row2 + right.row2)
  }

  @inlinable
  public static func - (left: Matrix3, right: Matrix3) -> Matrix3 {
    Matrix3(left.row0 - right.row0, left.row1 - right.row1, left.row2 - right.row2)
  }

  @inlinable
  public static func += (left: inout Matrix3, right: Matrix3) {
    left = left + right
  }
}
