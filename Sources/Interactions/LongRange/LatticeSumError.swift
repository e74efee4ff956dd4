import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the errors of a lattice sum depend on beside its settings: how many charges there are, how large, in what volume.
public struct ChargeDensity: Sendable, Hashable {
  /// The number of atoms.
  public var atoms: Int
  /// The sum of the squares of their charges in e², and of the fourth powers in e⁴.
  public var chargeSquares, chargeFourths: Double
  /// In Å³.
  public var volume: Double

  /// - Parameters:
  ///   - charges: In e, with the number of atoms that have each.
  ///   - volume: In Å³.
  public init(_ charges: some Sequence<(charge: Double, count: Int)>, volume: Double) {
    (atoms, chargeSquares, chargeFourths) = (0, 0, 0)
    self.volume = volume
    for (charge, count) in charges {
      let square = charge * charge
      atoms += count
      chargeSquares += Double(count) * square
      chargeFourths += Double(count) * square * square
    }
  }

  /// The same charges in another volume in Å³.
  func with(volume: Double) -> ChargeDensity {
    var copy = self
    copy.volume = volume
    return copy
  }

  /// Q/√(N V) with Q = Σ q², in e²/Å^(3/2): the errors of randomly placed charges are proportional to it.
  ///
  /// A few charges in a large cell are no random charges; they count as if a unit charge had another one within 1/α, so that the
  /// error of one pair is bounded as well.
  func errorScale(alpha: Double) -> Double {
    max(chargeSquares / (Double(max(1, atoms)) * volume).squareRoot(), alpha * alpha.squareRoot() / 3)
  }
}

/// Estimates of the root-mean-square error of the forces of lattice sums, divided by k/Å².
///
/// They hold for charges without order; ions in solids, which screen each other, come out up to about a third lower.
enum LatticeSumError {
  /// The error of ending the part in real space at a cutoff.
  ///
  ///     2 Q/√(N V R) exp(-α²R²) [1 + 3/(8 α²R²)]
  ///
  /// Source: Kolafa and Perram, Mol. Simul. 9, 351 (1992), doi:10.1080/08927029208049126, eq. 18, with the next term of its expansion.
  static func realSpace(_ charges: ChargeDensity, alpha: Double, cutoff: Double) -> Double {
    let x2 = alpha * alpha * cutoff * cutoff
    return 2 * charges.errorScale(alpha: alpha) / cutoff.squareRoot() * exp(-x2) * (1 + 3 / (8 * x2))
  }

  /// The error of ending the part in reciprocal space at a wave number, in 1/Å.
  ///
  ///     2 √2 Q α/√(N V K) exp(-K²/(4 α²))
  ///
  /// Source: the same, eq. 32.
  static func reciprocal(_ charges: ChargeDensity, alpha: Double, waveNumber: Double) -> Double {
    let x = waveNumber / (2 * alpha)
    return 2 * charges.errorScale(alpha: alpha) * alpha * (2 / waveNumber).squareRoot() * exp(-x * x)
  }

  /// The splitting parameter in 1/Å at which the part in real space has a given error.
  static func alpha(_ charges: ChargeDensity, cutoff: Double, error: Double) -> Double {
    root(in: 0.5 / cutoff...12 / cutoff) { log(realSpace(charges, alpha: $0, cutoff: cutoff) / error) }
  }

  /// The cutoff in Å at which the part in real space has a given error.
  static func cutoff(_ charges: ChargeDensity, alpha: Double, error: Double) -> Double {
    root(in: 0.5 / alpha...12 / alpha) { log(realSpace(charges, alpha: alpha, cutoff: $0) / error) }
  }

  /// The wave number in 1/Å at which the part in reciprocal space has a given error.
  static func waveNumber(_ charges: ChargeDensity, alpha: Double, error: Double) -> Double {
    root(in: 0.1 * alpha...24 * alpha) { log(reciprocal(charges, alpha: alpha, waveNumber: $0) / error) }
  }

  /// Where a falling function crosses zero; the nearer end where it does not.
  ///
  /// Bisection to the last bit is a function of its arguments alone, whatever came before.
  static func root(in range: ClosedRange<Double>, of function: (Double) -> Double) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if function(middle) > 0 { low = middle } else { high = middle }
    }
    return high
  }
}
