import NumericalMethods
import Structures

/// Eight vectors by component.
struct EightVectors {
  var x, y, z: EightLanes

  static let zero = EightVectors(x: .zero, y: .zero, z: .zero)

  @inline(__always)
  func dot(_ other: Self) -> EightLanes {
    (x * other.x).adding(y, times: other.y).adding(z, times: other.z)
  }

  @inline(__always)
  func cross(_ other: Self) -> Self {
    Self(x: y * other.z - z * other.y, y: z * other.x - x * other.z, z: x * other.y - y * other.x)
  }

  @inline(__always)
  func adding(_ other: Self, times factors: EightLanes) -> Self {
    Self(x: x.adding(other.x, times: factors), y: y.adding(other.y, times: factors), z: z.adding(other.z, times: factors))
  }

  func sum() -> Vector3 { Vector3(x.sum(), y.sum(), z.sum()) }

  @inline(__always)
  static func + (left: Self, right: Self) -> Self {
    Self(x: left.x + right.x, y: left.y + right.y, z: left.z + right.z)
  }

  @inline(__always)
  static func * (vectors: Self, factors: EightLanes) -> Self {
    Self(x: vectors.x * factors, y: vectors.y * factors, z: vectors.z * factors)
  }

  @inline(__always)
  static func * (vectors: Self, factor: Double) -> Self {
    Self(x: vectors.x * factor, y: vectors.y * factor, z: vectors.z * factor)
  }
}

/// A vector and one more number beside it.
typealias Vector4 = SIMD4<Double>

extension SIMD4<Double> {
  @inline(__always)
  init(_ xyz: Vector3, _ w: Double) { self.init(xyz.x, xyz.y, xyz.z, w) }

  @inline(__always)
  var xyz: Vector3 { Vector3(x, y, z) }
}

extension SIMD8<Double> {
  /// Numbers that rounding may have taken a little beyond -1 or 1, brought back.
  @inline(__always)
  var clampedToCosines: Self { replacing(with: -1, where: self .< -1).replacing(with: 1, where: self .> 1) }
}
