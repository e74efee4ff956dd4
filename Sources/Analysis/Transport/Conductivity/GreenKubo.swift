import NumericalMethods

/// The conductivity from the autocorrelation of the current.
///
///     C(t) = < J(t0) · J(t0 + t) >,   σ(t) = e² / (3 V k T) integral_0^t C(t') dt'   (trapezoids)
///
/// The integral is read where it is flat: from the first time `t_p` after which the autocorrelation stays within twice its noise until
/// `2 t_p`, as the mean over `t_p` to `2 t_p`. Noise and error come from ten blocks of time. Back-flow that is slow and weak hides in the
/// noise; a second reading, from `4 t_p` to `8 t_p`, shows what the integral goes on to.
public struct GreenKubo: Sendable {
  /// By lag from 0 on, relative to lag 0.
  public let correlation: [Double]
  /// The running integral in S/cm, and its standard error.
  public let integral: [Double]
  public let integralError: [Double]
  /// S/cm over the plateau, or `nil` where there is none.
  public let value: DiffusionEstimate.Value?
  /// The lags of the plateau in frames.
  public let plateau: ClosedRange<Int>?
  /// S/cm over ``laterLags``, or `nil` where the integral does not reach them.
  public let later: DiffusionEstimate.Value?
  public let laterLags: ClosedRange<Int>?
  /// The standard error of the difference of the two readings, which share their noise up to the plateau.
  public let differenceError: Double
  /// Whether velocities come often enough for the integral: the autocorrelation falls by less than half from frame to frame.
  public let isResolved: Bool

  static let blocks = 10
  /// The fewest frames that give an integral.
  static let leastFrames = 8 * blocks

  /// Whether the integral goes on beyond the plateau, by more than chance lets it in 19 of 20 cases.
  public var driftsOn: Bool {
    guard let value, let later else { return false }
    return abs(later.value - value.value) > StudentDistribution(degrees: Double(Self.blocks - 1)).halfWidth(0.95) * differenceError
  }

  /// The longest plateau that may be given in frames.
  static func latestPlateau(frames: Int) -> Int { frames / blocks / 4 }

  /// - Parameters:
  ///   - currents: In e Å/ps.
  ///   - interval: In ps.
  ///   - conversion: From e² Å²/ps to S/cm.
  ///   - upTo: The begin of the plateau in ps, or `nil` for a choice by the data.
  /// - Returns: `nil` where there are too few frames or no current.
  init?(currents: [Vector3], interval: Double, conversion: Double, upTo: Double?, pool: WorkerPool) {
    let frames = currents.count
    let length = frames / Self.blocks
    guard frames >= Self.leastFrames else { return nil }
    let last = length / 2
    let whole = Self.autocorrelation(currents[...], lags: last)
    guard whole[0] > 0 else { return nil }
    let parts = (0..<Self.blocks).map { Self.autocorrelation(currents[$0 * length..<($0 + 1) * length], lags: last) }
    func running(_ correlation: [Double]) -> [Double] {
      var sum = 0.0
      return correlation.indices.map { lag in
        if lag > 0 { sum += 0.5 * (correlation[lag] + correlation[lag - 1]) * interval }
        return sum * conversion / 3
      }
    }
    let noise = BlockAverage.standardError(of: parts)
    let integrals = parts.map(running)
    correlation = whole.map { $0 / whole[0] }
    integral = running(whole)
    integralError = BlockAverage.standardError(of: integrals)
    isResolved = correlation[1] > 0.5
    var begin = upTo.map { max(1, Int(($0 / interval).rounded())) }
    if begin == nil {
      // One in twenty values lies beyond two standard errors by chance, one in ten is allowed to.
      begin = (1...max(1, last / 2)).first { lag in
        guard abs(whole[lag]) < 2 * noise[lag] else { return false }
        let outside = (lag...2 * lag).filter { abs(whole[$0]) > 2 * noise[$0] }.count
        return Double(outside) <= 0.1 * Double(lag + 1)
      }
    }
    guard let begin, 2 * begin <= last else {
      (value, plateau, later, laterLags, differenceError) = (nil, nil, nil, nil, 0)
      return
    }
    func level(_ integral: [Double], _ lags: ClosedRange<Int>) -> Double { integral[lags].reduce(0, +) / Double(lags.count) }
    func error(_ samples: [Double]) -> Double { BlockAverage.standardError(of: samples.map { [$0] }).first ?? 0 }
    let degrees = Double(Self.blocks - 1)
    let near = begin...2 * begin
    plateau = near
    value = DiffusionEstimate.Value(level(integral, near), error: error(integrals.map { level($0, near) }), degrees: degrees)
    guard 4 * begin < last else {
      (later, laterLags, differenceError) = (nil, nil, 0)
      return
    }
    let far = 4 * begin...min(8 * begin, last)
    laterLags = far
    later = DiffusionEstimate.Value(level(integral, far), error: error(integrals.map { level($0, far) }), degrees: degrees)
    differenceError = error(integrals.map { level($0, far) - level($0, near) })
  }

  /// `< J(0) · J(m) >` over all origins, by Fourier transform.
  static func autocorrelation(_ currents: ArraySlice<Vector3>, lags: Int) -> [Double] {
    let count = currents.count
    let transform = FourierTransform(length: FourierTransform.fastLength(atLeast: 2 * count))
    var power = [Double](repeating: 0, count: transform.spectrumCount)
    for axis in 0..<3 {
      let signal = currents.map { $0[axis] } + [Double](repeating: 0, count: transform.length - count)
      for (k, value) in transform.forward(signal).enumerated() { power[k] += value.x * value.x + value.y * value.y }
    }
    let sums = transform.inverse(power.map { SIMD2($0, 0) })
    return (0...min(lags, count - 1)).map { sums[$0] / Double(count - $0) }
  }
}
