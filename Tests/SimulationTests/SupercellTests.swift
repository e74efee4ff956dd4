import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct SupercellTests {
  @Test func comesNearTheNumberAndTheCube() throws {
    let cubic = try Systems.argon(cells: 1, disturbance: 0)
    #expect(try cubic.supercellCounts(nearest: 108) == (3, 3, 3))
    #expect(try cubic.supercellCounts(nearest: 1) == (1, 1, 1))
    var long = cubic
    long.cell = try Cell(lengths: Vector3(5, 10, 20))
    #expect(try long.supercellCounts(nearest: 4 * 64) == (8, 4, 2))
    #expect(try long.replicated(long.supercellCounts(nearest: 4 * 64)).count == 256)
    #expect(throws: SimulationError.self) { try cubic.supercellCounts(nearest: 0) }
  }
}
