/// Sines and cosines of many angles, four at a time.
///
/// The angle is brought to within pi/4 of a multiple of pi/2 by three parts of pi/2 (Cody and Waite), and the polynomials are those of the
/// Cephes library (Moshier): errors below 3e-16 for angles up to 1e5.
enum VectorSineCosine {
  /// - Parameters:
  ///   - angles: Times `factor` they are angles in radians.
  ///   - sine: At least as long as `angles`; what is beyond stays as it is. So with `cosine`.
  static func fill(
    _ angles: UnsafeBufferPointer<Double>, times factor: Double, sine: UnsafeMutableBufferPointer<Double>,
    cosine: UnsafeMutableBufferPointer<Double>
  ) {
    guard let input = angles.baseAddress, let s = sine.baseAddress, let c = cosine.baseAddress else { return }
    let count = angles.count
    var i = 0
    while i &+ 4 <= count {
      let x = UnsafeRawPointer(input + i).loadUnaligned(as: SIMD4<Double>.self) * factor
      let (sx, cx) = values(x)
      UnsafeMutableRawPointer(s + i).storeBytes(of: sx, as: SIMD4<Double>.self)
      UnsafeMutableRawPointer(c + i).storeBytes(of: cx, as: SIMD4<Double>.self)
      i &+= 4
    }
    while i < count {
      let (sx, cx) = values(SIMD4(repeating: input[i] * factor))
      s[i] = sx.x
      c[i] = cx.x
      i += 1
    }
  }

  @inline(__always)
  static func values(_ x: SIMD4<Double>) -> (sine: SIMD4<Double>, cosine: SIMD4<Double>) {
    typealias Four = SIMD4<Double>
    let quarter = (x * 0.636619772367581343).rounded(.toNearestOrEven)
    var r = x
    r.addProduct(quarter, Four(repeating: -1.57079625129699707031))
    r.addProduct(quarter, Four(repeating: -7.54978941586159635335e-8))
    r.addProduct(quarter, Four(repeating: -5.39030252995776476554e-15))
    let z = r * r
    var p = Four(repeating: 1.58962301576546568060e-10)
    p = Four(repeating: -2.50507477628578072866e-8).addingProduct(p, z)
    p = Four(repeating: 2.75573136213857245213e-6).addingProduct(p, z)
    p = Four(repeating: -1.98412698295895385996e-4).addingProduct(p, z)
    p = Four(repeating: 8.33333333332211858878e-3).addingProduct(p, z)
    p = Four(repeating: -1.66666666666666307295e-1).addingProduct(p, z)
    let sine = r.addingProduct(p * z, r)
    var k = Four(repeating: -1.13585365213876817300e-11)
    k = Four(repeating: 2.08757008419747316778e-9).addingProduct(k, z)
    k = Four(repeating: -2.75573141792967388112e-7).addingProduct(k, z)
    k = Four(repeating: 2.48015872888517045348e-5).addingProduct(k, z)
    k = Four(repeating: -1.38888888888730564116e-3).addingProduct(k, z)
    k = Four(repeating: 4.16666666666665929218e-2).addingProduct(k, z)
    let cosine = (Four(repeating: 1) - z * 0.5).addingProduct(k * z, z)
    // The number of quarter turns modulo 4, from the lowest bits after adding 3 · 2^51.
    let turns = unsafeBitCast(quarter + 0x1.8p52, to: SIMD4<UInt64>.self)
    let isOdd = (turns & 1) .== 1
    let s = sine.replacing(with: cosine, where: isOdd)
    let c = cosine.replacing(with: sine, where: isOdd)
    return (
      s.replacing(with: -s, where: (turns & 2) .== 2), c.replacing(with: -c, where: ((turns &+ 1) & 2) .== 2)
    )
  }
}
