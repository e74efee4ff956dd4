import CFFTW

/// A precision in which FFTW transforms: single or double.
///
/// Plans are made for one pair of arrays and used for others of the same alignment. They are estimated, so that the same binary gives the same
/// bits in every run. Complex numbers are pairs of real and imaginary parts.
public protocol FourierTransformScalar: BinaryFloatingPoint, Codable, SIMDScalar, BitwiseCopyable, Sendable {
  /// A plan for `count` transforms of `length` real values each, one value after the other, to `length / 2 + 1` complex ones.
  static func planRealRows(
    length: Int, count: Int, _ real: UnsafeMutablePointer<Self>, pitch: Int, _ complex: UnsafeMutablePointer<Self>, complexPitch: Int,
    isForward: Bool
  ) -> OpaquePointer?
  /// A plan for `count` complex transforms side by side: value n of transform c is the complex number `n * stride + c`.
  static func planColumns(
    length: Int, count: Int, _ input: UnsafeMutablePointer<Self>, stride: Int, _ output: UnsafeMutablePointer<Self>, outputStride: Int,
    isForward: Bool
  ) -> OpaquePointer?
  static func executeForwardRows(_ plan: OpaquePointer?, _ real: UnsafeMutablePointer<Self>, _ complex: UnsafeMutablePointer<Self>)
  static func executeBackwardRows(_ plan: OpaquePointer?, _ complex: UnsafeMutablePointer<Self>, _ real: UnsafeMutablePointer<Self>)
  static func executeColumns(_ plan: OpaquePointer?, _ input: UnsafeMutablePointer<Self>, _ output: UnsafeMutablePointer<Self>)
  static func destroy(_ plan: OpaquePointer?)
}

extension Double: FourierTransformScalar {
  public static func planRealRows(
    length: Int, count: Int, _ real: UnsafeMutablePointer<Double>, pitch: Int, _ complex: UnsafeMutablePointer<Double>,
    complexPitch: Int, isForward: Bool
  ) -> OpaquePointer? {
    var n = Int32(length)
    return asComplex(complex) { complex in
      isForward
        ? fftw_plan_many_dft_r2c(
          1, &n, Int32(count), real, nil, 1, Int32(pitch), complex, nil, 1, Int32(complexPitch), FFTW_ESTIMATE)
        : fftw_plan_many_dft_c2r(
          1, &n, Int32(count), complex, nil, 1, Int32(complexPitch), real, nil, 1, Int32(pitch), FFTW_ESTIMATE)
    }
  }

  public static func planColumns(
    length: Int, count: Int, _ input: UnsafeMutablePointer<Double>, stride: Int, _ output: UnsafeMutablePointer<Double>, outputStride: Int,
    isForward: Bool
  ) -> OpaquePointer? {
    var n = Int32(length)
    return asComplex(input) { input in
      asComplex(output) { output in
        fftw_plan_many_dft(
          1, &n, Int32(count), input, nil, Int32(stride), 1, output, nil, Int32(outputStride), 1, isForward ? FFTW_FORWARD : FFTW_BACKWARD,
          FFTW_ESTIMATE)
      }
    }
  }

  public static func executeForwardRows(
    _ plan: OpaquePointer?, _ real: UnsafeMutablePointer<Double>, _ complex: UnsafeMutablePointer<Double>
  ) {
    asComplex(complex) { fftw_execute_dft_r2c(plan, real, $0) }
  }

  public static func executeBackwardRows(
    _ plan: OpaquePointer?, _ complex: UnsafeMutablePointer<Double>, _ real: UnsafeMutablePointer<Double>
  ) {
    asComplex(complex) { fftw_execute_dft_c2r(plan, $0, real) }
  }

  public static func executeColumns(
    _ plan: OpaquePointer?, _ input: UnsafeMutablePointer<Double>, _ output: UnsafeMutablePointer<Double>
  ) {
    asComplex(input) { input in asComplex(output) { fftw_execute_dft(plan, input, $0) } }
  }

  public static func destroy(_ plan: OpaquePointer?) { fftw_destroy_plan(plan) }

  @inline(__always)
  private static func asComplex<R>(_ pointer: UnsafeMutablePointer<Double>, _ body: (UnsafeMutablePointer<fftw_complex>) -> R) -> R {
    body(UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: fftw_complex.self))
  }
}

extension Float: FourierTransformScalar {
  public static func planRealRows(
    length: Int, count: Int, _ real: UnsafeMutablePointer<Float>, pitch: Int, _ complex: UnsafeMutablePointer<Float>,
    complexPitch: Int, isForward: Bool
  ) -> OpaquePointer? {
    var n = Int32(length)
    return asComplex(complex) { complex in
      isForward
        ? fftwf_plan_many_dft_r2c(
          1, &n, Int32(count), real, nil, 1, Int32(pitch), complex, nil, 1, Int32(complexPitch), FFTW_ESTIMATE)
        : fftwf_plan_many_dft_c2r(
          1, &n, Int32(count), complex, nil, 1, Int32(complexPitch), real, nil, 1, Int32(pitch), FFTW_ESTIMATE)
    }
  }

  public static func planColumns(
    length: Int, count: Int, _ input: UnsafeMutablePointer<Float>, stride: Int, _ output: UnsafeMutablePointer<Float>, outputStride: Int,
    isForward: Bool
  ) -> OpaquePointer? {
    var n = Int32(length)
    return asComplex(input) { input in
      asComplex(output) { output in
        fftwf_plan_many_dft(
          1, &n, Int32(count), input, nil, Int32(stride), 1, output, nil, Int32(outputStride), 1, isForward ? FFTW_FORWARD : FFTW_BACKWARD,
          FFTW_ESTIMATE)
      }
    }
  }

  public static func executeForwardRows(
    _ plan: OpaquePointer?, _ real: UnsafeMutablePointer<Float>, _ complex: UnsafeMutablePointer<Float>
  ) {
    asComplex(complex) { fftwf_execute_dft_r2c(plan, real, $0) }
  }

  public static func executeBackwardRows(
    _ plan: OpaquePointer?, _ complex: UnsafeMutablePointer<Float>, _ real: UnsafeMutablePointer<Float>
  ) {
    asComplex(complex) { fftwf_execute_dft_c2r(plan, $0, real) }
  }

  public static func executeColumns(
    _ plan: OpaquePointer?, _ input: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) {
    asComplex(input) { input in asComplex(output) { fftwf_execute_dft(plan, input, $0) } }
  }

  public static func destroy(_ plan: OpaquePointer?) { fftwf_destroy_plan(plan) }

  @inline(__always)
  private static func asComplex<R>(_ pointer: UnsafeMutablePointer<Float>, _ body: (UnsafeMutablePointer<fftwf_complex>) -> R) -> R {
    body(UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: fftwf_complex.self))
  }
}
