import Structures

/// Finds the time between frames and watches that it stays.
struct FrameClock: Sendable {
  /// The time between the frames used, in ps; `nil` where nobody told.
  private(set) var interval: Double?
  private let isGiven: Bool
  /// The time between the frames used as the file tells it, in ps.
  private var fileInterval: Double?
  private var lastTime: Double?
  private var lastStep: Int?
  private var stepInterval: Int?

  /// Files round times; a tenth of a percent is no change of the interval.
  private static let tolerance = 1e-3

  /// - Parameters:
  ///   - given: The time between frames of the file in ps, as a person gave it.
  ///   - stride: How many frames of the file there are to one used.
  init(interval given: Double?, stride: Int) {
    isGiven = given != nil
    interval = given.map { $0 * Double(stride) }
  }

  /// What a person should know about times: one was given, and the file tells another.
  var warnings: [String] {
    guard isGiven, let interval, let fileInterval, abs(fileInterval - interval) > Self.tolerance * interval else { return [] }
    return [
      "dt makes \(brief(interval)) ps between the frames used, where the file tells \(brief(fileInterval)) ps; dt counts: leave it out if "
        + "the file is right"
    ]
  }

  /// - Throws: ``AnalysisError`` with code `.unevenTimes`.
  mutating func add(_ frame: Frame, frameName: String) throws {
    if let time = frame.time {
      if let lastTime {
        let step = time - lastTime
        if let fileInterval {
          // Who gives dt may have a file whose times are rounded; a gap is as long as a frame.
          if abs(step - fileInterval) > (isGiven ? 0.1 : Self.tolerance) * abs(fileInterval) {
            throw uneven(frameName, "\(step) ps after the one before, where \(fileInterval) ps were usual")
          }
        } else if step > 0 || !isGiven {
          guard step > 0 else { throw uneven(frameName, "not later than the one before") }
          fileInterval = step
          if interval == nil { interval = step }
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
