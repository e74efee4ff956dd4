import Structures

/// A force field resolved for the species of one configuration.
///
/// Parameters that depend on the composition are computed, and the charges are known to cancel. This is all that
/// kernels need of a pair potential.
public struct PairInteractions: Sendable {
  /// The kinds of atoms, in the order of `Configuration.species`.
  public let species: [Species]
  /// The charge of each species in e.
  public let charges: [Double]
  /// How charges interact, or `nil` where they do not.
  public let coulomb: Coulomb?
  /// What a person should know before trusting the numbers: assumptions made and settings that were overruled.
  public private(set) var warnings: [String]
  /// Pairs of atoms to which the curves and ``coulomb`` do not apply as they stand.
  public var specialPairs = SpecialPairs.none
  private let curves: [PairCurve?]

  /// Creates interactions from their parts.
  ///
  /// - Parameters:
  ///   - charges: One a species, in e.
  ///   - curves: For each two species `a <= b` the curve between them, or `nil` where there is none but Coulomb.
  public init(
    species: [Species], charges: [Double], coulomb: Coulomb?, warnings: [String] = [],
    curves: (_ a: Int, _ b: Int) throws -> PairCurve?
  ) rethrows {
    precondition(charges.count == species.count, "one charge a species")
    precondition(coulomb?.isResolved ?? true, "a lattice sum needs its cutoff and its splitting parameter")
    self.species = species
    self.charges = charges
    self.coulomb = coulomb
    self.warnings = warnings
    var table = [PairCurve?](repeating: nil, count: species.count * species.count)
    for a in species.indices {
      for b in a..<species.count {
        let curve = try curves(a, b)
        table[a * species.count + b] = curve
        table[b * species.count + a] = curve
      }
    }
    self.curves = table
  }

  /// The same interactions with other warnings.
  func with(warnings: [String]) -> PairInteractions {
    var copy = self
    copy.warnings = warnings
    return copy
  }

  /// The curve between two species by index, in either order; `nil` where they have no short-range term.
  public func curve(_ a: Int, _ b: Int) -> PairCurve? {
    curves[a * species.count + b]
  }

  /// Makes sure that a configuration has the species for which the interactions were resolved.
  ///
  /// - Throws: ``InteractionsError`` with code `.unknownSpecies`.
  func check(speciesOf configuration: Configuration) throws {
    guard configuration.species.map(\.label) == species.map(\.label) else {
      let labels = { (species: [Species]) in species.map(\.label).joined(separator: " ") }
      throw InteractionsError(
        .unknownSpecies,
        "the interactions were resolved for the species \(labels(species)), but the configuration has "
          + "\(labels(configuration.species)); resolve the force field for this configuration")
    }
  }

  /// The largest cutoff of any term in Å.
  public var cutoff: Double {
    max(coulomb?.cutoff ?? 0, curves.lazy.compactMap { $0?.cutoff }.max() ?? 0)
  }

  /// The terms of the energy that these interactions have.
  public var energyTerms: [EnergyTerm] {
    (curves.contains { $0 != nil } ? [.pair] : []) + (coulomb == nil ? [] : [.coulomb])
  }

  /// The Coulomb energy of charges with themselves, in eV.
  ///
  /// - Parameter counts: The number of atoms of each species.
  public func selfEnergy(counts: [Int]) -> Double {
    guard let coulomb else { return 0 }
    return zip(charges, counts).reduce(0) { $0 + $1.0 * $1.0 * Double($1.1) } * coulomb.selfEnergy
  }
}
