import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The wish of a person or a batch system that the run stop: SIGINT (Ctrl-C) or SIGTERM.
///
/// The first signal sets a flag that the stage loop looks at between steps; a second one of the same kind ends the process at
/// once, which loses at most the time since the last checkpoint.
public enum StopSignal {
  /// The number of the signal, or 0. A signal handler can reach nothing but a global.
  private static let received = Atomic<Int32>(0)

  /// Installs the handlers.
  public static func install() {
    // A global that is first touched inside a handler would be initialised there, which may lock.
    received.store(0, ordering: .relaxed)
    // A parent may have blocked them, and a child inherits that.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM] {
      sigaddset(&signals, signal)
      var action = sigaction()
      #if canImport(Glibc)
        action.__sigaction_handler.sa_handler = { StopSignal.note($0) }
      #else
        action.__sigaction_u.__sa_handler = { StopSignal.note($0) }
      #endif
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(signal, &action, nil)
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func note(_ signal: Int32) {
    received.store(signal, ordering: .relaxed)
  }

  /// The signal that came, or `nil`.
  public static var pending: Int32? {
    let signal = received.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Forgets a signal that was dealt with.
  public static func clear() { received.store(0, ordering: .relaxed) }
}

/// A run that stopped because it was asked to, after its checkpoint was written.
public struct Interruption: Error, CustomStringConvertible {
  public var signal: Int32
  public var runFolder: String

  public init(signal: Int32, runFolder: String) {
    self.signal = signal
    self.runFolder = runFolder
  }

  /// What shells and batch systems expect of a process that a signal stopped: 130 for SIGINT, 143 for SIGTERM.
  public var exitStatus: Int32 { 128 + signal }

  public var description: String {
    "stopped; everything so far is in \(runFolder). Go on with: vitrolyte run \(runFolder)/\(RunFolder.recipeName) "
      + "--out \(runFolder) --resume"
  }
}
