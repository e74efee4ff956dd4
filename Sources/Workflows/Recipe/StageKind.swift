import Structures

/// A kind of stage: what the recipe reference says of it and how its keys become a ``Stage``.
public struct StageKind: Sendable {
  /// The key under which a recipe asks for it.
  public let name: String
  public let summary: String
  public let parameters: [RecipeParameter]
  /// Turns checked values into what the stage does.
  let makeAction: @Sendable (_ values: ParsedGroup, _ stageName: String) throws -> Stage.Action
}

extension StageKind {
  /// All kinds, alphabetically.
  public static let builtins = [minimize, npt, nve, nvt]

  /// The kind with a name, or `nil`.
  public static func named(_ name: String) -> StageKind? { builtins.first { $0.name == name } }

  static let minimize = StageKind(
    name: "minimize",
    summary: "Moves the atoms downhill (FIRE) until no force is large; the cell stays.",
    parameters: [
      RecipeParameter(
        "max-force", .quantity(.force, 1e-8...100), default: "0.01 eV/A", "Done when no atom feels a larger force."),
      RecipeParameter("max-steps", .count(1...10_000_000), default: "1000", "Goes on with the next stage after this many steps."),
      CommonParameters.name,
    ],
    makeAction: { values, _ in
      .minimize(
        Minimization(
          maximumForce: values.quantity("max-force") ?? 0.01, maximumSteps: values.count("max-steps") ?? 1000))
    })

  static let npt = StageKind(
    name: "npt",
    summary: "Constant temperature and pressure (Martyna, Tobias and Klein); the cell changes.",
    parameters: [
      CommonParameters.temperature, CommonParameters.pressure, CommonParameters.barostat, CommonParameters.thermostat,
    ] + CommonParameters.timeAndOutput,
    makeAction: { try DynamicsParsing.action(.npt, $0, stageName: $1) })

  static let nve = StageKind(
    name: "nve",
    summary: "Constant energy and cell: velocity Verlet alone.",
    parameters: [
      RecipeParameter(
        "temperature", .quantity(.temperature, CommonParameters.temperatures),
        "Draws new velocities at this temperature; left out, the velocities of the stage before go on.")
    ] + CommonParameters.timeAndOutput,
    makeAction: { try DynamicsParsing.action(.nve, $0, stageName: $1) })

  static let nvt = StageKind(
    name: "nvt",
    summary: "Constant temperature in a fixed cell.",
    parameters: [CommonParameters.temperature, CommonParameters.thermostat] + CommonParameters.timeAndOutput,
    makeAction: { try DynamicsParsing.action(.nvt, $0, stageName: $1) })
}

/// Parameters that several kinds of stages share.
enum CommonParameters {
  static let temperatures = 0.001...100_000.0
  static let times = 1e-6...1e9

  static let name = RecipeParameter(
    "name", .text, default: "kind and number", "Names the stage in thermo.csv and its trajectory: letters, digits, - _ and .")
  static let temperature = RecipeParameter(
    "temperature", .ramp(.temperature, temperatures), required: true, "What the thermostat holds, or ramps from and to.")
  static let pressure = RecipeParameter(
    "pressure", .ramp(.pressure, -1000...1000), default: "0 GPa", "What the barostat holds, or ramps from and to.")
  static let thermostat = RecipeParameter(
    "thermostat",
    .group([
      RecipeParameter(
        "form", .choice(Dynamics.Thermostat.Form.allCases.map(\.rawValue)), default: "nose-hoover-chain",
        "Nosé-Hoover chains, stochastic velocity rescaling (Bussi) or Langevin."),
      RecipeParameter(
        "damping", .quantity(.time, 1e-4...1000), default: "100 fs, langevin 1 ps",
        "The relaxation time; the inverse friction of Langevin."),
    ]), default: "the defaults of its keys", "How the temperature is held.")
  static let barostat = RecipeParameter(
    "barostat",
    .group([
      RecipeParameter(
        "coupling", .choice(Dynamics.Barostat.Coupling.allCases.map(\.rawValue)), default: "isotropic",
        "What may change: the volume, the three lengths, or lengths and angles."),
      RecipeParameter("damping", .quantity(.time, 1e-3...10_000), default: "1 ps", "The relaxation time."),
    ]), default: "the defaults of its keys", "How the pressure is held.")

  static let timeAndOutput = [
    RecipeParameter("duration", .quantity(.time, times), "The simulated time. One of `duration`, `rate` and `steps` is needed."),
    RecipeParameter(
      "rate", .rate([.temperatureRate, .pressureRate]), "How fast the temperature or the pressure is ramped; the duration follows."),
    RecipeParameter("steps", .count(1...1_000_000_000_000), "The number of steps."),
    RecipeParameter("timestep", .quantity(.time, 1e-6...0.02), default: "1 fs", "The time step."),
    RecipeParameter(
      "trajectory",
      .group([
        RecipeParameter("every", .interval, required: true, "The time between frames; a whole number of steps."),
        RecipeParameter(
          "format", .choice(Dynamics.TrajectoryOutput.Format.allCases.map(\.rawValue)), default: "dump.gz, or what `file` ends with",
          "LAMMPS dump, plain or compressed, or extended XYZ."),
        RecipeParameter("file", .text, default: "trajectory-NAME with the format's ending", "The file in the run folder."),
      ]), default: "no trajectory", "Writes frames to a file."),
    RecipeParameter(
      "thermo",
      .group([RecipeParameter("every", .interval, default: "100 steps", "The time between rows.")]),
      default: "the defaults of its keys", "Rows of thermo.csv."),
    RecipeParameter(
      "long-range",
      .group([
        RecipeParameter("every", .interval, default: "1 step", "The time between computations; `steps` and `thermo` are multiples of it.")
      ]),
      default: "the defaults of its keys", "How often Coulomb forces in reciprocal space are computed (r-RESPA)."),
    RecipeParameter(
      "remove-momentum", .group([RecipeParameter("every", .interval, default: "1000 steps", "The time between removals.")]),
      default: "the defaults of its keys", "Takes out the drift of the centre of mass."),
    name,
  ]
}
