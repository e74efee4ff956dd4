import NumericalMethods
import Structures

/// One jump of one atom from a cage to the next.
public struct Hop: Hashable, Sendable {
  /// The first frame that counts as spent in the new cage.
  public var frame: Int
  /// The mean position in the old cage, in Å.
  public var from: Vector3
  /// The mean position in the new cage, in Å.
  public var to: Vector3
  /// How clearly the two cages are apart, in Å²: p_hop at ``frame``, or the squared distance from the old centre there.
  public var strength: Double

  public init(frame: Int, from: Vector3, to: Vector3, strength: Double) {
    self.frame = frame
    self.from = from
    self.to = to
    self.strength = strength
  }

  /// The way from cage to cage, in Å.
  public var displacement: Vector3 { to - from }

  /// The distance between the cages, in Å.
  public var length: Double { displacement.length }
}
