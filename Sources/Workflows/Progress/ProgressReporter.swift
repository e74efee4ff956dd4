import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows progress on standard error: a bar on a terminal, a line now and then elsewhere.
public final class ProgressReporter {
  /// How progress is shown.
  public enum Style: Sendable {
    case bar(width: Int)
    case lines
    case quiet
  }

  public let style: Style
  private var meter: ProgressMeter
  private let clock: () -> Double
  private let emit: (String) -> Void
  private var lastShown = -Double.infinity
  private var lastStage = -1
  private var barIsShown = false

  /// - Parameters:
  ///   - stageSteps: The most steps of each stage.
  ///   - clock: Seconds; replaced in tests.
  ///   - emit: Takes text for standard error; replaced in tests.
  public init(
    stageSteps: [Int], style: Style, clock: @escaping () -> Double = Clock.seconds,
    emit: @escaping (String) -> Void = StandardError.write
  ) {
    meter = ProgressMeter(stageSteps: stageSteps)
    self.style = style
    self.clock = clock
    self.emit = emit
  }

  /// The style for this process: a bar where standard error is a terminal.
  public static func preferredStyle(quiet: Bool) -> Style {
    if quiet { return .quiet }
    guard isatty(STDERR_FILENO) == 1 else { return .lines }
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return .bar(width: known ? Int(size.ws_col) : 80)
  }

  /// Takes note of a state; call it as often as is convenient, a few times a second are shown.
  public func update(_ state: ProgressState) {
    if case .quiet = style { return }
    let now = clock()
    let isNewStage = state.stage != lastStage
    guard isNewStage || now - lastShown >= pause else { return }
    meter.update(state, time: now)
    lastShown = now
    lastStage = state.stage
    switch style {
    case .quiet: break
    case .lines: emit(meter.line(state, barWidth: 0) + "\n")
    case .bar(let width):
      let plain = meter.line(state, barWidth: 0)
      let line = meter.line(state, barWidth: min(30, max(0, width - plain.count - 6)))
      // Longer lines would wrap, and the carriage return would leave their first part behind.
      emit("\r" + String(line.prefix(max(10, width - 1))) + "\u{1B}[K")
      barIsShown = true
    }
  }

  /// Shows a message on a line of its own, above the bar.
  public func note(_ message: String) {
    if case .quiet = style { return }
    emit((barIsShown ? "\r\u{1B}[K" : "") + message + "\n")
    barIsShown = false
  }

  /// Ends the bar's line.
  public func finish() {
    if barIsShown { emit("\n") }
    barIsShown = false
  }

  /// Seconds between two updates.
  private var pause: Double {
    if case .bar = style { 0.2 } else { 15 }
  }
}

/// Text for people, which never mixes with results on standard output.
public enum StandardError {
  public static func write(_ text: String) {
    // Nothing can be done where standard error is closed.
    try? AtomicFile.writeAll(Array(text.utf8), to: STDERR_FILENO, path: "standard error")
  }
}
