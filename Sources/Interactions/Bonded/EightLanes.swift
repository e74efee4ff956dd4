import CKernels

/// Eight terms of one kind, computed together.
typealias EightLanes = SIMD8<Double>

extension SIMD8<Double> {
  /// The arc cosine of numbers from -1 to 1, to within two units in the last place.
  ///
  /// The argument is reduced as in FreeBSD's `e_acos.c`, without its branches.
  @inline(__always)
  var arcCosine: Self {
    let zero = Self(repeating: 0)
    let size = replacing(with: zero - self, where: self .< zero)
    let isLarge = size .>= 0.5
    let halved = (1 - size) * 0.5
    let z = (size * size).replacing(with: halved, where: isLarge)
    let s = size.replacing(with: ck_sqrt8(halved), where: isLarge)
    let top =
      z
      * Self.horner(
        z, 1.66666666666666657415e-01, -3.25565818622400915405e-01, 2.01212532134862925881e-01,
        -4.00555345006794114027e-02, 7.91534994289814532176e-04, 3.47933107596021167570e-05)
    let bottom = Self.horner(
      z, 1, -2.40339491173441421878, 2.02094576023350569471, -6.88283971605453293030e-01,
      7.70381505559019352791e-02, 0)
    let arcSine = s.adding(s, times: top / bottom)
    // From here on the arc sine of |x|, or half the arc cosine of |x|.
    let small = (Self(repeating: Double.pi / 2) + arcSine).replacing(with: Double.pi / 2 - arcSine, where: self .>= zero)
    let large = (Double.pi - 2 * arcSine).replacing(with: 2 * arcSine, where: self .>= zero)
    return small.replacing(with: large, where: isLarge)
  }

  /// e to the power of numbers, to within two units in the last place; numbers beyond ±700 count as ±700.
  @inline(__always)
  var exponential: Self {
    let x = replacing(with: -700, where: self .< -700).replacing(with: 700, where: self .> 700)
    // Adding this number rounds to an integer, which then stands in the low bits of the sum.
    let rounder = Self(repeating: 0x1.8p52)
    let shifted = rounder.adding(x, times: Self(repeating: 1.4426950408889634))
    let power = shifted - rounder
    let r = x.adding(power, times: Self(repeating: -6.93147180369123816490e-01))
      .adding(power, times: Self(repeating: -1.90821492927058770002e-10))
    var sum = Self(repeating: 1.0 / 6_227_020_800)
    sum = Self(repeating: 1.0 / 479_001_600).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 39_916_800).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 3_628_800).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 362_880).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 40_320).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 5_040).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 720).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 120).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 24).adding(sum, times: r)
    sum = Self(repeating: 1.0 / 6).adding(sum, times: r)
    sum = Self(repeating: 0.5).adding(sum, times: r)
    sum = Self(repeating: 1).adding(sum, times: r)
    sum = Self(repeating: 1).adding(sum, times: r)
    let bits = unsafeBitCast(sum, to: SIMD8<UInt64>.self) &+ (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52)
    return unsafeBitCast(bits, to: Self.self)
  }

  @inline(__always)
  private static func horner(_ x: Self, _ c0: Double, _ c1: Double, _ c2: Double, _ c3: Double, _ c4: Double, _ c5: Double) -> Self {
    var sum = Self(repeating: c4).adding(Self(repeating: c5), times: x)
    sum = Self(repeating: c3).adding(sum, times: x)
    sum = Self(repeating: c2).adding(sum, times: x)
    sum = Self(repeating: c1).adding(sum, times: x)
    return Self(repeating: c0).adding(sum, times: x)
  }
}
