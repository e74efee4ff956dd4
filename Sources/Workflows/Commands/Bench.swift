import Formats
import NumericalMethods
import Simulation
import Structures

/// What a person asks of `bench`.
public struct BenchRequest: Sendable {
  /// The names of the cases, or none for all.
  public var cases: [String]
  /// A file with the atoms instead of those that the case builds.
  public var configuration: String?
  public var steps: Int
  public var repetitions: Int
  public var precision: Recipe.Precision
  /// 0 for every core.
  public var threads: Int

  public init(cases: [String], configuration: String?, steps: Int, repetitions: Int, precision: Recipe.Precision, threads: Int) {
    self.cases = cases
    self.configuration = configuration
    self.steps = steps
    self.repetitions = repetitions
    self.precision = precision
    self.threads = threads
  }
}

/// The speed of one case, as `bench --json` prints it and scripts/compare reads it.
public struct BenchMeasurement: Sendable {
  public var name: String
  public var atoms: Int
  public var threads: Int
  /// Steps a repetition.
  public var steps: Int
  /// In ps.
  public var timestep: Double
  /// The time of each repetition in s, without building and warming up.
  public var wallTimes: [Double]

  public init(name: String, atoms: Int, threads: Int, steps: Int, timestep: Double, wallTimes: [Double]) {
    precondition(!wallTimes.isEmpty && steps > 0, "a measurement has at least one repetition of one step")
    self.name = name
    self.atoms = atoms
    self.threads = threads
    self.steps = steps
    self.timestep = timestep
    self.wallTimes = wallTimes
  }

  /// The median over the repetitions, in s.
  public var secondsPerStep: Double {
    let sorted = wallTimes.sorted()
    let middle = sorted.count / 2
    return (sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2) / Double(steps)
  }

  public var nanosecondsPerDay: Double { timestep * 1e-3 * 86_400 / secondsPerStep }

  public var atomStepsPerSecond: Double { Double(atoms) / secondsPerStep }

  public var json: JSONValue {
    .object([
      "case": .string(name), "atoms": .integer(atoms), "threads": .integer(threads), "steps": .integer(steps),
      "timestep_fs": .number(timestep * 1e3), "ms_per_step": .number(secondsPerStep * 1e3),
      "ms_per_step_fastest": .number((wallTimes.min() ?? 0) / Double(steps) * 1e3), "ns_per_day": .number(nanosecondsPerDay),
      "atom_steps_per_s": .number(atomStepsPerSecond), "repetitions": .integer(wallTimes.count),
    ])
  }
}

/// `vitrolyte bench`: the speed of this machine for the standard cases.
public enum Bench {
  public static func perform(_ request: BenchRequest) throws -> CommandResult {
    let names = BenchCase.builtins.map(\.name)
    let cases =
      try request.cases.isEmpty
      ? BenchCase.builtins
      : request.cases.map { name in
        guard let one = BenchCase.builtins.first(where: { $0.name == name }) else {
          throw WorkflowsError(
            .invalidOption, "\"\(name)\" is no case\(didYouMean(name, among: names)); there are \(names.joined(separator: ", "))")
        }
        return one
      }
    return result(try cases.map { try measure($0, request) })
  }

  /// Moves the atoms of a case at constant energy, and times each repetition.
  private static func measure(_ one: BenchCase, _ request: BenchRequest) throws -> BenchMeasurement {
    let pool = WorkerPool(threads: request.threads)
    let configuration = try request.configuration.map { try FileFormats.readConfiguration(path: $0).configuration } ?? one.configuration()
    let system = try PreparedSystem(configuration, potential: one.potential)
    let masses = system.particles.masses
    var state = SimulationState(configuration, seed: 1)
    let shells = system.interactions.movingShells
    if let shells {
      state = state.addingShells(shells, displacements: try system.interactions.relaxedShells(for: configuration, pool: pool))
      try state.assignVelocities(temperature: 300, masses: masses, shells: shells)
    } else if configuration.velocities.isEmpty {
      try state.assignVelocities(temperature: 300, masses: masses)
    }
    let timestep = one.timestep
    var stage = DynamicsStage(.nve, timestep: timestep, steps: request.steps * (request.repetitions + 1))
    stage.energyInterval = max(1, request.steps)
    var dynamics = try MolecularDynamics(
      state: state, masses: masses, shells: shells, stage: stage,
      calculator: try system.dynamicsCalculator(precision: request.precision, pool: pool), pool: pool)
    // The first lists and tables are built before the clock starts.
    try dynamics.advance(steps: min(request.steps, 20))
    let times = try (0..<request.repetitions).map { _ in
      let start = Clock.seconds()
      try dynamics.advance(steps: request.steps)
      return Clock.seconds() - start
    }
    return BenchMeasurement(
      name: one.name, atoms: configuration.count, threads: pool.threads, steps: request.steps, timestep: timestep, wallTimes: times)
  }

  /// The result of all cases.
  public static func result(_ measurements: [BenchMeasurement]) -> CommandResult {
    var text = "case            atoms    threads  ms/step   ns/day    million atom-steps/s\n"
    for measurement in measurements {
      text += measurement.name.padded(to: 16) + "\(measurement.atoms)".padded(to: 9) + "\(measurement.threads)".padded(to: 9)
      text += NumberText.significant(measurement.secondsPerStep * 1e3, 4).padded(to: 10)
      text += NumberText.significant(measurement.nanosecondsPerDay, 4).padded(to: 10)
      text += NumberText.significant(measurement.atomStepsPerSecond * 1e-6, 4) + "\n"
    }
    return CommandResult(
      json: .object([
        "version": .string(ProgramVersion.current), "machine": Machine.current().json,
        "cases": .array(measurements.map(\.json)),
      ]), text: text)
  }
}
