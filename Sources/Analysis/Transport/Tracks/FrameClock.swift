import Structures

/// Finds the time between frames and watches that it stays.
struct FrameClock: Sendable {
  /// The time between the frames used, in ps; `nil` where nobody told.
  private(set) var interval: Double?
  private let isGiven: Bool
  private var lastTime: Double?
  private var lastStep: Int?
  private var stepInterval: Int?

  /// - Parameters:
  ///   - given: The time between frames of the file in ps, as a person gave it.
  ///   - stride: How many frames of the file there are to one used.
  init(interval given: Double?, stride: Int) {
    isGiven = given != nil
    interval = given.map { $0 * Double(stride) }
  }

  /// - Throws: ``AnalysisError`` with code `.unevenTimes`.
  mutating func add(_ frame: Frame, frameName: String) throws {
    if let time = frame.time {
      if let lastTime {
        let step = time - lastTime
        // Files round times; a tenth of a percent is no change of the interval.
        if let interval, !isGiven, abs(step - interval) > 1e-3 * abs(interval) {
          throw uneven(frameName, "\(step) ps after the one before, where \(interval) ps were usual")
        }
        if interval == nil {
          guard step > 0 else { throw uneven(frameName, "not later than the one before") }
          interval = step
        }
      }
      lastTime = time
    }
    if let step = frame.step {
      if let lastStep {
        let between = step - lastStep
        if let stepInterval, between != stepInterval {
          throw uneven(frameName, "\(between) steps after the one before, where \(stepInterval) were usual")
        }
        guard between > 0 else { throw uneven(frameName, "not later than the one before") }
        stepInterval = between
      }
      lastStep = step
    }
  }

  private func uneven(_ frameName: String, _ what: String) -> AnalysisError {
    AnalysisError(
      .unevenTimes,
      "\(frameName) is \(what); displacements over all time origins need evenly spaced frames: choose a part with frames")
  }
}
