#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that works beside this one; it and those that it starts form a group of their own, which can be stopped as a whole.
final class ChildProcess {
  private let identifier: pid_t
  private(set) var status: Int32?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - arguments: The program, looked for along `PATH`, and its options.
  ///   - folder: Where it works.
  ///   - output: The file that gets what it says, both ordinary and errors.
  ///   - environment: What it finds beside the environment of this process.
  ///   - lock: A file that stays open in it.
  /// - Throws: ``WorkflowsError`` with code `.engine`.
  init(_ arguments: [String], in folder: String, output: String, environment: [String: String], holding lock: Int32) throws {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A copy is not closed at the start of the program; one with the same number would stay so, and needs to be another.
    posix_spawn_file_actions_adddup2(&actions, lock, lock == 3 ? 4 : 3)
    posix_spawnattr_setpgroup(&attributes, 0)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    var child: pid_t = 0
    // Swift's view of the C library has no call that starts a program in another folder, but a shell goes there and makes room for it.
    let shell = "/bin/sh"
    let words = [shell, "-c", "cd \"$1\" && shift && exec \"$@\"", shell, folder] + arguments
    let code = Self.withCStrings(words) { argv in
      Self.withCStrings(variables.map { "\($0.key)=\($0.value)" }) { envp in
        posix_spawn(&child, shell, &actions, &attributes, argv, envp)
      }
    }
    guard code == 0 else {
      throw WorkflowsError(
        .engine, "cannot start \(arguments.joined(separator: " ")): \(String(cString: strerror(code))); check that the program may be run",
        isInputError: false)
    }
    identifier = child
  }

  deinit { if status == nil { stop() } }

  /// Whether the program has ended; ``status`` is then its exit status, 128 and more where a signal ended it.
  func hasEnded() -> Bool {
    if status != nil { return true }
    var raw: Int32 = 0
    guard waitpid(identifier, &raw, WNOHANG) == identifier else { return false }
    let signal = raw & 0x7F
    status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
    return true
  }

  /// Ends the whole group: politely, and after a while by force.
  func stop() {
    guard !hasEnded() else { return }
    kill(-identifier, SIGTERM)
    for _ in 0..<200 {
      usleep(50_000)
      if hasEnded() { break }
    }
    // What the program started may outlive it.
    kill(-identifier, SIGKILL)
    while status == nil, !hasEnded() { usleep(10_000) }
  }

  private static func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { copies.forEach { free($0) } }
    return body(copies)
  }
}
