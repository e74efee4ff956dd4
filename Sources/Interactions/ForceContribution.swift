import NumericalMethods
import Structures

/// A part of the interactions that adds its forces to those that others have computed.
///
/// Its result is a function of positions and cell alone: a contribution that keeps lists sums them in an order that does not
/// depend on when they were built. So a resumed run goes on to the same bits without storing them.
public protocol ForceContribution: AnyObject {
  /// Adds forces to those in `forces`, and gives the virial and, where asked, the energies of this part.
  ///
  /// - Parameters:
  ///   - positions: In Å, one an atom, continuous from call to call.
  ///   - forces: In eV/Å, one an atom.
  func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation

  /// Whether the forces change so slowly with the positions that an integrator may compute them every few steps only.
  var isSlow: Bool { get }
}

extension ForceContribution {
  public var isSlow: Bool { false }
}

/// The parts of the interactions that an integrator with several time steps computes at different times.
public enum ForcePart: Sendable {
  case all
  /// What changes with every step: all but the slow part.
  case fast
  /// The contributions that are ``ForceContribution/isSlow``.
  case slow
}

/// All interactions of a system: its pairs, then what adds to them, in a fixed order.
public final class SystemCalculator: ForceCalculator {
  private let pairs: any ForceCalculator
  private let contributions: [any ForceContribution]

  /// - Parameter contributions: Evaluated in this order.
  public init(pairs: any ForceCalculator, contributions: [any ForceContribution]) {
    self.pairs = pairs
    self.contributions = contributions
  }

  public var neighborReference: NeighborReference? {
    get { pairs.neighborReference }
    set { pairs.neighborReference = newValue }
  }

  /// Whether there is a slow part.
  public var hasSlowPart: Bool { contributions.contains(where: \.isSlow) }

  public func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    try evaluate(.all, positions: positions, cell: cell, forces: &forces, energies: energies)
  }

  /// Computes forces, virial and energies of a part of the interactions; fast and slow add up to all.
  public func evaluate(
    _ part: ForcePart, positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool
  ) throws -> Evaluation {
    var result = Evaluation()
    if part == .slow {
      forces = [Vector3](repeating: .zero, count: positions.count)
    } else {
      result = try pairs.evaluate(positions: positions, cell: cell, forces: &forces, energies: energies)
    }
    for contribution in contributions where part == .all || contribution.isSlow == (part == .slow) {
      result += try contribution.add(positions: positions, cell: cell, to: &forces, energies: energies)
    }
    return result
  }
}

extension Evaluation {
  /// Adds the virial and the energies, term by term, of another part of the interactions.
  public static func += (total: inout Evaluation, part: Evaluation) {
    total.virial += part.virial
    total.energies.merge(part.energies, uniquingKeysWith: +)
  }
}
