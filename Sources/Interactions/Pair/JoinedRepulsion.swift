/// A repulsion that replaces any pair form at short distances, so that the pair never turns attractive again.
///
/// Let T(r) = U(r) + k q1 q2/r be the form with the Coulomb energy of the two bare charges. Below r0
///
///     T(r) = T(r0) - T'(r0) r0 x + c x²,   x = r0/r - 1,   c = |T''(r0) r0²/2 + T'(r0) r0|
///
/// which joins value and slope at r0, rises monotonically towards r = 0 and there outweighs the Coulomb attraction.
/// r0 is the place of the innermost maximum of T unless given. The total is what must repel: a pair of unlike charges whose
/// short-range term alone is repulsive can still fall together.
public struct JoinedRepulsion: PairForm {
  /// In Å.
  public let radius: Double
  private let energy, linear, quadratic: Double
  private let coulomb: Double

  public func callAsFunction(_ r: Double) -> PairValue {
    let x = radius / r - 1
    return (
      energy + x * (linear + quadratic * x) - coulomb / r,
      (linear + 2 * quadratic * x) * radius / (r * r) - coulomb / (r * r)
    )
  }

  /// Creates the repulsion that continues a form.
  ///
  /// - Parameters:
  ///   - coulomb: k q1 q2 in eV Å; 0 without charges.
  ///   - radius: r0 in Å; the innermost maximum unless given.
  /// - Returns: `nil` where no radius is given and the form has no such maximum between 0.3 Å and 90 % of the cutoff,
  ///   so that there is nothing to repair.
  /// - Throws: ``InteractionsError`` with code `.invalidForceField` where the pair attracts at the given radius.
  public static func continuing(
    _ form: any PairForm, coulomb: Double, radius: Double? = nil, cutoff: Double
  ) throws -> JoinedRepulsion? {
    func total(_ r: Double) -> PairValue {
      let (energy, force) = form(r)
      return (energy + coulomb / r, force + coulomb / (r * r))
    }
    let r0: Double
    if let radius {
      guard total(radius).force >= 0 else {
        throw InteractionsError(
          .invalidForceField,
          "the pair attracts at r0 = \(radius) Å, where its repair should begin; choose r0 between the maximum and the minimum of the "
            + "energy with Coulomb, or leave it out to take the maximum")
      }
      r0 = radius
    } else {
      guard let maximum = innermostMaximum(of: total, upTo: 0.9 * cutoff) else { return nil }
      r0 = maximum
    }
    let step = 1e-4 * r0
    let (energy, force) = total(r0)
    let curvature = (total(r0 - step).force - total(r0 + step).force) / (2 * step)
    let linear = max(0, force * r0)
    let quadratic = abs(curvature * r0 * r0 / 2 - linear)
    return JoinedRepulsion(radius: r0, energy: energy, linear: linear, quadratic: quadratic, coulomb: coulomb)
  }

  /// The largest distance below which the pair attracts, before it first repels: where the force turns from negative to positive.
  private static func innermostMaximum(of total: (Double) -> PairValue, upTo limit: Double) -> Double? {
    let step = 0.01
    var r = 0.3
    guard total(r).force < 0 else { return nil }
    while r < limit {
      if total(r + step).force >= 0 {
        var (low, high) = (r, r + step)
        for _ in 0..<60 {
          let middle = (low + high) / 2
          if total(middle).force < 0 { low = middle } else { high = middle }
        }
        return high
      }
      r += step
    }
    return nil
  }
}
