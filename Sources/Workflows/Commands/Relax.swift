import Formats
import Interactions
import NumericalMethods
import Simulation
import Structures

/// What a person asks of `relax`.
public struct RelaxRequest: Sendable {
  /// What of the cell may change.
  public enum CellChange: String, CaseIterable, Sendable {
    case none, isotropic, full
  }

  public var file: String
  public var potential: PotentialChoice
  public var cell: CellChange
  public var minimization: Minimization
  /// In GPa.
  public var pressure: Double
  public var precision: Recipe.Precision
  /// 0 for every core.
  public var threads: Int
  /// The file to write; the ending says the format.
  public var output: String?
  public var quiet: Bool

  public init(
    file: String, potential: PotentialChoice, cell: CellChange, minimization: Minimization, pressure: Double,
    precision: Recipe.Precision, threads: Int, output: String?, quiet: Bool
  ) {
    self.file = file
    self.potential = potential
    self.cell = cell
    self.minimization = minimization
    self.pressure = pressure
    self.precision = precision
    self.threads = threads
    self.output = output
    self.quiet = quiet
  }
}

/// `vitrolyte relax`: the nearest minimum of the energy. A minimum that is not reached is a shortcoming (status 3).
public enum Relax {
  public static func perform(_ request: RelaxRequest) throws -> CommandResult {
    let (start, fileWarnings) = try FileFormats.readConfiguration(path: request.file)
    let pool = WorkerPool(threads: request.threads)
    let system = try PreparedSystem(start, potential: request.potential)
    let calculator = try system.calculator(precision: request.precision, pool: pool)
    var minimizer = Minimizer(
      maximumForce: request.minimization.maximumForce, maximumSteps: request.minimization.maximumSteps,
      cellRelaxation: CellRelaxation(request.cell))
    minimizer.pressure = request.pressure
    let progress = ProgressReporter(
      stageSteps: [minimizer.maximumSteps], style: ProgressReporter.preferredStyle(quiet: request.quiet))
    var state = SimulationState(start)
    let result = try minimizer.minimize(&state, calculator: calculator, pool: pool) { step, force in
      if step % 10 == 0 {
        progress.update(
          ProgressState(stage: 0, stageName: "relax", stageStep: step, stageSteps: minimizer.maximumSteps, largestForce: force))
      }
      return true
    }
    progress.finish()
    let relaxed = try state.configuration(like: system.configuration)
    if let output = request.output { try FileFormats.write(relaxed, to: output) }
    let report = EnergyReport(relaxed, state.evaluation ?? Evaluation(), forces: state.forces)
    let (lengths, angles) = (relaxed.cell.lengths, relaxed.cell.angles)
    func list(_ vector: Vector3) -> String { (0..<3).map { NumberText.significant(vector[$0], 8) }.joined(separator: "  ") }
    guard case .object(let members) = report.json else { throw WorkflowsError.notAvailable("relax --json") }
    return CommandResult(
      json: .object(
        members + [
          .init("steps", .integer(result.steps)), .init("converged", .bool(result.isConverged)),
          .init("cell_lengths_A", .array((0..<3).map { .number(lengths[$0]) })),
          .init("cell_angles_deg", .array((0..<3).map { .number(angles[$0]) })),
          .init("density_g_cm3", .number(relaxed.density)),
        ]),
      text: report.text + "steps      \(result.steps)\ncell       \(list(lengths)) A, \(list(angles)) deg\n"
        + "density    \(NumberText.significant(relaxed.density, 8)) g/cm3\n",
      shortcomings: result.isConverged ? [] : [result.summary], warnings: fileWarnings + system.warnings)
  }
}

extension CellRelaxation {
  fileprivate init(_ change: RelaxRequest.CellChange) {
    self =
      switch change {
      case .none: .none
      case .isotropic: .isotropic
      case .full: .full
      }
  }
}
