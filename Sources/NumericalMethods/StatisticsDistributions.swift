#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Student's t distribution: of a mean divided by its error, where the error is itself estimated from few samples.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.17, doi:10.18434/T4/1502697.
public struct StudentDistribution: Sendable {
  /// The degrees of freedom, greater than 0; infinite for the normal distribution.
  public let degrees: Double

  public init(degrees: Double) {
    precondition(degrees > 0, "a t distribution has more than no degree of freedom")
    self.degrees = degrees
  }

  /// The probability of a value above `t`.
  public func upperTail(_ t: Double) -> Double {
    guard degrees.isFinite, degrees < 1e8 else { return 0.5 * erfc(t / 2.0.squareRoot()) }
    let half = 0.5 * IncompleteBeta.regularized(degrees / (degrees + t * t), degrees / 2, 0.5)
    return t >= 0 ? half : 1 - half
  }

  /// The half width, in standard errors, of the interval around a mean that holds a share of all cases: 1.96 for 0.95 and many degrees.
  ///
  /// - Parameter share: Between 0 and 1, both excluded.
  public func halfWidth(_ share: Double) -> Double {
    precondition(share > 0 && share < 1, "a share lies between 0 and 1")
    let tail = (1 - share) / 2
    var high = 1.0
    while upperTail(high) > tail, high < 1e12 { high *= 2 }
    var low = 0.0
    for _ in 0..<100 {
      let middle = 0.5 * (low + high)
      if upperTail(middle) > tail { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}

/// The chi-squared distribution: of the sum of squares of independent normal numbers.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.2, doi:10.18434/T4/1502697.
public struct ChiSquaredDistribution: Sendable {
  /// The degrees of freedom, greater than 0.
  public let degrees: Double

  public init(degrees: Double) {
    precondition(degrees > 0, "a chi-squared distribution has more than no degree of freedom")
    self.degrees = degrees
  }

  /// The probability of a value above `x`, the regularised incomplete gamma function Q(degrees / 2, x / 2).
  public func upperTail(_ x: Double) -> Double {
    guard x > 0 else { return 1 }
    guard x.isFinite else { return 0 }
    let (a, z) = (degrees / 2, x / 2)
    let front = exp(a * log(z) - z - lgamma(a))
    if z < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      while abs(term) > 1e-16 * abs(sum) {
        n += 1
        term *= z / n
        sum += term
      }
      return max(0, 1 - front * sum)
    }
    // Continued fraction by the method of Lentz.
    var b = z + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1..<10_000 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / nonzero(an * d + b)
      c = nonzero(b + an / c)
      h *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return front * h
  }

  /// The value that is exceeded with a probability.
  ///
  /// - Parameter probability: Between 0 and 1, both excluded.
  public func upperQuantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a probability lies between 0 and 1")
    var high = max(1, degrees)
    while upperTail(high) > probability, high < 1e300 { high *= 2 }
    var low = 0.0
    for _ in 0..<200 where high - low > 1e-14 * high {
      let middle = 0.5 * (low + high)
      if upperTail(middle) > probability { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}

/// The regularised incomplete beta function.
enum IncompleteBeta {
  /// `I_x(a, b)` by its continued fraction.
  static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast on this side only.
    if x > (a + 1) / (a + b + 2) { return 1 - regularized(1 - x, b, a) }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var h = d
    for m in 1..<10_000 {
      let k = Double(m)
      let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
      d = 1 / nonzero(1 + even * d)
      c = nonzero(1 + even / c)
      h *= d * c
      let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      d = 1 / nonzero(1 + odd * d)
      c = nonzero(1 + odd / c)
      h *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return front * h
  }
}

/// A number kept away from zero, as the method of Lentz wants it.
private func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
