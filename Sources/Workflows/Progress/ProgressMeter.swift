/// What a stage loop says about itself.
public struct ProgressState: Sendable {
  /// The index of the stage, from 0.
  public var stage: Int
  public var stageName: String
  /// Steps of the stage done.
  public var stageStep: Int
  public var stageSteps: Int
  /// In K, or `nil` in a minimisation.
  public var temperature: Double?
  /// The time step in ps, or `nil` in a minimisation.
  public var timestep: Double?
  /// The largest force in eV/Å, for a minimisation.
  public var largestForce: Double?

  public init(
    stage: Int, stageName: String, stageStep: Int, stageSteps: Int, temperature: Double? = nil, timestep: Double? = nil,
    largestForce: Double? = nil
  ) {
    self.stage = stage
    self.stageName = stageName
    self.stageStep = stageStep
    self.stageSteps = stageSteps
    self.temperature = temperature
    self.timestep = timestep
    self.largestForce = largestForce
  }
}

/// Turns states and the clock into speed and time left.
public struct ProgressMeter: Sendable {
  /// The most steps of each stage.
  public let stageSteps: [Int]
  private var last: (time: Double, done: Int)?
  /// Steps a second, smoothed over about ten seconds.
  public private(set) var speed: Double?

  public init(stageSteps: [Int]) {
    self.stageSteps = stageSteps
  }

  /// Takes note of a state.
  ///
  /// - Parameter time: Seconds on a clock that never goes back.
  public mutating func update(_ state: ProgressState, time: Double) {
    let done = stepsDone(state)
    defer { last = (time, done) }
    guard let last, time > last.time, done > last.done else { return }
    let current = Double(done - last.done) / (time - last.time)
    // A jump over stages that ended early, or were done before a resume, is no speed.
    guard let speed else {
      self.speed = current
      return
    }
    let weight = min(1, (time - last.time) / 10)
    self.speed = speed + (current - speed) * weight
  }

  /// Steps of the run done, stages before counted in full.
  public func stepsDone(_ state: ProgressState) -> Int {
    stageSteps.prefix(state.stage).reduce(0, +) + state.stageStep
  }

  /// The part of all steps that is done, 0 to 1.
  public func fraction(_ state: ProgressState) -> Double {
    let total = stageSteps.reduce(0, +)
    return total > 0 ? min(1, Double(stepsDone(state)) / Double(total)) : 0
  }

  /// Seconds until the last step at the present speed, or `nil` while it is unknown.
  public func timeLeft(_ state: ProgressState) -> Double? {
    speed.map { Double(max(0, stageSteps.reduce(0, +) - stepsDone(state))) / $0 }
  }

  /// The simulated time a day of computing in ns, or `nil` in a minimisation or while the speed is unknown.
  public func nanosecondsPerDay(_ state: ProgressState) -> Double? {
    guard let speed, let timestep = state.timestep else { return nil }
    return speed * timestep * 1e-3 * 86_400
  }

  /// One line that says it all.
  ///
  /// - Parameter barWidth: Characters for the bar, or 0 for none.
  public func line(_ state: ProgressState, barWidth: Int) -> String {
    let fraction = fraction(state)
    var parts: [String] = []
    if barWidth > 0 {
      let filled = Int((fraction * Double(barWidth)).rounded(.down))
      parts.append("[" + String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled) + "]")
    }
    parts.append("\(Int(fraction * 100)) %")
    parts.append("stage \(state.stage + 1)/\(stageSteps.count) \(state.stageName)")
    parts.append("step \(NumberText.grouped(state.stageStep))/\(NumberText.grouped(state.stageSteps))")
    if let temperature = state.temperature { parts.append("\(NumberText.fixed(temperature, 0)) K") }
    if let force = state.largestForce { parts.append("\(NumberText.significant(force, 3)) eV/A") }
    if let speed = nanosecondsPerDay(state) { parts.append("\(NumberText.significant(speed, 3)) ns/day") }
    if let left = timeLeft(state) { parts.append("\(NumberText.duration(left)) left") }
    return parts.joined(separator: "  ")
  }
}
