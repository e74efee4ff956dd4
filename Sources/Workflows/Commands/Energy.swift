import Formats
import Interactions
import NumericalMethods
import Structures

/// What a person asks of `energy`.
public struct EnergyRequest: Sendable {
  public var file: String
  public var potential: PotentialChoice
  public var precision: Recipe.Precision
  /// 0 for every core.
  public var threads: Int
  /// An extended XYZ file to write with forces, or `nil`.
  public var forcesOutput: String?

  public init(
    file: String, potential: PotentialChoice, precision: Recipe.Precision = .double, threads: Int = 0, forcesOutput: String? = nil
  ) {
    self.file = file
    self.potential = potential
    self.precision = precision
    self.threads = threads
    self.forcesOutput = forcesOutput
  }
}

/// `vitrolyte energy`: energy by term, forces and stress of one configuration.
public enum Energy {
  public static func perform(_ request: EnergyRequest) throws -> CommandResult {
    let (frame, fileWarnings) = try FileFormats.readFrame(path: request.file)
    let pool = WorkerPool(threads: request.threads)
    let system = try PreparedSystem(frame.configuration, potential: request.potential)
    let calculator = try system.calculator(precision: request.precision, pool: pool)
    let configuration = system.configuration
    var forces: [Vector3] = []
    let evaluation = try calculator.evaluate(
      positions: configuration.unwrappedPositions, cell: configuration.cell, forces: &forces, energies: true)
    let report = EnergyReport(configuration, evaluation, forces: forces)
    if let output = request.forcesOutput {
      var result = Frame(configuration)
      result.step = frame.step
      result.energy = evaluation.energy
      result.forces = forces
      result.stress = evaluation.virial * (-1 / configuration.cell.volume)
      try FileFormats.write(result, to: output)
    }
    return CommandResult(json: report.json, text: report.text, warnings: fileWarnings + system.warnings)
  }
}

/// What `energy --json` prints.
public struct EnergyReport: Sendable {
  public var atoms: Int
  /// In eV.
  public var energy: Double
  /// In eV, in the order in which they are printed.
  public var terms: [(name: String, energy: Double)]
  /// xx, yy, zz, yz, xz, xy in GPa, tension positive.
  public var stress: [Double]
  /// In eV/Å.
  public var largestForce: Double
  /// In Å³.
  public var volume: Double

  public init(atoms: Int, energy: Double, terms: [(name: String, energy: Double)], stress: [Double], largestForce: Double, volume: Double) {
    precondition(stress.count == 6, "a stress has six components")
    self.atoms = atoms
    self.energy = energy
    self.terms = terms
    self.stress = stress
    self.largestForce = largestForce
    self.volume = volume
  }

  /// In GPa, positive under compression.
  /// The figures of a configuration whose atoms are at rest.
  init(_ configuration: Configuration, _ evaluation: Evaluation, forces: [Vector3]) {
    let factor = -PhysicalConstants.gigapascalPerElectronvoltPerCubicAngstrom / configuration.cell.volume
    let w = evaluation.virial * factor
    self.init(
      atoms: configuration.count, energy: evaluation.energy,
      terms: EnergyTerm.allCases.compactMap { term in evaluation.energies[term].map { (term.rawValue, $0) } },
      stress: [w[0].x, w[1].y, w[2].z, (w[1].z + w[2].y) / 2, (w[0].z + w[2].x) / 2, (w[0].y + w[1].x) / 2],
      largestForce: forces.reduce(0) { max($0, $1.length) }, volume: configuration.cell.volume)
  }

  public var pressure: Double { -(stress[0] + stress[1] + stress[2]) / 3 }

  public var json: JSONValue {
    .object([
      "atoms": .integer(atoms), "energy_eV": .number(energy),
      "energy_terms_eV": .object(terms.map { JSONValue.Member($0.name, .number($0.energy)) }),
      "stress_GPa": .array(stress.map { .number($0) }), "pressure_GPa": .number(pressure),
      "max_force_eV_per_A": .number(largestForce), "volume_A3": .number(volume),
    ])
  }

  /// Lines for a person.
  public var text: String {
    func number(_ value: Double) -> String { NumberText.significant(value, 12) }
    var lines = [
      "atoms      \(atoms)", "energy     \(number(energy)) eV (\(NumberText.significant(energy / Double(max(1, atoms)), 8)) eV/atom)",
    ]
    lines += terms.map { "  \($0.name)".padded(to: 13) + "\(number($0.energy)) eV" }
    lines.append(
      "stress     " + stress.map { NumberText.significant($0, 8) }.joined(separator: "  ") + " GPa (xx yy zz yz xz xy, tension positive)")
    lines.append("pressure   \(NumberText.significant(pressure, 8)) GPa")
    lines.append("max force  \(NumberText.significant(largestForce, 8)) eV/A")
    lines.append("volume     \(NumberText.significant(volume, 10)) A3")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  /// The text with blanks behind it, at least one.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
