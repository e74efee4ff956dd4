import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The weights with which a charge is spread over the mesh points near it: cardinal B-splines.
///
///     M_1(x) = 1 in [0, 1),   M_n(x) = [x M_(n-1)(x) + (n - x) M_(n-1)(x - 1)]/(n - 1)
///
/// A charge at u, in units of the spacing, is spread over the points `start ..< start + order` with weights M_p(u + p/2 - point), which are
/// symmetric about u; for odd orders, too.
///
/// Source: Essmann et al., J. Chem. Phys. 103, 8577 (1995), doi:10.1063/1.470117, eqs. 4.1 and 4.7.
struct MeshSplines<Scalar: FourierTransformScalar> {
  typealias Lanes = SIMD8<Scalar>

  let order: Int
  /// p - 1 - t for the point t of a charge, and 1 for the last of them.
  private let points: Lanes
  private let last: Lanes

  init(order: Int) {
    self.order = order
    var points = Lanes.zero
    var last = Lanes.zero
    for t in 0..<8 { points[t] = Scalar(order - 1 - t) }
    last[order - 1] = 1
    (self.points, self.last) = (points, last)
  }

  /// The weights of the points, and their derivatives with respect to u; 0 beyond the order.
  ///
  /// - Parameter w: How far u + p/2 is beyond a whole number.
  @inline(__always)
  func weights(_ w: Scalar) -> (value: Lanes, slope: Lanes) {
    let x = points + w
    // M_2 has two values: 1 - w at the last point but one, and w at the last.
    var value = last
    for n in 2..<order {
      value = (x * value + (Scalar(n) - x) * Self.shifted(value)) * (1 / Scalar(n - 1))
    }
    let before = Self.shifted(value)
    let slope = value - before
    return ((x * value + (Scalar(order) - x) * before) * (1 / Scalar(order - 1)), slope)
  }

  /// The value of the next lane in each lane.
  @inline(__always)
  private static func shifted(_ v: Lanes) -> Lanes {
    Lanes(v[1], v[2], v[3], v[4], v[5], v[6], v[7], 0)
  }

  /// 1/|Σ_j M_p(p/2 + j) exp(2πi m j/n)|² for each m: what undoes the smoothing of the spreading.
  static func moduli(order: Int, count: Int) -> [Double] {
    let splines = MeshSplines<Double>(order: order)
    // At u = 0 the first point is -(p - 1)/2, rounded towards 0.
    let weights = splines.weights(order % 2 == 0 ? 0 : 0.5).value
    return (0..<count).map { m in
      var sum = 0.0
      for t in 0..<order {
        sum += weights[t] * cos(2 * Double.pi * Double(m) * Double(t - (order - 1) / 2) / Double(count))
      }
      return 1 / (sum * sum)
    }
  }

  /// Σ_m U_m²/(Σ_m U_m)² for each wave, with the transforms U_m of the B-spline in all zones of the mesh.
  static func overlaps(order: Int, count: Int) -> [Double] {
    (0..<count).map { m in
      let t = 2 * Double.pi * Double(2 * m <= count ? m : m - count) / Double(count)
      var (sum, squares) = (1.0, 1.0)
      for zone in [-3, -2, -1, 1, 2, 3] {
        let ratio = t / (t + 2 * Double.pi * Double(zone))
        // The sine of the B-spline's transform changes its sign from zone to zone.
        let epsilon = pow(abs(zone) % 2 == 0 ? ratio : -ratio, Double(order))
        sum += epsilon
        squares += epsilon * epsilon
      }
      return squares / (sum * sum)
    }
  }
}
