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
    throw WorkflowsError.notAvailable("relax")
  }
}
