#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The error of taking the smooth part of a lattice sum through a mesh with B-splines, against its finest spacing.
///
/// For randomly placed charges and a cubic mesh of spacing h, the mean square error of the forces, divided by (k/Å²)², is
/// Q²/(N V) α E(αh)². With R(κ) = 4π exp(-κ²/4)/κ², U_m the transform of the B-spline in the zone m of the mesh and the
/// influence function R/(Σ_m U_m)² of smooth particle-mesh Ewald,
///
///     E² = (2π)^-3 ∫ {G² Σ_m κ_m² U_m² Σ_n U_n² - 2 G R κ² U_0² + κ² R²} d³κ,   G = R/(Σ_m U_m)²
///
/// over the first zone, and κ² R² beyond. Terms in R of other zones are left out; they are far below at any spacing of use.
/// Source: Ballenegger, Cerda and Holm, J. Chem. Theory Comput. 8, 936 (2012), doi:10.1021/ct2001792, section 5 (forces by analytic
/// differentiation).
struct MeshError: Sendable {
  /// The range of α h that is tabulated.
  private static let spacings = 0.05...2.5
  private static let samples = 32
  /// The logarithms of E at spacings evenly apart in their logarithm, rising.
  private let logarithms: [Double]

  /// - Parameter order: That of the B-splines: the number of points along each edge that a charge is spread over.
  init(order: Int) {
    let (low, high) = (log(Self.spacings.lowerBound), log(Self.spacings.upperBound))
    logarithms = (0..<Self.samples).map { k in
      log(Self.value(order: order, spacing: exp(low + (high - low) * Double(k) / Double(Self.samples - 1))))
    }
  }

  /// The greatest spacing α h at which E stays below a value.
  func spacing(forError error: Double) -> Double {
    let (low, high) = (log(Self.spacings.lowerBound), log(Self.spacings.upperBound))
    let step = (high - low) / Double(Self.samples - 1)
    let goal = log(error)
    guard goal > logarithms[0] else { return Self.spacings.lowerBound }
    for k in 1..<Self.samples where logarithms[k] > goal {
      let t = (goal - logarithms[k - 1]) / (logarithms[k] - logarithms[k - 1])
      return exp(low + step * (Double(k - 1) + t))
    }
    return Self.spacings.upperBound
  }

  /// E at a spacing α h.
  func error(forSpacing spacing: Double) -> Double {
    let (low, high) = (log(Self.spacings.lowerBound), log(Self.spacings.upperBound))
    let place = min(max((log(spacing) - low) / (high - low), 0), 1) * Double(Self.samples - 1)
    let k = min(Int(place), Self.samples - 2)
    return exp(logarithms[k] + (place - Double(k)) * (logarithms[k + 1] - logarithms[k]))
  }

  /// What one direction adds at a wave number: with ε = U_m/U_0 over the other zones m, log(1 + Σ ε), log(1 + Σ ε²), Σ κ_m² ε².
  private struct Direction {
    var squared, sum, squares, weighted: Double

    init(order: Int, waveNumber: Double, spacing: Double) {
      let t = waveNumber * spacing
      squared = waveNumber * waveNumber
      (sum, squares, weighted) = (0, 0, 0)
      for zone in [-3, -2, -1, 1, 2, 3] {
        let shifted = t + 2 * Double.pi * Double(zone)
        // The sine of the B-spline's transform changes its sign from zone to zone.
        let ratio = abs(zone) % 2 == 0 ? t / shifted : -t / shifted
        let epsilon = pow(ratio, Double(order))
        sum += epsilon
        squares += epsilon * epsilon
        weighted += shifted * shifted / (spacing * spacing) * epsilon * epsilon
      }
      (sum, squares) = (log1p(sum), log1p(squares))
    }
  }

  /// E by Gauss-Legendre quadrature; the integrand is written so that no nearly equal numbers are subtracted.
  static func value(order: Int, spacing: Double) -> Double {
    let edge = min(Double.pi / spacing, 9)
    let nodes = legendre.map { (edge * (1 + $0.node) / 2, edge * $0.weight / 2) }
    let directions = nodes.map { Direction(order: order, waveNumber: $0.0, spacing: spacing) }
    var total = 0.0
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
          total += copies * nodes[i].1 * nodes[j].1 * nodes[l].1 * shape * exp(-k2 / 2) / (k2 * k2)
        }
      }
    }
    let zone = Double.pi / spacing
    // 8 octants, 16 π² of R² and (2π)^-3.
    return (16 / Double.pi * total + 8 / zone * exp(-zone * zone / 2)).squareRoot()
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
