/// The angular part of three-body terms for eight pairs of legs; the twin of ``ThreeBodyInteractions/Angular``.
protocol AngularKernel {
  /// Whether the saturation is looked at.
  static var saturates: Bool { get }
  /// The value for λ = 1 and its derivative by the cosine.
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes)
}

enum CosineKernel: AngularKernel {
  static var saturates: Bool { false }

  @inline(__always)
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes) {
    let d = cosine - rest
    return (d * d, d + d)
  }
}

enum SaturatingKernel: AngularKernel {
  static var saturates: Bool { true }

  @inline(__always)
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes) {
    let d = cosine - rest
    let inverse = 1 / (1 + saturation * d * d)
    return (d * d * inverse, (d + d) * inverse * inverse)
  }
}

enum HarmonicKernel: AngularKernel {
  static var saturates: Bool { false }

  @inline(__always)
  static func value(_ cosine: EightLanes, rest: EightLanes, saturation: EightLanes) -> (value: EightLanes, slope: EightLanes) {
    let c = cosine.clampedToCosines
    let d = c.arcCosine - rest
    return (d * d, (d + d) * AngleGeometry.slopeOfArcCosine(c))
  }
}
