/// The angular part of three-body terms for eight pairs of legs; the twin of ``ThreeBodyInteractions/Angular``.
protocol AngularKernel {
  /// The value for λ = 1 and its derivative by the cosine.
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes)
}

enum CosineKernel: AngularKernel {
  @inline(__always)
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes) {
    let d = cosine - rest
    return (d * d, d + d)
  }
}

enum SaturatingKernel: AngularKernel {
  @inline(__always)
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes) {
    let d = cosine - rest
    let inverse = 1 / (1 + saturation * d * d)
    return (d * d * inverse, (d + d) * inverse * inverse)
  }
}

enum HarmonicKernel: AngularKernel {
  @inline(__always)
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes) {
    let c = cosine.clampedToCosines
    let d = c.arcCosine - rest
    return (d * d, (d + d) * AngleGeometry.slopeOfArcCosine(c))
  }
}
