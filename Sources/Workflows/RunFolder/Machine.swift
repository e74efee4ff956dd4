import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The computer that a run used, as far as it bears on its numbers and speed.
public struct Machine: Hashable, Sendable {
  public var processor: String
  /// The cores that the process may use.
  public var cores: Int
  public var architecture: String
  public var system: String

  public init(processor: String, cores: Int, architecture: String, system: String) {
    self.processor = processor
    self.cores = cores
    self.architecture = architecture
    self.system = system
  }

  /// This computer.
  public static func current() -> Machine {
    var name = utsname()
    uname(&name)
    let architecture = text(of: name.machine)
    #if canImport(Darwin)
      var size = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var buffer = [UInt8](repeating: 0, count: size)
      sysctlbyname("machdep.cpu.brand_string", &buffer, &size, nil, 0)
      let processor = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
      let system = "macOS, \(text(of: name.sysname)) \(text(of: name.release))"
    #else
      let processor = field("model name", separator: ":", file: "/proc/cpuinfo")
      let distribution = field("PRETTY_NAME", separator: "=", file: "/etc/os-release")
      let system = [distribution, "\(text(of: name.sysname)) \(text(of: name.release))"].compactMap(\.self).joined(separator: ", ")
    #endif
    return Machine(processor: processor.nonEmpty ?? "unknown", cores: WorkerPool.availableCores, architecture: architecture, system: system)
  }

  /// The value of the first line that begins with a key, without quotes.
  private static func field(_ key: String, separator: Character, file: String) -> String? {
    guard let text = try? Files.readText(file) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix(key) {
      guard let place = line.firstIndex(of: separator) else { continue }
      let value = line[line.index(after: place)...].drop { $0 == " " || $0 == "\"" }
      return String(value.reversed().drop { $0 == " " || $0 == "\"" }.reversed())
    }
    return nil
  }

  private static func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension Machine {
  public var json: JSONValue {
    .object([
      "processor": .string(processor), "cores": .integer(cores), "architecture": .string(architecture), "system": .string(system),
    ])
  }

  /// - Throws: ``WorkflowsError`` with code `.invalidJSON`.
  public init(_ json: JSONValue, file: String) throws {
    guard let processor = json["processor"]?.text, let cores = json["cores"]?.int, let architecture = json["architecture"]?.text,
      let system = json["system"]?.text
    else { throw WorkflowsError(.invalidJSON, "\(file): the description of the machine is not complete; the file is damaged") }
    self.init(processor: processor, cores: cores, architecture: architecture, system: system)
  }
}

extension Optional where Wrapped == String {
  fileprivate var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

/// The clock, for provenance and for how long things take.
public enum Clock {
  /// Now in UTC as ISO 8601, `2026-01-31T08:05:00Z`.
  public static func timestamp() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }

  /// Seconds since some moment in the past; never goes back.
  public static func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }
}
