import CFFTW
import Synchronization

/// A real-to-complex Fourier transform of fixed length, and its inverse, by FFTW.
///
///     X[k] = sum_n x[n] exp(-2 pi i k n / length),   0 <= k <= length / 2
///
/// Making one costs more than using it: keep it for all signals of a length. It may be used from several threads at
/// once. The plan is estimated, not measured, so that the same binary gives the same bits in every run.
///
/// Source: Frigo and Johnson, Proc. IEEE 93, 216 (2005), doi:10.1109/JPROC.2004.840301.
public final class FourierTransform: Sendable {
  /// The number of real values.
  public let length: Int
  /// The number of complex values, `length / 2 + 1`.
  public var spectrumCount: Int { length / 2 + 1 }

  private let plans: Plans

  /// FFTW plans are only read once they are made; executing one is thread-safe.
  private struct Plans: @unchecked Sendable {
    let forward: fftw_plan?
    let backward: fftw_plan?
  }

  /// The planner of FFTW keeps tables that all plans share.
  static let planner = Mutex<Void>(())

  /// - Parameter length: At least 1.
  public init(length: Int) {
    precondition(length >= 1 && length <= Int(Int32.max), "a Fourier transform has between 1 and 2³¹ - 1 values")
    self.length = length
    // Unaligned, so that the plan takes any array.
    let flags = FFTW_ESTIMATE | FFTW_UNALIGNED
    let made = Self.planner.withLock { _ in
      let real = UnsafeMutablePointer<Double>.allocate(capacity: length)
      let complex = UnsafeMutablePointer<fftw_complex>.allocate(capacity: length / 2 + 1)
      defer {
        real.deallocate()
        complex.deallocate()
      }
      return Plans(
        forward: fftw_plan_dft_r2c_1d(Int32(length), real, complex, UInt32(flags)),
        backward: fftw_plan_dft_c2r_1d(Int32(length), complex, real, UInt32(flags)))
    }
    precondition(made.forward != nil && made.backward != nil, "FFTW made no plan for \(length) values")
    plans = made
  }

  deinit {
    let plans = plans
    Self.planner.withLock { _ in
      fftw_destroy_plan(plans.forward)
      fftw_destroy_plan(plans.backward)
    }
  }

  /// The smallest length of at least `count` that FFTW transforms fast: a product of 2, 3 and 5.
  public static func fastLength(atLeast count: Int) -> Int {
    var best = 1
    while best < count { best *= 2 }
    var five = 1
    while five < best {
      var three = five
      while three < best {
        var length = three
        while length < count { length *= 2 }
        best = min(best, length)
        three *= 3
      }
      five *= 5
    }
    return best
  }

  /// Transforms real values.
  ///
  /// - Parameters:
  ///   - input: ``length`` values; kept as they are.
  ///   - output: ``spectrumCount`` pairs of real and imaginary parts.
  public func forward(_ input: UnsafePointer<Double>, into output: UnsafeMutablePointer<SIMD2<Double>>) {
    output.withMemoryRebound(to: fftw_complex.self, capacity: spectrumCount) {
      // Out of place and real to complex, FFTW leaves its input as it is.
      fftw_execute_dft_r2c(plans.forward, UnsafeMutablePointer(mutating: input), $0)
    }
  }

  /// Transforms a spectrum back, without the factor 1 / ``length``.
  ///
  /// - Parameters:
  ///   - input: ``spectrumCount`` pairs of real and imaginary parts; overwritten.
  ///   - output: ``length`` values.
  public func backward(_ input: UnsafeMutablePointer<SIMD2<Double>>, into output: UnsafeMutablePointer<Double>) {
    input.withMemoryRebound(to: fftw_complex.self, capacity: spectrumCount) {
      fftw_execute_dft_c2r(plans.backward, $0, output)
    }
  }

  /// The spectrum of real values.
  public func forward(_ values: [Double]) -> [SIMD2<Double>] {
    precondition(values.count == length, "this transform takes \(length) values")
    return [SIMD2<Double>](unsafeUninitializedCapacity: spectrumCount) { buffer, count in
      if let output = buffer.baseAddress { values.withUnsafeBufferPointer { $0.baseAddress.map { forward($0, into: output) } } }
      count = spectrumCount
    }
  }

  /// The real values of a spectrum, with the factor 1 / ``length``: the inverse of ``forward(_:)``.
  public func inverse(_ spectrum: [SIMD2<Double>]) -> [Double] {
    precondition(spectrum.count == spectrumCount, "this transform takes \(spectrumCount) complex values")
    var spectrum = spectrum
    let factor = 1 / Double(length)
    var result = [Double](repeating: 0, count: length)
    spectrum.withUnsafeMutableBufferPointer { input in
      result.withUnsafeMutableBufferPointer { output in
        if let input = input.baseAddress, let output = output.baseAddress { backward(input, into: output) }
      }
    }
    for i in result.indices { result[i] *= factor }
    return result
  }
}
