/// Where a run comes from: program, machine, inputs, times, warnings.
public struct Manifest: Hashable, Sendable {
  /// How far a run is.
  public enum Status: String, Sendable {
    case running, interrupted, failed, complete
  }

  /// A file that the run read.
  public struct Input: Hashable, Sendable {
    public var path: String
    public var sha256: String
    public var bytes: Int

    public init(path: String, sha256: String, bytes: Int) {
      self.path = path
      self.sha256 = sha256
      self.bytes = bytes
    }

    /// Reads a file and takes its hash.
    public init(reading path: String) throws {
      let content = try Files.read(path)
      self.init(path: path, sha256: SHA256.hexDigest(content), bytes: content.count)
    }
  }

  /// A stage and what it took.
  public struct StageRecord: Hashable, Sendable {
    public var name: String
    public var kind: String
    /// The steps done so far.
    public var steps: Int
    /// Time on the clock in s, over all sessions.
    public var wallTime: Double
    public var isComplete: Bool
    /// What a person may want to know, such as how the minimisation ended; unit in the key.
    public var notes: [JSONValue.Member]

    public init(name: String, kind: String, steps: Int = 0, wallTime: Double = 0, isComplete: Bool = false, notes: [JSONValue.Member] = [])
    {
      self.name = name
      self.kind = kind
      self.steps = steps
      self.wallTime = wallTime
      self.isComplete = isComplete
      self.notes = notes
    }
  }

  /// One process that worked on the run.
  public struct Session: Hashable, Sendable {
    /// UTC, ISO 8601.
    public var started: String
    public var threads: Int
    public var machine: Machine
    /// The step of the run at which the session took up, 0 for the first.
    public var fromStep: Int

    public init(started: String, threads: Int, machine: Machine, fromStep: Int) {
      self.started = started
      self.threads = threads
      self.machine = machine
      self.fromStep = fromStep
    }
  }

  public var version: String
  public var seed: UInt64
  public var precision: String
  /// What moved the atoms: its name, and version and command where it is another program.
  public var engine: [JSONValue.Member]
  public var status: Status
  public var inputs: [Input]
  public var sessions: [Session]
  public var stages: [StageRecord]
  /// What a person must know before trusting the results.
  public var warnings: [String]
  /// Facts about the system: formula, atoms, true composition, net charge; unit in the key.
  public var system: [JSONValue.Member]

  public init(recipe: Recipe, inputs: [Input] = [], version: String = ProgramVersion.current) {
    self.version = version
    seed = recipe.seed
    // Other engines compute in double precision whatever the recipe says of the native kernels.
    precision = (recipe.engine == .native ? recipe.precision : .double).rawValue
    engine = [.init("name", .string(recipe.engine.rawValue))]
    status = .running
    self.inputs = inputs
    sessions = []
    stages = recipe.stages.map { StageRecord(name: $0.name, kind: $0.kind) }
    warnings = []
    system = []
  }

  /// Notes a fact about the engine, in place of an older one of the same name.
  public mutating func noteEngine(_ key: String, _ text: String) {
    engine.removeAll { $0.key == key }
    engine.append(.init(key, .string(text)))
  }

  /// Adds a warning once.
  public mutating func warn(_ message: String) {
    if !warnings.contains(message) { warnings.append(message) }
  }
}

extension Manifest {
  /// The manifest as it stands in `manifest.json`.
  public var json: JSONValue {
    .object([
      "program": .string(ProgramVersion.program),
      "version": .string(version),
      "status": .string(status.rawValue),
      "seed": .string(String(seed)),
      "precision": .string(precision),
      "engine": .object(engine),
      "system": .object(system),
      "inputs": .array(
        inputs.map { .object(["path": .string($0.path), "bytes": .integer($0.bytes), "sha256": .string($0.sha256)]) }),
      "stages": .array(
        stages.map {
          .object(
            [
              .init("name", .string($0.name)), .init("kind", .string($0.kind)), .init("steps", .integer($0.steps)),
              .init("wall_time_s", .number($0.wallTime)), .init("complete", .bool($0.isComplete)),
            ] + ($0.notes.isEmpty ? [] : [.init("notes", .object($0.notes))]))
        }),
      "sessions": .array(
        sessions.map {
          .object([
            "started": .string($0.started), "from_step": .integer($0.fromStep), "threads": .integer($0.threads),
            "machine": $0.machine.json,
          ])
        }),
      "warnings": .array(warnings.map { .string($0) }),
    ])
  }

  /// Reads `manifest.json`.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidJSON` where a key is missing.
  public init(_ json: JSONValue, file: String) throws {
    func value<Value>(_ object: JSONValue, _ key: String, _ read: (JSONValue) -> Value?) throws -> Value {
      guard let value = object[key].flatMap(read) else {
        throw WorkflowsError(.invalidJSON, "\(file): no valid \"\(key)\"; the file is damaged or of another program")
      }
      return value
    }
    func members(_ value: JSONValue) -> [JSONValue.Member]? {
      if case .object(let members) = value { members } else { nil }
    }
    version = try value(json, "version", \.text)
    status = try value(json, "status") { $0.text.flatMap(Status.init(rawValue:)) }
    seed = try value(json, "seed") { $0.text.flatMap { UInt64($0) } }
    precision = try value(json, "precision", \.text)
    engine = json["engine"].flatMap(members) ?? [.init("name", .string(Recipe.Engine.native.rawValue))]
    system = try value(json, "system", members)
    inputs = try value(json, "inputs", \.elements).map {
      Input(path: try value($0, "path", \.text), sha256: try value($0, "sha256", \.text), bytes: try value($0, "bytes", \.int))
    }
    stages = try value(json, "stages", \.elements).map {
      StageRecord(
        name: try value($0, "name", \.text), kind: try value($0, "kind", \.text), steps: try value($0, "steps", \.int),
        wallTime: try value($0, "wall_time_s", \.double),
        isComplete: try value($0, "complete") { if case .bool(let value) = $0 { value } else { nil } },
        notes: $0["notes"].flatMap(members) ?? [])
    }
    sessions = try value(json, "sessions", \.elements).map {
      Session(
        started: try value($0, "started", \.text), threads: try value($0, "threads", \.int),
        machine: try Machine(try value($0, "machine") { $0 }, file: file), fromStep: try value($0, "from_step", \.int))
    }
    warnings = try value(json, "warnings", \.elements).compactMap(\.text)
  }
}
