import Interactions
import NumericalMethods
import Structures

/// Minimises the energy of atoms, and of the cell with them, by the fast inertial relaxation engine FIRE 2.0.
///
/// Atoms slide downhill with inertia; whenever they would go uphill they stop and step back. It copes with random packings:
/// no atom moves farther than ``maximumDisplacement`` in a step, whatever the force. All atoms count as equally heavy.
///
/// Strains join as one more coordinate each, q = √N ℓ ε with ℓ³ the volume of an atom, so that the cell relaxes about as fast as
/// the atoms in systems of any size; its force is V (P − P₀)/(√N ℓ).
///
/// Source: Guénolé et al., Comput. Mater. Sci. 175, 109584 (2020), doi:10.1016/j.commatsci.2020.109584; Bitzek et al., Phys.
/// Rev. Lett. 97, 170201 (2006), doi:10.1103/PhysRevLett.97.170201.
public struct Minimizer: Sendable {
  /// Converged where no atom feels a larger force, in eV/Å.
  public var maximumForce: Double
  /// The number of steps after which it gives up.
  public var maximumSteps: Int
  public var cellRelaxation: CellRelaxation
  /// The pressure of the relaxed cell in GPa.
  public var pressure = 0.0
  /// Converged where no free element of the stress is farther from the pressure than this, in GPa.
  public var stressTolerance = 0.01
  /// The largest displacement of an atom in one step, in Å.
  public var maximumDisplacement = 0.1

  public init(maximumForce: Double = 0.01, maximumSteps: Int = 10_000, cellRelaxation: CellRelaxation = .none) {
    self.maximumForce = maximumForce
    self.maximumSteps = maximumSteps
    self.cellRelaxation = cellRelaxation
  }

  /// Minimises.
  ///
  /// - Parameters:
  ///   - state: Positions and cell are relaxed; forces and energies afterwards belong to them. Velocities stay.
  ///   - observer: Called after each step with the number of steps and the largest force in eV/Å; returns whether to go on.
  /// - Returns: What was reached, also where it is not converged.
  /// - Throws: ``SimulationError`` with code `.invalidMinimization`, or `.unstable` where forces are not numbers; what the
  ///   calculator throws.
  public func minimize(
    _ state: inout SimulationState, calculator: any ForceCalculator, pool: WorkerPool,
    observer: (Int, Double) throws -> Bool = { _, _ in true }
  ) throws -> MinimizationResult {
    try check(state)
    var descent = Descent(
      state: state, calculator: calculator, cellRelaxation: cellRelaxation,
      pressure: pressure / PhysicalConstants.gigapascalPerElectronvoltPerCubicAngstrom, maximumDisplacement: maximumDisplacement,
      pool: pool)
    try descent.evaluate(energies: true)
    let initialEnergy = descent.energy
    let initialForce = descent.maximumForce
    var steps = 0
    var wasStopped = false
    while !isConverged(descent), steps < maximumSteps, !wasStopped {
      try descent.advance()
      steps += 1
      wasStopped = try !observer(steps, descent.maximumForce)
    }
    if steps > 0 { try descent.evaluate(energies: true) }
    state = descent.state
    return MinimizationResult(
      isConverged: isConverged(descent), steps: steps, initialEnergy: initialEnergy, energy: descent.energy,
      initialForce: initialForce, maximumForce: descent.maximumForce,
      maximumStress: cellRelaxation == .none ? nil : descent.maximumStress, wasStopped: wasStopped)
  }

  private func isConverged(_ descent: Descent) -> Bool {
    descent.maximumForce <= maximumForce && (cellRelaxation == .none || descent.maximumStress <= stressTolerance)
  }

  private func check(_ state: SimulationState) throws {
    func fail(_ message: String) -> SimulationError { SimulationError(.invalidMinimization, "minimisation: " + message) }
    guard maximumForce > 0, maximumForce.isFinite else {
      throw fail("a largest force of \(maximumForce) eV/Å is never reached; give a positive one, such as 0.01 eV/A")
    }
    guard maximumSteps >= 0 else { throw fail("\(maximumSteps) steps cannot be done; give a number from 0 on") }
    guard maximumDisplacement > 0, maximumDisplacement.isFinite else {
      throw fail("steps of at most \(maximumDisplacement) Å lead nowhere; give a positive length, such as 0.1 A")
    }
    guard state.count > 0 else { throw fail("there are no atoms") }
    guard state.forces.count == state.count, state.velocities.count == state.count else {
      throw SimulationError(.inconsistentState, "minimisation: there are \(state.count) positions but \(state.forces.count) forces")
    }
    if cellRelaxation != .none {
      guard stressTolerance > 0, pressure.isFinite else {
        throw fail("the stress tolerance, \(stressTolerance) GPa, is positive and the pressure, \(pressure) GPa, finite")
      }
      guard state.cell.isPeriodic else {
        throw fail("a cell that does not repeat along all edges has no stress to relax; relax atoms only")
      }
    }
  }
}
