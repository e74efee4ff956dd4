import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct MeltCheckTests {
  let pool = WorkerPool(threads: 1)

  @Test func measuresDisplacementsAndNeighbours() throws {
    var configuration = try Systems.argon(cells: 3, constant: 6, disturbance: 0)
    let lithium = try #require(Element(symbol: "Li"))
    configuration.species.append(Species(lithium, mass: 39.948))
    for i in stride(from: 0, to: configuration.count, by: 2) { configuration.types[i] = 1 }
    let start = configuration.positions
    // Lithium goes 5 Å one way and argon 3 Å the other, while all drift and the cell grows by a tenth.
    let grown = try configuration.cell.deformed(by: Matrix3.identity * 1.1)
    let end = start.indices.map { i in
      1.1 * start[i] + Vector3(configuration.types[i] == 1 ? 5 : -3, 0, 0) + Vector3(40, -50, 60)
    }
    let check = try MeltCheck(
      configuration, start: (start, configuration.cell), end: (end, grown))
    #expect(check.entries.map(\.species.label) == ["Ar", "Li"])
    // Equal masses and numbers: the centre of mass moves by 1 Å beside the common drift.
    #expect(abs(check.entries[0].meanDisplacement - 4) < 1e-9 && abs(check.entries[1].meanDisplacement - 4) < 1e-9)
    #expect(check.entries[0].nearestNeighborDistance < 1.1 * 6 / 2.0.squareRoot() + 1e-9)
  }

  @Test func tellsLiquidFromCrystal() throws {
    func verdict(_ constant: Double, _ temperature: Double) throws -> MeltCheck {
      let configuration = try Systems.argon(constant: constant)
      let stage = DynamicsStage(.nvt(temperature: .constant(temperature)), timestep: 0.01, steps: 3000)
      var dynamics = try MolecularDynamics(
        state: Systems.state(configuration, temperature: temperature), masses: configuration.masses, stage: stage,
        calculator: LennardJones(), pool: pool)
      try dynamics.advance(steps: stage.steps)
      return try MeltCheck(
        configuration, start: (configuration.positions, configuration.cell), end: (dynamics.state.positions, dynamics.state.cell))
    }
    let crystal = try verdict(5.3, 30)
    #expect(crystal.verdict == .remembered && crystal.entries[0].ratio < 0.3)
    #expect(crystal.summary.contains("remembers"))
    let liquid = try verdict(6.2, 400)
    #expect(liquid.verdict == .forgotten, "\(liquid.summary)")
  }

  @Test func refusesForeignPositions() throws {
    let configuration = try Systems.argon(cells: 1)
    #expect(throws: SimulationError.self) {
      try MeltCheck(configuration, start: ([], configuration.cell), end: (configuration.positions, configuration.cell))
    }
  }

  @Test func toleratesAnAtomAlone() throws {
    let argon = try #require(Element(symbol: "Ar"))
    let cell = try Cell(vectors: Matrix3(diagonal: Vector3(9, 9, 9)), periodic: [false, false, false])
    let configuration = try Configuration(cell: cell, species: [Species(argon)], types: [0], positions: [Vector3(1, 1, 1)])
    let check = try MeltCheck(configuration, start: (configuration.positions, cell), end: (configuration.positions, cell))
    #expect(check.entries.count == 1)
  }
}
