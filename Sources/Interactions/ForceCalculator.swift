import NumericalMethods
import Structures

/// The parts of the potential energy that results name.
public enum EnergyTerm: String, CaseIterable, Sendable, Codable {
  case pair, coulomb, bonds, angles, dihedrals
  case threeBody = "three_body"
  case coreShell = "core_shell"
  case machineLearned = "ml"
}

/// What one evaluation of the interactions gives beside the forces.
public struct Evaluation: Sendable {
  /// The potential energy by term in eV; only terms that the potential has. Empty where energies were not asked for.
  public var energies: [EnergyTerm: Double] = [:]
  /// The virial W = Σ r ⊗ F in eV; the potential part of the pressure tensor is W / volume.
  public var virial = Matrix3.zero

  public init() {}

  /// The potential energy in eV: the sum of the terms in a fixed order.
  public var energy: Double {
    EnergyTerm.allCases.reduce(0) { $0 + (energies[$1] ?? 0) }
  }
}

/// Something that turns positions into forces.
///
/// A calculator is made for fixed atoms (their number, species and topology); positions and cell may change from call
/// to call. The result is a function of the arguments, of ``neighborReference`` and of ``shellHistory`` alone; the number of threads never changes it.
public protocol ForceCalculator: AnyObject {
  /// Computes forces, virial and, where asked, energies.
  ///
  /// - Parameters:
  ///   - positions: In Å, one an atom; they need not be wrapped, but must be continuous from call to call (an atom that
  ///     crosses an edge keeps its unwrapped coordinate).
  ///   - cell: The cell, which may have changed since the last call.
  ///   - forces: Overwritten with the forces in eV/Å, in the order of the positions.
  ///   - energies: Whether ``Evaluation/energies`` are wanted; forces alone are faster.
  /// - Throws: ``InteractionsError``, for example where an atom's position is not finite.
  func evaluate(
    positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool
  ) throws -> Evaluation

  /// The positions and the cell for which the neighbour lists were last built, or `nil` before the first evaluation and
  /// for calculators without lists.
  ///
  /// A checkpoint keeps it; setting it builds the same lists anew, so that a resumed run goes on to the same bits.
  var neighborReference: NeighborReference? { get set }

  /// What a calculator with shells guesses their next displacements from: those of the last evaluations, the last one first.
  ///
  /// Empty for calculators without shells. A checkpoint keeps it for the same reason as ``neighborReference``.
  var shellHistory: [[Vector3]] { get set }
}

extension ForceCalculator {
  public var shellHistory: [[Vector3]] {
    get { [] }
    set {}
  }
}

/// What a neighbour list is a function of.
public struct NeighborReference: Sendable {
  public var positions: [Vector3]
  public var cell: Cell

  public init(positions: [Vector3], cell: Cell) {
    self.positions = positions
    self.cell = cell
  }
}
