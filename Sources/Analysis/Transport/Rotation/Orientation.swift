import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A rotation as a unit quaternion (real part, then the vector part); q and -q are the same rotation.
struct Orientation: Hashable, Sendable {
  var real: Double
  var vector: Vector3

  static let identity = Orientation(real: 1, vector: .zero)

  init(real: Double, vector: Vector3) {
    self.real = real
    self.vector = vector
  }

  /// The rotation about the direction of a vector by its length in radians.
  init(rotationVector v: Vector3) {
    let angle = v.length
    real = cos(angle / 2)
    // sin(x)/x without a division by zero.
    vector = v * (angle > 1e-8 ? sin(angle / 2) / angle : 0.5)
  }

  /// The axis times the angle in radians, 0 to π.
  var rotationVector: Vector3 {
    let length = vector.length
    guard length > 1e-12 else { return vector * (real < 0 ? -2 : 2) }
    let angle = 2 * atan2(length, abs(real))
    return vector * ((real < 0 ? -angle : angle) / length)
  }

  var inverse: Orientation { Orientation(real: real, vector: -vector) }

  /// First the right rotation, then the left one.
  static func * (a: Orientation, b: Orientation) -> Orientation {
    Orientation(real: a.real * b.real - a.vector.dot(b.vector), vector: a.real * b.vector + b.real * a.vector + a.vector.cross(b.vector))
  }

  func rotated(_ v: Vector3) -> Vector3 {
    let t = 2 * vector.cross(v)
    return v + real * t + vector.cross(t)
  }

  /// The angle of the rotation that takes one orientation to another, in radians, 0 to π.
  func angle(to other: Orientation) -> Double {
    let cosine = abs(real * other.real + vector.dot(other.vector))
    // Near 1 the arc cosine loses half the digits; the chord does not.
    let sign = real * other.real + vector.dot(other.vector) < 0 ? -1.0 : 1.0
    let (dr, dv) = (real - sign * other.real, vector - sign * other.vector)
    let chord = (dr * dr + dv.squaredLength).squareRoot()
    return cosine > 0.7 ? 4 * asin(min(1, chord / 2)) : 2 * acos(min(1, cosine))
  }

  /// The normalised sum of orientations, each by the sign that is nearer to the first: their mean where they do not differ much.
  static func mean(_ orientations: some Sequence<Orientation>) -> Orientation {
    var first: Orientation?
    var (real, vector) = (0.0, Vector3.zero)
    for q in orientations {
      let reference = first ?? q
      first = reference
      let sign = reference.real * q.real + reference.vector.dot(q.vector) < 0 ? -1.0 : 1.0
      real += sign * q.real
      vector += sign * q.vector
    }
    let norm = (real * real + vector.squaredLength).squareRoot()
    return norm > 0 ? Orientation(real: real / norm, vector: vector * (1 / norm)) : .identity
  }
}
