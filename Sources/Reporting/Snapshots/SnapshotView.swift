import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The direction from which a picture is taken.
public struct SnapshotView: Hashable, Sendable {
  /// How far the cell is turned about z, in degrees.
  public var azimuth: Double
  /// How far the eye stands above the xy plane, in degrees.
  public var elevation: Double

  /// From the front, a little from the right and from above, where three faces of the cell are seen.
  public static let standard = SnapshotView(azimuth: -28, elevation: 16)

  public init(azimuth: Double, elevation: Double) {
    self.azimuth = azimuth
    self.elevation = elevation
  }

  /// Takes a position, as a column, to the picture: x to the right, y up, z towards the eye.
  var rotation: Matrix3 {
    let (a, e) = (azimuth * Double.pi / 180, elevation * Double.pi / 180)
    let right = Vector3(cos(a), sin(a), 0)
    let towards = Vector3(sin(a) * cos(e), -cos(a) * cos(e), sin(e))
    return Matrix3(right, towards.cross(right), towards)
  }
}
