import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Properties that any force calculator has.
@Suite struct ReferenceCalculatorTests {
  static func evaluate(_ interactions: PairInteractions, _ configuration: Configuration) throws -> (Evaluation, [Vector3]) {
    var forces: [Vector3] = []
    let result = try ReferenceCalculator(interactions, for: configuration).evaluate(
      positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
    return (result, forces)
  }

  /// A skewed cell of lithium borophosphate with smooth cutoffs, so that differences are free of jumps.
  static func smooth() throws -> (Configuration, PairInteractions) {
    let configuration = try GoldenCase.load("borophosphate-triclinic").configuration()
    let interactions = try ForceField.named("libp-du").resolve(
      for: configuration, options: .init(inputs: ["boron-four-fold-fraction": 0.45], smoothing: 1)
    ).pair
    return (configuration, interactions)
  }

  @Test func forcesAreMinusTheGradient() throws {
    let (configuration, interactions) = try Self.smooth()
    let (_, forces) = try Self.evaluate(interactions, configuration)
    #expect(forces.reduce(.zero, +).length < 1e-10)
    let h = 1e-4
    for (atom, axis) in [(0, 0), (40, 1), (60, 2), (100, 0), (150, 2)] {
      func energy(_ step: Double) throws -> Double {
        var moved = configuration
        moved.positions[atom][axis] += step * h
        return try Self.evaluate(interactions, moved).0.energy
      }
      let slope = try (8 * (energy(1) - energy(-1)) - energy(2) + energy(-2)) / (12 * h)
      // The energy of 2400 eV is known to 1e-12 relative, so the difference to 2e-9/h.
      #expect(abs(forces[atom][axis] + slope) < 1e-4)
    }
  }

  @Test func virialIsMinusTheStrainDerivative() throws {
    let (configuration, interactions) = try Self.smooth()
    let virial = try Self.evaluate(interactions, configuration).0.virial
    #expect(abs(virial[0, 1] - virial[1, 0]) < 1e-10)
    let h = 1e-5
    for (row, column) in [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)] {
      func energy(_ step: Double) throws -> Double {
        var map = Matrix3.identity
        map[row, column] += step * h
        var strained = configuration
        strained.cell = try configuration.cell.deformed(by: map)
        strained.positions = configuration.positions.map { map * $0 }
        return try Self.evaluate(interactions, strained).0.energy
      }
      let slope = try (8 * (energy(1) - energy(-1)) - energy(2) + energy(-2)) / (12 * h)
      // As above, with h ten times smaller.
      #expect(abs(virial[row, column] + slope) < 1e-3)
    }
  }

  @Test func invariances() throws {
    let (configuration, interactions) = try Self.smooth()
    let (result, forces) = try Self.evaluate(interactions, configuration)
    func expectSame(_ other: Configuration, copies: Double = 1, _ order: (Int) -> Int = { $0 }) throws {
      let (again, moved) = try Self.evaluate(interactions, other)
      // Sums of 1e5 terms in another order differ by rounding.
      #expect(abs(again.energy / copies - result.energy) < 1e-10 * abs(result.energy))
      #expect(abs(again.virial.trace / copies - result.virial.trace) < 1e-10 * abs(result.energy))
      #expect(forces.indices.allSatisfy { (moved[order($0)] - forces[$0]).length < 1e-9 })
    }

    var translated = configuration
    translated.positions = configuration.positions.map { $0 + Vector3(3.21, -47.1, 0.55) }
    try expectSame(translated)

    var reversed = configuration
    reversed.positions.reverse()
    reversed.types.reverse()
    try expectSame(reversed) { configuration.count - 1 - $0 }

    // The same lattice with other edges: b' = b + a, c' = c - b.
    let v = configuration.cell.vectors
    var rechosen = configuration
    rechosen.cell = try Cell(vectors: Matrix3(v[0], v[1] + v[0], v[2] - v[1]))
    try expectSame(rechosen)

    try expectSame(configuration.replicated((2, 1, 1)), copies: 2)

    // A rotation by 90° about z turns forces as it turns positions.
    let turn = Matrix3(Vector3(0, -1, 0), Vector3(1, 0, 0), Vector3(0, 0, 1))
    var turned = configuration
    turned.cell = try configuration.cell.deformed(by: turn)
    turned.positions = configuration.positions.map { turn * $0 }
    let (_, rotated) = try Self.evaluate(interactions, turned)
    #expect(forces.indices.allSatisfy { (rotated[$0] - turn * forces[$0]).length < 1e-9 })
  }

  /// The energy that 15 fs of velocity Verlet lose or gain, in eV, for a time step in ps.
  static func energyError(_ interactions: PairInteractions, _ start: Configuration, timestep: Double) throws -> Double {
    let calculator = try ReferenceCalculator(interactions, for: start)
    let masses = start.masses.map { $0 * PhysicalConstants.massVelocitySquared }
    var positions = start.positions
    var velocities = [Vector3](repeating: .zero, count: start.count)
    var forces: [Vector3] = []
    var result = try calculator.evaluate(positions: positions, cell: start.cell, forces: &forces, energies: true)
    let energy = result.energy
    for _ in 0..<Int((0.015 / timestep).rounded()) {
      for i in positions.indices {
        velocities[i] += forces[i] * (0.5 * timestep / masses[i])
        positions[i] += velocities[i] * timestep
      }
      result = try calculator.evaluate(positions: positions, cell: start.cell, forces: &forces, energies: true)
      for i in positions.indices { velocities[i] += forces[i] * (0.5 * timestep / masses[i]) }
    }
    return zip(velocities, masses).reduce(result.energy - energy) { $0 + 0.5 * $1.1 * $1.0.squaredLength }
  }

  @Test(arguments: [Coulomb.dsf(cutoff: 8, alpha: 0.25, smoothing: 1), .wolf(cutoff: 8, alpha: 0.25, smoothing: 1)])
  func smoothCutoffsConserveEnergy(_ coulomb: Coulomb) throws {
    let configuration = try GoldenCase.load("silica-cubic").configuration()
    let interactions = try ForceField.named("teter-sio2").resolve(for: configuration, options: .init(smoothing: 1, coulomb: coulomb)).pair
    let coarse = try Self.energyError(interactions, configuration, timestep: 1.25e-4)
    let fine = try Self.energyError(interactions, configuration, timestep: 0.625e-4)
    // The error of velocity Verlet is of second order where the forces are the differentiable slope of the energy.
    #expect(abs(coarse / fine - 4) < 0.2)
  }

  @Test func bareWolfConservesNoEnergy() throws {
    let configuration = try GoldenCase.load("silica-cubic").configuration()
    let interactions = try ForceField.named("bks").resolve(
      for: configuration, options: .init(smoothing: 1, coulomb: .wolf(cutoff: 8, alpha: 0.25))
    ).pair
    let coarse = try Self.energyError(interactions, configuration, timestep: 2.5e-4)
    let fine = try Self.energyError(interactions, configuration, timestep: 1.25e-4)
    // The forces belong to another energy: what is missing does not shrink with the time step.
    #expect(abs(coarse / fine) < 2)
  }

  @Test func onlyAskedEnergiesAreGiven() throws {
    let (configuration, interactions) = try Self.smooth()
    var forces: [Vector3] = []
    let calculator = try ReferenceCalculator(interactions, for: configuration)
    let result = try calculator.evaluate(
      positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: false)
    #expect(result.energies.isEmpty && result.virial.trace != 0)
    let full = try Self.evaluate(interactions, configuration).0
    #expect(Set(full.energies.keys) == [.pair, .coulomb])
  }

  @Test func badPositionsAreErrors() throws {
    let configuration = try silica()
    let interactions = try ForceField.named("bks").resolve(for: configuration).pair
    let calculator = try ReferenceCalculator(interactions, for: configuration)
    var forces: [Vector3] = []
    var positions = configuration.positions
    positions[1] = positions[0]
    #expect(throws: InteractionsError.self) {
      try calculator.evaluate(positions: positions, cell: configuration.cell, forces: &forces, energies: true)
    }
    positions[1].x = .nan
    #expect(throws: StructuresError.self) {
      try calculator.evaluate(positions: positions, cell: configuration.cell, forces: &forces, energies: true)
    }
    #expect(throws: InteractionsError.self) {
      try calculator.evaluate(positions: [], cell: configuration.cell, forces: &forces, energies: true)
    }
  }
}
