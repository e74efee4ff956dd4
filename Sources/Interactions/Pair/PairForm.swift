/// The energy and the force between two atoms at one distance.
///
/// The energy is in eV; the force, -dU/dr in eV/Å, is positive where the atoms repel each other.
public typealias PairValue = (energy: Double, force: Double)

/// A function of the distance between two atoms: one term of a pair potential, with its parameters, before any cutoff.
///
/// Forms know nothing of cutoffs, shifts and repairs; ``PairTerm`` adds them.
public protocol PairForm: Sendable {
  /// The energy and force at a distance `r > 0` in Å.
  func callAsFunction(_ r: Double) -> PairValue

  /// The distances in Å where the form or one of its first two derivatives jumps.
  var breakpoints: [Double] { get }
}

extension PairForm {
  public var breakpoints: [Double] { [] }
}
