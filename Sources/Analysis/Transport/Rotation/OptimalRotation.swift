import NumericalMethods

/// The rotation that takes one set of points nearest to another in the least-squares sense.
///
/// The quaternion is the eigenvector of the largest eigenvalue of a symmetric 4 × 4 matrix made of the correlations of the coordinates. Newton's
/// method finds that eigenvalue from above, and the adjugate of the shifted matrix gives the vector.
///
/// - Source: Horn, J. Opt. Soc. Am. A 4, 629 (1987), doi:10.1364/JOSAA.4.000629; Theobald, Acta Cryst. A 61, 478 (2005),
///   doi:10.1107/S0108767305015266.
enum OptimalRotation {

  /// - Parameters:
  ///   - from, to: Equally many points around their centres, not all on one line.
  static func orientation(from: UnsafeBufferPointer<Vector3>, to: UnsafeBufferPointer<Vector3>) -> Orientation {
    var m = Matrix3.zero
    var bound = 0.0
    for k in 0..<from.count {
      m += Matrix3.outer(from[k], to[k])
      bound += (from[k].squaredLength + to[k].squaredLength) / 2
    }
    let k00 = m[0].x + m[1].y + m[2].z
    let k11 = m[0].x - m[1].y - m[2].z
    let k22 = -m[0].x + m[1].y - m[2].z
    let k33 = -m[0].x - m[1].y + m[2].z
    let k01 = m[1].z - m[2].y
    let k02 = m[2].x - m[0].z
    let k03 = m[0].y - m[1].x
    let k12 = m[0].y + m[1].x
    let k13 = m[2].x + m[0].z
    let k23 = m[1].z + m[2].y
    // x⁴ + c2 x² + c1 x + c0; the trace is zero.
    let c2 = -2 * (m[0].squaredLength + m[1].squaredLength + m[2].squaredLength)
    let c1 = -8 * m.determinant
    let c0 = determinant(k00, k01, k02, k03, k11, k12, k13, k22, k23, k33)
    var x = bound
    for _ in 0..<100 {
      let x2 = x * x
      let value = (x2 + c2) * x2 + c1 * x + c0
      let slope = 4 * x2 * x + 2 * c2 * x + c1
      guard slope != 0 else { break }
      let next = x - value / slope
      if abs(next - x) <= 1e-14 * abs(x) {
        x = next
        break
      }
      x = next
    }
    return eigenvector(k00 - x, k01, k02, k03, k11 - x, k12, k13, k22 - x, k23, k33 - x)
  }

  /// The determinant of a symmetric matrix by its upper triangle.
  private static func determinant(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double, _ g: Double, _ h: Double, _ i: Double, _ j: Double
  ) -> Double {
    let (s0, s1, s2) = (a * e - b * b, a * f - b * c, a * g - b * d)
    let (s3, s4, s5) = (b * f - e * c, b * g - e * d, c * g - f * d)
    let (t5, t4, t3) = (h * j - i * i, f * j - g * i, f * i - g * h)
    let (t2, t1, t0) = (c * j - d * i, c * i - d * h, c * g - d * f)
    return s0 * t5 - s1 * t4 + s2 * t3 + s3 * t2 - s4 * t1 + s5 * t0
  }

  /// The vector that a singular symmetric matrix takes to zero: the largest column of its adjugate.
  private static func eigenvector(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double, _ g: Double, _ h: Double, _ i: Double, _ j: Double
  ) -> Orientation {
    let rows = (SIMD4(a, b, c, d), SIMD4(b, e, f, g), SIMD4(c, f, h, i), SIMD4(d, g, i, j))
    /// The vector at right angles to three others.
    func cross(_ p: SIMD4<Double>, _ q: SIMD4<Double>, _ r: SIMD4<Double>) -> SIMD4<Double> {
      let (m01, m02, m03) = (q.x * r.y - q.y * r.x, q.x * r.z - q.z * r.x, q.x * r.w - q.w * r.x)
      let (m12, m13, m23) = (q.y * r.z - q.z * r.y, q.y * r.w - q.w * r.y, q.z * r.w - q.w * r.z)
      return SIMD4(
        p.y * m23 - p.z * m13 + p.w * m12, -(p.x * m23 - p.z * m03 + p.w * m02), p.x * m13 - p.y * m03 + p.w * m01,
        -(p.x * m12 - p.y * m02 + p.z * m01))
    }
    var best = SIMD4<Double>(1, 0, 0, 0)
    var largest = 0.0
    for candidate in [
      cross(rows.1, rows.2, rows.3), cross(rows.0, rows.2, rows.3), cross(rows.0, rows.1, rows.3), cross(rows.0, rows.1, rows.2),
    ] {
      let norm = (candidate * candidate).sum()
      if norm > largest { (largest, best) = (norm, candidate) }
    }
    guard largest > 0 else { return .identity }
    best *= 1 / largest.squareRoot()
    return Orientation(real: best.x, vector: Vector3(best.y, best.z, best.w))
  }

  /// The same by the eigenvectors of LAPACK: the twin that the fast way is held against.
  static func reference(from: [Vector3], to: [Vector3]) -> Orientation? {
    var m = Matrix3.zero
    for (a, b) in zip(from, to) { m += Matrix3.outer(a, b) }
    let matrix = [
      m.trace, m[1].z - m[2].y, m[2].x - m[0].z, m[0].y - m[1].x,
      m[1].z - m[2].y, m[0].x - m[1].y - m[2].z, m[0].y + m[1].x, m[2].x + m[0].z,
      m[2].x - m[0].z, m[0].y + m[1].x, -m[0].x + m[1].y - m[2].z, m[1].z + m[2].y,
      m[0].y - m[1].x, m[2].x + m[0].z, m[1].z + m[2].y, -m[0].x - m[1].y + m[2].z,
    ]
    guard let system = SymmetricEigensystem(matrix, order: 4) else { return nil }
    let v = Array(system.vector(3))
    return Orientation(real: v[0], vector: Vector3(v[1], v[2], v[3]))
  }
}
