import Foundation
import Interactions
import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct MinimizerTests {
  let pool = WorkerPool(threads: 1)

  /// Atoms in empty space: the cell does not repeat and is large.
  func cluster(_ positions: [Vector3]) throws -> SimulationState {
    let argon = try #require(Element(symbol: "Ar"))
    let cell = try Cell(
      vectors: Matrix3(diagonal: Vector3(60, 60, 60)), origin: Vector3(-30, -30, -30), periodic: [false, false, false])
    return SimulationState(
      try Configuration(
        cell: cell, species: [Species(argon)], types: [Int32](repeating: 0, count: positions.count), positions: positions))
  }

  @Test func dimerReachesItsDistance() throws {
    for distance in [2.0, 3.3, 4.5] {
      var state = try cluster([.zero, Vector3(distance, 0.1, 0)])
      let result = try Minimizer(maximumForce: 1e-8).minimize(
        &state, calculator: LennardJones(epsilon: 1, cutoff: 30, ending: .shifted), pool: pool)
      #expect(result.isConverged)
      // The force constant is 57 ε/σ² = 5 eV/Å², so that 1e-8 eV/Å leave 2e-9 Å.
      #expect(abs((state.positions[1] - state.positions[0]).length - 3.4 * pow(2, 1.0 / 6)) < 1e-8)
    }
  }

  /// Thirteen Lennard-Jones atoms around a rough icosahedron end at −44.326801 ε.
  ///
  /// Source: Wales, Doye, J. Phys. Chem. A 101, 5111 (1997), doi:10.1021/jp970984n, table 1.
  @Test func thirteenAtomsFormTheIcosahedron() throws {
    let golden = (1 + 5.0.squareRoot()) / 2
    var positions = [Vector3.zero]
    for a in [-1.0, 1] {
      for b in [-golden, golden] { positions += [Vector3(0, a, b), Vector3(a, b, 0), Vector3(b, 0, a)] }
    }
    var random = RandomStream(seed: 9)
    positions = positions.map { 0.8 * $0 + 0.2 * Vector3(random.uniform(), random.uniform(), random.uniform()) }
    var state = try cluster(positions)
    let calculator = LennardJones(epsilon: 1, sigma: 1, cutoff: 20, ending: .shifted)
    let result = try Minimizer(maximumForce: 1e-7).minimize(&state, calculator: calculator, pool: pool)
    #expect(result.isConverged)
    // The shift of 78 pairs at a cutoff of 20 σ is 78 · 4 · 20^-6 = 5e-6; the table has six digits.
    #expect(abs(result.energy + 44.326801) < 6e-6, "\(result.energy)")
    #expect(result.summary.contains("converged after"))
  }

  /// The lattice constant of a crystal at a pressure is where the enthalpy of a scan is least.
  @Test(arguments: [0.0, 1.0])
  func crystalReachesItsLatticeConstant(_ pressure: Double) throws {
    func enthalpy(_ constant: Double) throws -> Double {
      let configuration = try Systems.argon(cells: 2, constant: constant, disturbance: 0)
      var forces = [Vector3](repeating: .zero, count: configuration.count)
      let energy = try LennardJones().evaluate(
        positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true
      ).energy
      return energy + pressure / 160.2176634 * configuration.cell.volume
    }
    var (low, high) = (4.6, 5.8)
    while high - low > 1e-7 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if try enthalpy(a) < enthalpy(b) { high = b } else { low = a }
    }
    for mode in [CellRelaxation.isotropic, .full] {
      var configuration = try Systems.argon(cells: 2, constant: 5.7, disturbance: 0.3)
      if mode == .full {
        let shear = Matrix3(Vector3(1, 0.05, 0), Vector3(0.02, 1.03, -0.04), Vector3(0, 0, 0.97))
        configuration.cell = try configuration.cell.deformed(by: shear)
        configuration.positions = configuration.positions.map { shear * $0 }
      }
      var state = SimulationState(configuration)
      var minimizer = Minimizer(maximumForce: 1e-8, maximumSteps: 20_000, cellRelaxation: mode)
      minimizer.stressTolerance = 1e-7
      minimizer.pressure = pressure
      let result = try minimizer.minimize(&state, calculator: LennardJones(), pool: pool)
      #expect(result.isConverged, "\(mode): \(result.summary)")
      #expect((result.maximumStress ?? 1) <= 1e-7)
      // A golden scan finds a minimum to the square root of rounding, 1e-7 relative; the stress leaves 1e-7 GPa / 1 GPa (C11 − C12).
      for axis in 0..<3 { #expect(abs(state.cell.lengths[axis] / 2 - low) < 3e-6, "\(mode): \(state.cell.lengths) \(low)") }
      for angle in 0..<3 { #expect(abs(state.cell.angles[angle] - 90) < 1e-3) }
    }
  }

  /// From overlapping atoms with forces of 1e9 eV/Å; no atom may fly off.
  @Test func survivesRandomStarts() throws {
    var random = RandomStream(seed: 2)
    var configuration = try Systems.argon(cells: 3, constant: 5.3)
    configuration.positions = configuration.positions.map { _ in
      Vector3(random.uniform(), random.uniform(), random.uniform()) * 15.9
    }
    var state = SimulationState(configuration)
    let before = state.positions
    let minimizer = Minimizer(maximumForce: 1e-3, maximumSteps: 5000)
    let result = try minimizer.minimize(&state, calculator: LennardJones(), pool: pool)
    #expect(result.isConverged, "\(result.summary)")
    #expect(result.initialForce > 1e3 && result.energy < -5)
    let largest = zip(before, state.positions).map { ($0 - $1).length }.max() ?? 0
    #expect(largest < 15)
  }

  @Test func reportsWhatItDidNotReach() throws {
    var state = SimulationState(try Systems.argon(disturbance: 0.5))
    let minimizer = Minimizer(maximumForce: 1e-10, maximumSteps: 5)
    let result = try minimizer.minimize(&state, calculator: LennardJones(), pool: pool)
    #expect(!result.isConverged && result.steps == 5 && result.summary.contains("not converged"))
    #expect(result.energy < result.initialEnergy && state.hasEnergies && state.evaluation != nil)
    var stopped = 0
    let early = try minimizer.minimize(&state, calculator: LennardJones(), pool: pool) { steps, _ in
      stopped = steps
      return steps < 2
    }
    #expect(early.wasStopped && early.steps == 2 && stopped == 2)
    let none = try Minimizer(maximumSteps: 0).minimize(&state, calculator: LennardJones(), pool: pool)
    #expect(none.steps == 0)
  }

  @Test func refusesNonsense() throws {
    let configuration = try Systems.argon(cells: 1)
    func refuses(_ minimizer: Minimizer, cell: Cell? = nil) {
      #expect(throws: SimulationError.self) {
        var state = SimulationState(configuration)
        if let cell { state.cell = cell }
        _ = try minimizer.minimize(&state, calculator: Constant(), pool: pool)
      }
    }
    refuses(Minimizer(maximumForce: 0))
    refuses(Minimizer(maximumForce: .nan))
    refuses(Minimizer(maximumSteps: -1))
    var minimizer = Minimizer(cellRelaxation: .full)
    minimizer.pressure = .nan
    refuses(minimizer)
    let slab = try Cell(vectors: configuration.cell.vectors, periodic: [true, true, false])
    refuses(Minimizer(cellRelaxation: .full), cell: slab)
    let error = #expect(throws: SimulationError.self) {
      var state = SimulationState(configuration)
      _ = try Minimizer().minimize(&state, calculator: Constant(force: Vector3(.nan, 0, 0)), pool: pool)
    }
    #expect(error?.code == .unstable && error?.message.contains("atom 1") == true)
  }

  @Test func threadsDoNotChangeBits() throws {
    let configuration = try Systems.argon(cells: 13, disturbance: 0.5)
    let ends = try [1, 3].map { threads in
      var state = SimulationState(configuration)
      _ = try Minimizer(maximumSteps: 10, cellRelaxation: .full).minimize(
        &state, calculator: LennardJones(), pool: WorkerPool(threads: threads))
      return state.encoded()
    }
    #expect(ends[0] == ends[1])
  }
}
