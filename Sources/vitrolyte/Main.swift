import ArgumentParser
import Structures
import Workflows

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process: parses, calls, and turns what happened into an exit status.
@main
enum Main {
  static func main() {
    exit(status(of: Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func status(of arguments: [String]) -> ExitStatus {
    do {
      if let help = try AnalyzeCommand.help(for: arguments) {
        print(help, terminator: "")
        return .done
      }
      var command = try Vitrolyte.parseAsRoot(arguments)
      try command.run()
      return .done
    } catch let status as ExitStatus {
      return status
    } catch let interruption as Interruption {
      StandardError.write("\(interruption)\n")
      return ExitStatus(rawValue: interruption.exitStatus)
    } catch let error as any ExplainedError {
      StandardError.write("error: \(error.description)\n")
      return error.isInputError ? .askedWrongly : .failed
    } catch {
      return status(ofParserError: error)
    }
  }

  /// Help and completion scripts come as errors of the parser, as do mistakes of the person.
  private static func status(ofParserError error: any Error) -> ExitStatus {
    switch Vitrolyte.exitCode(for: error) {
    case .success:
      print(Vitrolyte.fullMessage(for: error))
      return .done
    case .validationFailure:
      StandardError.write(Vitrolyte.fullMessage(for: error) + "\n")
      return .askedWrongly
    default:
      StandardError.write("error: \(error)\n")
      return .failed
    }
  }
}

/// The exit status of the process.
struct ExitStatus: Error, Equatable {
  let rawValue: Int32

  static let done = ExitStatus(rawValue: 0)
  static let failed = ExitStatus(rawValue: 1)
  /// Usage, or a file that a person wrote.
  static let askedWrongly = ExitStatus(rawValue: 2)
  /// Done, but the result does not meet its own quality test.
  static let doubtful = ExitStatus(rawValue: 3)
}
