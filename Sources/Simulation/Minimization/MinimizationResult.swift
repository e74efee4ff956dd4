/// What a minimisation reached.
public struct MinimizationResult: Sendable {
  /// Whether forces and, where the cell was free, stress are within the tolerances.
  public var isConverged: Bool
  /// The number of steps done.
  public var steps: Int
  /// The potential energy in eV before and after.
  public var initialEnergy: Double
  public var energy: Double
  /// The largest force on an atom in eV/Å before and after.
  public var initialForce: Double
  public var maximumForce: Double
  /// The largest element of the stress, less the target pressure, on the free strains in GPa; `nil` where the cell was fixed.
  public var maximumStress: Double?
  /// Whether the observer stopped it.
  public var wasStopped: Bool

  /// One sentence for a person.
  public var summary: String {
    let outcome =
      isConverged
      ? "converged after \(steps) steps"
      : wasStopped ? "stopped after \(steps) steps, not converged" : "not converged within \(steps) steps"
    let stress = maximumStress.map { ", largest stress \(Self.rounded($0)) GPa" } ?? ""
    return "\(outcome): energy \(Self.rounded(initialEnergy)) to \(Self.rounded(energy)) eV, largest force "
      + "\(Self.rounded(initialForce)) to \(Self.rounded(maximumForce)) eV/Å\(stress)"
  }

  /// A number with about five digits.
  private static func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 1e4 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
