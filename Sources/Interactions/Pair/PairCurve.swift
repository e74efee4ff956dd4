/// The potential between two kinds of atoms without Coulomb: the sum of all pair terms, with every option applied.
///
/// Reference and fast kernels see pair potentials as such curves alone; the fast ones sample them into tables.
public struct PairCurve: Sendable {
  /// The terms that are added.
  public let terms: [PairTerm]

  public init(_ terms: [PairTerm]) {
    self.terms = terms
  }

  /// The distance in Å from which on the curve is zero.
  public var cutoff: Double { terms.lazy.map(\.cutoff).max() ?? 0 }

  /// The energy in eV and the force -dU/dr in eV/Å at a distance `r > 0` in Å; 0 from the cutoff on.
  public func callAsFunction(_ r: Double) -> PairValue {
    var sum: PairValue = (0, 0)
    for term in terms {
      let value = term(r)
      sum.energy += value.energy
      sum.force += value.force
    }
    return sum
  }

  /// The distances in Å, ascending and each once, where the curve or one of its first two derivatives may jump, the
  /// cutoff of each term included.
  public var breakpoints: [Double] {
    Set(terms.flatMap(\.breakpoints)).sorted()
  }
}
