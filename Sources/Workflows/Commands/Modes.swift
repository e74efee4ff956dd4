import Analysis
import Formats
import Interactions
import NumericalMethods
import Structures

/// What a person asks of `modes`.
public struct ModesRequest: Sendable {
  public var file: String
  public var potential: PotentialChoice
  /// How far atoms are moved for the derivatives, in Å.
  public var displacement: Double
  /// The standard deviation of the Gaussians of the density of states, in THz.
  public var broadening: Double
  /// Whether motion as a whole is projected out.
  public var removesTranslations: Bool
  /// 0 for every core.
  public var threads: Int
  /// Where tables and figures go, or `nil` for the current folder.
  public var out: String?

  public init(
    file: String, potential: PotentialChoice, displacement: Double = 0.01, broadening: Double = 0.3, removesTranslations: Bool = false,
    threads: Int = 0, out: String? = nil
  ) {
    self.file = file
    self.potential = potential
    self.displacement = displacement
    self.broadening = broadening
    self.removesTranslations = removesTranslations
    self.threads = threads
    self.out = out
  }
}

/// `vitrolyte modes`: harmonic vibrations of a small cell. A cell that is at no minimum is a shortcoming (status 3).
public enum Modes {
  /// A Hessian of more atoms would fill gigabytes, and take hours.
  public static let mostAtoms = 3000

  public static func perform(_ request: ModesRequest) throws -> CommandResult {
    guard request.displacement > 0, request.displacement <= 0.5 else {
      throw WorkflowsError(.invalidOption, "--displacement is \(request.displacement) A; give more than 0 and up to 0.5 A")
    }
    guard request.broadening > 0, request.broadening <= 100 else {
      throw WorkflowsError(.invalidOption, "--broadening is \(request.broadening) THz; give more than 0 and up to 100 THz")
    }
    let (start, fileWarnings) = try FileFormats.readConfiguration(path: request.file)
    guard start.count <= mostAtoms else {
      throw WorkflowsError(
        .invalidOption,
        "\(request.file) has \(start.count) atoms; modes takes up to \(mostAtoms), since it needs the matrix of all second derivatives. For "
          + "larger cells run dynamics and analyze vibrations")
    }
    let pool = WorkerPool(threads: request.threads)
    let system = try PreparedSystem(start, potential: request.potential)
    let calculator = try system.calculator(precision: .double, pool: pool)
    let configuration = system.configuration
    let derivatives = try hessian(configuration, calculator, displacement: request.displacement)
    let modes = try HarmonicModes(
      hessian: derivatives.hessian, masses: configuration.masses, removesTranslations: request.removesTranslations)
    let result = HarmonicModeResult(
      modes, of: configuration, broadening: request.broadening, largestForce: derivatives.largestForce,
      settings: [
        AnalysisSetting("displacement", "\(NumberText.significant(request.displacement, 4)) A, central differences of forces"),
        AnalysisSetting("remove-translations", String(request.removesTranslations)),
      ])
    let folder = request.out ?? "."
    try Files.createFolder(folder)
    var output = AnalysisOutput(folder: folder)
    try output.write(result)
    let summary = output.results.first?.value ?? .null
    try AtomicFile.write(summary.serialized, to: Files.path("modes.json", in: folder))
    let written = output.index.tables.map(\.file) + output.index.figures.map { $0.file + ".svg" } + ["modes.json"]
    return CommandResult(
      json: summary,
      text: result.tables[0].textTable(maximumRows: 20) + "\nwritten to \(folder): \(written.joined(separator: ", "))\n",
      shortcomings: output.shortcomings, warnings: fileWarnings + system.warnings + output.index.remarks)
  }

  /// The second derivatives of the energy by central differences of the forces.
  ///
  ///     H_(i a, j b) = -[F_jb(r_ia + h) - F_jb(r_ia - h)] / 2h
  ///
  /// The error is of the order of h² times fourth derivatives, and of the noise of the forces over h.
  ///
  /// - Returns: In eV/Å², `3N × 3N` by rows; and the largest force of the atoms where they are, in eV/Å.
  static func hessian(
    _ configuration: Configuration, _ calculator: any ForceCalculator, displacement: Double
  ) throws -> (hessian: [Double], largestForce: Double) {
    let order = 3 * configuration.count
    var hessian = [Double](repeating: 0, count: order * order)
    var positions = configuration.unwrappedPositions
    var forces: [Vector3] = []
    _ = try calculator.evaluate(positions: positions, cell: configuration.cell, forces: &forces, energies: false)
    let largest = forces.reduce(0) { max($0, $1.length) }
    var ahead: [Vector3] = []
    var behind: [Vector3] = []
    for atom in positions.indices {
      let home = positions[atom]
      for axis in 0..<3 {
        positions[atom][axis] = home[axis] + displacement
        // What the sum rounds to is what counts.
        let forward = positions[atom][axis] - home[axis]
        _ = try calculator.evaluate(positions: positions, cell: configuration.cell, forces: &ahead, energies: false)
        positions[atom][axis] = home[axis] - displacement
        let backward = home[axis] - positions[atom][axis]
        _ = try calculator.evaluate(positions: positions, cell: configuration.cell, forces: &behind, energies: false)
        positions[atom] = home
        let row = (3 * atom + axis) * order
        for other in ahead.indices {
          let derivative = (behind[other] - ahead[other]) / (forward + backward)
          for component in 0..<3 { hessian[row + 3 * other + component] = derivative[component] }
        }
      }
    }
    return (hessian, largest)
  }
}
