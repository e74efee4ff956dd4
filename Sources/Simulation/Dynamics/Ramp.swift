/// A quantity that stays constant over a stage or changes linearly in time.
public struct Ramp: Hashable, Sendable {
  /// The value at the beginning of the stage.
  public var start: Double
  /// The value at the end of the stage.
  public var end: Double

  public init(from start: Double, to end: Double) {
    self.start = start
    self.end = end
  }

  /// A value that does not change.
  public static func constant(_ value: Double) -> Ramp { Ramp(from: value, to: value) }

  public var isConstant: Bool { start == end }

  /// The value after a part of the stage.
  ///
  /// - Parameter fraction: 0 at the beginning, 1 at the end.
  public func value(at fraction: Double) -> Double {
    isConstant ? start : start + (end - start) * fraction
  }

  /// How long the ramp takes at a rate.
  ///
  /// - Parameter rate: The size of the change in a picosecond; its sign does not matter.
  /// - Returns: The duration in ps.
  /// - Throws: ``SimulationError`` with code `.invalidStage` where the ramp is constant or the rate is no positive number.
  public func duration(rate: Double) throws -> Double {
    guard !isConstant else {
      throw SimulationError(
        .invalidStage, "a rate needs two different values to go between, but the stage stays at \(start); give a duration instead")
    }
    guard rate.isFinite, rate != 0 else {
      throw SimulationError(.invalidStage, "a rate of \(rate) never gets from \(start) to \(end); give a rate other than zero")
    }
    return abs((end - start) / rate)
  }
}
