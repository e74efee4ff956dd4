import NumericalMethods
import Structures

/// A force field resolved for the atoms of one configuration: all that calculators need.
public struct ResolvedForceField: Sendable {
  /// What acts between pairs of atoms; where ions have shells, between pairs of the particles of ``shells``.
  public var pair: PairInteractions
  /// The cores and shells of the atoms, or `nil` where all ions are rigid.
  public var shells: ShellParticles?
  /// How the shells move in dynamics.
  public var shellMotion = ShellMotion.relaxed
  /// What acts along bonds, or `nil` where nothing does.
  public var bonded: BondedInteractions?
  /// What acts between a vertex and two neighbours.
  public var threeBody: [ThreeBodyInteractions] = []

  init(pair: PairInteractions) {
    self.pair = pair
  }

  /// The cores and shells, where shells move by themselves in dynamics.
  public var movingShells: ShellParticles? { shellMotion == .adiabatic ? shells : nil }

  /// The charge of each atom in e; that of an ion with a shell is the sum of core and shell.
  public func charges(of configuration: Configuration) -> [Double] {
    var charges = configuration.types.map { pair.charges[Int($0)] }
    if let shells {
      for (shell, atom) in shells.atoms.enumerated() {
        charges[Int(atom)] += pair.charges[Int(shells.configuration.types[shells.atomCount + shell])]
      }
    }
    return charges
  }

  /// The terms of the energy that these interactions have.
  public var energyTerms: [EnergyTerm] {
    pair.energyTerms + (bonded?.energyTerms ?? []) + (threeBody.isEmpty ? [] : [.threeBody]) + (shells == nil ? [] : [.coreShell])
  }

  /// What a person should know before trusting the numbers.
  public var warnings: [String] { pair.warnings }

  /// The calculator to take for the atoms of the configuration that the force field was resolved for; shells are at rest.
  ///
  /// - Throws: ``InteractionsError``, see ``PairCalculator``.
  public func calculator(
    for configuration: Configuration, precision: Precision = .mixed, pool: WorkerPool
  ) throws -> any ForceCalculator {
    guard let shells else { return try calculator(ofParticles: configuration, precision: precision, pool: pool) }
    let particles = try calculator(ofParticles: shells.configuration, precision: precision, pool: pool)
    return RelaxedShellCalculator(shells, inner: particles)
  }

  /// The calculator for molecular dynamics: that of the particles where shells move by themselves.
  ///
  /// - Throws: ``InteractionsError``, see ``PairCalculator``.
  public func dynamicsCalculator(
    for configuration: Configuration, precision: Precision = .mixed, pool: WorkerPool
  ) throws -> any ForceCalculator {
    guard let movingShells else { return try calculator(for: configuration, precision: precision, pool: pool) }
    return try calculator(ofParticles: movingShells.configuration, precision: precision, pool: pool)
  }

  /// The displacements of the shells from their cores in Å where no force acts on them.
  ///
  /// - Throws: ``InteractionsError`` where atoms are so close that shells leave their cores.
  public func relaxedShells(for configuration: Configuration, pool: WorkerPool) throws -> [Vector3] {
    let calculator = try calculator(for: configuration, precision: .double, pool: pool)
    var forces: [Vector3] = []
    _ = try calculator.evaluate(
      positions: configuration.unwrappedPositions, cell: configuration.cell, forces: &forces, energies: false)
    return calculator.shellHistory.first ?? []
  }

  /// The calculator of particles that all move by themselves.
  func calculator(
    ofParticles configuration: Configuration, precision: Precision, pool: WorkerPool
  ) throws -> any ForceCalculator {
    let pairs = try PairCalculator.calculator(pair, for: configuration, precision: precision, pool: pool)
    var contributions: [any ForceContribution] = []
    if let mesh = try LatticeSum.contribution(pair, for: configuration, precision: precision, pool: pool) { contributions.append(mesh) }
    if let bonded { contributions.append(BondedTerms(bonded, pool: pool)) }
    for terms in threeBody { contributions.append(ThreeBodyTerms(terms, for: configuration, pool: pool)) }
    if let shells { contributions.append(ShellSprings(shells)) }
    return contributions.isEmpty ? pairs : SystemCalculator(pairs: pairs, contributions: contributions)
  }
}
