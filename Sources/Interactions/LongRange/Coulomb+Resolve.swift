import NumericalMethods
import Structures

extension Coulomb {
  /// The method with all its settings, chosen for the charges and the cell of a configuration; methods without choices as they are.
  ///
  /// - Parameters:
  ///   - charges: In e, one a species.
  ///   - pairCutoff: The greatest cutoff of the other pair terms in Å, to which the pair loop goes in any case.
  /// - Throws: ``InteractionsError`` where the settings are out of their bounds, or the cell is not periodic along all edges.
  public func resolved(for configuration: Configuration, charges: [Double], pairCutoff: Double) throws -> Coulomb {
    guard let sum = latticeSum else { return self }
    guard configuration.cell.isPeriodic else {
      throw InteractionsError(
        .unsupported, "a lattice sum needs a cell that is periodic along all three edges; make it so, or choose the method dsf")
    }
    try sum.check()
    let problem = LatticeSumProblem(configuration, charges: charges, pairCutoff: pairCutoff)
    if case .ewald = self { return .ewald(try sum.resolved(for: problem, isMesh: false)) }
    return .spme(try sum.resolved(for: problem, isMesh: true))
  }
}

extension Coulomb {
  /// What a person should know whose own settings do not reach the accuracy asked for.
  func accuracyWarning(for configuration: Configuration, charges: [Double]) -> String? {
    guard let sum = latticeSum else { return nil }
    let problem = LatticeSumProblem(configuration, charges: charges, pairCutoff: 0)
    if case .ewald = self { return sum.warning(for: problem, isMesh: false) }
    return sum.warning(for: problem, isMesh: true)
  }
}

extension LatticeSumProblem {
  init(_ configuration: Configuration, charges: [Double], pairCutoff: Double) {
    self.init(
      density: ChargeDensity(zip(charges, configuration.speciesCounts).map { ($0, $1) }, volume: configuration.cell.volume),
      cell: configuration.cell, pairCutoff: pairCutoff)
  }
}

extension LatticeSum {
  /// Makes sure that what is given makes sense.
  func check() throws {
    func require(_ isRight: Bool, _ message: @autoclosure () -> String) throws {
      if !isRight { throw InteractionsError(.invalidForceField, message()) }
    }
    try require(
      Self.accuracies.contains(accuracy),
      "the accuracy of a lattice sum must lie between \(Self.accuracies.lowerBound) and \(Self.accuracies.upperBound), not \(accuracy): it is "
        + "the error of the forces over that between two unit charges 1 Å apart")
    if let alpha { try require(alpha > 0 && alpha <= 10, "the splitting parameter alpha must lie between 0 and 10 1/A, not \(alpha)") }
    if let cutoff {
      try require((0.5...1000).contains(cutoff), "the cutoff of Coulomb must lie between 0.5 and 1000 A, not \(cutoff)")
    }
    if let order {
      try require(Self.orders.contains(order), "the order of the B-splines must lie between 4 and 8, not \(order)")
    }
    if let mesh {
      let least = 2 * (order ?? Self.orders.upperBound)
      try require(
        mesh.min() >= least && mesh.max() <= 4096,
        "each edge of the mesh needs \(least) to 4096 points, twice the order of the B-splines at least; not \(mesh.x), \(mesh.y), \(mesh.z)"
      )
    }
  }

  /// The part in reciprocal space of the charges of a configuration, or `nil` where there is none.
  static func contribution(
    _ interactions: PairInteractions, for configuration: Configuration, precision: Precision, pool: WorkerPool
  ) throws -> (any ForceContribution)? {
    guard let coulomb = interactions.coulomb, let sum = coulomb.latticeSum, let alpha = sum.alpha else { return nil }
    let charges = configuration.types.map { interactions.charges[Int($0)] }
    // Without charges there is nothing to choose settings by, and nothing to sum.
    if case .spme = coulomb, charges.contains(where: { $0 != 0 }) {
      return ParticleMeshEwald(charges: charges, masses: configuration.masses, sum: sum, precision: precision, pool: pool)
    }
    return EwaldSum(charges: charges, alpha: alpha, error: sum.reciprocalError, pool: pool)
  }
}
