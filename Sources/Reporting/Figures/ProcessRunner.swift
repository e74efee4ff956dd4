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

/// Runs another program to its end and keeps what it says.
struct ProcessRunner: Sendable {
  /// What a program left behind.
  struct Outcome: Sendable {
    /// The exit status; 128 and the number of the signal where one ended it.
    var status: Int32
    var standardOutput: String
    var standardError: String
    /// Whether it was ended because it took too long.
    var timedOut = false
  }

  /// The program: a path, or a name that is looked for along `PATH`.
  var program: String
  var arguments: [String]
  /// After how many seconds it is ended.
  var timeout: Double = 120

  /// Starts the program, waits for it, and ends it where it takes too long.
  ///
  /// - Returns: The outcome; `nil` where there is no such program.
  /// - Throws: ``ReportingError`` with code `.processFailed` where it cannot be started.
  func run() throws -> Outcome? {
    let output = try Pipe()
    defer { output.close() }
    let errors = try Pipe()
    defer { errors.close() }
    let (code, child) = spawn(output: output.write, errors: errors.write)
    if code == ENOENT { return nil }
    guard code == 0 else {
      throw ReportingError(.processFailed, "cannot start \(program): \(String(cString: strerror(code))); check that it may be run")
    }
    output.closeWriteEnd()
    errors.closeWriteEnd()
    var texts = [[UInt8](), [UInt8]()]
    let timedOut = !drain([output.read, errors.read], into: &texts)
    if timedOut { _ = kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, standardOutput: String(decoding: texts[0], as: UTF8.self),
      standardError: String(decoding: texts[1], as: UTF8.self), timedOut: timedOut)
  }

  private func spawn(output: Int32, errors: Int32) -> (code: Int32, child: pid_t) {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var child: pid_t = 0
    let code = Self.withCStrings([program] + arguments) { argv in
      Self.withCStrings(environment) { envp in posix_spawnp(&child, program, &actions, nil, argv, envp) }
    }
    return (code, child)
  }

  /// Reads until all are closed; `false` where time runs out first.
  private func drain(_ descriptors: [Int32], into texts: inout [[UInt8]]) -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(timeout)
    var polls = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while polls.contains(where: { $0.fd >= 0 }) {
      let left = (end - clock.now) / .milliseconds(1)
      guard left > 0 else { return false }
      guard poll(&polls, nfds_t(polls.count), Int32(min(left + 1, 1e6))) > 0 else { continue }
      for index in polls.indices where polls[index].fd >= 0 && polls[index].revents != 0 {
        let count = read(polls[index].fd, &buffer, buffer.count)
        if count > 0 {
          texts[index] += buffer[..<count]
        } else if count == 0 || errno != EINTR {
          polls[index].fd = -1
        }
      }
    }
    return true
  }

  private static func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { copies.forEach { free($0) } }
    return body(copies)
  }
}

/// Two ends of a pipe that no child inherits.
private final class Pipe {
  let read: Int32
  private(set) var write: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw ReportingError(.processFailed, "cannot open a pipe: \(String(cString: strerror(errno))); close some files")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    read = ends[0]
    write = ends[1]
  }

  func closeWriteEnd() {
    if write >= 0 { _ = unistdClose(write) }
    write = -1
  }

  func close() {
    closeWriteEnd()
    _ = unistdClose(read)
  }
}

/// The system's `close`, which a method of the same name hides.
private func unistdClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
