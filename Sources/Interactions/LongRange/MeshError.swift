#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The error of taking the smooth part of a lattice sum through a mesh with B-splines.
///
/// For randomly placed charges and a cubic mesh of spacing h, the mean square error of the forces, divided by (k/Å²)², is
///
///     Q²/(N V) α E(αh)² + <q⁴> α⁴ F(αh)²
///
/// The first part is that of pairs. With R(κ) = 4π exp(-κ²/4)/κ², U_m the transform of the B-spline in the zone m of the mesh and the
/// influence function R/(Σ_m U_m)² of smooth particle-mesh Ewald,
///
///     E² = (2π)^-3 ∫ {G² Σ_m κ_m² U_m² Σ_n U_n² - 2 G R κ² U_0² + κ² R²} d³κ,   G = R/(Σ_m U_m)²
///
/// over the first zone, and κ² R² beyond. Terms in R of other zones are left out; they are far below at any spacing of use. The
/// second part is the force of a charge on itself, which is a sine of its place between two points along each edge:
///
///     F = √(3/2) (2π/αh) (2π)^-3 ∫ R (U_1 + U_-1)/U_0 d³κ
///
/// Source: Ballenegger, Cerda and Holm, J. Chem. Theory Comput. 8, 936 (2012), doi:10.1021/ct2001792, section 5 (forces by analytic
/// differentiation).
struct MeshError: Sendable {
  /// The range of α h that is tabulated.
  private static let spacings = 0.01...2.5
  private static let samples = 48
  /// The logarithms of E and F at spacings evenly apart in their logarithm, rising.
  private let logarithms: [SIMD2<Double>]

  let order: Int

  /// - Parameter order: That of the B-splines: the number of points along each edge that a charge is spread over.
  init(order: Int) {
    self.order = order
    let (low, high) = (log(Self.spacings.lowerBound), log(Self.spacings.upperBound))
    logarithms = (0..<Self.samples).map { k in
      let value = Self.value(order: order, spacing: exp(low + (high - low) * Double(k) / Double(Self.samples - 1)))
      return SIMD2(log(value.pairs), log(value.itself))
    }
  }

  /// The error of a mesh of a spacing h in Å, divided by k/Å².
  func error(_ charges: ChargeDensity, alpha: Double, spacing: Double) -> Double {
    let (low, high) = (log(Self.spacings.lowerBound), log(Self.spacings.upperBound))
    let place = min(max((log(alpha * spacing) - low) / (high - low), 0), 1) * Double(Self.samples - 1)
    let k = min(Int(place), Self.samples - 2)
    let value = logarithms[k] + (place - Double(k)) * (logarithms[k + 1] - logarithms[k])
    let pairs = charges.errorScale(alpha: alpha) * alpha.squareRoot() * exp(value.x)
    let itself = (charges.chargeFourths / Double(max(1, charges.atoms))).squareRoot() * alpha * alpha * exp(value.y)
    return (pairs * pairs + itself * itself).squareRoot()
  }

  /// The greatest spacing in Å at which the error stays below a value; `nil` where none does.
  func spacing(_ charges: ChargeDensity, alpha: Double, error goal: Double) -> Double? {
    guard error(charges, alpha: alpha, spacing: Self.spacings.lowerBound / alpha) < goal else { return nil }
    return LatticeSumError.root(in: Self.spacings.lowerBound / alpha...Self.spacings.upperBound / alpha) {
      log(goal / error(charges, alpha: alpha, spacing: $0))
    }
  }

  /// What one direction adds at a wave number: with ε = U_m/U_0 over the other zones m, log(1 + Σ ε), log(1 + Σ ε²), Σ κ_m² ε², and
  /// the sum of ε over the next zones.
  private struct Direction {
    var squared, sum, squares, weighted, next: Double

    init(order: Int, waveNumber: Double, spacing: Double) {
      let t = waveNumber * spacing
      squared = waveNumber * waveNumber
      (sum, squares, weighted, next) = (0, 0, 0, 0)
      for zone in [-3, -2, -1, 1, 2, 3] {
        let shifted = t + 2 * Double.pi * Double(zone)
        // The sine of the B-spline's transform changes its sign from zone to zone.
        let ratio = abs(zone) % 2 == 0 ? t / shifted : -t / shifted
        let epsilon = pow(ratio, Double(order))
        sum += epsilon
        if abs(zone) == 1 { next += epsilon }
        squares += epsilon * epsilon
        weighted += shifted * shifted / (spacing * spacing) * epsilon * epsilon
      }
      (sum, squares) = (log1p(sum), log1p(squares))
    }
  }

  /// E and F by Gauss-Legendre quadrature; the integrand is written so that no nearly equal numbers are subtracted.
  static func value(order: Int, spacing: Double) -> (pairs: Double, itself: Double) {
    let edge = min(Double.pi / spacing, 9)
    let nodes = legendre.map { (edge * (1 + $0.node) / 2, edge * $0.weight / 2) }
    let directions = nodes.map { Direction(order: order, waveNumber: $0.0, spacing: spacing) }
    var (total, itself) = (0.0, 0.0)
    for i in nodes.indices {
      for j in 0...i {
        for l in 0...j {
          // The six orders of three nodes give the same.
          let copies = i == j ? (j == l ? 1.0 : 3.0) : (j == l ? 3.0 : 6.0)
          let (x, y, z) = (directions[i], directions[j], directions[l])
          let k2 = x.squared + y.squared + z.squared
          let all = x.squares + y.squares + z.squares
          let lost = expm1(-2 * (x.sum + y.sum + z.sum))
          var aliased = 0.0
          for d in [x, y, z] {
            let rest = 2 * all - d.squares
            aliased += d.squared * expm1(rest) + d.weighted * exp(rest)
          }
          let shape = k2 * lost * lost + (1 + lost) * (1 + lost) * aliased
          let weight = copies * nodes[i].1 * nodes[j].1 * nodes[l].1 * exp(-k2 / 4) / k2
          total += weight * shape * exp(-k2 / 4) / k2
          // Of the three axes one; their mean has the symmetry of the sum.
          itself += weight * abs(x.next + y.next + z.next) / 3
        }
      }
    }
    let zone = Double.pi / spacing
    // 8 octants, 16 π² of R² and (2π)^-3.
    let pairs = (16 / Double.pi * total + 8 / zone * exp(-zone * zone / 2)).squareRoot()
    return (pairs, 1.5.squareRoot() * 2 * zone * 4 / (Double.pi * Double.pi) * itself)
  }

  /// The nodes and weights of 16-point Gauss-Legendre quadrature in -1 ..< 1.
  private static let legendre: [(node: Double, weight: Double)] = (0..<16).map { k in
    var x = cos(Double.pi * (Double(k) + 0.75) / 16.5)
    var slope = 0.0
    for _ in 0..<8 {
      var (last, now) = (1.0, x)
      for n in 2...16 { (last, now) = (now, (Double(2 * n - 1) * x * now - Double(n - 1) * last) / Double(n)) }
      slope = 16 * (x * now - last) / (x * x - 1)
      x -= now / slope
    }
    return (x, 2 / ((1 - x * x) * slope * slope))
  }
}
