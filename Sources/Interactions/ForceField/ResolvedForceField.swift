import NumericalMethods
import Structures

/// A force field resolved for the atoms of one configuration: all that calculators need.
public struct ResolvedForceField: Sendable {
  /// What acts between pairs of atoms.
  public var pair: PairInteractions
  /// What acts along bonds, or `nil` where nothing does.
  public var bonded: BondedInteractions?
  /// What acts between a vertex and two neighbours.
  public var threeBody: [ThreeBodyInteractions] = []

  init(pair: PairInteractions) {
    self.pair = pair
  }

  /// The charge of each species in e.
  public var charges: [Double] { pair.charges }

  /// The terms of the energy that these interactions have.
  public var energyTerms: [EnergyTerm] {
    pair.energyTerms + (bonded?.energyTerms ?? []) + (threeBody.isEmpty ? [] : [.threeBody])
  }

  /// What a person should know before trusting the numbers.
  public var warnings: [String] { pair.warnings }

  /// The calculator to take for the configuration that the force field was resolved for.
  ///
  /// - Throws: ``InteractionsError``, see ``PairCalculator``.
  public func calculator(
    for configuration: Configuration, precision: Precision = .mixed, pool: WorkerPool
  ) throws -> any ForceCalculator {
    let pairs = try PairCalculator.calculator(pair, for: configuration, precision: precision, pool: pool)
    var contributions: [any ForceContribution] = []
    if let bonded { contributions.append(BondedTerms(bonded, pool: pool)) }
    for terms in threeBody { contributions.append(ThreeBodyTerms(terms, for: configuration, pool: pool)) }
    if let mesh = try LatticeSum.contribution(pair, for: configuration, precision: precision, pool: pool) { contributions.append(mesh) }
    return contributions.isEmpty ? pairs : SystemCalculator(pairs: pairs, contributions: contributions)
  }
}
