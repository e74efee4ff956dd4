import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The transform from g(r), constant in each bin, to structure factors.
///
///     4 pi ∫ r² sin(Qr)/(Qr) dr = 4 pi / Q³ [sin(Qr) - Qr cos(Qr)]   over each bin
struct RadialTransform: Sendable {
  let curves: PairCurves
  /// In 1/Å, all positive.
  let q: [Double]
  /// The integral over each bin of r times the window, by Q, then by bin, in Å³.
  private let kernel: [Double]
  private let leavesSelfOut: Bool

  /// - Parameter leavesSelfOut: Whether pairs of like atoms are normalised by N(N-1) in place of N².
  init(curves: PairCurves, q: [Double], window: TruncationWindow, leavesSelfOut: Bool = true) {
    self.curves = curves
    self.q = q
    self.leavesSelfOut = leavesSelfOut
    let bins = curves.bins
    let width = curves.binWidth
    let weights = curves.radii.map { r -> Double in
      let x = Double.pi * r / curves.cutoff
      return window == .lorch ? sin(x) / x : 1
    }
    var kernel = [Double](repeating: 0, count: q.count * bins)
    for (row, q) in q.enumerated() {
      let scale = 4 * Double.pi / (q * q * q)
      var inner = 0.0
      for bin in 0..<bins {
        let x = q * width * Double(bin + 1)
        // The difference of the two cancels near zero: x³/3 (1 - x²/10).
        let outer = x < 0.02 ? x * x * x / 3 * (1 - x * x / 10) : sin(x) - x * cos(x)
        kernel[row * bins + bin] = scale * (outer - inner) * weights[bin]
        inner = outer
      }
    }
    self.kernel = kernel
  }

  /// I_ab from an entry of ``PairCurves``.
  func intensities(_ entry: [Double]) -> [[Double]] {
    let c = curves.concentrations
    let density = curves.density(entry)
    let g = curves.partials(entry)
    return curves.pairsOfSpecies.map { a, b in
      let pair = PairHistogram.pairIndex(a, b, classes: c.count)
      // An atom is no neighbour of itself: without this, S(Q) of an ideal gas falls short of 1 by the volume of the sphere.
      let like = leavesSelfOut && a == b && curves.atoms[a] > 1 ? Double(curves.atoms[a]) / Double(curves.atoms[a] - 1) : 1
      let excess = g[pair].map { $0 * like - 1 }
      return q.indices.map { row in
        let sum = kernel.withUnsafeBufferPointer { kernel in
          excess.withUnsafeBufferPointer { excess in
            Self.dot(excess, UnsafeBufferPointer(rebasing: kernel[row * curves.bins..<(row + 1) * curves.bins]))
          }
        }
        return (a == b ? c[a] : 0) + c[a] * c[b] * density * sum
      }
    }
  }

  /// The sum of products, eight at a time in a fixed order.
  private static func dot(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
    var sums = SIMD8<Double>.zero
    let whole = a.count / 8 * 8
    var i = 0
    while i < whole {
      let x = UnsafeRawPointer(a.baseAddress.unsafelyUnwrapped + i).loadUnaligned(as: SIMD8<Double>.self)
      let y = UnsafeRawPointer(b.baseAddress.unsafelyUnwrapped + i).loadUnaligned(as: SIMD8<Double>.self)
      sums += x * y
      i += 8
    }
    var sum = sums.sum()
    while i < a.count {
      sum += a[i] * b[i]
      i += 1
    }
    return sum
  }

  /// The largest mean deviation of a g(r) from 1 over the last Å, noise averaged out.
  static func deviationAtEnd(_ curves: PairCurves) -> Double {
    let last = max(1, min(curves.bins, Int((1 / curves.binWidth).rounded())))
    // Over fifths of an Å, so that noise does not count.
    let part = max(1, last / 5)
    var largest = 0.0
    for g in curves.partials(curves.mean) {
      var begin = curves.bins - last
      while begin + part <= curves.bins {
        let shells = (begin..<begin + part)
        let mean = shells.reduce(0.0) { $0 + g[$1] } / Double(part)
        largest = max(largest, abs(mean - 1))
        begin += part
      }
    }
    return largest
  }
}
