/// What a run is: a system, a potential, stages, analyses. A person writes it as YAML.
///
/// A recipe that was read is fully resolved: every default has become a value, every duration a number of steps. Written
/// back, it reads to an equal recipe.
public struct Recipe: Hashable, Sendable {
  /// The title of the run and its report.
  public var name: String
  /// The seed of all random numbers.
  public var seed: UInt64
  public var system: InitialSystem
  public var potential: PotentialChoice
  public var engine: Engine
  /// How another engine is started. The result does not depend on it but for rounding.
  public var launch: EngineLaunch
  public var precision: Precision
  /// The number of threads; 0 takes every core that the process may use. The result does not depend on it.
  public var threads: Int
  /// The wall-clock time between checkpoints in seconds. The result does not depend on it.
  public var checkpointInterval: Double
  /// Where something is varied, those of the first branch, with marks where branches differ.
  public var stages: [Stage]
  /// What is varied from branch to branch, or `nil` for one run.
  public var vary: Variation?
  public var analyses: [AnalysisRequest]
  /// Whether the run ends with `report.html`.
  public var report: Bool

  /// What moves the atoms.
  public enum Engine: String, CaseIterable, Hashable, Sendable {
    case native
    case lammps
  }

  /// The arithmetic of the force loops.
  public enum Precision: String, CaseIterable, Hashable, Sendable {
    /// Pairs in single precision on positions relative to a local origin, sums in double.
    case mixed
    case double
  }

  public init(
    name: String, seed: UInt64 = 1, system: InitialSystem, potential: PotentialChoice, engine: Engine = .native,
    launch: EngineLaunch = EngineLaunch(), precision: Precision = .mixed, threads: Int = 0, checkpointInterval: Double = 60,
    stages: [Stage] = [], vary: Variation? = nil,
    analyses: [AnalysisRequest] = [], report: Bool = true
  ) {
    self.name = name
    self.seed = seed
    self.system = system
    self.potential = potential
    self.engine = engine
    self.launch = launch
    self.precision = precision
    self.threads = threads
    self.checkpointInterval = checkpointInterval
    self.stages = stages
    self.vary = vary
    self.analyses = analyses
    self.report = report
  }
}

/// How an engine that is another program is started.
public struct EngineLaunch: Hashable, Sendable {
  /// The program, or a whole command to which the program's options are added; `{processes}` stands for their number.
  public var command: String?
  /// The number of processes, or `nil` for one a core.
  public var processes: Int?

  public init(command: String? = nil, processes: Int? = nil) {
    self.command = command
    self.processes = processes
  }
}

extension Recipe {
  /// The steps of all stages; a minimisation counts with the most that it may take.
  public var totalSteps: Int { stages.reduce(0) { $0 + $1.steps } }

  /// The time simulated by all stages in ps.
  public var totalTime: Double { stages.reduce(0) { $0 + $1.duration } }
}

/// Where the atoms come from.
public struct InitialSystem: Hashable, Sendable {
  public enum Source: Hashable, Sendable {
    /// Shares in mol % that add up to 100, in the order written.
    case composition([Share])
    /// One formula, such as `Li3PS4`.
    case formula(String)
    /// A file with atoms and cell, taken as they are.
    case file(String)
    /// Structural units of the force field and the share of the network former's atoms in each, 1 in all.
    case units([UnitAmount])
    /// Structural units of the force field and how many of each.
    case unitCounts([UnitAmount])
  }

  /// A constituent and its share.
  public struct Share: Hashable, Sendable {
    /// A formula, such as `Li2O`.
    public var formula: String
    /// In mol %, positive.
    public var percent: Double

    public init(_ formula: String, percent: Double) {
      self.formula = formula
      self.percent = percent
    }
  }

  /// A structural unit with its share or its number.
  public struct UnitAmount: Hashable, Sendable {
    /// A unit of the force field, such as `PS4`.
    public var name: String
    public var amount: Double

    public init(_ name: String, _ amount: Double) {
      self.name = name
      self.amount = amount
    }
  }

  public var source: Source
  /// About how many atoms to pack; `nil` for a file and for numbers of units.
  public var atoms: Int?
  /// The density to pack at in g/cm³, or `nil` for the guess of the builder (a file has its own).
  public var density: Double?

  public init(_ source: Source, atoms: Int? = nil, density: Double? = nil) {
    self.source = source
    self.atoms = atoms
    self.density = density
  }
}

/// A force field by its name or file, and its options.
public struct PotentialChoice: Hashable, Sendable {
  /// The name of a force field that ships, or the path of a YAML file.
  public var name: String
  /// Options of the force field, such as `boron-four-fold-fraction`.
  public var options: [Setting]

  public init(_ name: String, options: [Setting] = []) {
    self.name = name
    self.options = options
  }

  /// Whether the name is the path of a file: it has a slash or ends in `.yaml` or `.yml`.
  public var isPath: Bool { name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") }
}

/// An analysis to run on the trajectories.
public struct AnalysisRequest: Hashable, Sendable {
  /// The name of the analysis, such as `rdf`.
  public var name: String
  public var settings: [Setting]
  /// Where the recipe asks for it. Not part of equality.
  public var location: IgnoredInEquality<SourceLocation?>

  public init(_ name: String, settings: [Setting] = [], location: SourceLocation? = nil) {
    self.name = name
    self.settings = settings
    self.location = IgnoredInEquality(location)
  }
}

/// A key and its value that another module interprets.
public struct Setting: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case text(String)
    case list([String])
    /// Keys and values in the order written, such as cutoffs by pair.
    case mapping([[String]])
  }

  public var key: String
  public var value: Value
  /// Where the recipe says so, for errors. Not part of equality.
  public var location: IgnoredInEquality<SourceLocation?>

  public init(_ key: String, _ value: Value, location: SourceLocation? = nil) {
    self.key = key
    self.value = value
    self.location = IgnoredInEquality(location)
  }

  public init(_ key: String, _ text: String, location: SourceLocation? = nil) {
    self.init(key, .text(text), location: location)
  }

  /// The value as one text, the way the command line takes it: `a,b` for lists, `P-S=2.6,Li-S=3.1` for mappings.
  public var text: String {
    switch value {
    case .text(let text): text
    case .list(let items): items.joined(separator: ",")
    case .mapping(let pairs): pairs.map { $0.joined(separator: "=") }.joined(separator: ",")
    }
  }
}

/// A value that travels along without making two holders of it different.
public struct IgnoredInEquality<Value: Sendable>: Hashable, Sendable {
  public var value: Value

  public init(_ value: Value) { self.value = value }

  public static func == (left: Self, right: Self) -> Bool { true }
  public func hash(into hasher: inout Hasher) {}
}
