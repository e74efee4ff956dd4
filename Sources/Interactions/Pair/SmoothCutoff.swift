/// Takes a function to zero over the last stretch before its cutoff, with two continuous derivatives.
///
///     S(x) = 1 - 10 x³ + 15 x⁴ - 6 x⁵,   x = (r - (cutoff - width)) / width
///
/// A function that is cut at a finite value gives energy to, or takes it from, every pair that crosses the cutoff, and
/// a force that jumps breaks the time-reversible error expansion of the Verlet integrator. With a smooth cutoff forces
/// are differentiable everywhere, and the drift of a constant-energy run falls with the square of the time step.
public struct SmoothCutoff: Sendable, Hashable {
  /// Where the function has become zero, in Å.
  public let cutoff: Double
  /// The length over which it is switched off, in Å; 0 leaves it as it is.
  public let width: Double

  public init(cutoff: Double, width: Double) {
    self.cutoff = cutoff
    self.width = width
  }

  /// The product of a function and the switch: S U and -(S U)'.
  @inlinable
  public func apply(to value: PairValue, at r: Double) -> PairValue {
    let x = (r - (cutoff - width)) / width
    guard width > 0, x > 0 else { return value }
    guard x < 1 else { return (0, 0) }
    let scale = 1 + x * x * x * (-10 + x * (15 - 6 * x))
    let slope = -30 * x * x * (1 - x) * (1 - x) / width
    return (value.energy * scale, value.force * scale - value.energy * slope)
  }

  /// Where a piece of the switch ends, in Å.
  public var breakpoints: [Double] { width > 0 ? [cutoff - width, cutoff] : [cutoff] }
}
