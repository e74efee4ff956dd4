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
    throw WorkflowsError.notAvailable("energy")
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
